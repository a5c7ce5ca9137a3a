// Folders that try to lead out of themselves, and names that try to be paths.
import { mkdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { OciLayout } from "../../electron/layout/layout.ts";
import type { Descriptor } from "../../shared/descriptor.ts";
import { buildImage } from "../support/image-builder.ts";
import { tempFolder } from "../support/temp.ts";
import { bodyOf, listed, manifestOf, options, writeImage } from "./images.ts";

async function layoutWithImage() {
  const folder = await tempFolder("hostile");
  onTestFinished(() => folder.remove());
  const path = join(folder.path, "layout");
  const layout = await OciLayout.open({ path, create: true });
  const image = await buildImage({ seed: "hostile", layers: 1 });
  await writeImage(layout, "team/app", "v1", image);
  return { folder: folder.path, path, layout, image };
}

describe("a layout folder", () => {
  it("that holds links is not followed", async () => {
    const { folder, path, layout, image } = await layoutWithImage();
    const layer = image.blobs[1] ?? image;
    const file = join(path, "blobs", "sha256", layer.digest.slice(7));
    renameSync(file, join(folder, "outside"));
    symlinkSync(join(folder, "outside"), file);
    const refused = { code: "protocol" };
    await expect(layout.openBlob("a", layer.descriptor, options)).rejects.toMatchObject(refused);
    await expect(layout.hasBlob("a", layer.descriptor, options)).rejects.toMatchObject(refused);
    await expect(layout.getManifest("a", layer.digest, options)).rejects.toMatchObject(refused);
    await expect(layout.putManifest("a", "v2", manifestOf(image), options)).rejects.toMatchObject(refused);

    unlinkSync(file);
    renameSync(join(path, "blobs", "sha256"), join(folder, "sha256"));
    symlinkSync(join(folder, "sha256"), join(path, "blobs", "sha256"));
    const config = image.blobs[0] ?? image;
    await expect(layout.openBlob("a", config.descriptor, options)).rejects.toMatchObject(refused);
    await expect(
      layout.putBlob("a", config.descriptor, Readable.from([Buffer.alloc(1)]), options),
    ).rejects.toMatchObject(refused);
  });

  it("whose index or marker is a link is refused", async () => {
    const { folder, path, layout, image } = await layoutWithImage();
    renameSync(join(path, "index.json"), join(folder, "index.json"));
    symlinkSync(join(folder, "index.json"), join(path, "index.json"));
    const refused = { code: "protocol" };
    await expect(listed(layout.listRepositories(options))).rejects.toMatchObject(refused);
    await expect(layout.putManifest("a", "v1", manifestOf(image), options)).rejects.toMatchObject(refused);
    renameSync(join(path, "oci-layout"), join(folder, "oci-layout"));
    symlinkSync(join(folder, "oci-layout"), join(path, "oci-layout"));
    await expect(OciLayout.open({ path, create: false })).rejects.toMatchObject(refused);
  });

  it("is not left by names that are paths", async () => {
    const { layout, image } = await layoutWithImage();
    const blob = image.blobs[0] ?? image;
    const invalid = { code: "invalid-reference" };
    for (const digest of ["sha256:../../../etc/passwd", `sha256:${"../".repeat(21)}x`, "../x:y"]) {
      const forged = { ...blob.descriptor, digest } as Descriptor;
      await expect(layout.openBlob("a", forged, options)).rejects.toMatchObject(invalid);
      await expect(layout.putBlob("a", forged, Readable.from(["x"]), options)).rejects.toMatchObject(invalid);
      await expect(layout.hasBlob("a", forged, options)).rejects.toMatchObject(invalid);
      await expect(layout.getManifest("a", digest, options)).rejects.toMatchObject(invalid);
    }
    for (const repository of ["../up", "/etc", "a//b", "A", ""]) {
      await expect(layout.putManifest(repository, "v1", manifestOf(image), options)).rejects.toMatchObject(
        invalid,
      );
      await expect(layout.headManifest(repository, "v1", options)).rejects.toMatchObject(invalid);
      await expect(listed(layout.listTags(repository, options))).rejects.toMatchObject(invalid);
      const body = bodyOf(blob as never);
      await expect(layout.putBlob(repository, blob.descriptor, body, options)).rejects.toMatchObject(invalid);
      expect(body.destroyed).toBe(true);
    }
    await expect(layout.putManifest("a", "../v1", manifestOf(image), options)).rejects.toMatchObject(invalid);
    const unknown = { ...blob.descriptor, digest: "md5:00" } as Descriptor;
    await expect(layout.openBlob("a", unknown, options)).rejects.toMatchObject({ code: "unsupported" });
  });

  it("whose index names paths lists nothing of them", async () => {
    const { path, layout, image } = await layoutWithImage();
    const entry = (name: string, digest: string = image.digest) => ({
      mediaType: image.mediaType,
      digest,
      size: image.size,
      annotations: { "org.opencontainers.image.ref.name": name },
    });
    const manifests = [
      entry("../../evil:v1"),
      entry("../evil"),
      entry("/etc/passwd"),
      entry("good", "sha256:../../x"),
      entry("v1"),
      { annotations: 7 },
      null,
      "text",
    ];
    writeFileSync(join(path, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
    expect(await listed(layout.listRepositories(options))).toEqual(["layout"]);
    expect(await listed(layout.listTags("layout", options))).toEqual(["v1"]);
  });

  it("that holds other bytes under a digest is found out", async () => {
    const { path, layout, image } = await layoutWithImage();
    const file = join(path, "blobs", "sha256", image.digest.slice(7));
    writeFileSync(file, Buffer.alloc(image.size, 32));
    await expect(layout.getManifest("team/app", "v1", options)).rejects.toMatchObject({
      code: "digest-mismatch",
    });
    const index = { mediaType: image.mediaType, digest: image.digest, size: 3 };
    writeFileSync(file, image.bytes);
    writeFileSync(join(path, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [index] }));
    await expect(layout.getManifest("a", image.digest, options)).rejects.toMatchObject({
      code: "size-mismatch",
    });
    expect(await layout.headManifest("a", image.digest, options)).toBeUndefined();
    writeFileSync(file, Buffer.alloc(9 * 1024 * 1024));
    await expect(layout.getManifest("a", image.digest, options)).rejects.toMatchObject({ code: "too-large" });
  });

  it("that is something else is not opened", async () => {
    const folder = await tempFolder("hostile");
    onTestFinished(() => folder.remove());
    const path = folder.path;
    writeFileSync(join(path, "letter.txt"), "dear");
    const open = (target: string) => OciLayout.open({ path: target, create: true });
    await expect(open(path)).rejects.toMatchObject({ code: "configuration" });
    await expect(open(join(path, "letter.txt"))).rejects.toMatchObject({ code: "configuration" });
    mkdirSync(join(path, "empty"));
    await expect(OciLayout.open({ path: join(path, "empty"), create: false })).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining(join(path, "empty")),
    });
    for (const [marker, code] of [
      ["{}", "protocol"],
      ['{"imageLayoutVersion":"2.0.0"}', "unsupported"],
    ] as const) {
      writeFileSync(join(path, "empty", "oci-layout"), marker);
      await expect(open(join(path, "empty"))).rejects.toMatchObject({ code });
    }
  });
});
