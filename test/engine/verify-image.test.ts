// Comparing an image on two sides: every difference is named, nothing is believed.
import { describe, expect, it } from "vitest";
import { type VerifyRequest, verifyImage } from "../../electron/engine/verify-image.ts";
import { putReferrer, putReferrersTag } from "./attached.ts";
import { everything, type Harness, harness } from "./harness.ts";
import { bytesOf, putImage, putIndex } from "./images.ts";
import { chunked, failure, sha256 } from "./memory-endpoint.ts";

const children = [
  {
    architecture: "amd64",
    layers: [
      ["base", 5000],
      ["x", 100],
    ],
  },
  {
    architecture: "arm64",
    layers: [
      ["base", 5000],
      ["y", 100],
    ],
  },
] as const;

async function copied(): Promise<{ h: Harness; request: VerifyRequest; digest: string }> {
  const h = harness();
  const { digest } = putIndex(h.source, { repository: "app", tag: "v1", children });
  await h.planAndRun(everything());
  const request: VerifyRequest = {
    source: h.source,
    sourceRepository: "app",
    sourceReference: "v1",
    destination: h.destination,
    destinationRepository: "app",
    destinationReference: "v1",
    hosts: h.context.hosts,
    clock: h.clock,
  };
  return { h, request, digest };
}

describe("verifying an image", () => {
  it("reads every blob on both sides and finds them equal", async () => {
    const { h, request, digest } = await copied();
    h.source.forget();
    h.destination.forget();
    expect(await verifyImage(request, h.never)).toEqual({
      equal: true,
      sourceDigest: digest,
      destinationDigest: digest,
      manifests: 3,
      blobs: 5,
      bytes: 5000 + 200 + 2 * 18,
      differences: [],
    });
    expect([h.source.count("get-blob"), h.destination.count("get-blob")]).toEqual([5, 5]);
  });

  it("names a missing tag", async () => {
    const { h, request, digest } = await copied();
    h.destination.repository("app").tags.clear();
    const result = await verifyImage(request, h.never);
    expect(result).toMatchObject({
      equal: false,
      destinationDigest: null,
      differences: [{ what: "tag", digest, text: "The destination has no app:v1." }],
    });
    const nowhere = await verifyImage({ ...request, destinationRepository: "nowhere" }, h.never);
    expect(nowhere.differences.map((one) => one.what).sort()).toEqual([
      ...Array.from({ length: 5 }, () => "blob"),
      ...Array.from({ length: 3 }, () => "manifest"),
      "tag",
    ]);
  });

  it("names a tag that points elsewhere, a manifest and a blob that are missing", async () => {
    const { h, request } = await copied();
    const other = putImage(h.destination, { repository: "app", tag: "v1", layers: [["other", 5]] });
    const there = h.destination.repository("app");
    const child = [...there.manifests.keys()].find((key) => key !== other.digest);
    if (child === undefined) throw new Error("no child");
    there.manifests.delete(child);
    there.blobs.delete(sha256(bytesOf("base", 5000)));
    const { differences, destinationDigest } = await verifyImage(request, h.never);
    expect(destinationDigest).toBe(other.digest);
    expect(differences).toEqual([
      { what: "tag", digest: other.digest, text: expect.stringContaining(`points at ${other.digest}`) },
      { what: "manifest", digest: child, text: expect.stringContaining(child) },
      {
        what: "blob",
        digest: sha256(bytesOf("base", 5000)),
        text: expect.stringContaining("The destination:"),
      },
    ]);
  });

  it.each(["source", "destination"] as const)("names a blob whose bytes rotted at the %s", async (side) => {
    const { h, request } = await copied();
    const rotten = bytesOf("rotten", 100);
    h[side].body = (blob, bytes) => chunked(blob.digest === sha256(bytesOf("x", 100)) ? rotten : bytes, 64);
    const { differences, equal } = await verifyImage(request, h.never);
    expect(equal).toBe(false);
    expect(differences).toEqual([
      { what: "blob", digest: sha256(bytesOf("x", 100)), text: expect.stringContaining(sha256(rotten)) },
    ]);
    expect(differences[0]?.text).toContain(`The ${side}`);
  });

  it("names a manifest whose bytes rotted", async () => {
    const { h, request, digest } = await copied();
    h.destination.fault = ({ operation, reference }) => {
      if (operation === "get-manifest" && reference === digest)
        throw failure("digest-mismatch", operation, { message: "other bytes" });
    };
    const { differences } = await verifyImage(request, h.never);
    expect(differences).toEqual([{ what: "manifest", digest, text: "other bytes" }]);
  });

  it("throws where a side cannot be read", async () => {
    const { h, request } = await copied();
    await expect(verifyImage({ ...request, sourceReference: "gone" }, h.never)).rejects.toMatchObject({
      code: "manifest-unknown",
      side: "source",
    });
    h.destination.fault = ({ operation }) => {
      if (operation === "get-blob") throw failure("forbidden", operation);
    };
    await expect(verifyImage(request, h.never)).rejects.toMatchObject({
      code: "forbidden",
      side: "destination",
    });
    h.destination.fault = ({ operation }) => {
      if (operation === "get-manifest") throw failure("forbidden", operation);
    };
    await expect(verifyImage(request, h.never)).rejects.toMatchObject({ code: "forbidden" });
  });

  it("stops with its reason", async () => {
    const { request } = await copied();
    const reason = new Error("enough");
    await expect(verifyImage(request, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe("verifying with attachments", () => {
  async function signed() {
    const h = harness();
    const image = putImage(h.source, { repository: "app", tag: "v1", layers: [["a", 500]] });
    const tag = `${image.digest.replace(":", "-")}.sig`;
    const signature = putImage(h.source, { repository: "app", tag, layers: [["signature", 50]] });
    await h.planAndRun(everything());
    const at = { sourceRepository: "app", sourceReference: "v1", destinationRepository: "app" };
    const request: VerifyRequest = {
      ...at,
      source: h.source,
      destination: h.destination,
      destinationReference: "v1",
      hosts: h.context.hosts,
      clock: h.clock,
      attachments: h.context.journal,
    };
    return { h, request, tag, signature, image };
  }

  it("reads them too", async () => {
    const { h, request } = await signed();
    expect(await verifyImage(request, h.never)).toMatchObject({ equal: true, manifests: 2, blobs: 4 });
  });

  it("names what the destination lacks, and leaves that out where it is not asked for", async () => {
    const { h, request, tag, signature } = await signed();
    h.destination.repository("app").tags.delete(tag);
    const found = await verifyImage(request, h.never);
    expect(found).toMatchObject({
      equal: false,
      differences: [{ what: "manifest", digest: signature.digest }],
    });
    expect(found.differences[0]?.text).toContain(tag);
    const { attachments: _, ...without } = request;
    expect(await verifyImage(without, h.never)).toMatchObject({ equal: true, manifests: 1 });
  });

  it("counts nothing that the source names and does not have itself", async () => {
    const { h, request, image: subject } = await signed();
    const kept = putReferrer(h.source, { repository: "app", seed: "kept", subject });
    const gone = putReferrer(h.source, { repository: "app", seed: "gone", subject });
    putReferrersTag(h.source, "app", subject, [kept, gone]);
    h.source.repository("app").manifests.delete(gone.digest);
    const found = await verifyImage(request, h.never);
    expect(found.differences).toMatchObject([{ what: "manifest", digest: kept.digest }]);
  });

  it("reads the blobs of an attachment", async () => {
    const { h, request, signature } = await signed();
    h.destination.body = (blob, bytes) =>
      blob.size === 50 ? chunked(bytes.toReversed(), 10) : chunked(bytes, 10);
    const found = await verifyImage(request, h.never);
    expect(found.differences).toMatchObject([{ what: "blob" }]);
    expect(found.sourceDigest).not.toBe(signature.digest);
  });
});
