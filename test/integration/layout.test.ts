// Layout folders against skopeo and a real registry, both ways.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OciLayout } from "../../electron/layout/layout.ts";
import { listed, options, readBlob, writeImage } from "../layout/images.ts";
import {
  type BuiltImage,
  blobsOf,
  buildArtifact,
  buildMultiPlatform,
  manifestsOf,
  pushImage,
} from "../support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { digestOf, skopeo, skopeoCopy } from "../support/skopeo.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

let registry: RealRegistry;
let folder: TempFolder;
let index: BuiltImage;

beforeAll(async () => {
  [registry, folder] = await Promise.all([startRealRegistry(), tempFolder("layout")]);
  index = await buildMultiPlatform({ seed: "layout and skopeo" });
});
afterAll(async () => {
  await registry?.stop();
  await folder?.remove();
});

describe("what we wrote", () => {
  it("skopeo copies to a registry with equal digests, by tag and by full name", async () => {
    const path = join(folder.path, "ours");
    const layout = await OciLayout.open({ path, create: true });
    await writeImage(layout, layout.defaultRepository, "v1", index);
    await writeImage(layout, "team/app", "v2", index);
    for (const name of ["v1", "team/app:v2"]) {
      const to = `docker://${registry.host}/from-layout/${name.replaceAll(/[:/]/g, "-")}:copied`;
      await skopeoCopy({ reference: `oci:${path}:${name}` }, { reference: to, target: registry });
      const repository = `from-layout/${name.replaceAll(/[:/]/g, "-")}`;
      expect(await digestOf(registry, repository, "copied")).toBe(index.digest);
    }
    const raw = await skopeo(["inspect", "--raw", `oci:${path}:v1`]);
    expect(raw.equals(index.bytes)).toBe(true);
  });

  it("stays readable when skopeo adds to the same folder, and the other way round", async () => {
    const path = join(folder.path, "shared");
    const layout = await OciLayout.open({ path, create: true });
    const artifact = buildArtifact({ seed: "shared" });
    await writeImage(layout, "shared", "ours", artifact);
    await pushImage(registry, index, "team/app", "v1");
    const from = { reference: `docker://${registry.host}/team/app:v1`, target: registry };
    await skopeoCopy(from, { reference: `oci:${path}:theirs` });
    await writeImage(layout, "shared", "again", artifact);
    expect(await listed(layout.listTags("shared", options))).toEqual(["again", "ours", "theirs"]);
    expect((await layout.headManifest("shared", "theirs", options))?.digest).toBe(index.digest);
    expect((await skopeo(["inspect", "--raw", `oci:${path}:theirs`])).equals(index.bytes)).toBe(true);
  });
});

describe("what skopeo wrote", () => {
  it("is read with all its platforms, byte by byte", async () => {
    const path = join(folder.path, "theirs");
    await pushImage(registry, index, "team/app", "v1");
    const from = { reference: `docker://${registry.host}/team/app:v1`, target: registry };
    await skopeoCopy(from, { reference: `oci:${path}:v1` });
    const layout = await OciLayout.open({ path, create: false });
    expect(await listed(layout.listTags("theirs", options))).toEqual(["v1"]);
    const root = await layout.getManifest("theirs", "v1", options);
    expect(root).toMatchObject({ digest: index.digest, mediaType: index.mediaType });
    for (const manifest of manifestsOf(index)) {
      const read = await layout.getManifest("theirs", manifest.digest, options);
      expect(Buffer.from(read.bytes).equals(manifest.bytes)).toBe(true);
    }
    for (const blob of blobsOf(index)) expect(await readBlob(layout, blob)).toHaveLength(blob.size);
  });
});
