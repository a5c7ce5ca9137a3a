// What goes wrong in the middle: wrong bytes, lost parts, refused credentials, late writers; and what is left behind.
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { parseDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { everything, harness, image } from "./harness.ts";
import { bytesOf, putBlob, putImage, putIndex, putJson, reachable } from "./images.ts";
import { chunked, failure, sha256 } from "./memory-endpoint.ts";

const layer = bytesOf("layer", 200_000);
const layers = [["layer", 200_000]] as const;

function damaged(kind: "flip" | "cut" | "extend"): Uint8Array {
  if (kind === "cut") return layer.subarray(0, -1);
  if (kind === "extend") return Buffer.concat([layer, Buffer.from("x")]);
  const flipped = Uint8Array.from(layer);
  flipped[100] = (flipped[100] ?? 0) ^ 1;
  return flipped;
}

describe("wrong bytes", () => {
  it.each(["flip", "cut", "extend"] as const)(
    "(%s) never land under a tag, and are said of the source",
    async (kind) => {
      const h = harness();
      putImage(h.source, { repository: "app", tag: "v1", layers });
      putImage(h.source, { repository: "other", tag: "v1", layers: [["fine", 10]] });
      h.source.body = (blob, bytes) => chunked(blob.digest === sha256(layer) ? damaged(kind) : bytes, 1000);
      const done = await h.planAndRun(everything());
      expect(done.state).toBe("failed");
      const [row, fine] = h.rows(done);
      expect(row).toMatchObject({
        state: "failed",
        error: { side: "source", code: kind === "flip" ? "digest-mismatch" : "size-mismatch" },
      });
      expect(row?.error?.message).toContain(`source.test:5000/app@${sha256(layer)}`);
      expect(fine?.state).toBe("succeeded");
      expect(h.destination.repositories.get("app")?.tags.size ?? 0).toBe(0);
      expect(h.destination.wholeWrongBodies).toEqual([]);
      // Read once more from scratch, then it is permanent; a body that ends early is gone on with first, each time.
      const reads = kind === "cut" ? 4 : 2;
      expect(h.source.calls.filter((call) => call === `get-blob app ${sha256(layer)}`).length).toBe(reads);
      expect(done.tallies.retries).toBe(reads - 1);
    },
  );

  it("that were a passing fault are read again", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    h.source.body = (blob, bytes, count) =>
      chunked(blob.digest === sha256(layer) && count === 1 ? damaged("flip") : bytes, 1000);
    expect((await h.planAndRun(everything())).state).toBe("succeeded");
  });

  it("at the destination are found when it is read back", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    const put = h.destination.putManifest.bind(h.destination);
    h.destination.putManifest = async (name, reference, manifest, options) => {
      const result = await put(name, reference, manifest, options);
      // Another writer moves the tag at once.
      const other = putImage(h.destination, { repository: "app", layers: [["other", 3]] });
      h.destination.repository("app").tags.set("v1", other.digest);
      return result;
    };
    const done = await h.planAndRun(everything());
    expect(h.rows(done)[0]).toMatchObject({
      state: "failed",
      verified: false,
      error: { code: "verification-failed", side: "destination", operation: "read-back" },
    });
  });

  it("in the destination's blobs are found when these are verified too", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    const options = { verifyBlobs: true };
    expect((await h.planAndRun({ ...everything(), options })).state).toBe("succeeded");
    expect(h.destination.count("get-blob")).toBe(2);
    h.destination.repository("app").tags.clear();
    h.destination.body = (_, bytes) => chunked(bytes.length === layer.length ? damaged("flip") : bytes, 1000);
    const done = await h.planAndRun({ ...everything(), options });
    expect(h.rows(done)[0]?.error).toMatchObject({ code: "verification-failed", side: "destination" });
    expect(h.rows(done)[0]?.error?.causes[0]).toContain(sha256(damaged("flip")));
  });
});

describe("a fault on the way", () => {
  it("is retried, counted, and costs no other image", async () => {
    const h = harness();
    for (const name of ["a", "b"])
      putImage(h.source, { repository: name, tag: "v1", layers: [[name, 5000]] });
    h.destination.fault = ({ operation, repository, count }) => {
      if (operation === "put-blob" && repository === "a" && count < 3)
        throw failure("registry-failure", operation);
    };
    const done = await h.planAndRun(everything());
    expect(done.state).toBe("succeeded");
    expect(done.tallies.retries).toBe(4);
    expect(done.tallies.bytesTransferred).toBe(done.plan.bytesToTransfer);
  });

  it("of memory about where blobs are does not keep the rest from being mounted", async () => {
    const h = harness();
    for (let at = 0; at < 6; at++) {
      const name = `a${at}`;
      putImage(h.source, { repository: name, tag: "v1", layers: [[name, 100]] });
    }
    for (let at = 0; at < 4; at++)
      putImage(h.source, { repository: `b${at}`, tag: "v1", layers: [["shared", 90_000]] });
    // Everything was once seen in a repository that is gone.
    for (const repository of h.source.repositories.values())
      for (const digest of repository.blobs.keys())
        h.store.journal.rememberBlob("dst", "gone", parseDigest(digest, "test"));
    const options = { parallelImages: 1 };
    const done = await h.planAndRun({ ...everything(), options });
    expect(done.state).toBe("succeeded");
    expect(done.tallies.bytesTransferred).toBe(done.plan.bytesToTransfer);
    expect(done.tallies.bytesMounted).toBe(done.plan.bytesMountable);
    expect(done.tallies.bytesMounted).toBeGreaterThanOrEqual(3 * 90_000);
  });

  it("that takes the destination away is given up after the tries of one request, not tries in tries", async () => {
    const h = harness({ patience: { breaker: { outage: 60_000 } } });
    putImage(h.source, { repository: "app", tag: "v1", layers: [["only", 5000]] });
    const planned = await h.plan(everything());
    let away = false;
    let met = 0;
    h.destination.fault = ({ operation }) => {
      away ||= operation === "put-blob";
      if (!away) return;
      met++;
      throw failure("unreachable", operation);
    };
    const done = await h.run(planned);
    expect(h.rows(done)[0]?.error).toMatchObject({ code: "unreachable", side: "destination" });
    // The config and the layer, eight tries each; the one that is left when the other gave up ends as well.
    expect(met).toBeLessThanOrEqual(16);
    expect(done.tallies.retries).toBeLessThanOrEqual(14);
  });

  it("whose upload was committed although its answer got lost is not sent again", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    const put = h.destination.putBlob.bind(h.destination);
    let lost = false;
    h.destination.putBlob = async (...args) => {
      await put(...args);
      if (lost || args[1].size !== layer.length) return;
      lost = true;
      throw failure("upload-lost", "put-blob");
    };
    const done = await h.planAndRun(everything());
    expect(done.state).toBe("succeeded");
    expect(h.destination.uploads.length).toBe(2);
  });

  it.each([
    ["source", "get-blob", "forbidden"],
    ["destination", "put-blob", "refused-by-registry"],
    ["destination", "put-manifest", "forbidden"],
    ["destination", "commit-blob", "too-large"],
  ] as const)("says side and operation: %s %s", async (side, operation, code) => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    h[side].fault = (call) => {
      if (call.operation === operation) throw failure(code, operation);
    };
    const done = await h.planAndRun(everything());
    expect(h.rows(done)[0]).toMatchObject({ state: "failed", error: { side, code, operation } });
    expect(h.destination.repositories.get("app")?.tags.size ?? 0).toBe(0);
  });

  it("in a body that breaks off is the source's", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    h.source.body = (_, bytes) =>
      Readable.from(
        (async function* () {
          yield bytes.subarray(0, 10);
          throw new FreightlinerError({ code: "timeout", operation: "get-blob", message: "silence" });
        })(),
      );
    const done = await h.planAndRun(everything());
    expect(h.rows(done)[0]?.error).toMatchObject({ code: "timeout", side: "source" });
  });

  it("of the program itself fails that image only", async () => {
    const h = harness();
    for (const name of ["a", "b"])
      putImage(h.source, { repository: name, tag: "v1", layers: [[name, 5000]] });
    const planned = await h.plan(everything());
    h.destination.fault = ({ operation, repository }) => {
      if (operation === "put-manifest" && repository === "a")
        throw new TypeError("undefined is not a function");
    };
    const done = await h.run(planned);
    expect(h.rows(done).map((row) => [row.state, row.error?.code])).toEqual([
      ["failed", "internal"],
      ["succeeded", undefined],
    ]);
  });
});

describe("parts that are missing", () => {
  it("at the destination, although it said it had them, are sent once more", async () => {
    const h = harness();
    const { digest } = putIndex(h.source, {
      repository: "app",
      tag: "v1",
      children: [{ architecture: "amd64", layers }],
    });
    let collected = false;
    h.destination.fault = ({ operation, reference }) => {
      if (operation !== "put-manifest" || reference !== "v1" || collected) return;
      collected = true;
      h.destination.repository("app").blobs.clear();
      h.destination.repository("app").manifests.clear();
    };
    const done = await h.planAndRun(everything());
    expect(done.state).toBe("succeeded");
    expect(reachable(h.destination, "app", digest).size).toBe(4);
    expect(h.destination.uploads.length).toBe(4);
  });

  it("for good fail the image after one more try", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    h.destination.fault = ({ operation }) => {
      if (operation === "put-manifest") throw failure("blob-unknown", operation);
    };
    const done = await h.planAndRun(everything());
    expect(h.rows(done)[0]?.error).toMatchObject({ code: "blob-unknown", side: "destination" });
    expect(h.destination.count("put-manifest")).toBe(2);
  });

  it("at the source fail the image and say so", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    h.source.repository("app").blobs.delete(sha256(layer));
    const done = await h.planAndRun(everything());
    expect(h.rows(done)[0]?.error).toMatchObject({ code: "blob-unknown", side: "source" });
  });

  it("of the source's manifest since the plan fail it too", async () => {
    const h = harness();
    const { digest } = putImage(h.source, { repository: "app", tag: "v1", layers });
    const planned = await h.plan(everything());
    h.source.repository("app").manifests.delete(digest);
    h.forgetPlans();
    const done = await h.run(planned);
    expect(h.rows(done)[0]?.error).toMatchObject({ code: "manifest-unknown", side: "source" });
  });

  it("but known to everybody are no loss: the empty blob and no bytes at all", async () => {
    const h = harness();
    const empty = putBlob(h.source, "art", new TextEncoder().encode("{}"), mediaTypes.ociEmpty);
    const nothing = putBlob(h.source, "art", new Uint8Array(0));
    putJson(
      h.source,
      "art",
      {
        mediaType: mediaTypes.ociManifest,
        artifactType: "application/x-thing",
        config: empty,
        layers: [nothing],
      },
      "v1",
    );
    h.source.repository("art").blobs.clear();
    expect((await h.planAndRun(everything())).state).toBe("succeeded");
    expect(h.destination.repository("art").blobs.size).toBe(2);
    expect(h.source.count("get-blob")).toBe(0);
  });
});

describe("between plan and run", () => {
  it("an image that arrived meanwhile is skipped", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    const planned = await h.plan(everything());
    const { digest } = putImage(h.destination, { repository: "app", tag: "v1", layers });
    h.forgetPlans();
    const done = await h.run(planned);
    expect(done.state).toBe("succeeded");
    expect(h.rows(done)[0]).toMatchObject({ state: "skipped", destinationDigest: digest });
    expect(h.destination.count("put-manifest")).toBe(0);
  });

  it("a tag that somebody else wrote is not overwritten where nothing is", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    const planned = await h.plan({ ...everything(), options: { overwrite: "never" } });
    const { digest } = putImage(h.destination, { repository: "app", tag: "v1", layers: [["theirs", 9]] });
    const done = await h.run(planned);
    expect(h.rows(done)[0]?.error).toMatchObject({ code: "tag-immutable", side: "destination" });
    expect(h.destination.repository("app").tags.get("v1")).toBe(digest);
  });

  it("a source tag that moved still gives the image that was planned", async () => {
    const h = harness();
    const { digest } = putImage(h.source, { repository: "app", tag: "v1", layers });
    const planned = await h.plan(everything());
    putImage(h.source, { repository: "app", tag: "v1", layers: [["newer", 9]] });
    await h.run(planned);
    expect(h.destination.repository("app").tags.get("v1")).toBe(digest);
  });

  it("a tag that is immutable is well where it is equal, and an error where not", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    const put = h.destination.putManifest.bind(h.destination);
    let write = true;
    h.destination.putManifest = async (...args) => {
      if (write) await put(...args);
      throw failure("tag-immutable", "put-manifest");
    };
    expect((await h.planAndRun(everything())).state).toBe("succeeded");
    write = false;
    putImage(h.source, { repository: "app", tag: "v2", layers });
    const done = await h.planAndRun({ selection: [image("app", "v2")] });
    expect(h.rows(done)[0]?.error).toMatchObject({ code: "tag-immutable", side: "destination" });
  });
});

describe("a run as a whole", () => {
  it("waits for a credential rather than failing image by image", async () => {
    const h = harness();
    for (let at = 0; at < 10; at++)
      putImage(h.source, { repository: "app", tag: `v${at}`, layers: [[`${at}`, 100]] });
    const planned = await h.plan(everything());
    let puts = 0;
    h.destination.fault = ({ operation }) => {
      if (operation === "put-manifest" && ++puts > 3) throw failure("unauthorized", operation);
    };
    const paused = await h.run(planned);
    expect(paused).toMatchObject({
      state: "paused",
      stateReason: "sign-in-needed",
      error: { code: "unauthorized", side: "destination" },
    });
    expect(paused.tallies.imagesFailed).toBe(0);
    expect(new Set(h.rows(paused).map((row) => row.state))).toEqual(new Set(["succeeded", "planned"]));
    h.destination.fault = () => undefined;
    h.store.runs.transition(paused.id, "queued", null);
    const done = await h.run(paused);
    expect(done.state).toBe("succeeded");
  });

  it("R009 waits for a helper that fails, too, and fails what is wrong otherwise", async () => {
    for (const [operation, state] of [
      ["read-credentials", "paused"],
      ["read-ca-file", "failed"],
    ] as const) {
      const h = harness();
      putImage(h.source, { repository: "app", tag: "v1", layers });
      const planned = await h.plan(everything());
      h.destination.fault = () => {
        throw failure("configuration", operation);
      };
      const ended = await h.run(planned);
      expect(ended.state).toBe(state);
      expect(ended.stateReason).toBe(state === "paused" ? "sign-in-needed" : null);
    }
  });

  it("R009 waits for a credential that cannot be read for now rather than failing image by image", async () => {
    const h = harness();
    for (let at = 0; at < 300; at++)
      putImage(h.source, { repository: "app", tag: `v${at}`, layers: [[`${at}`, 10]] });
    const planned = await h.plan(everything());
    let asked = 0;
    h.destination.fault = ({ operation }) => {
      asked++;
      throw failure("locked", operation);
    };
    const paused = await h.run(planned);
    expect(paused).toMatchObject({
      state: "paused",
      stateReason: "secrets-locked",
      error: { code: "locked", side: "destination" },
    });
    expect(paused.tallies.imagesFailed).toBe(0);
    expect(asked).toBeLessThan(100);
    h.destination.fault = () => undefined;
    h.store.runs.transition(paused.id, "queued", null);
    expect((await h.run(paused)).state).toBe("succeeded");
  });

  it("retries what failed, and only that", async () => {
    const h = harness();
    for (const name of ["a", "b"])
      putImage(h.source, { repository: name, tag: "v1", layers: [[name, 5000]] });
    h.destination.fault = ({ operation, repository }) => {
      if (operation === "put-manifest" && repository === "b") throw failure("forbidden", operation);
    };
    const failed = await h.planAndRun(everything());
    expect(failed.state).toBe("failed");
    h.destination.fault = () => undefined;
    h.destination.forget();
    const queued = h.store.runs.retryFailed(failed.id);
    const done = await h.run(queued);
    expect(done.state).toBe("succeeded");
    expect(h.destination.calls.filter((call) => call.startsWith("put-"))).toEqual(["put-manifest b v1"]);
  });

  it("ends with the journal's own error where it cannot be recorded", async () => {
    const h = harness();
    for (let at = 0; at < 10; at++)
      putImage(h.source, { repository: "app", tag: `v${at}`, layers: [[`${at}`, 100]] });
    const planned = await h.plan(everything());
    const full = failure("store", "blob-finished", { message: "the disk is full" });
    Object.assign(h.context, {
      journal: {
        ...h.context.journal,
        blobFinished: () => {
          throw full;
        },
      },
    });
    await expect(h.run(planned)).rejects.toBe(full);
    expect(h.destination.repositories.get("app")?.tags.size ?? 0).toBe(0);
  });
});
