// The command line in process, over the real app and registries that speak the protocol.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ServeOptions } from "../../electron/cli/cli-io.ts";
import { type FixtureRegistry, startFixtureRegistry } from "../support/fixture-registry.ts";
import {
  type BuiltImage,
  blobBytesOf,
  buildImage,
  buildMultiPlatform,
  pushImage,
} from "../support/image-builder.ts";
import { headManifest, listTags } from "../support/raw-http.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { type CliEnd, cli, type HarnessOptions } from "./cli-harness.ts";

const digestPattern = /^sha256:[0-9a-f]{64}$/;

describe("the command line over the real app", () => {
  let source: FixtureRegistry;
  let destination: FixtureRegistry;
  let home: TempFolder;
  let index: BuiltImage;
  let single: BuiltImage;
  beforeAll(async () => {
    [source, destination] = await Promise.all([
      startFixtureRegistry(),
      startFixtureRegistry({ auth: { kind: "basic", user: "mover", password: "s3same" } }),
    ]);
    index = await buildMultiPlatform({ seed: "in-process" });
    single = await buildImage({ seed: "in-process-single", layerSize: 100_000 });
    for (const tag of ["v1", "v2", "latest"]) await pushImage(source, index, "team/app", tag);
    await pushImage(source, single, "team/other", "v1");
  });
  afterAll(() => Promise.all([source.stop(), destination.stop()]));
  beforeEach(async () => {
    home = await tempFolder("cli-unit");
  });
  afterEach(async () => {
    source.heal();
    destination.heal();
    await home.remove();
  });

  const signIn = ["--destination-username", "mover", "--destination-password-stdin"];
  const run = (...argv: readonly string[]): Promise<CliEnd> =>
    cli({ home: home.path, input: ["s3same\n"] }, ...argv);
  const runWith = (options: Partial<HarnessOptions>, ...argv: readonly string[]): Promise<CliEnd> =>
    cli({ home: home.path, input: ["s3same\n"], ...options }, ...argv);
  const ends = (): string[] => ["--source", source.host, "--destination", destination.host, ...signIn];
  let prefixes = 0;
  /** A place of its own at the destination for each test. */
  const fresh = (): string => `place-${++prefixes}`;

  it("shows the plan and changes nothing with plan and --dry-run", async () => {
    const place = fresh();
    const rule = ["--repository-pattern", "team/*", "--exclude-tag", "latest", "--prefix", place];
    const plan = await run("plan", ...ends(), ...rule);
    expect(plan.code, plan.stderr).toBe(0);
    expect(plan.stdout).toMatch(/^ACTION +SOURCE +DESTINATION +TO SEND +WHY$/m);
    expect(plan.stdout).toMatch(
      new RegExp(`copy +${source.host}/team/app:v1 +${destination.host}/${place}/team/app:v1`),
    );
    expect(plan.stdout).toMatch(/Plan: 3 images: 3 to copy; .* to send, 0 B already there/);
    const dry = await run("replicate", ...ends(), ...rule, "--dry-run", "--json");
    expect(JSON.parse(dry.stdout)).toMatchObject({
      run: null,
      status: "planned",
      images: { total: 3, copied: 0 },
    });
    expect(await listTags(destination, `${place}/team/app`)).toEqual([]);
    const runs = await run("runs", "--json");
    expect(JSON.parse(runs.stdout)).toEqual({ runs: [], total: 0 });
  });

  it("replicates, writes its files, and shows the run afterwards", async () => {
    const place = fresh();
    const file = (name: string): string => join(home.path, "files", name);
    const files = [
      "--metrics-file",
      file("m.json"),
      "--report",
      file("r.json"),
      "--checkpoint-file",
      file("c.json"),
    ];
    const rule = [
      "--repository",
      "team/app",
      "--tags",
      "v1,v2",
      "--prefix",
      place,
      "--workers",
      "2",
      "--verify",
    ];
    const end = await run("replicate", ...ends(), ...rule, ...files);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toMatch(/copied +\S+team\/app:v1 +\S+ +sha256:[0-9a-f]{12} +[\d.]+ KiB/);
    expect(end.stdout).toMatch(/2 images copied, 0 skipped: .* sent in .* Run [0-9A-Z]{26}\./);
    expect((await headManifest(destination, `${place}/team/app`, "v2")).digest).toBe(index.digest);
    const json = async (name: string) =>
      JSON.parse(await readFile(file(name), "utf8")) as Record<string, unknown>;
    const metrics = await json("m.json");
    expect(metrics).toMatchObject({
      ...{ bytes_transferred: blobBytesOf(index), images_replicated: 2, images_skipped: 0, images_failed: 0 },
      ...{ retries: 0, mounts: 0, peak_rss_bytes: 123_456_789, duration_ms: expect.any(Number) },
    });
    const checkpoint = await json("c.json");
    expect(checkpoint).toMatchObject({ version: 1, home: home.path, run: metrics.run });
    const report = await json("r.json");
    expect(report.items).toContainEqual(
      expect.objectContaining({
        ...{
          source: `${source.host}/team/app:v1`,
          source_digest: index.digest,
          destination_digest: index.digest,
        },
        ...{ verified: true, status: "succeeded", duration_ms: expect.any(Number) },
      }),
    );

    const id = String(metrics.run);
    const list = await run("runs");
    expect(list.stdout).toMatch(new RegExp(`${id} +succeeded .* 2/2 `));
    expect((await run("checkpoint", "list", "--limit", "1")).stdout).toBe(list.stdout);
    const show = await run("runs", "show", id.toLowerCase());
    expect(show.stdout).toMatch(/^State +succeeded$/m);
    expect(show.stdout).toMatch(/^Command +freightliner replicate --source .* --repository team\/app /m);
    expect(JSON.parse((await run("runs", "show", id, "--json")).stdout)).toMatchObject({
      run: id,
      status: "succeeded",
    });
    expect(JSON.parse((await run("runs", "report", id)).stdout)).toMatchObject({
      format: "freightliner-report/1",
      run: id,
    });
    await run("runs", "report", id, "--report", file("again.json"));
    expect(await json("again.json")).toMatchObject({ run: id });
    expect((await run("resume", id)).stderr).toContain("nothing to resume");
    expect((await run("runs", "delete", id)).stdout).toBe(`Removed run ${id} from the history.\n`);
    expect((await run("runs", "show", id)).code).toBe(2);
    expect((await run("runs")).stderr).toContain("no runs yet");
  });

  it("copies one image, skips it the second time, overwrites it by force", async () => {
    const place = fresh();
    const words = [
      "copy",
      `${source.host}/team/app:v1`,
      `${destination.host}/${place}/app`,
      ...signIn,
      "--json",
    ];
    const first = JSON.parse((await run(...words)).stdout);
    expect(first).toMatchObject({ status: "succeeded", images: { total: 1, copied: 1 } });
    expect(first.items).toMatchObject([
      {
        ...{ source: `${source.host}/team/app:v1`, destination: `${destination.host}/${place}/app:v1` },
        ...{ digest: index.digest, action: "copy", status: "succeeded", verified: true, attempts: 1 },
      },
    ]);
    expect(first.throughput_bytes_per_s).toBeGreaterThan(0);
    const second = await run(...words);
    expect(JSON.parse(second.stdout)).toMatchObject({
      images: { copied: 0, skipped: 1 },
      bytes: { transferred: 0 },
    });
    const other = ["copy", `${source.host}/team/other:v1`, `${destination.host}/${place}/app:v1`, ...signIn];
    const kept = await run(...other, "--overwrite", "never");
    expect(kept.stdout).not.toContain("overwrote");
    expect((await headManifest(destination, `${place}/app`, "v1")).digest).toBe(index.digest);
    const forced = await run(...other, "--force");
    expect(forced.stdout).toContain("overwrote");
    expect((await headManifest(destination, `${place}/app`, "v1")).digest).toBe(single.digest);
  });

  it("copies by digest, without a tag, and through a layout folder", async () => {
    const place = fresh();
    const byDigest = `${source.host}/team/app@${index.digest}`;
    const end = await run("copy", byDigest, `${destination.host}/${place}/app`, ...signIn);
    expect(end.code, end.stderr).toBe(0);
    expect((await headManifest(destination, `${place}/app`, index.digest)).status).toBe(200);
    expect(await listTags(destination, `${place}/app`)).toEqual([]);
    const folder = join(home.path, "My Vault");
    expect((await run("copy", `${source.host}/team/app`, `oci:${folder}`)).code).toBe(0);
    const tags = await run("list-tags", `oci:${folder}`, "--json");
    expect(JSON.parse(tags.stdout)).toEqual({ repository: "my-vault", tags: ["latest"] });
    expect((await run("verify", `oci:${folder}:latest`, byDigest)).code).toBe(0);
    const wrong = await run("copy", `${source.host}/team/app:v1`, `${destination.host}/x@${index.digest}`);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("a destination takes a tag");
  });

  it("prints one JSON object a line with --events, the result last", async () => {
    source.fault({ do: "slow", bytesPerSecond: 500_000 }, { kind: "blob" });
    const words = [
      "replicate",
      ...ends(),
      "--repository",
      "team/other",
      "--prefix",
      fresh(),
      "--events",
      "--quiet",
    ];
    const end = await run(...words);
    expect(end.code, end.stderr).toBe(0);
    const lines = end.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const named = (event: string) => lines.filter((line) => line.event === event);
    expect(named("run").map((line) => line.state)).toEqual(
      expect.arrayContaining(["planned", "running", "succeeded"]),
    );
    expect(named("progress").length).toBeGreaterThan(0);
    expect(named("progress").at(-1)).toMatchObject({ bytes: expect.any(Number), total: expect.any(Number) });
    expect(named("image").at(-1)).toMatchObject({ state: "succeeded", digest: single.digest });
    expect(lines.at(-1)).toMatchObject({ event: "result", status: "succeeded", images: { copied: 1 } });
    expect(end.stderr).toBe("");
    expect((await run(...words, "--json")).code).toBe(2);
  });

  it("draws bars on a terminal and takes them away", async () => {
    source.fault({ do: "slow", bytesPerSecond: 150_000 }, { kind: "blob" });
    const words = ["replicate", ...ends(), "--repository", "team/other", "--prefix", fresh()];
    const end = await runWith({ tty: true, colour: true }, ...words);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stderr).toMatch(/team\/other:v1 .*█/);
    expect(end.stderr).toMatch(/\[\d+A.\[J$/s);
    expect(end.stdout).not.toContain("\u001b");
  });

  it("R002 says for which host it waits, until when and why", async () => {
    source.fault({ do: "throttle", retryAfter: "2" }, { kind: "blob", times: 1 });
    const words = ["replicate", ...ends(), "--repository", "team/other", "--prefix", fresh(), "--events"];
    const end = await runWith({ tty: true, columns: 200 }, ...words);
    expect(end.code, end.stderr).toBe(0);
    const waiting = `Waiting for ${source.host} until \\d\\d:\\d\\d:\\d\\d: ${source.host} asked for a pause`;
    expect(end.stderr).toMatch(new RegExp(waiting));
    const lines = end.stdout.trim().split("\n");
    const hosts = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "host");
    const waits = { host: source.host, state: "waiting", reason: expect.stringMatching(/asked for a pause/) };
    expect(hosts).toContainEqual(expect.objectContaining(waits));
  });

  it("pauses at the first signal, prints how to go on, and goes on there", async () => {
    const place = fresh();
    source.fault({ do: "slow", bytesPerSecond: 30_000 }, { kind: "blob" });
    const words = [
      "replicate",
      ...ends(),
      "--repository",
      "team/other",
      "--prefix",
      place,
      "--home",
      home.path,
    ];
    const began = Date.now();
    const end = await runWith(
      { onStderr: (text, interrupt) => void (text.startsWith("Sending") && setTimeout(interrupt, 300)) },
      ...[...words, "--json"],
    );
    expect(end.code, end.stderr).toBe(130);
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(JSON.parse(end.stdout)).toMatchObject({ status: "interrupted", items: [{ status: "planned" }] });
    const command = /npx freightliner (resume [0-9A-Z]{26} .*)$/m.exec(end.stderr)?.[1] ?? "";
    expect(command).toBe(`resume ${JSON.parse(end.stdout).run} --home ${home.path} ${signIn.join(" ")}`);
    source.heal();
    const resumed = await run(...command.split(" "));
    expect(resumed.code, resumed.stderr).toBe(0);
    expect((await headManifest(destination, `${place}/team/other`, "v1")).digest).toBe(single.digest);
    expect((await run("resume")).stderr).toContain("No run was interrupted");
  });

  it("throws the plan away when it is stopped while planning", async () => {
    source.fault({ do: "never-answer" }, { kind: "tags" });
    const words = ["replicate", ...ends(), "--repository", "team/other", "--json"];
    const end = await runWith(
      { onStderr: (text, interrupt) => void (text.startsWith("Planning") && setTimeout(interrupt, 200)) },
      ...words,
    );
    expect(end.code, end.stderr).toBe(130);
    expect(JSON.parse(end.stdout)).toMatchObject({ run: null, status: "interrupted" });
    source.heal();
    expect(JSON.parse((await run("runs", "--json")).stdout)).toMatchObject({ total: 0 });
  });

  it("runs again for what failed, and says how where it is asked to resume that", async () => {
    const place = fresh();
    destination.fault({ do: "status", status: 403, code: "DENIED" }, { method: "PUT", kind: "manifest" });
    const words = ["replicate", ...ends(), "--repository", "team/other", "--prefix", place];
    const failed = await run(...words);
    expect(failed.code, failed.stderr).toBe(3);
    expect(failed.stdout).toContain("FAILED");
    expect(failed.stderr).toMatch(/error: \S+team\/other:v1: destination: /);
    const id = /Run ([0-9A-Z]{26})/.exec(failed.stdout)?.[1] ?? "";
    const again = await run("resume", id);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain(`resume ${id} --retry-failed`);
    destination.heal();
    const retried = await run("resume", "--retry-failed", ...signIn, "--json");
    expect(retried.code, retried.stderr).toBe(0);
    expect(JSON.parse(retried.stdout)).toMatchObject({ run: id, status: "succeeded", images: { copied: 1 } });
    expect((await run("resume", "--retry-failed")).stderr).toContain("No run has failed images");
  });

  it("lists, inspects and verifies", async () => {
    expect((await run("ls", source.host)).stdout).toBe("team/app\nteam/other\n");
    expect(JSON.parse((await run("ls", source.host, "--json")).stdout)).toEqual({
      ...{ repositories: ["team/app", "team/other"], complete: true },
    });
    expect((await run("list-tags", `http://${source.host}/team/app`)).stdout).toBe("latest\nv1\nv2\n");
    const human = (await run("inspect", `${source.host}/team/app`)).stdout;
    expect(human).toMatch(/^Kind +index \(application\/vnd\.oci\.image\.index\.v1\+json\)$/m);
    expect(human).toMatch(/^linux\/amd64 +sha256:[0-9a-f]{64} +2 /m);
    expect((await run("inspect", `${source.host}/team/other:v1`)).stdout).toMatch(/^layer +sha256:/m);
    const inspected = JSON.parse((await run("inspect", `${source.host}/team/app:v1`, "--json")).stdout);
    expect(inspected).toMatchObject({
      image: `${source.host}/team/app:v1`,
      digest: index.digest,
      kind: "index",
    });
    expect(inspected.children[0].layers[0].digest).toMatch(digestPattern);
    const pair = [`${source.host}/team/app:v1`, `${source.host}/team/app:v2`];
    expect((await run("verify", ...pair)).stdout).toContain(`Equal: ${index.digest}`);
    expect(JSON.parse((await run("verify", ...pair, "--json")).stdout)).toMatchObject({
      equal: true,
      manifests: 3,
    });
    const different = await run("verify", pair[0] ?? "", `${source.host}/team/other:v1`);
    expect(different.code).toBe(5);
    expect(different.stdout).toContain(`Different: source ${index.digest}, destination ${single.digest}.`);
  });

  it("says that a listing is not complete", async () => {
    const names = Array.from({ length: 2500 }, (_, number) => `many/r-${String(number).padStart(5, "0")}`);
    source.fault({ do: "list", names }, { kind: "catalog" });
    const end = await run("ls", source.host);
    expect(end.stdout.trimEnd().split("\n")).toEqual(names);
    source.heal();
    source.fault({ do: "status", status: 404 }, { kind: "catalog" });
    const refused = await run("ls", source.host, "--home", join(home.path, "other"));
    expect([0, 1], refused.stderr).toContain(refused.code);
    expect(refused.stderr).not.toBe("");
  });

  it("asks for the password line by line and uses it", async () => {
    expect((await run("ls", destination.host, "--username", "mover", "--password-stdin")).code).toBe(0);
    const wrong = await runWith(
      { input: ["wrong\n"] },
      "ls",
      destination.host,
      "--username",
      "mover",
      "--password-stdin",
    );
    expect(wrong.code, wrong.stderr).toBe(3);
    const none = await runWith(
      { input: [] },
      "ls",
      destination.host,
      "--username",
      "mover",
      "--password-stdin",
    );
    expect(none.code).toBe(2);
    const anonymous = await run("ls", destination.host, "--json");
    expect(anonymous.code).toBe(3);
    expect(JSON.parse(anonymous.stdout)).toMatchObject({ error: { code: "unauthorized" } });
  });

  it("names two sources of one destination in their rows, and says it no third time", async () => {
    const words = ["plan", ...ends(), "--repository", "team/app", "--rename-tag", "^v.*$=>same"];
    const end = await run(...words);
    expect(end.code, end.stderr).toBe(1);
    expect(end.stdout).toMatch(
      /^cannot .*team\/app:v1 and team\/app:v2 would both land on team\/app:same\.$/m,
    );
    expect(end.stdout).not.toContain("Warning:");
    expect(end.stderr.match(/would both land/g)).toHaveLength(2);
  });

  it("warns where nothing matches and does not fail", async () => {
    const end = await run("replicate", ...ends(), "--repository-pattern", "nothing/*");
    expect(end.code, end.stderr).toBe(0);
    expect(end.stderr).toContain("Nothing matches");
  });

  it("says so where a result file cannot be written, and the work is done all the same", async () => {
    const place = fresh();
    await writeFile(join(home.path, "blocked"), "a file, not a folder");
    const words = ["replicate", ...ends(), "--repository", "team/other", "--prefix", place];
    const end = await run(...words, "--report", join(home.path, "blocked", "r.json"));
    expect(end.code).toBe(1);
    expect(end.stderr).toMatch(/The report .*blocked.r\.json could not be written/);
    expect((await headManifest(destination, `${place}/team/other`, "v1")).status).toBe(200);
  });

  it("uses a saved registry by its name, and changes its connection for one command only", async () => {
    const { createApp } = await import("../../electron/app/create-app.ts");
    const { silentLog } = await import("../../electron/app/log.ts");
    const { readConfig } = await import("../../electron/app/config.ts");
    const config = readConfig({ home: home.path }, { DOCKER_CONFIG: join(home.path, "none") });
    const app = await createApp({ face: "cli", config, log: silentLog });
    const client = app.connectDirect();
    await client.call("endpoints.add", {
      name: "staging",
      settings: { kind: "registry", host: source.host },
    });
    await client.call("endpoints.add", {
      name: "vault",
      settings: { kind: "layout", path: join(home.path, "v") },
    });
    client.close();
    await app.close();
    expect((await run("ls", "staging")).stdout).toContain("team/app");
    expect((await run("ls", "staging", "--plain-http")).stdout).toContain("team/app");
    expect((await run("list-tags", "staging/team/other")).stdout).toBe("v1\n");
    expect((await run("ls", "vault", "--plain-http")).code).toBe(2);
    expect((await run("ls", "unsaved")).code).toBe(4);
  }, 60_000);

  it("reads checkpoint files strictly", async () => {
    const file = join(home.path, "checkpoint.json");
    const resume = async (text: string | undefined, ...more: string[]): Promise<CliEnd> => {
      if (text !== undefined) await writeFile(file, text);
      return run("resume", "--checkpoint-file", file, ...more);
    };
    expect((await resume(undefined)).stderr).toContain("cannot be read");
    expect((await resume("{")).stderr).toContain("is not JSON");
    expect((await resume(" ".repeat(1024 * 1024 + 1))).stderr).toContain("too long");
    const bad = await resume('{"version":1,"run":"../../etc","home":"/x","command":"c"}');
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringMatching(/not a checkpoint: .*run/) });
    const good = JSON.stringify({ version: 1, run: "0".repeat(26), home: home.path, command: "c" });
    expect((await resume(good, "1".repeat(26))).stderr).toContain("names the run");
    expect((await resume(good)).code).toBe(2);
  });
});

describe("usage", () => {
  const usage = (...argv: readonly string[]): Promise<CliEnd> =>
    cli(
      { home: "/nonexistent/never-used", createApp: () => Promise.reject(new Error("must not be opened")) },
      ...argv,
    );

  const plan = ["plan", "--source", "a", "--destination", "b", "--repository", "r"];

  it("prints help with an example for every command, and the version", async () => {
    expect(await usage("--version")).toEqual({ code: 0, stdout: "9.9.9\n", stderr: "" });
    const names =
      "copy replicate plan sync resume runs checkpoint jobs compare verify ls list-tags inspect delete validate-config serve login logout".split(
        " ",
      );
    const nested = [
      ...["runs list", "runs show", "runs report", "runs delete", "checkpoint list"],
      ...["jobs list", "jobs show", "jobs run", "jobs delete"],
      "auth test",
    ];
    const top = await usage("--help");
    for (const name of names) expect(top.stdout).toContain(`\n  ${name} `);
    for (const name of [...names, ...nested]) {
      const help = await usage(...name.split(" "), "--help");
      expect(help.code, name).toBe(0);
      expect(help.stdout, name).toMatch(/Examples?:\n {2}\$ npx freightliner /);
      expect(help.stdout, name).toContain("--json");
    }
    const nothing = await usage();
    expect(nothing).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("Usage: freightliner"),
    });
  });

  it.each([
    [["fly"], /unknown command 'fly'/],
    [["copy", "a.example/b"], /missing required argument 'destination'/],
    [["replicate", "--source", "a.example"], /--destination/],
    [["replicate", "--source", "a", "--destination", "b"], /--repository NAME/],
    [
      ["replicate", "--source", "a", "--destination", "b", "--repository", "UPPER"],
      /"UPPER" is not a repository name/,
    ],
    [
      ["replicate", "--source", "a", "--destination", "b", "--repository", "r", "--tags", "-x"],
      /"-x" is not a tag/,
    ],
    [["plan", "--source", "a", "--destination", "b", "--repository-pattern", "a["], /"a\["/],
    [["plan", "--source", "a", "--destination", "b", "--repository", "r", "--prefix", "BAD"], /"BAD"/],
    [
      ["plan", "--source", "a", "--destination", "b", "--repository", "r", "--prefix", "p", "--into", "r"],
      /cannot be used with/,
    ],
    [["plan", "--source", "a", "--destination", "b", "--repository", "r", "--workers", "0"], /from 1 to 64/],
    [
      ["plan", "--source", "a", "--destination", "b", "--repository", "r", "--semver", "one"],
      /'--semver <range>' argument 'one' is invalid\. expected a range/,
    ],
    [["copy", "a.example/b", "c.example/d", "--force", "--overwrite", "never"], /--force means/],
    [["copy", "a.example/b", "c.example/d", "--overwrite", "maybe"], /if-different, never, always/],
    [
      ["copy", "a.example/b", "c.example/d", "--bandwidth", "fast"],
      /'--bandwidth <speed>' argument 'fast' is invalid\. expected at least 1kB\/s, like 20MB\/s/,
    ],
    [
      ["copy", "a.example/b", "c.example/d", "--platform", "amd64"],
      /'--platform <platform>' argument 'amd64' is invalid\. expected a platform like linux\/amd64/,
    ],
    [
      ["copy", "a.example/b", "c.example/d", "--report", "report.pdf"],
      /'--report <file>' argument 'report\.pdf' is invalid\. expected .* \.json, \.csv or \.html/,
    ],
    [
      [...plan, "--newer-than", "30"],
      /'--newer-than <age>' argument '30' is invalid\. expected .* 12h or 30d/,
    ],
    [[...plan, "--latest", "0"], /'--latest <number>' argument '0' is invalid\. expected .* from 1 to/],
    [[...plan, "--latest-by", "semver"], /--latest-by says .* expected --latest/],
    [[...plan, "--latest", "1", "--latest-by", "size"], /choices are created, semver/],
    [
      [...plan, "--tag-regex", "(?<=x)"],
      /'--tag-regex <re>' argument .* expected a regular expression of RE2/,
    ],
    [[...plan, "--tag-set", "{latest: many}"], /'--tag-set <set>' argument .* invalid\. expected a number/],
    [[...plan, "--tag-set", "{globb: v1}"], /did you mean[^?]*\?$/m],
    [[...plan, "--tag-set", "v1"], /'--tag-set <set>' argument .* expected a set like/],
    [[...plan, "--tag-set", "{a"], /'--tag-set <set>' argument .* expected a set in YAML or JSON/],
    [[...plan, "--map", "team"], /'--map <rewrite>' argument 'team' is invalid\. expected RE=>TEMPLATE/],
    [[...plan, "--map", "(=>x"], /before the arrow: expected a regular expression/],
    [[...plan, "--rename-tag", "v=>$1"], /behind the arrow: expected groups/],
    [[...plan, "--map", "a=>b", "--prefix", "p"], /cannot be used with/],
    [[...plan, "--flatten", "--strip", "1"], /cannot be used with/],
    [[...plan, "--flatten-separator", "-"], /expected --flatten beside it/],
    [[...plan, "--strip", "99"], /from 1 to 32/],
    [[...plan, "--max-delete", "5"], /--max-delete limits what --mirror deletes/],
    [[...plan, "--max-delete-share", "5%"], /--max-delete-share limits what --mirror deletes/],
    [[...plan, "--mirror", "--max-delete-share", "5"], /expected a share from 0% to 100%/],
    [["replicate", ...plan.slice(1), "--mirror"], /say --yes to do it, or --dry-run/],
    [["runs", "report", "0".repeat(26), "--format", "json", "--report", "r.csv"], /contradicts/],
    [["ls", "a.example", "--username", "u"], /belong together/],
    [["resume", "../../x"], /is not a run/],
    [["ls", "a.example", "--log-level", "loud"], /"loud" is not known/],
    [["serve", "--port", "99999"], /from 0 to 65535/],
  ] as const)("refuses %j with 2 and a sentence", async (argv, sentence) => {
    const end = await usage(...argv);
    expect(end.stderr).toMatch(sentence);
    expect(end.code).toBe(2);
    expect(end.stdout).toBe("");
  });

  it("answers with one JSON document also where the command line is wrong", async () => {
    for (const argv of [
      ["fly", "--json"],
      ["ls", "a.example", "--username", "u", "--json"],
    ]) {
      const end = await usage(...argv);
      expect(end.code).toBe(2);
      expect(JSON.parse(end.stdout)).toMatchObject({ error: { code: "usage", side: "local" } });
    }
  });

  it("refuses connection options that contradict each other", async () => {
    await using home = await tempFolder("cli-contradict");
    const run = (...argv: readonly string[]): Promise<CliEnd> => cli({ home: home.path }, ...argv);
    expect((await run("ls", "https://localhost:1", "--plain-http")).stderr).toContain("contradict");
    expect((await run("ls", "oci:/tmp/x", "--plain-http")).stderr).toContain("is a folder");
  });

  it("passes the port and the wish for a window to the web host, and its signal", async () => {
    const seen: ServeOptions[] = [];
    let printed = "";
    const end = await cli(
      {
        home: "/data/home",
        onStdout: (text, interrupt) => {
          printed += text;
          interrupt();
        },
        serve: async (options) => {
          seen.push(options);
          options.print("Freightliner is at http://127.0.0.1:4321/#t=x");
          expect(options.stop.aborted).toBe(true);
        },
      },
      ...["serve", "--port", "4321", "--open"],
    );
    expect(end.code).toBe(0);
    expect(printed).toContain("http://127.0.0.1:4321/");
    expect(seen[0]).toMatchObject({ port: 4321, open: true, config: { home: "/data/home" } });
  });

  it("calls a data folder that cannot be opened by its error", async () => {
    const end = await cli(
      { home: "/x", createApp: () => Promise.reject(new Error("disk gone")) },
      "ls",
      "localhost:1",
    );
    expect(end).toMatchObject({ code: 1, stderr: "error: disk gone\n" });
    const replicate = ["replicate", "--source", "a", "--destination", "b", "--repository", "r", "--json"];
    const run = await cli(
      { home: "/x", createApp: () => Promise.reject(new Error("disk gone")) },
      ...replicate,
    );
    expect(JSON.parse(run.stdout)).toMatchObject({
      run: null,
      status: "failed",
      error: { code: "internal" },
    });
  });
});
