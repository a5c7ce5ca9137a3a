// compare, verify, delete and filtered tag lists in process: registries, repositories and single images.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FixtureRegistry, startFixtureRegistry } from "../support/fixture-registry.ts";
import {
  type BuiltImage,
  buildArtifact,
  buildImage,
  buildMultiPlatform,
  pushImage,
} from "../support/image-builder.ts";
import { listTags } from "../support/raw-http.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { type CliEnd, cli } from "./cli-harness.ts";

describe("two places against each other", () => {
  let a: FixtureRegistry;
  let b: FixtureRegistry;
  let home: TempFolder;
  let one: BuiltImage;
  let two: BuiltImage;
  let index: BuiltImage;
  beforeAll(async () => {
    [a, b] = await Promise.all([startFixtureRegistry(), startFixtureRegistry()]);
    home = await tempFolder("cli-compare");
    one = await buildImage({ seed: "compare-1" });
    two = await buildImage({ seed: "compare-2" });
    index = await buildMultiPlatform({ seed: "compare-index" });
    for (const tag of ["1.0.0", "1.1.0", "2.0.0", "edge"]) await pushImage(a, one, "team/app", tag);
    await pushImage(a, index, "team/multi", "v1");
    await pushImage(a, one, "only/here", "v1");
    await pushImage(b, one, "team/app", "1.0.0");
    await pushImage(b, two, "team/app", "1.1.0");
    await pushImage(b, one, "team/app", "old");
    await pushImage(b, index, "team/multi", "v1");
    await pushImage(b, one, "only/there", "v1");
  });
  afterAll(() => Promise.all([a.stop(), b.stop(), home.remove()]));
  afterEach(() => {
    a.heal();
    b.heal();
  });
  const run = (...argv: readonly string[]): Promise<CliEnd> => cli({ home: home.path }, ...argv);
  const json = async (...argv: readonly string[]) => {
    const end = await run(...argv, "--json");
    expect(end.stdout, end.stderr).not.toBe("");
    return { code: end.code, ...JSON.parse(end.stdout) };
  };

  it("compares repositories by their tags", async () => {
    const found = await json("compare", `${a.host}/team/app`, `${b.host}/team/app`);
    expect(found).toEqual({
      code: 0,
      missing: ["2.0.0", "edge"].map((tag) => ({
        source: `${a.host}/team/app:${tag}`,
        destination: `${b.host}/team/app:${tag}`,
        source_digest: one.digest,
        destination_digest: null,
      })),
      different: [
        {
          source: `${a.host}/team/app:1.1.0`,
          destination: `${b.host}/team/app:1.1.0`,
          source_digest: one.digest,
          destination_digest: two.digest,
        },
      ],
      extra: [expect.objectContaining({ source_digest: null, destination: `${b.host}/team/app:old` })],
      same: 1,
    });
    const human = await run("compare", `${a.host}/team/app`, `${b.host}/team/app`, "--semver", "1.x");
    expect(human.stdout.split("\n")).toEqual([
      `different  ${a.host}/team/app:1.1.0`,
      "1 the same, 0 missing, 1 different, 0 extra.",
      "",
    ]);
  });

  it("compares registries by their repositories, also those that one side lacks", async () => {
    const found = await json("compare", a.host, b.host);
    expect(found).toMatchObject({ code: 0, same: 2 });
    const names = (rows: { source: string | null; destination: string | null }[]) =>
      rows.map(({ source, destination }) => (source ?? destination)?.replace(/^[^/]+\//, "")).toSorted();
    expect(names(found.missing)).toEqual(["only/here:v1", "team/app:2.0.0", "team/app:edge"]);
    expect(names(found.extra)).toEqual(["only/there:v1", "team/app:old"]);
    const team = await json(
      "compare",
      a.host,
      b.host,
      "--repository-pattern",
      "team/*",
      "--exclude-repo",
      "**/app",
    );
    expect(team).toMatchObject({ missing: [], different: [], extra: [], same: 1 });
    const equal = await run("compare", a.host, a.host);
    expect(equal).toMatchObject({ code: 0, stdout: "6 the same, 0 missing, 0 different, 0 extra.\n" });
  });

  it("compares images by their parts", async () => {
    expect(await json("compare", `${a.host}/team/multi:v1`, `${b.host}/team/multi`)).toMatchObject({
      ...{ code: 0, equal: true, missing: [], different: [], extra: [] },
      source_digest: index.digest,
    });
    const found = await json("compare", `${a.host}/team/app:1.1.0`, `${b.host}/team/app:1.1.0`);
    expect(found).toMatchObject({
      ...{ code: 0, equal: false },
      different: [{ source_digest: one.digest, destination_digest: two.digest }],
    });
    expect(found.missing.length).toBeGreaterThan(0);
    expect(found.extra.length).toBeGreaterThan(0);
    const human = await run("compare", `${a.host}/team/app:1.1.0`, `${b.host}/team/app:1.1.0`);
    expect(human.stdout).toMatch(/^Different: source sha256:/);
    expect(human.stdout).toMatch(/^missing +layer +sha256:/m);
  });

  it("goes on where one repository cannot be read, and says so in the end", async () => {
    a.fault({ do: "status", status: 403, code: "DENIED" }, { kind: "tags", path: /team\/multi/ });
    const found = await json("compare", a.host, b.host, "--repository-pattern", "team/*");
    expect(found).toMatchObject({
      code: 3,
      same: 1,
      unreadable: [{ repository: "team/multi", error: { code: "forbidden" } }],
    });
  });

  it("refuses two things of different kinds, and what cannot be reached", async () => {
    expect((await run("compare", a.host, `${b.host}/team/app`)).stderr).toContain("expected two of a kind");
    expect((await run("compare", `${a.host}/team/app`, `${b.host}/team/app:v1`)).code).toBe(2);
    expect((await run("compare", a.host, "127.0.0.1:1")).code).toBe(4);
  });

  it("asks for no list of repositories where names say it all", async () => {
    for (const side of [a, b]) side.fault({ do: "status", status: 404 }, { kind: "catalog" });
    const named = await json(
      "compare",
      a.host,
      b.host,
      "--repository",
      "team/multi",
      "--repository",
      "only/here",
    );
    expect(named).toMatchObject({ code: 0, same: 1, missing: [{ source: `${a.host}/only/here:v1` }] });
    expect((await run("verify", a.host, b.host, "--repository", "team/multi")).code).toBe(0);
  });

  it("shows with an image what belongs to it", async () => {
    const artifactType = "application/vnd.example.sbom";
    const sbom = buildArtifact({ seed: "sbom", artifactType, subject: index.descriptor });
    const sig = buildArtifact({ seed: "sig", artifactType: "application/vnd.example.sig" });
    const tag = `${index.digest.replace(":", "-")}.sig`;
    await pushImage(a, index, "with/all", "v1");
    await pushImage(a, sbom, "with/all", sbom.digest);
    await pushImage(a, sig, "with/all", tag);
    const shown = await json("inspect", `${a.host}/with/all:v1`);
    expect(shown.attachments).toHaveLength(2);
    expect(shown.attachments).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          digest: sbom.digest,
          subject: index.digest,
          artifact_type: artifactType,
          tag: null,
        }),
        expect.objectContaining({ digest: sig.digest, subject: index.digest, tag }),
      ]),
    );
    const human = await run("inspect", `${a.host}/with/all:v1`);
    expect(human.stdout).toMatch(new RegExp(`^${artifactType} +${sbom.digest} +sha256:\\w+ +referrer$`, "m"));
    expect((await run("inspect", `${a.host}/team/app:edge`)).stdout).toContain("Attachments: none found.");
  });

  it("verifies a repository image by image and ends with 5 where one differs", async () => {
    const equal = await json("verify", `${a.host}/team/app`, `${b.host}/team/app`, "--tags", "1.0.0");
    expect(equal).toMatchObject({ code: 0, equal: true, images: 1, differences: [] });
    const found = await json("verify", `${a.host}/team/app`, `${b.host}/team/app`);
    expect(found).toMatchObject({ code: 5, equal: false, images: 4 });
    expect(
      found.differences.map(({ image }: { image: string }) => image.split(":").at(-1)).toSorted(),
    ).toEqual(["1.1.0", "2.0.0", "edge"]);
  });

  it("verifies whole registries and tells what differs as it is found", async () => {
    const team = await run("verify", a.host, b.host, "--repository", "team/multi");
    expect(team.code, team.stderr).toBe(0);
    expect(team.stdout).toMatch(/^1 images read on both sides \(3 manifests, .*\): 0 different\./);
    const all = await run("verify", a.host, b.host, "--workers", "2");
    expect(all.code, all.stderr).toBe(5);
    expect(all.stdout).toContain(`Different: ${a.host}/only/here:v1\n`);
    expect(all.stdout).toMatch(/^6 images read|^5 images read/m);
  });

  it("leaves attachments out of it where that is said, of one image and of many", async () => {
    const sbom = buildArtifact({ seed: "left-out", artifactType: "a/b", subject: one.descriptor });
    for (const side of [a, b]) await pushImage(side, one, "signed/app", "v1");
    await pushImage(a, sbom, "signed/app", sbom.digest);
    for (const [from, to] of [
      [`${a.host}/signed/app:v1`, `${b.host}/signed/app:v1`],
      [`${a.host}/signed/app`, `${b.host}/signed/app`],
    ] as const) {
      expect(await json("verify", from, to)).toMatchObject({ code: 5, equal: false });
      expect(await json("verify", from, to, "--no-attachments")).toMatchObject({ code: 0, equal: true });
    }
  });

  it("says with another code that something could not be read", async () => {
    a.fault({ do: "status", status: 403, code: "DENIED" }, { kind: "tags", path: /team\/multi/ });
    const found = await json("verify", a.host, b.host, "--repository-pattern", "team/multi");
    expect(found).toMatchObject({ code: 3, equal: false, failed: [{ error: { code: "forbidden" } }] });
  });

  it("lists the tags that a rule takes", async () => {
    const list = (...rule: string[]) => run("list-tags", `${a.host}/team/app`, ...rule);
    expect((await list("--semver", ">=1.1")).stdout).toBe("1.1.0\n2.0.0\n");
    expect((await list("--tag-regex", "\\d\\.0\\..*", "--exclude-tag", "2*")).stdout).toBe("1.0.0\n");
    expect((await list("--latest", "1", "--latest-by", "semver")).stdout).toBe("2.0.0\n");
    expect((await list("--tag-set", '{glob: "1.*", latest: 1, by: semver}')).stdout).toBe("1.1.0\n");
    expect((await list("--latest-by", "semver")).code).toBe(2);
  });

  it("deletes a tag only where it is said twice", async () => {
    await pushImage(b, two, "team/doomed", "v1");
    await pushImage(b, two, "team/doomed", "v2");
    const name = `${b.host}/team/doomed:v1`;
    expect(await run("delete", name)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("say --yes"),
    });
    expect(await run("delete", `${b.host}/team/doomed`, "--yes")).toMatchObject({ code: 2 });
    expect(await run("delete", name, "--yes")).toMatchObject({ code: 0, stdout: `Deleted ${name}.\n` });
    expect(await listTags(b, "team/doomed")).toEqual(["v2"]);
    expect((await run("delete", name, "--yes")).code).toBe(1);
  });
});
