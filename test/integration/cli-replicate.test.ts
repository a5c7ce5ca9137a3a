// The built command line moves images between two real registries; skopeo and raw HTTP judge what arrived.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { countRequests } from "../support/access-log.ts";
import { Stage, signIn } from "../support/cli.ts";
import {
  type BuiltImage,
  blobBytesOf,
  blobsOf,
  buildArtifact,
  buildImage,
  buildLargeImage,
  buildLayer,
  buildMultiPlatform,
  pushImage,
} from "../support/image-builder.ts";
import { getBlob, hasBlob, listTags, rawDigest, rawRequest } from "../support/raw-http.ts";
import { storedBlobs, storedBytes } from "../support/registry-files.ts";
import { inspect, skopeoTags } from "../support/skopeo.ts";

const blobPath = /\/blobs\/sha256:/;

describe("freightliner replicate on two real registries", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  beforeEach(() => Promise.all([stage.source.clearAccessLog(), stage.destination.clearAccessLog()]));

  const push = (image: BuiltImage, repository: string, tag: string) =>
    pushImage(stage.source, image, repository, tag);

  it("does a basic replication of one repository with several tags", async () => {
    const images = {
      v1: await buildImage({ seed: "b1" }),
      v2: await buildImage({ seed: "b2", format: "docker" }),
    };
    for (const [tag, image] of Object.entries(images)) await push(image, "basic/app", tag);
    await push(images.v2, "basic/app", "latest");

    const result = await stage.replicate(0, "--repository", "basic/app");

    expect(result).toMatchObject({
      status: "succeeded",
      images: { total: 3, copied: 3, skipped: 0, failed: 0 },
    });
    expect(result.bytes.transferred).toBe(result.bytes.to_transfer);
    expect(result.bytes.transferred).toBe(blobBytesOf(images.v1) + blobBytesOf(images.v2));
    expect(result.items.map((item) => [item.status, item.verified])).toEqual(
      Array(3).fill(["succeeded", true]),
    );
    expect((await skopeoTags(stage.destination, "basic/app")).toSorted()).toEqual(["latest", "v1", "v2"]);
    await stage.expectSame(images.v1, "basic/app", "v1");
    await stage.expectSame(images.v2, "basic/app", "latest");
    expect(await inspect(stage.destination, "basic/app", "v1")).toMatchObject({ Architecture: "amd64" });
  });

  it("moves several repositories by pattern with parallel workers", async () => {
    const names = ["team/a", "team/b", "team/c", "team/deep/d", "other/e", "team/skipped"];
    for (const name of names) await push(await buildImage({ seed: `many-${name}` }), name, "v1");

    const result = await stage.replicate(
      0,
      ...["--repository-pattern", "team/**", "--exclude-repo", "team/skip*", "--parallel-workers", "4"],
    );

    expect(result.images).toMatchObject({ total: 4, copied: 4 });
    const catalog = await rawRequest(stage.destination, "/v2/_catalog?n=1000");
    const arrived = (JSON.parse(catalog.body.toString()) as { repositories: string[] }).repositories;
    expect(arrived.filter((name) => names.includes(name))).toEqual([
      "team/a",
      "team/b",
      "team/c",
      "team/deep/d",
    ]);
    for (const name of ["team/a", "team/deep/d"]) {
      await stage.expectSame(await buildImage({ seed: `many-${name}` }), name, "v1");
    }
  });

  it("leaves latest behind with the tag filter v*", async () => {
    const image = await buildImage({ seed: "filter" });
    for (const tag of ["v1", "v2.0", "latest", "dev"]) await push(image, "filter/app", tag);

    const result = await stage.replicate(0, "--repository", "filter/app", "--tag-filter", "v*");

    expect(result.images).toMatchObject({ total: 2, copied: 2 });
    expect((await listTags(stage.destination, "filter/app")).toSorted()).toEqual(["v1", "v2.0"]);
  });

  it("moves a multi-platform index with all its children", async () => {
    const index = await buildMultiPlatform({ seed: "index", platforms: 4, sharedLayerSize: 50_000 });
    await push(index, "multi/app", "v1");

    const result = await stage.replicate(0, "--repository", "multi/app");

    expect(result.items).toMatchObject([{ digest: index.digest, status: "succeeded", verified: true }]);
    await stage.expectSame(index, "multi/app", "v1");
    for (const architecture of ["amd64", "arm64"]) {
      const found = await inspect(stage.destination, "multi/app", "v1", { overrideArch: architecture });
      expect(found).toMatchObject({ Architecture: architecture });
    }
    for (const blob of blobsOf(index)) {
      const found = await rawDigest(stage.destination, `/v2/multi/app/blobs/${blob.digest}`);
      expect(found).toEqual({ status: 200, digest: blob.digest, bytes: blob.size });
    }
  });

  it("carries an artifact manifest with unknown types untouched", async () => {
    const artifact = buildArtifact({ seed: "odd" });
    await push(artifact, "odd/thing", "v1");

    await stage.replicate(0, "--repository", "odd/thing");

    await stage.expectSame(artifact, "odd/thing", "v1");
    for (const blob of blobsOf(artifact)) {
      const expected = Buffer.from(blob.body as Uint8Array);
      expect((await getBlob(stage.destination, "odd/thing", blob.digest)).equals(expected)).toBe(true);
    }
  });

  it("moves a 300 MB layer in little memory", async () => {
    const image = await buildLargeImage({ seed: "huge", totalSize: 300 * 1024 * 1024 });
    await push(image, "huge/app", "v1");

    const end = await stage.run(...stage.replicateWords("--repository", "huge/app"));

    expect(end.code, end.stderr).toBe(0);
    expect(end.peakRss).toBeLessThan(220 * 1024 * 1024);
    const [, layer] = blobsOf(image);
    const found = await rawDigest(stage.destination, `/v2/huge/app/blobs/${layer?.digest}`);
    expect(found).toEqual({ status: 200, digest: layer?.digest, bytes: layer?.size });
    await stage.expectSame(image, "huge/app", "v1");
  });

  it("sends the same layers in many repositories once and mounts them, without a 400 from racing uploads", async () => {
    const base = [
      await buildLayer({ seed: "shared-1", size: 3_000_000 }),
      await buildLayer({ seed: "shared-2", size: 2_000_000 }),
    ];
    const images: BuiltImage[] = [];
    for (let number = 0; number < 8; number++) {
      const image = await buildImage({
        seed: `share-${number}`,
        baseLayers: base,
        layers: 1,
        layerSize: 10_000,
      });
      images.push(image);
      await push(image, `share/app-${number}`, "v1");
      // A second tag of the same repository races with the first for the same blobs.
      await push(image, `share/app-${number}`, "again");
    }

    const result = await stage.replicate(0, "--repository-pattern", "share/*", "--workers", "8");

    expect(result.images).toMatchObject({ total: 16, copied: 16, failed: 0 });
    const unique = new Map(images.flatMap(blobsOf).map((blob) => [blob.digest, blob.size]));
    const uniqueBytes = [...unique.values()].reduce((sum, size) => sum + size, 0);
    expect(result.bytes.transferred).toBe(uniqueBytes);
    expect(result.bytes.mounted).toBe(7 * base.reduce((sum, layer) => sum + layer.size, 0));
    const log = await stage.destination.accessLog();
    expect(log.filter((line) => line.status === 400)).toEqual([]);
    expect(countRequests(log, "PUT", /\/blobs\/uploads\//, 201)).toBe(unique.size);
    for (const [number, image] of images.entries())
      await stage.expectSame(image, `share/app-${number}`, "again");
  });

  it("moves nothing in a second run: no blob is read", async () => {
    const image = await buildMultiPlatform({ seed: "twice" });
    await push(image, "twice/app", "v1");
    await stage.replicate(0, "--repository", "twice/app");
    await Promise.all([stage.source.clearAccessLog(), stage.destination.clearAccessLog()]);

    const second = await stage.replicate(0, "--repository", "twice/app");

    expect(second).toMatchObject({
      status: "succeeded",
      images: { copied: 0, skipped: 1 },
      bytes: { transferred: 0 },
    });
    const read = await stage.source.accessLog();
    expect(read.length).toBeGreaterThan(0);
    expect(countRequests(read, "GET", blobPath)).toBe(0);
    const written = await stage.destination.accessLog();
    expect(written.filter((line) => ["PUT", "POST", "PATCH"].includes(line.method))).toEqual([]);
  });

  it("writes metrics whose numbers equal what the registry's files grew by, and a report with both digests", async () => {
    const images = [await buildMultiPlatform({ seed: "metrics-1" }), await buildImage({ seed: "metrics-2" })];
    for (const [number, image] of images.entries()) await push(image, "metrics/app", `v${number}`);
    const before = await storedBytes(stage.destination);
    const known = new Set((await storedBlobs(stage.destination)).map((blob) => blob.digest));
    const files = {
      metrics: join(stage.home.path, "metrics.json"),
      report: join(stage.home.path, "report.json"),
    };

    await stage.replicate(
      0,
      "--repository",
      "metrics/app",
      "--metrics-file",
      files.metrics,
      "--report",
      files.report,
    );

    const metrics = JSON.parse(await readFile(files.metrics, "utf8")) as Record<string, number>;
    // The registry stores manifests as blobs too; they are not counted among the bytes of blobs.
    const added = (await storedBlobs(stage.destination)).filter((blob) => !known.has(blob.digest));
    const grown = (await storedBytes(stage.destination)) - before;
    const manifests = new Set(
      images.flatMap((image) => [image.digest, ...image.children.map((child) => child.digest)]),
    );
    const manifestBytes = added
      .filter((blob) => manifests.has(blob.digest as never))
      .reduce((sum, blob) => sum + blob.bytes, 0);
    expect(metrics.bytes_transferred).toBe(grown - manifestBytes);
    expect(metrics).toMatchObject({
      images_replicated: 2,
      images_skipped: 0,
      images_failed: 0,
      retries: 0,
      mounts: 0,
    });
    expect(metrics.duration_ms).toBeGreaterThan(0);
    expect(metrics.peak_rss_bytes).toBeGreaterThan(20_000_000);
    const report = JSON.parse(await readFile(files.report, "utf8")) as { items: object[]; command: string };
    expect(report.items).toHaveLength(2);
    for (const [number, image] of images.entries()) {
      expect(report.items).toContainEqual(
        expect.objectContaining({
          source: `${stage.source.host}/metrics/app:v${number}`,
          source_digest: image.digest,
          destination_digest: image.digest,
          verified: true,
          duration_ms: expect.any(Number),
        }),
      );
    }
    expect(report.command).not.toContain("horse");
  });

  it("plans without changing anything, and the plan's promise is what is then sent", async () => {
    const image = await buildImage({ seed: "planned" });
    await push(image, "planned/app", "v1");
    const words = stage.replicateWords("--repository", "planned/app", "--prefix", "mirror");

    const plan = await stage.run("plan", ...words.slice(1));
    const promised = JSON.parse(plan.stdout) as { status: string; bytes: { to_transfer: number } };

    expect(plan.code, plan.stderr).toBe(0);
    expect(promised.status).toBe("planned");
    expect(await listTags(stage.destination, "mirror/planned/app")).toEqual([]);
    expect(await hasBlob(stage.destination, "mirror/planned/app", image.blobs[0]?.digest ?? "")).toBe(false);
    const result = await stage.replicate(0, "--repository", "planned/app", "--prefix", "mirror");
    expect(result.bytes.transferred).toBe(promised.bytes.to_transfer);
    await stage.expectSame(image, "mirror/planned/app", "v1");
  });

  it("lists, inspects and shows the history", async () => {
    const index = await buildMultiPlatform({ seed: "look" });
    for (const tag of ["v1", "v2"]) await push(index, "look/app", tag);

    const repositories = await stage.run("ls", stage.source.host);
    const tags = await stage.run("list-tags", `${stage.source.host}/look/app`, "--json");
    const image = await stage.run("inspect", `${stage.source.host}/look/app:v1`);
    const runs = await stage.run("runs", "--json");

    expect(repositories.stdout.split("\n")).toContain("look/app");
    expect(JSON.parse(tags.stdout)).toEqual({ repository: "look/app", tags: ["v1", "v2"] });
    expect(image.stdout).toContain(index.digest);
    expect(image.stdout).toMatch(/linux\/arm64 +sha256:/);
    const { runs: history } = JSON.parse(runs.stdout) as { runs: { run: string; state: string }[] };
    expect(history.length).toBeGreaterThan(0);
    const shown = await stage.run("runs", "show", history[0]?.run ?? "", "--json");
    expect(JSON.parse(shown.stdout)).toMatchObject({ run: history[0]?.run });
  });

  it("copies one image under another name and tag", async () => {
    const image = await buildImage({ seed: "single" });
    await push(image, "single/app", "v1");
    const from = `${stage.source.host}/single/app:v1`;

    const end = await stage.run("copy", from, `${stage.destination.host}/renamed/app:release`, ...signIn);

    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toMatch(/copied +\S+single\/app:v1 +\S+renamed\/app:release/);
    await stage.expectSame(image, "renamed/app", "release");
  });
});
