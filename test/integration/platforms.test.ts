// Platform subsets between real docker-registries and into a layout folder, with skopeo as the judge.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OciLayout } from "../../electron/layout/layout.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { everything, harness } from "../engine/harness.ts";
import { client, planBetween, runBetween } from "../engine/over-http.ts";
import { buildMultiPlatform, type ImageFormat, pushImage } from "../support/image-builder.ts";
import { getManifest, headManifest } from "../support/raw-http.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { dockerReference, inspect, skopeo, skopeoCopy } from "../support/skopeo.ts";
import { testFolder } from "../support/test-folder.ts";

let from: RealRegistry;
let to: RealRegistry;
beforeAll(async () => {
  [from, to] = await Promise.all([startRealRegistry(), startRealRegistry()]);
});
afterAll(async () => {
  await Promise.all([from?.stop(), to?.stop()]);
});

function only(repository: string, ...platforms: string[]) {
  return { ...everything([repository]), options: { platforms } };
}

describe.each<[ImageFormat, string]>([
  ["oci", mediaTypes.ociIndex],
  ["docker", mediaTypes.dockerList],
])("platforms of an %s index", (format, mediaType) => {
  it("some of them are a new index that skopeo reads whole, and the same again the next time", async () => {
    const repository = `some/${format}`;
    const h = harness();
    const index = await buildMultiPlatform({ seed: repository, format, platforms: 4 });
    await pushImage(from, index, repository, "v1");
    const ends = { source: client(from.host), destination: client(to.host) };
    const spec = only(repository, "linux/arm64", "linux/arm/v7");
    const planned = await planBetween(h, ends, spec);
    expect((await runBetween(h, ends, planned)).state).toBe("succeeded");

    const there = await getManifest(to, repository, "v1");
    expect(there.mediaType).toBe(mediaType);
    expect(h.rows(planned)).toMatchObject([{ digest: index.digest, writesDigest: there.digest }]);
    const { manifests } = JSON.parse(there.bytes.toString("utf8")) as { manifests: { digest: string }[] };
    const [amd64, arm64, arm, ppc64] = index.children;
    expect(manifests.map((one) => one.digest)).toEqual([arm64?.digest, arm?.digest]);
    for (const left of [amd64, ppc64])
      expect((await headManifest(to, repository, left?.digest ?? "")).status).toBe(404);
    const path = await testFolder("platforms");
    const read = { reference: dockerReference(to, repository, "v1"), target: to };
    await skopeoCopy(read, { reference: `dir:${join(path, "read")}` });

    const again = await planBetween(harness(), ends, spec);
    expect(again.plan).toMatchObject({ skip: 1, bytesToTransfer: 0, attachmentsToCopy: 0 });
  });

  it("one of them is its plain manifest, in a registry and in a layout folder", async () => {
    const repository = `one/${format}`;
    const h = harness();
    const index = await buildMultiPlatform({ seed: repository, format, platforms: 3 });
    await pushImage(from, index, repository, "v1");
    const path = await testFolder("platforms");
    const layout = await OciLayout.open({ path, create: true });
    const spec = only(repository, "linux/arm64");
    for (const destination of [client(to.host), layout]) {
      const ends = { source: client(from.host), destination };
      expect((await runBetween(h, ends, await planBetween(h, ends, spec))).state).toBe("succeeded");
      expect((await planBetween(h, ends, spec)).plan).toMatchObject({ skip: 1 });
    }
    const plain = index.children[1];
    expect((await getManifest(to, repository, "v1")).digest).toBe(plain?.digest);
    expect(await inspect(to, repository, "v1")).toMatchObject({ Architecture: "arm64", Os: "linux" });
    const { signal } = new AbortController();
    expect((await layout.headManifest(repository, "v1", { signal }))?.digest).toBe(plain?.digest);
    // skopeo takes no Docker types out of an OCI layout.
    if (format === "docker") return;
    const raw = await skopeo(["inspect", "--raw", `oci:${path}:${repository}:v1`]);
    expect(raw.equals(plain?.bytes ?? Buffer.alloc(0))).toBe(true);
  });
});
