// The built command line at full strength on real registries: selection, mapping, platforms, attachments, mirror, sync files,
// comparisons and reports; skopeo judges what arrived.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJson, Stage, signIn } from "../support/cli.ts";
import { type BuiltImage, buildImage, buildMultiPlatform, pushImage } from "../support/image-builder.ts";
import { listTags } from "../support/raw-http.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { digestOf, inspect, skopeoTags } from "../support/skopeo.ts";

const day = 86_400_000;

describe("the command line at full strength", () => {
  let stage: Stage;
  /** Allows deletes. */
  let mirror: RealRegistry;
  let index: BuiltImage;
  beforeAll(async () => {
    [stage, mirror] = await Promise.all([Stage.open(), startRealRegistry({ delete: true })]);
    index = await buildMultiPlatform({ seed: "strength", platforms: 3 });
    await pushImage(stage.source, index, "team/multi", "v1");
    for (const [tag, age] of [
      ["1.0.0", 400],
      ["1.1.0", 40],
      ["1.2.0-rc.1", 20],
      ["2.0.0", 2],
      ["nightly", 1],
    ] as const) {
      const created = new Date(Date.now() - age * day).toISOString();
      await pushImage(stage.source, await buildImage({ seed: `dated-${tag}`, created }), "team/dated", tag);
    }
  });
  afterAll(() => Promise.all([stage.close(), mirror.stop()]));

  const tagsAt = async (repository: string): Promise<readonly string[]> =>
    (await skopeoTags(stage.destination, repository)).toSorted();
  const rule = (...more: readonly string[]) => ["--repository", "team/dated", ...more];

  it("selects tags by version, regular expression, age and number", async () => {
    const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
      ["semver", ["--semver", ">=1.1.0"], ["1.1.0", "2.0.0"]],
      ["regex", ["--tag-regex", "1\\.[01]\\.0"], ["1.0.0", "1.1.0"]],
      ["age", ["--newer-than", "30d"], ["1.2.0-rc.1", "2.0.0", "nightly"]],
      ["latest", ["--latest", "2"], ["2.0.0", "nightly"]],
      ["by-version", ["--latest", "1", "--latest-by", "semver"], ["2.0.0"]],
      ["set", ["--tag-set", '{"semver":"1.x","prereleases":true,"newer_than":"30d"}'], ["1.2.0-rc.1"]],
    ];
    for (const [place, words, expected] of cases) {
      const result = await stage.replicate(0, ...rule("--prefix", `by/${place}`, ...words));
      expect(result.images.copied, place).toBe(expected.length);
      expect(await tagsAt(`by/${place}/team/dated`), place).toEqual(expected);
    }
  });

  it("says where nothing is selected, of a plan as well", async () => {
    const words = rule("--source", stage.source.host, "--destination", stage.destination.host, ...signIn);
    const plan = await stage.run("plan", ...words, "--tag-filter", "no-such-tag");
    expect(plan.code, plan.stderr).toBe(0);
    expect(plan.stderr).toContain("Nothing matches: no repository or tag was selected.");
  });

  it("maps repositories and renames tags", async () => {
    await stage.replicate(0, ...rule("--tags", "1.0.0", "--strip", "1", "--prefix", "stripped"));
    await stage.replicate(0, ...rule("--tags", "1.0.0", "--flatten", "--flatten-separator", "-"));
    await stage.replicate(0, ...rule("--tags", "1.0.0", "--map", "^team/(.+)$=>mapped/$1/x"));
    await stage.replicate(
      0,
      ...rule("--semver", "1.x", "--into", "renamed", "--rename-tag", "^(\\d.*)$=>v$1"),
    );
    const digest = await digestOf(stage.source, "team/dated", "1.0.0");
    for (const [repository, tag] of [
      ["stripped/dated", "1.0.0"],
      ["team-dated", "1.0.0"],
      ["mapped/dated/x", "1.0.0"],
      ["renamed", "v1.0.0"],
    ] as const)
      expect(await digestOf(stage.destination, repository, tag)).toBe(digest);
    expect(await tagsAt("renamed")).toEqual(["v1.0.0", "v1.1.0"]);
  });

  it("copies some platforms: one as the plain image, several as a smaller index", async () => {
    const from = `${stage.source.host}/team/multi:v1`;
    const one = [
      "copy",
      from,
      `${stage.destination.host}/one/app:v1`,
      ...signIn,
      "--platform",
      "linux/arm64",
    ];
    const single = readJson(await stage.run(...one, "--json"), 0);
    expect(single.items[0]).toMatchObject({ digest: index.digest, status: "succeeded" });
    expect(await inspect(stage.destination, "one/app", "v1")).toMatchObject({ Architecture: "arm64" });
    const child = index.children.find(({ descriptor }) => descriptor.platform?.architecture === "arm64");
    expect(await digestOf(stage.destination, "one/app", "v1")).toBe(child?.digest);
    const words = ["copy", from, `${stage.destination.host}/two/app:v1`, ...signIn];
    const two = await stage.run(...words, "--platform", "linux/amd64", "--platform", "linux/arm64");
    expect(two.code, two.stderr).toBe(0);
    const written = await digestOf(stage.destination, "two/app", "v1");
    expect(two.stdout).toMatch(new RegExp(`^copied .*${written.slice(0, 19)}`, "m"));
    expect(two.stdout).toContain("Warning: Only some platforms are copied: 1 image gets another digest");
    const none = await stage.run(...words, "--platform", "linux/riscv64");
    expect(none.code, none.stderr).toBe(0);
    expect(none.stdout).toContain("Warning: team/multi:v1 has no linux/riscv64.");
    for (const arch of ["amd64", "arm64"])
      expect(await inspect(stage.destination, "two/app", "v1", { overrideArch: arch })).toMatchObject({
        Architecture: arch,
      });
  });

  it("says how complete the images are with what belongs to them", async () => {
    const image = await buildImage({ seed: "signed" });
    await pushImage(stage.source, image, "signed/app", "v1");
    const signature = await buildImage({ seed: "signature", layers: 1, layerSize: 100 });
    await pushImage(stage.source, signature, "signed/app", `${image.digest.replace(":", "-")}.sig`);
    const words = ["--source", stage.source.host, "--destination", stage.destination.host, ...signIn];
    const selection = ["--repository", "signed/app", "--prefix", "complete"];
    const plan = await stage.run("plan", ...words, ...selection);
    expect(plan.stdout).toContain("Attachments: 1 found, 0 at the destination (1 to copy).");
    const end = await stage.run("replicate", ...words, ...selection);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toContain("Attachments: 1 found, 1 at the destination (1 copied now).");
    const sig = `${image.digest.replace(":", "-")}.sig`;
    expect(await digestOf(stage.destination, "complete/signed/app", sig)).toBe(signature.digest);
    const without = await stage.replicate(
      0,
      "--repository",
      "signed/app",
      "--prefix",
      "bare",
      "--no-attachments",
    );
    expect(without.images.copied).toBe(1);
    expect(await tagsAt("bare/signed/app")).toEqual(["v1"]);
    const again = await stage.run("plan", ...words, ...selection, "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({
      images: { total: 1, skipped: 1 },
      attachments: { found: 1, at_destination: 1, to_copy: 0 },
    });
  });

  it("mirrors only where it is said twice, and never more than it may", async () => {
    for (const tag of ["1.0.0", "extra-1", "extra-2"])
      await pushImage(mirror, await buildImage({ seed: `mirror-${tag}` }), "team/dated", tag);
    const words = ["--source", stage.source.host, "--destination", mirror.host, ...rule("--semver", "*")];
    const asked = await stage.run("replicate", ...words, "--mirror");
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain("say --yes to do it, or --dry-run to see which");
    const dry = await stage.run(
      "plan",
      ...rule("--source", stage.source.host, "--destination", mirror.host),
      "--mirror",
    );
    expect(dry.code, dry.stderr).toBe(0);
    expect(dry.stdout).toMatch(/^delete .*team\/dated:extra-1/m);
    expect(dry.stdout).toMatch(/2 to DELETE/);
    const all = [
      "replicate",
      ...rule("--source", stage.source.host, "--destination", mirror.host),
      "--mirror",
      "--yes",
    ];
    const guarded = await stage.run(...all, "--max-delete", "1");
    expect(guarded.code, guarded.stderr).toBe(2);
    expect(guarded.stderr).toContain("Nothing was done.");
    expect((await listTags(mirror, "team/dated")).toSorted()).toEqual(["1.0.0", "extra-1", "extra-2"]);
    const report = join(stage.home.path, "mirror.csv");
    const done = readJson(
      await stage.run(...all, "--max-delete-share", "80%", "--json", "--report", report),
      0,
    );
    expect(done.images).toEqual({ total: 7, copied: 5, skipped: 0, deleted: 2, failed: 0 });
    expect((await skopeoTags(mirror, "team/dated")).toSorted()).toEqual(
      (await skopeoTags(stage.source, "team/dated")).toSorted(),
    );
    expect(await readFile(report, "utf8")).toMatch(/,succeeded,delete,/);
    const equal = await stage.run("compare", `${stage.source.host}/team/dated`, `${mirror.host}/team/dated`);
    expect(equal.stdout).toBe("5 the same, 0 missing, 0 different, 0 extra.\n");
  });

  it("deletes what it is told to, and says what else a registry wants", async () => {
    const image = await buildImage({ seed: "doomed" });
    await pushImage(mirror, image, "doomed/app", "v1");
    // distribution 2.8 deletes digests only.
    const byTag = await stage.run("delete", `${mirror.host}/doomed/app:v1`, "--yes");
    expect(byTag.code).toBe(1);
    expect(byTag.stderr).toContain(`The tag points at doomed/app@${image.digest}`);
    const byDigest = await stage.run("delete", `${mirror.host}/doomed/app@${image.digest}`, "--yes");
    expect(byDigest.code, byDigest.stderr).toBe(0);
    expect(await listTags(mirror, "doomed/app")).toEqual([]);
  });

  it("runs a sync file, and compares and verifies what came of it", async () => {
    const file = join(stage.home.path, "sync.yaml");
    await writeFile(
      file,
      `registries:
  from: { host: "${stage.source.host}" }
  to: { host: "${mirror.host}" }
jobs:
  - name: dated
    from: from
    to: to
    repositories: [team/dated]
    tags: [ { semver: ">=1.0.0", latest: 2, by: semver } ]
    map: { prefix: synced }
    bandwidth: 50MB/s
  - name: multi
    from: from
    to: to
    repositories: { include: ["team/m*"] }
    map: { prefix: synced }
    platforms: [linux/amd64]
`,
    );
    const valid = await stage.run("validate-config", file);
    expect(valid).toMatchObject({ code: 0, stdout: `${file} is valid: jobs dated, multi.\n` });
    const dry = await stage.run("sync", "--config", file, "--dry-run");
    expect(dry.code, dry.stderr).toBe(0);
    expect(await listTags(mirror, "synced/team/dated")).toEqual([]);
    const end = await stage.run("sync", "--config", file, "--json");
    expect(end.code, end.stderr).toBe(0);
    expect(JSON.parse(end.stdout).jobs).toMatchObject([
      { name: "dated", status: "succeeded", images: { copied: 2 } },
      { name: "multi", status: "succeeded", images: { copied: 1 } },
    ]);
    expect((await skopeoTags(mirror, "synced/team/dated")).toSorted()).toEqual(["1.1.0", "2.0.0"]);
    expect(await inspect(mirror, "synced/team/multi", "v1")).toMatchObject({ Architecture: "amd64" });

    const [source, destination] = [`${stage.source.host}/team/dated`, `${mirror.host}/synced/team/dated`];
    const compared = await stage.run("compare", source, destination, "--json");
    expect(compared.code, compared.stderr).toBe(0);
    const found = JSON.parse(compared.stdout);
    expect(found).toMatchObject({ different: [], extra: [], same: 2 });
    expect(found.missing).toHaveLength(3);
    const range = ["--semver", ">=1.1.0"];
    expect((await stage.run("verify", source, destination, ...range)).code).toBe(0);
    expect((await stage.run("verify", source, destination)).code).toBe(5);
  });

  it("keeps a report in each form, also afterwards", async () => {
    const file = (name: string): string => join(stage.home.path, name);
    const html = await stage.replicate(
      0,
      ...rule("--tags", "1.0.0", "--prefix", "told", "--report", file("r.html")),
    );
    const page = await readFile(file("r.html"), "utf8");
    const digest = await digestOf(stage.destination, "told/team/dated", "1.0.0");
    // In sight on both sides.
    expect(page.split(`>${digest}<`).length - 1).toBe(2);
    expect(page).not.toContain("correct horse battery");
    const run = html.run ?? "";
    const csv = await stage.run("runs", "report", run, "--format", "csv");
    expect(csv.stdout.split("\r\n")[1]).toContain(`${digest},${digest},${digest}`);
    const json = JSON.parse((await stage.run("runs", "report", run)).stdout);
    expect(json).toMatchObject({
      format: "freightliner-report/1",
      program: { name: "freightliner" },
      items: [{ source_digest: digest, destination_digest: digest, verified: true }],
    });
    const shown = await stage.run("runs", "show", run);
    expect(shown.stdout).toMatch(/^Command +freightliner replicate .* --tags 1\.0\.0 --prefix told$/m);
  });
});
