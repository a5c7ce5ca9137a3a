// What refers to a manifest in a layout folder: found among its entries, and kept there when it is written.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { planRun } from "../../electron/engine/plan.ts";
import { OciLayout } from "../../electron/layout/layout.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { jobSpecSchema } from "../../shared/run.ts";
import { everything, harness } from "../engine/harness.ts";
import { type BuiltImage, buildArtifact, buildImage, buildIndex } from "../support/image-builder.ts";
import { tempFolder } from "../support/temp.ts";
import { listed, manifestOf, options, writeBlobs, writeImage } from "./images.ts";

async function newLayout() {
  const { path, remove } = await tempFolder("layout-referrers");
  onTestFinished(() => remove());
  return { path, layout: await OciLayout.open({ path, create: true }) };
}

function entriesOf(path: string): Record<string, unknown>[] {
  return JSON.parse(readFileSync(join(path, "index.json"), "utf8")).manifests;
}

function sbomOf(subject: BuiltImage, seed = "sbom"): BuiltImage {
  const { mediaType, digest, size } = subject;
  const annotations = { "org.example.name": seed };
  const artifactType = "example/sbom";
  return buildArtifact({ seed, artifactType, annotations, subject: { mediaType, digest, size } });
}

async function writeByDigest(layout: OciLayout, image: BuiltImage) {
  await writeBlobs(layout, "app", image);
  return layout.putManifest("app", image.digest, manifestOf(image), options);
}

describe("referrers in a layout", () => {
  it("are entries without a name, each once, and leave tags and repositories as they were", async () => {
    const { path, layout } = await newLayout();
    const image = await buildImage({ seed: "signed" });
    await writeImage(layout, "app", "v1", image);
    const sbom = sbomOf(image);
    for (let time = 0; time < 2; time++)
      expect(await writeByDigest(layout, sbom)).toEqual({ listsReferrer: true });
    expect(entriesOf(path).slice(1)).toEqual([
      { mediaType: mediaTypes.ociManifest, digest: sbom.digest, size: sbom.size },
    ]);
    const expected = [
      {
        ...{ mediaType: mediaTypes.ociManifest, digest: sbom.digest, size: sbom.size },
        ...{ artifactType: "example/sbom", annotations: { "org.example.name": "sbom" } },
      },
    ];
    const again = await OciLayout.open({ path, create: false });
    for (const one of [layout, again]) {
      expect(await one.listReferrers("app", image.digest, options)).toEqual(expected);
      expect(await one.listReferrers("app", sbom.digest, options)).toEqual([]);
      expect(await listed(one.listTags("app", options))).toEqual(["v1"]);
      expect(await listed(one.listRepositories(options))).toEqual(["app"]);
    }
  });

  it("may have a tag or be indexes, and children without a subject get no entry", async () => {
    const { path, layout } = await newLayout();
    const image = await buildImage({ seed: "signed" });
    await writeImage(layout, "app", "v1", image);
    const tagged = sbomOf(image, "tagged");
    await writeImage(layout, "app", "sbom", tagged);
    const child = await buildImage({ seed: "child" });
    expect(await writeByDigest(layout, child)).toEqual({ listsReferrer: false });
    const { mediaType, digest, size } = image;
    const list = buildIndex({ children: [child], subject: { mediaType, digest, size } });
    await writeByDigest(layout, list);
    const found = await layout.listReferrers("app", image.digest, options);
    expect(found.map((one) => one.digest)).toEqual([tagged.digest, list.digest]);
    expect(entriesOf(path)).toHaveLength(3);
  });

  it("that others wrote, broke or removed are seen as they are", async () => {
    const { path, layout } = await newLayout();
    const image = await buildImage({ seed: "signed" });
    await writeImage(layout, "app", "v1", image);
    const [first, second] = [sbomOf(image, "first"), sbomOf(image, "second")];
    await writeByDigest(layout, first);
    await writeByDigest(layout, second);
    rmSync(join(path, "blobs/sha256", first.digest.slice(7)));
    const again = await OciLayout.open({ path, create: false });
    const found = await again.listReferrers("app", image.digest, options);
    expect(found.map((one) => one.digest)).toEqual([second.digest]);
    writeFileSync(join(path, "blobs/sha256", second.digest.slice(7)), "x".repeat(second.size));
    const broken = await OciLayout.open({ path, create: false });
    await expect(broken.listReferrers("app", image.digest, options)).rejects.toMatchObject({
      code: "protocol",
      operation: "list-referrers",
    });
    await expect(layout.listReferrers("../app", image.digest, options)).rejects.toMatchObject({
      code: "invalid-reference",
    });
  });
});

describe("a folder with a damaged image", () => {
  it("gives its other images away all the same, and says what it cannot say of them", async () => {
    const { path, layout } = await newLayout();
    const images = await Promise.all(["whole", "damaged"].map((seed) => buildImage({ seed })));
    const [whole, bad] = images;
    if (whole === undefined || bad === undefined) throw new Error("two images were expected");
    await writeImage(layout, "app", "v1", whole);
    await writeImage(layout, "app", "v2", bad);
    writeFileSync(join(path, "blobs/sha256", bad.digest.slice(7)), "x".repeat(bad.size));
    const h = harness();
    const spec = jobSpecSchema.parse({ sourceId: "src", destinationId: "dst", ...everything() });
    const end = { id: "src", name: "src", address: "src" };
    const run = h.store.runs.insert({ spec, source: end, destination: { ...end, id: "dst" } });
    const source = await OciLayout.open({ path, create: false });
    const planned = await planRun({ ...h.request(run), source }, h.context, h.never);
    expect(h.rows(planned)).toMatchObject([
      { sourceReference: "v1", action: "copy", state: "planned", error: null },
      { sourceReference: "v2", state: "failed", error: { code: "digest-mismatch", side: "source" } },
    ]);
    expect(planned.plan.warnings.map((warning) => warning.code)).toContain("attachments-left");
  });
});
