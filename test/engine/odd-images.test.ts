// Images that are odd but legal are carried untouched; hostile ones are refused by name.
import { describe, expect, it } from "vitest";
import { mediaTypes } from "../../shared/media-types.ts";
import { everything, harness } from "./harness.ts";
import { bytesOf, putBlob, putImage, putJson } from "./images.ts";
import { sha256 } from "./memory-endpoint.ts";

const one = [["layer", 1000]] as const;

describe("hostile and odd images", () => {
  it("leaves foreign layers where they are unless the source holds them", async () => {
    const h = harness();
    const foreign = (seed: string, held: boolean) => {
      const bytes = bytesOf(seed, 100);
      if (held) return putBlob(h.source, "win", bytes, mediaTypes.dockerForeignLayer);
      return { mediaType: mediaTypes.dockerForeignLayer, digest: sha256(bytes), size: 100 };
    };
    const config = putBlob(h.source, "win", bytesOf("config", 9), mediaTypes.dockerConfig);
    putJson(
      h.source,
      "win",
      {
        mediaType: mediaTypes.dockerManifest,
        config,
        layers: [foreign("held", true), foreign("left", false)],
      },
      "v1",
    );
    const planned = await h.plan(everything());
    expect(planned.plan).toMatchObject({ bytesToTransfer: 109, warnings: [{ code: "foreign-layer" }] });
    expect((await h.run(planned)).state).toBe("succeeded");
  });

  it("carries unknown types, nested indexes and BuildKit's caches untouched", async () => {
    const h = harness();
    const unknown = new TextEncoder().encode("not json at all");
    h.source
      .repository("app")
      .manifests.set(sha256(unknown), { bytes: unknown, mediaType: "application/x-strange" });
    const strange = { mediaType: "application/x-strange", digest: sha256(unknown), size: unknown.length };
    const leaf = putImage(h.source, { repository: "app", layers: one });
    const inner = putJson(h.source, "app", { mediaType: mediaTypes.ociIndex, manifests: [leaf, strange] });
    const cache = putBlob(h.source, "app", bytesOf("cache", 50));
    putJson(h.source, "app", { mediaType: mediaTypes.ociIndex, manifests: [inner, leaf, cache] }, "v1");
    const done = await h.planAndRun(everything());
    expect(done.state).toBe("succeeded");
    expect(h.destination.repository("app").manifests).toEqual(h.source.repository("app").manifests);
    expect([...h.destination.repository("app").blobs.keys()].sort()).toEqual(
      [...h.source.repository("app").blobs.keys()].sort(),
    );
  });

  it("refuses depth, contradicting sizes and wrong children", async () => {
    const h = harness();
    let deep = putImage(h.source, { repository: "deep", layers: one });
    for (let at = 0; at < 10; at++)
      deep = putJson(
        h.source,
        "deep",
        { mediaType: mediaTypes.ociIndex, manifests: [deep] },
        at === 9 ? "v1" : undefined,
      );
    const config = putBlob(h.source, "two", bytesOf("c", 9), mediaTypes.ociConfig);
    putJson(
      h.source,
      "two",
      { mediaType: mediaTypes.ociManifest, config, layers: [{ ...config, size: 10 }] },
      "v1",
    );
    const child = putImage(h.source, { repository: "short", layers: one });
    putJson(h.source, "short", { mediaType: mediaTypes.ociIndex, manifests: [{ ...child, size: 1 }] }, "v1");
    const vast = { ...config, size: Number.MAX_SAFE_INTEGER };
    const more = { ...vast, digest: sha256(bytesOf("more", 1)) };
    putJson(h.source, "vast", { mediaType: mediaTypes.ociManifest, layers: [vast, more] }, "v1");
    const planned = await h.plan(everything());
    expect(h.rows(planned).map((row) => [row.sourceRepository, row.error?.code, row.error?.side])).toEqual([
      ["deep", "too-large", "source"],
      ["two", "protocol", "source"],
      ["short", "size-mismatch", "source"],
      ["vast", "too-large", "source"],
    ]);
  });
});
