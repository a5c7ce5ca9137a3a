// Sync files on the command line: sync, validate-config, serve with jobs, --config and --profile for other commands.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FixtureRegistry, startFixtureRegistry } from "../support/fixture-registry.ts";
import { type BuiltImage, buildImage, pushImage } from "../support/image-builder.ts";
import { headManifest, listTags } from "../support/raw-http.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { type CliEnd, cli, type HarnessOptions } from "./cli-harness.ts";

describe("sync files on the command line", () => {
  let source: FixtureRegistry;
  let destination: FixtureRegistry;
  let home: TempFolder;
  let file: string;
  let image: BuiltImage;
  beforeAll(async () => {
    [source, destination] = await Promise.all([startFixtureRegistry(), startFixtureRegistry()]);
    image = await buildImage({ seed: "sync", layerSize: 20_000 });
    for (const tag of ["1.0.0", "1.1.0", "2.0.0", "edge"]) await pushImage(source, image, "team/app", tag);
    await pushImage(source, image, "tools/x", "v1");
  });
  afterAll(() => Promise.all([source.stop(), destination.stop()]));
  beforeEach(async () => {
    home = await tempFolder("cli-sync");
    file = join(home.path, "sync.yaml");
  });
  afterEach(async () => {
    source.heal();
    destination.heal();
    await home.remove();
  });

  let prefixes = 0;
  const fresh = (): string => `sync-${++prefixes}`;
  const run = (...argv: readonly string[]): Promise<CliEnd> => cli({ home: home.path }, ...argv);
  const runWith = (options: Partial<HarnessOptions>, ...argv: readonly string[]): Promise<CliEnd> =>
    cli({ home: home.path, ...options }, ...argv);
  const registries = (): string => `
registries:
  from: { host: "${source.host}" }
  to: { host: "${destination.host}", bandwidth: 50MB/s }
  nobody: { host: "127.0.0.1:1" }
  vault: { layout: ./vault }
`;
  const write = (text: string): Promise<void> => writeFile(file, registries() + text);

  it("runs a job as it says, and tells it as any run with its name", async () => {
    const place = fresh();
    await write(`
jobs:
  - name: nightly
    from: from
    to: to
    repositories: ["team/*"]
    tags: [ { semver: "1.x" }, edge ]
    map: { prefix: ${place}/ }
    rename_tags: { match: "^(\\\\d.*)$", to: "v$1" }
    verify: true
`);
    const end = await run("sync", "--config", file, "--json");
    expect(end.code, end.stderr).toBe(0);
    const document = JSON.parse(end.stdout);
    expect(document).toMatchObject({ job: "nightly", status: "succeeded", images: { total: 3, copied: 3 } });
    expect(document.run).toMatch(/^[0-9A-Z]{26}$/);
    expect((await listTags(destination, `${place}/team/app`)).toSorted()).toEqual([
      "edge",
      "v1.0.0",
      "v1.1.0",
    ]);
    expect((await headManifest(destination, `${place}/team/app`, "v1.1.0")).digest).toBe(image.digest);
    const again = await run("sync", "--config", file, "--dry-run", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({
      job: "nightly",
      run: null,
      status: "planned",
      images: { skipped: 3 },
    });
    expect(JSON.parse(again.stdout).items).toHaveLength(3);
    // A plan that was only to be shown leaves no trace behind.
    const { runs } = JSON.parse((await run("runs", "--json")).stdout);
    expect(runs.map(({ state }: { state: string }) => state)).not.toContain("planned");
  });

  it("runs several jobs one after the other, ends with the worst, and lets none keep the next from its turn", async () => {
    const place = fresh();
    await write(`
jobs:
  - { name: gone, from: nobody, to: to, repositories: [team/app] }
  - { name: good, from: from, to: to, repositories: [tools/x], map: { prefix: ${place} } }
  - { name: off, enabled: false, from: from, to: vault, repositories: [tools/x] }
`);
    const end = await run("sync", "--config", file, "--json");
    expect(end.code, end.stderr).toBe(4);
    const { jobs } = JSON.parse(end.stdout);
    expect(jobs).toMatchObject([
      { name: "gone", status: "failed", error: { code: "unreachable", side: "source" } },
      { name: "good", status: "succeeded", images: { copied: 1 } },
    ]);
    const named = await run("sync", "--config", file, "--job", "off", "--job", "good");
    expect(named.code, named.stderr).toBe(0);
    expect(named.stdout).toMatch(/^Job good: from → to$(?:.|\n)*^Job off: from → vault$/m);
    expect((await run("list-tags", `oci:${join(home.path, "vault")}:tools/x`)).stdout).toBe("v1\n");
    const unknown = await run("sync", "--config", file, "--job", "weekly");
    expect(unknown).toMatchObject({
      code: 2,
      stderr: 'error: There is no job "weekly"; expected one of gone, good, off.\n',
    });
    expect((await run("sync")).stderr).toContain("sync --config FILE");
  }, 60_000);

  it("says so where every job is switched off", async () => {
    await write("jobs:\n  - { name: off, from: from, to: to, repositories: [x], enabled: false }\n");
    const end = await run("sync", "--config", file, "--json");
    expect(end).toMatchObject({ code: 0, stderr: expect.stringContaining("is switched off") });
    expect(JSON.parse(end.stdout)).toEqual({ jobs: [] });
  });

  it("does not begin the next job when it is stopped", async () => {
    const place = fresh();
    source.fault({ do: "slow", bytesPerSecond: 5_000 }, { kind: "blob" });
    await write(`
jobs:
  - { name: one, from: from, to: to, repositories: [tools/x], map: { prefix: ${place} } }
  - { name: two, from: from, to: to, repositories: [team/app], map: { prefix: ${place} } }
`);
    const end = await runWith(
      { onStderr: (text, interrupt) => void (text.startsWith("Sending") && setTimeout(interrupt, 200)) },
      ...["sync", "--config", file, "--json"],
    );
    expect(end.code, end.stderr).toBe(130);
    expect(JSON.parse(end.stdout).jobs).toMatchObject([{ name: "one", status: "interrupted" }]);
    expect(end.stderr).toMatch(/To go on:\n {2}npx freightliner resume [0-9A-Z]{26}/);
  });

  it("O004 checks a file with validate-config: 0, or 2 with every problem", async () => {
    await write("jobs:\n  - { name: a, from: from, to: to, repositories: [r] }\n");
    expect(await run("validate-config", file)).toMatchObject({
      code: 0,
      stdout: `${file} is valid: jobs a.\n`,
    });
    await write("jobs:\n  - { name: a, from: form, to: to, repositries: [r] }\n");
    const bad = await run("validate-config", file);
    expect(bad.code).toBe(2);
    expect(bad.stdout.split("\n").slice(0, 3)).toEqual([
      expect.stringMatching(/:8:5: jobs\[0\]\.repositories: this is missing; expected a list$/),
      expect.stringMatching(/:8:22: jobs\[0\]\.from: there is no registry "form"; did you mean "from"\?$/),
      expect.stringMatching(/:8:36: jobs\[0\]\.repositries: .* did you mean "repositories"\?$/),
    ]);
    const json = await run("validate-config", file, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      valid: false,
      problems: [{ line: 8, column: 5 }, { line: 8 }, { line: 8 }],
    });
    expect((await run("sync", "--config", file)).code).toBe(2);
    expect((await run("validate-config", join(home.path, "none.yaml"))).stderr).toContain("cannot be read");
  });

  it("O006 refuses a file with a secret before anything is asked of a registry", async () => {
    await writeFile(file, `registries:\n  from: { host: "${source.host}", password: hunter2 }\n`);
    const end = await run("ls", "from", "--config", file);
    expect(end.code).toBe(2);
    expect(end.stderr).toMatch(/:2:\d+: registries\.from\.password: secrets do not belong in this file/);
    expect(`${end.stdout}${end.stderr}`).not.toContain("hunter2");
  });

  it("O005 knows the file's registries by name in other commands, as its profile says", async () => {
    await write(`
profiles:
  slow: { concurrency: { images: 1 }, overwrite: never, registries: { to: { host: "127.0.0.1:1" } } }
`);
    expect((await run("ls", "from", "--config", file)).stdout).toBe("team/app\ntools/x\n");
    expect((await run("list-tags", "from/tools/x", "--config", file)).stdout).toBe("v1\n");
    expect((await run("ls", "to", "--config", file, "--profile", "slow")).code).toBe(4);
    const unknown = await run("ls", "from", "--config", file, "--profile", "fast");
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no profile "fast"; expected one of slow'),
    });
    expect((await run("ls", "from", "--profile", "slow")).stderr).toContain(
      "expected --config FILE beside it",
    );
    const words = [
      "replicate",
      "--config",
      file,
      "--profile",
      "slow",
      "--source",
      "from",
      "--destination",
      "vault",
    ];
    const report = join(home.path, "r.json");
    const end = await run(...words, "--repository", "tools/x", "--report", report, "--overwrite", "always");
    expect(end.code, end.stderr).toBe(0);
    const runs = JSON.parse(
      (await run("runs", "report", /Run ([0-9A-Z]{26})/.exec(end.stdout)?.[1] ?? "")).stdout,
    );
    // The profile says what the command line leaves open, and no more.
    expect(runs.options).toMatchObject({ parallel_images: 1, overwrite: "always" });
  });

  it("serves the file's jobs: saved under their names, replaced the next time", async () => {
    const text = (cron: string): string => `
jobs:
  - { name: nightly, from: from, to: to, repositories: [tools/x], map: { prefix: served }, schedule: "${cron}" }
`;
    await write(text("0 2 * * *"));
    const first = await run("serve", "--config", file);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stderr).toBe("Saved the job nightly.\n");
    await write(text("0 3 * * *"));
    expect((await run("serve", "--config", file, "--quiet")).stderr).toBe("");
    const { jobs } = JSON.parse((await run("jobs", "--json")).stdout);
    expect(jobs).toMatchObject([
      {
        name: "nightly",
        source: source.host,
        destination: destination.host,
        schedule: { cron: "0 3 * * *", time_zone: null, missed: "run-once" },
        enabled: true,
        last_run: null,
      },
    ]);
    expect(jobs).toHaveLength(1);
    expect((await run("ls", "from")).stdout).toContain("tools/x");

    const listed = await run("jobs");
    expect(listed.stdout).toMatch(/^nightly +\S+ → \S+ +0 3 \* \* \* +\d{4}-\d\d-\d\dT/m);
    const shown = (await run("jobs", "show", "nightly")).stdout;
    expect(shown).toMatch(/^Schedule +0 3 \* \* \* \(local time\)$/m);
    expect(shown).toMatch(/^Takes +.*; tags: /m);
    expect(shown).toMatch(/^Options +tags that differ are overwritten/m);
    expect(shown).not.toMatch(/[{}]/);
    const end = await run("jobs", "run", "nightly", "--json");
    expect(end.code, end.stderr).toBe(0);
    expect(JSON.parse(end.stdout)).toMatchObject({ status: "succeeded", images: { copied: 1 } });
    expect((await headManifest(destination, "served/tools/x", "v1")).digest).toBe(image.digest);
    expect(JSON.parse((await run("jobs", "show", "nightly", "--json")).stdout)).toMatchObject({
      last_run: JSON.parse(end.stdout).run,
      mapping: { kind: "prefix", prefix: "served" },
    });
    expect((await run("jobs", "run", "weekly")).stderr).toContain(
      'no saved job "weekly"; expected one of nightly',
    );
    expect((await run("jobs", "delete", "nightly")).stdout).toBe("Removed the job nightly.\n");
    expect((await run("jobs")).stderr).toBe("There are no saved jobs.\n");
  });

  it("shows a saved job's plan that deletes too much, and does nothing", async () => {
    await pushImage(destination, image, "guarded/tools/x", "extra");
    await write(`
jobs:
  - { name: tidy, from: from, to: to, repositories: ["tools/*"], map: { prefix: guarded }, mirror: { max_delete: 0 } }
`);
    for (const words of [
      ["sync", "--config", file],
      ["jobs", "run", "tidy"],
    ]) {
      if (words[0] === "jobs") await run("serve", "--config", file);
      const end = await run(...words);
      expect(end.code, end.stderr).toBe(2);
      expect(end.stdout).toMatch(/^delete .*guarded\/tools\/x:extra/m);
      expect(end.stdout).toMatch(/^Cannot be started: /m);
      expect(end.stderr).toContain("Nothing was done.");
    }
    expect(await listTags(destination, "guarded/tools/x")).toEqual(["extra"]);
  });

  it("uses a saved registry with its sign-in where the file says so, and says where there is none", async () => {
    const saved = `registries:\n  from: { host: "${source.host}", credential: saved }\n`;
    await writeFile(file, saved);
    const none = await run("ls", "from", "--config", file);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain(`no registry ${source.host} is saved`);
    await writeFile(file, saved.replace("credential: saved", "credential: none"));
    expect((await run("serve", "--config", file)).code).toBe(0);
    await writeFile(file, saved);
    expect((await run("ls", "from", "--config", file)).stdout).toContain("tools/x");
  });

  it("does not serve a file with problems", async () => {
    await write("jobs: [ { name: a } ]");
    let served = false;
    const end = await runWith(
      {
        serve: async () => {
          served = true;
        },
      },
      ...["serve", "--config", file],
    );
    expect(end.code).toBe(2);
    expect(served).toBe(false);
  });
});
