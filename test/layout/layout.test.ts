// A layout folder written and read through the engine's ports.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { OciLayout } from "../../electron/layout/layout.ts";
import { beginLayout } from "../../electron/layout/layout-folder.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import {
  buildArtifact,
  buildBlob,
  buildImage,
  buildMultiPlatform,
  manifestsOf,
} from "../support/image-builder.ts";
import { tempFolder } from "../support/temp.ts";
import { bodyOf, listed, manifestOf, options, readBlob, writeBlobs, writeImage } from "./images.ts";

async function newLayout(name = "My Images") {
  const folder = await tempFolder("layout");
  onTestFinished(() => folder.remove());
  const path = join(folder.path, name);
  return { path, layout: await OciLayout.open({ path, create: true }) };
}

function indexOf(path: string): { manifests: Record<string, unknown>[] } & Record<string, unknown> {
  return JSON.parse(readFileSync(join(path, "index.json"), "utf8"));
}

describe("a layout folder", () => {
  it("gives back what was written, byte by byte", async () => {
    const { path, layout } = await newLayout();
    const image = await buildMultiPlatform({ seed: "round trip" });
    await writeImage(layout, "team/app", "v1", image);
    await writeImage(layout, layout.defaultRepository, "v2", image);
    expect(layout).toMatchObject({ host: path, defaultRepository: "my-images", mounts: true });

    const again = await OciLayout.open({ path, create: false });
    expect(await listed(again.listRepositories(options))).toEqual(["my-images", "team/app"]);
    expect(await listed(again.listTags("team/app", options))).toEqual(["v1"]);
    const head = { digest: image.digest, mediaType: image.mediaType, size: image.size };
    expect(await again.headManifest("team/app", "v1", options)).toEqual(head);
    for (const manifest of manifestsOf(image)) {
      const read = await again.getManifest("team/app", manifest.digest, options);
      expect(read).toMatchObject({
        digest: manifest.digest,
        mediaType: manifest.mediaType,
        size: manifest.size,
      });
      expect(Buffer.from(read.bytes).equals(manifest.bytes)).toBe(true);
      expect(await again.headManifest("team/app", manifest.digest, options)).toMatchObject({
        mediaType: manifest.mediaType,
      });
      for (const blob of manifest.blobs) {
        expect(await again.hasBlob("elsewhere", blob.descriptor, options)).toBe(true);
        expect(await again.mountBlob("elsewhere", blob.descriptor, "team/app", options)).toBe(true);
        const { hash } = await import("node:crypto");
        expect(`sha256:${hash("sha256", await readBlob(again, blob))}`).toBe(blob.digest);
      }
    }
    expect(JSON.parse(readFileSync(join(path, "oci-layout"), "utf8"))).toEqual({
      imageLayoutVersion: "1.0.0",
    });
    expect(indexOf(path).manifests.map((entry) => entry.annotations)).toEqual([
      { "org.opencontainers.image.ref.name": "team/app:v1" },
      { "org.opencontainers.image.ref.name": "v2" },
    ]);
    expect(readdirSync(path).toSorted()).toEqual(["blobs", "index.json", "oci-layout"]);
    await again.close();
  });

  it("loses a tag, or all tags of a digest, and keeps the blobs", async () => {
    const { path, layout } = await newLayout();
    const [one, two] = [await buildImage({ seed: "one" }), await buildImage({ seed: "two" })];
    for (const tag of ["v1", "v2"]) await writeImage(layout, "team/app", tag, one);
    await writeImage(layout, "team/app", "v3", two);
    await writeImage(layout, "team/other", "v1", one);
    await layout.deleteManifest("team/app", "v3", options);
    expect(await listed(layout.listTags("team/app", options))).toEqual(["v1", "v2"]);
    await expect(layout.deleteManifest("team/app", "v3", options)).rejects.toMatchObject({
      code: "manifest-unknown",
    });
    await layout.deleteManifest("team/app", one.digest, options);
    expect(await listed(layout.listRepositories(options))).toEqual(["team/other"]);
    expect(indexOf(path).manifests).toHaveLength(1);
    // Nobody knows who else reads the folder: what the tags led to stays.
    for (const image of [one, two])
      expect(await layout.getManifest("team/app", image.digest, options)).toMatchObject({
        digest: image.digest,
      });
  });

  it("is not made by being read, but by the first write", async () => {
    const { path, layout } = await newLayout();
    expect(await listed(layout.listRepositories(options))).toEqual([]);
    expect(await layout.headManifest("team/app", "v1", options)).toBeUndefined();
    expect(existsSync(path)).toBe(false);
    await expect(OciLayout.open({ path, create: false })).rejects.toMatchObject({ code: "not-found" });
  });

  it("is a layout again where its folder was deleted in between", async () => {
    const { path, layout } = await newLayout();
    const image = await buildImage({ seed: "twice" });
    await writeImage(layout, "team/app", "v1", image);
    rmSync(path, { recursive: true });
    expect(await layout.headManifest("team/app", "v1", options)).toBeUndefined();
    await writeImage(layout, "team/app", "v1", image);
    const again = await OciLayout.open({ path, create: false });
    expect(await listed(again.listTags("team/app", options))).toEqual(["v1"]);
  });

  it.runIf(process.platform === "linux")("R007 ends with an error where no folder can be made", async () => {
    await expect(beginLayout("/proc/nope/deeper")).rejects.toMatchObject({ operation: "make-folder" });
  });

  it("names what is missing", async () => {
    const { layout } = await newLayout();
    const image = await buildImage({ seed: "missing", layers: 1 });
    await writeImage(layout, "team/app", "v1", image);
    await expect(layout.getManifest("team/app", "v2", options)).rejects.toMatchObject({
      code: "manifest-unknown",
    });
    await expect(layout.getManifest("team/other", "v1", options)).rejects.toMatchObject({
      code: "repository-unknown",
    });
    await expect(listed(layout.listTags("team/other", options))).rejects.toMatchObject({
      code: "repository-unknown",
    });
    const absent = buildBlob(Buffer.from("absent"), "text/plain");
    await expect(layout.openBlob("team/app", absent.descriptor, options)).rejects.toMatchObject({
      code: "blob-unknown",
    });
    expect(await layout.hasBlob("team/app", absent.descriptor, options)).toBe(false);
    expect(await layout.headManifest("team/app", absent.digest, options)).toBeUndefined();
    // A layer is there, but it is no manifest.
    const layer = image.blobs[1]?.digest ?? "";
    await expect(layout.getManifest("team/app", layer, options)).rejects.toMatchObject({
      code: "manifest-unknown",
    });
  });

  it("refuses a manifest whose parts are missing, as registries do", async () => {
    const { path, layout } = await newLayout();
    const image = await buildMultiPlatform({ seed: "parts" });
    const child = image.children[0] ?? image;
    const missing = { code: "blob-unknown", operation: "put-manifest" };
    await expect(
      layout.putManifest("team/app", child.digest, manifestOf(child), options),
    ).rejects.toMatchObject(missing);
    await writeBlobs(layout, "team/app", image);
    await expect(layout.putManifest("team/app", "v1", manifestOf(image), options)).rejects.toMatchObject(
      missing,
    );
    expect(existsSync(join(path, "index.json"))).toBe(false);
  });

  it("refuses a manifest under a digest that is not its own", async () => {
    const { layout } = await newLayout();
    const image = buildArtifact({ seed: "digest" });
    await writeBlobs(layout, "team/app", image);
    const other = buildBlob(Buffer.from("other"), "text/plain").digest;
    const mismatch = { code: "digest-mismatch" };
    await expect(layout.putManifest("a", other, manifestOf(image), options)).rejects.toMatchObject(mismatch);
    const forged = { ...manifestOf(image), bytes: Buffer.concat([image.bytes, Buffer.from(" ")]) };
    await expect(layout.putManifest("a", "v1", forged, options)).rejects.toMatchObject(mismatch);
  });

  it("replaces a tag where it stands and leaves foreign entries as they are", async () => {
    const { path, layout } = await newLayout();
    const [one, two] = [await buildImage({ seed: "one" }), await buildImage({ seed: "two" })];
    await writeImage(layout, "team/app", "v1", one);
    const index = indexOf(path);
    const foreign = [
      { mediaType: "application/x-strange", digest: "blake3:00", size: 3, note: [1] },
      {
        ...index.manifests[0],
        annotations: { "org.opencontainers.image.ref.name": "localhost:5000/app:v1" },
      },
      {
        ...index.manifests[0],
        annotations: { "org.opencontainers.image.ref.name": "team/app:v1" },
        old: true,
      },
    ];
    const text = { ...index, annotations: { kept: "yes" }, manifests: [...index.manifests, ...foreign] };
    writeFileSync(join(path, "index.json"), JSON.stringify(text));
    await writeImage(layout, "team/app", "v1", two);
    const after = indexOf(path);
    expect(after.annotations).toEqual({ kept: "yes" });
    expect(after.manifests).toEqual([
      { ...index.manifests[0], digest: two.digest, size: two.size },
      foreign[0],
      foreign[1],
    ]);
    expect(await listed(layout.listRepositories(options))).toEqual(["team/app"]);
    expect(await layout.headManifest("team/app", "v1", options)).toMatchObject({ digest: two.digest });
  });

  it("loses no tag when many are written at once, by several handles", async () => {
    const { path, layout } = await newLayout();
    const handles = [
      layout,
      ...(await Promise.all([1, 2].map(() => OciLayout.open({ path, create: true })))),
    ];
    const image = await buildImage({ seed: "many", layers: 1 });
    await writeBlobs(layout, "team/app", image);
    const tags = Array.from({ length: 60 }, (_, index) => `v${index}`);
    await Promise.all(
      tags.map((tag, index) =>
        (handles[index % 3] ?? layout).putManifest("team/app", tag, manifestOf(image), options),
      ),
    );
    expect(await listed(layout.listTags("team/app", options))).toEqual(tags.toSorted());
  });

  it("knows the media type of a child that does not say it", async () => {
    const { path, layout } = await newLayout();
    const plain = (content: object, mediaType: string) => {
      const bytes = Buffer.from(JSON.stringify(content));
      return { ...buildBlob(bytes, mediaType), bytes, mediaType };
    };
    const child = plain({ strange: true }, "application/vnd.example.thing+json");
    const empty = plain({ schemaVersion: 2, config: undefined, layers: [] }, mediaTypes.ociManifest);
    const index = plain({ schemaVersion: 2, manifests: [child.descriptor] }, mediaTypes.ociIndex);
    for (const each of [child, empty]) await layout.putManifest("a", each.digest, each, options);
    await layout.putManifest("a", "v1", index, options);
    const again = await OciLayout.open({ path, create: false });
    expect(await again.headManifest("a", child.digest, options)).toBeUndefined();
    await again.getManifest("a", "v1", options);
    expect(await again.headManifest("a", child.digest, options)).toMatchObject({
      mediaType: child.mediaType,
    });
    expect(await again.headManifest("a", index.digest, options)).toMatchObject({
      mediaType: mediaTypes.ociIndex,
    });
  });
});

describe("a blob", () => {
  const content = buildBlob(Buffer.alloc(300_000, 7), "application/octet-stream");

  async function refused(body: Readable, signal = options.signal): Promise<unknown> {
    const { path, layout } = await newLayout();
    const error = await layout
      .putBlob("a", content.descriptor, body, { signal })
      .catch((thrown: unknown) => thrown);
    expect(body.destroyed).toBe(true);
    expect(await layout.hasBlob("a", content.descriptor, options)).toBe(false);
    const folder = join(path, "blobs", "sha256");
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
    return error;
  }

  it("of a wrong length is refused, and nothing stays", async () => {
    const short = Readable.from([Buffer.alloc(299_999)]);
    expect(await refused(short)).toMatchObject({ code: "size-mismatch", operation: "put-blob" });
    const long = Readable.from([Buffer.alloc(300_000), Buffer.alloc(1)]);
    expect(await refused(long)).toMatchObject({ code: "size-mismatch" });
  });

  it("whose body errors is not committed, and the error is the body's", async () => {
    const broken = new Error("the digest does not match");
    const body = Readable.from(
      (async function* () {
        yield Buffer.alloc(300_000);
        throw broken;
      })(),
    );
    expect(await refused(body)).toBe(broken);
  });

  it("is given up within a second when the work is stopped", async () => {
    const stop = new AbortController();
    const reason = new Error("stopped");
    const endless = new Readable({ read() {} });
    endless.push(Buffer.alloc(10));
    setTimeout(() => stop.abort(reason), 30);
    const started = performance.now();
    expect(await refused(endless, stop.signal)).toBe(reason);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(await refused(new Readable({ read() {} }), stop.signal)).toBe(reason);
  });

  it("replaces a damaged one of its name", async () => {
    const { path, layout } = await newLayout();
    await layout.putBlob("a", content.descriptor, bodyOf(content), options);
    const file = join(path, "blobs", "sha256", content.digest.slice(7));
    writeFileSync(file, "damaged");
    expect(await layout.hasBlob("a", content.descriptor, options)).toBe(false);
    await expect(layout.openBlob("a", content.descriptor, options)).rejects.toMatchObject({
      code: "size-mismatch",
    });
    await layout.putBlob("a", content.descriptor, bodyOf(content), options);
    expect(await layout.hasBlob("a", content.descriptor, options)).toBe(true);
  });

  it("being read ends with the signal's reason", async () => {
    const { layout } = await newLayout();
    await layout.putBlob("a", content.descriptor, bodyOf(content), options);
    const stop = new AbortController();
    const { body: stream } = await layout.openBlob("a", content.descriptor, { signal: stop.signal });
    const reason = new Error("stopped");
    const failed = new Promise((resolve) => stream.once("error", resolve));
    stop.abort(reason);
    expect(await failed).toBe(reason);
    await expect(layout.openBlob("a", content.descriptor, { signal: stop.signal })).rejects.toBe(reason);
  });
});

describe("the check of a folder", () => {
  it("says what it is good for", async () => {
    const { path, layout } = await newLayout();
    const outcomes = async () =>
      (await layout.check(options.signal)).map((step) => `${step.name} ${step.outcome}`);
    const fine = ["reachable passed", "registry passed", "sign-in skipped", "catalog passed", "push passed"];
    expect(await outcomes()).toEqual(fine);
    expect((await layout.check(options.signal))[0]?.text).toContain("the first copy makes it");
    await writeImage(layout, "team/app", "v1", buildArtifact({ seed: "check" }));
    expect(await outcomes()).toEqual(fine);
    expect((await layout.check(options.signal))[3]?.text).toBe("It holds 1 repository.");
    writeFileSync(join(path, "index.json"), "no json");
    writeFileSync(join(path, "oci-layout"), "{}");
    expect(await outcomes()).toEqual([
      "reachable failed",
      "sign-in skipped",
      "catalog failed",
      "push passed",
    ]);
    const stopped = AbortSignal.abort(new Error("stopped"));
    await expect(layout.check(stopped)).rejects.toThrow("stopped");
  });
});
