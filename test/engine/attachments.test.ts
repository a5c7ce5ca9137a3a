// What refers to an image comes along, is listed where readers look, and is never seen before it is whole.
import { describe, expect, it } from "vitest";
import { FreightlinerError } from "../../shared/errors.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { putReferrer, putReferrersTag, putSignature, tagOf } from "./attached.ts";
import { everything, type Harness, harness, image } from "./harness.ts";
import { putImage, putIndex, putJson } from "./images.ts";
import { failure, sha256 } from "./memory-endpoint.ts";

const one = [["layer", 1000]] as const;
const byName = { selection: [image("app", "v1")] };

async function expectNothingLeft(h: Harness, spec = everything()): Promise<void> {
  h.source.forget();
  h.destination.forget();
  const again = await h.plan(spec);
  expect(again.plan).toMatchObject({ copy: 0, overwrite: 0, bytesToTransfer: 0, attachmentsToCopy: 0 });
  expect(h.rows(again).every((row) => row.action === "skip")).toBe(true);
}

/** Digests under the destination's referrers tag, without the tag nothing. */
function listedThere(h: Harness, subject: { digest: string }): readonly string[] {
  const there = h.destination.repository("app");
  const manifest = there.manifests.get(there.tags.get(tagOf(subject)) ?? "");
  if (manifest === undefined) return [];
  const json = JSON.parse(Buffer.from(manifest.bytes).toString()) as { manifests: { digest: string }[] };
  return json.manifests.map((entry) => entry.digest).sort();
}

describe.each([
  { from: true, to: true },
  { from: true, to: false },
  { from: false, to: true },
  { from: false, to: false },
])("referrers, API at the source $from, at the destination $to", ({ from, to }) => {
  it.each([
    { how: "by listing", spec: everything() },
    { how: "by name", spec: byName },
  ])("come with the index and each child, recursively, $how", async ({ spec }) => {
    const h = harness();
    h.source.referrers = from;
    h.destination.referrers = to;
    const index = putIndex(h.source, {
      repository: "app",
      tag: "v1",
      children: [
        { architecture: "amd64", layers: one },
        { architecture: "arm64", layers: [["other", 500]] },
      ],
    });
    const child = putImage(h.source, { repository: "app", layers: one, config: "amd64" });
    const ofIndex = putReferrer(h.source, { repository: "app", seed: "sbom", subject: index });
    const second = putReferrer(h.source, { repository: "app", seed: "other sbom", subject: index });
    const ofChild = putReferrer(h.source, { repository: "app", seed: "child sbom", subject: child });
    const ofReferrer = putReferrer(h.source, { repository: "app", seed: "signature", subject: ofIndex });
    if (!from) {
      putReferrersTag(h.source, "app", index, [ofIndex, second]);
      putReferrersTag(h.source, "app", child, [ofChild]);
      putReferrersTag(h.source, "app", ofIndex, [ofReferrer]);
    }
    const planned = await h.plan(spec);
    expect(planned.plan).toMatchObject({ copy: 1, attachments: 4, attachmentsToCopy: 4, warnings: [] });
    const [row] = h.rows(planned);
    expect(row).toMatchObject({ attachments: 4, attachmentsToCopy: 4 });
    const done = await h.run(planned);
    expect(done).toMatchObject({ state: "succeeded", tallies: { attachmentsCopied: 4 } });
    expect(h.destination.bytesReceived).toBe(planned.plan.bytesToTransfer);
    const there = h.destination.repository("app").manifests;
    for (const { digest } of [index, child, ofIndex, second, ofChild, ofReferrer])
      expect(there.has(digest)).toBe(true);
    expect(listedThere(h, index)).toEqual(to ? [] : [ofIndex.digest, second.digest].sort());
    expect(listedThere(h, child)).toEqual(to ? [] : [ofChild.digest]);
    expect(listedThere(h, ofIndex)).toEqual(to ? [] : [ofReferrer.digest]);
    await expectNothingLeft(h, spec);
    expect(h.source.count("get-manifest")).toBe(0);
  });
});

describe("attachments", () => {
  it("P007 cost an unchanged repository no counted pull and no probe of an absent API", async () => {
    const h = harness();
    for (const tag of ["v1", "v2", "v3"]) {
      const signed = putImage(h.source, { repository: "app", tag, layers: [[tag, 100]] });
      putSignature(h.source, "app", signed, [`signature of ${tag}`]);
      const sbom = putReferrer(h.source, { repository: "app", seed: `sbom of ${tag}`, subject: signed });
      putReferrersTag(h.source, "app", signed, [sbom]);
    }
    await h.planAndRun(everything());
    await expectNothingLeft(h);
    for (const side of [h.source, h.destination]) {
      expect(side.count("get-manifest")).toBe(0);
      expect(side.count("list-referrers")).toBe(0);
    }
  });

  it("are found by cosign's tags and written under them, after what they sign and before the image's tag", async () => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    for (const suffix of [".sig", ".att", ".sbom"]) putSignature(h.source, "app", signed, [suffix], suffix);
    const order: string[] = [];
    h.destination.fault = ({ operation, reference }) => {
      if (operation === "put-manifest") order.push(reference);
    };
    const done = await h.planAndRun(everything());
    expect(done.tallies).toMatchObject({ attachmentsCopied: 3, imagesSucceeded: 1 });
    expect(order[0]).toBe(signed.digest);
    expect(order.slice(1, -1).sort()).toEqual([".att", ".sbom", ".sig"].map((s) => tagOf(signed, s)));
    expect(order.at(-1)).toBe("v1");
    await expectNothingLeft(h);
  });

  it("that an equal image lacks are brought without reading the image again", async () => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    await h.planAndRun(everything());
    putSignature(h.source, "app", signed, ["late"]);
    h.source.forget();
    const planned = await h.plan(everything());
    const [row] = h.rows(planned);
    expect(row).toMatchObject({ action: "copy", attachmentsToCopy: 1, bytesTotal: 55 });
    expect(row?.reason).toContain("1 of 1 attachments are missing");
    expect((await h.run(planned)).tallies).toMatchObject({ attachmentsCopied: 1, imagesSucceeded: 1 });
    expect(h.source.calls.filter((call) => call.endsWith(signed.digest) && call.startsWith("get"))).toEqual(
      [],
    );
    await expectNothingLeft(h);
  });

  it("stay where they are when they are not asked for, and cost no request then", async () => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    putSignature(h.source, "app", signed, ["signature"]);
    const spec = { ...everything(), options: { attachments: false } };
    const planned = await h.plan(spec);
    expect(planned.plan).toMatchObject({ attachments: 0, attachmentsToCopy: 0 });
    await h.run(planned);
    expect([...h.destination.repository("app").tags.keys()]).toEqual(["v1"]);
    expect(h.source.count("list-referrers")).toBe(0);
  });

  it("of a destination that went its own way are left alone, and said so", async () => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    putImage(h.destination, { repository: "app", tag: "v1", layers: one });
    putSignature(h.source, "app", signed, ["ours", "common"]);
    const theirs = putSignature(h.destination, "app", signed, ["theirs", "common"]);
    const planned = await h.plan(everything());
    expect(planned.plan).toMatchObject({ skip: 1, attachments: 1, attachmentsToCopy: 0 });
    expect(planned.plan.warnings).toMatchObject([{ code: "attachment-conflict" }]);
    const forced = await h.planAndRun({ ...everything(), options: { overwrite: "always" } });
    expect(forced.state).toBe("succeeded");
    expect(h.destination.repository("app").tags.get(tagOf(signed, ".sig"))).not.toBe(theirs.digest);
  });

  it("that grew at the source are renewed, and one that grew at the destination is complete", async () => {
    const h = harness();
    for (const tag of ["grown", "ahead"])
      for (const side of [h.source, h.destination]) putImage(side, { repository: "app", tag, layers: one });
    const grown = putImage(h.source, { repository: "app", tag: "grown", layers: one });
    const ahead = putImage(h.source, { repository: "app", tag: "ahead", layers: one });
    const wanted = putSignature(h.source, "app", grown, ["first", "second"]);
    putSignature(h.destination, "app", grown, ["first"]);
    putSignature(h.source, "app", ahead, ["first"]);
    const kept = putSignature(h.destination, "app", ahead, ["first", "second"]);
    const done = await h.planAndRun(everything());
    expect(done.tallies).toMatchObject({ attachmentsCopied: 1, imagesSucceeded: 1 });
    const tags = h.destination.repository("app").tags;
    expect(tags.get(tagOf(grown, ".sig"))).toBe(wanted.digest);
    expect(tags.get(tagOf(ahead, ".sig"))).toBe(kept.digest);
    const again = await h.plan(everything());
    expect(again.plan).toMatchObject({ skip: 2, attachmentsToCopy: 0, warnings: [] });
  });

  it("are merged into the destination's own list, which keeps what it has", async () => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    putImage(h.destination, { repository: "app", tag: "v1", layers: one });
    const ours = putReferrer(h.source, { repository: "app", seed: "ours", subject: signed });
    putReferrersTag(h.source, "app", signed, [ours]);
    const theirs = putReferrer(h.destination, { repository: "app", seed: "theirs", subject: signed });
    putReferrersTag(h.destination, "app", signed, [{ ...theirs, annotations: { kept: "as it was" } }]);
    await h.planAndRun(everything());
    expect(listedThere(h, signed)).toEqual([ours.digest, theirs.digest].sort());
    const there = h.destination.repository("app");
    const list = JSON.parse(
      Buffer.from(there.manifests.get(there.tags.get(tagOf(signed)) ?? "")?.bytes ?? []).toString(),
    );
    expect(list.manifests).toMatchObject([
      { digest: theirs.digest, annotations: { kept: "as it was" } },
      {
        digest: ours.digest,
        artifactType: "application/vnd.example.sbom",
        annotations: { "org.example.seed": "ours" },
      },
    ]);
    await expectNothingLeft(h);
  });

  it.each([
    { says: true, serves: false, how: "that says it lists them and has no list" },
    { says: false, serves: true, how: "that lists them and does not say so" },
  ])("are found at a destination $how", async ({ says, serves }) => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    const sbom = putReferrer(h.source, { repository: "app", seed: "sbom", subject: signed });
    putReferrersTag(h.source, "app", signed, [sbom]);
    h.destination.referrers = serves;
    const put = h.destination.putManifest.bind(h.destination);
    h.destination.putManifest = async (...call) => ({ ...(await put(...call)), listsReferrer: says });
    expect((await h.planAndRun(everything())).state).toBe("succeeded");
    expect(listedThere(h, signed)).toEqual(serves ? [] : [sbom.digest]);
    await expectNothingLeft(h);
  });

  it("are merged again where another writer's list took the place of ours", async () => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    const ours = putReferrer(h.source, { repository: "app", seed: "ours", subject: signed });
    putReferrersTag(h.source, "app", signed, [ours]);
    const theirs = putReferrer(h.destination, { repository: "app", seed: "theirs", subject: signed });
    let raced = false;
    h.destination.fault = ({ operation, reference, count }) => {
      if (operation !== "get-manifest" || reference !== tagOf(signed) || count !== 2) return;
      raced = true;
      putReferrersTag(h.destination, "app", signed, [theirs]);
    };
    expect((await h.planAndRun(everything())).state).toBe("succeeded");
    expect(raced).toBe(true);
    expect(listedThere(h, signed)).toEqual([ours.digest, theirs.digest].sort());
  });

  it("never take the place of a tag that is no list: cosign copy names images so", async () => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    // At the source the same name is cosign's, too: it is no attachment.
    h.source.repository("app").tags.set(tagOf(signed), signed.digest);
    putSignature(h.source, "app", signed, ["signature"]);
    expect((await h.plan(everything())).plan).toMatchObject({ attachments: 1 });
    const sbom = putReferrer(h.source, { repository: "app", seed: "sbom", subject: signed });
    putReferrersTag(h.source, "app", signed, [sbom]);
    putImage(h.destination, { repository: "app", tag: tagOf(signed), layers: one, config: "app:v1" });
    const planned = await h.plan(everything());
    expect(planned.plan).toMatchObject({ attachments: 2, attachmentsToCopy: 1 });
    expect(planned.plan.warnings).toMatchObject([{ code: "attachment-conflict" }]);
    expect((await h.run(planned)).state).toBe("succeeded");
    expect(h.destination.repository("app").tags.get(tagOf(signed))).toBe(signed.digest);
    const again = await h.plan(everything());
    expect(again.plan).toMatchObject({ skip: 1, attachmentsToCopy: 0 });
  });

  it("that may not be asked for, or are listed and gone, are told while the image goes", async () => {
    const h = harness();
    h.source.referrers = true;
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    h.source.fault = ({ operation }) => {
      if (operation === "list-referrers") throw failure("forbidden", "list-referrers");
    };
    const gone = putReferrer(h.source, { repository: "app", seed: "gone", subject: signed });
    putReferrersTag(h.source, "app", signed, [gone]);
    h.source.repository("app").manifests.delete(gone.digest);
    const planned = await h.plan(everything());
    expect(planned.plan).toMatchObject({ copy: 1, attachments: 1, attachmentsToCopy: 0 });
    expect(planned.plan.warnings.map((warning) => warning.code)).toEqual([
      "attachments-left",
      "attachments-left",
    ]);
    expect((await h.run(planned)).state).toBe("succeeded");
    expect(h.destination.repository("app").tags.has("v1")).toBe(true);
  });

  it("S008 that nest without end or refer in circles are refused or end", async () => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    let at = signed;
    for (let depth = 0; depth < 12; depth++) at = putSignature(h.source, "app", at, [`depth ${depth}`]);
    const planned = await h.plan(everything());
    expect(h.rows(planned)).toMatchObject([{ state: "failed", error: { code: "too-large" } }]);
    const round = putImage(h.source, { repository: "round", tag: "v1", layers: one });
    putReferrersTag(h.source, "round", round, [round]);
    expect(h.rows(await h.plan(everything(["round"])))).toMatchObject([{ action: "copy", attachments: 0 }]);
  });

  it("S008 with manifests larger than memory should hold are refused", async () => {
    const h = harness();
    const subject = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    const large = ["a", "b"].map((seed) => {
      const annotations = { "org.example.seed": seed.repeat(33 * 1024 * 1024) };
      return putReferrer(h.source, { repository: "app", seed, subject, annotations });
    });
    h.source.listReferrers = async (_, digest) => (digest === subject.digest ? large : []);
    expect(h.rows(await h.plan(everything()))).toMatchObject([
      { state: "failed", error: { code: "too-large", side: "source" } },
    ]);
  });

  it("S008 that multiply are refused before all of them are asked for", async () => {
    const h = harness();
    h.source.referrers = true;
    putImage(h.source, { repository: "app", tag: "v1", layers: one });
    let asked = 0;
    h.source.listReferrers = async () => {
      asked++;
      return Array.from({ length: 300 }, (_, at) => ({
        mediaType: mediaTypes.ociManifest,
        digest: sha256(Buffer.from(`${asked} ${at}`)),
        size: 1,
      }));
    };
    const planned = await h.plan(everything());
    expect(h.rows(planned)).toMatchObject([{ state: "failed", error: { code: "too-large" } }]);
    expect(asked).toBeLessThan(100);
  });

  it("S008 that are all refused are told of in few sentences", async () => {
    const h = harness();
    h.source.referrers = true;
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    for (let at = 0; at < 30; at++)
      putReferrer(h.source, { repository: "app", seed: `sbom ${at}`, subject: signed });
    h.source.fault = ({ operation, reference }) => {
      if (operation !== "list-referrers" || reference === signed.digest) return;
      throw new FreightlinerError({ code: "forbidden", operation, message: `not ${reference}` });
    };
    const { plan } = await h.plan(everything());
    expect(plan.warnings).toHaveLength(21);
    expect(plan.warnings.at(-1)?.text).toContain("10 more");
  });

  it("shared by two tags are counted and brought once", async () => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one, config: "same" });
    putImage(h.source, { repository: "app", tag: "latest", layers: one, config: "same" });
    putSignature(h.source, "app", signed, ["signature"]);
    const planned = await h.plan(everything());
    expect(planned.plan).toMatchObject({ copy: 2, attachments: 1, attachmentsToCopy: 1 });
    // Slow enough that both look before either has written.
    h.destination.latency = 5;
    const done = await h.run(planned);
    h.destination.latency = 0;
    expect(done).toMatchObject({ state: "succeeded", tallies: { attachmentsCopied: 1 } });
    await expectNothingLeft(h);
  });

  it("add no request to an image that has none", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers: one });
    const planned = await h.plan(everything());
    h.destination.forget();
    await h.run(planned);
    expect(h.destination.count("put-manifest")).toBe(1);
    expect(h.destination.count("list-referrers")).toBe(0);
    expect(h.destination.count("head-manifest")).toBe(0);
  });

  it.each(["head-manifest", "get-manifest"])(
    "of an image that could not be planned for a failing %s are found when it is tried again",
    async (failing) => {
      const h = harness();
      const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
      putSignature(h.source, "app", signed, ["signature"]);
      putImage(h.source, { repository: "app", tag: "v2", layers: one });
      h.source.fault = ({ operation, reference }) => {
        if (operation === failing && ["v1", signed.digest].includes(reference))
          throw failure("protocol", failing);
      };
      const failed = await h.planAndRun({ selection: [image("app", "v1"), image("app", "v2")] });
      expect(failed.state).toBe("failed");
      h.source.fault = () => undefined;
      const done = await h.run(h.store.runs.retryFailed(failed.id));
      expect(done).toMatchObject({ state: "succeeded", tallies: { attachmentsCopied: 1 } });
      expect(h.destination.repository("app").tags.has(tagOf(signed, ".sig"))).toBe(true);
    },
  );

  it.each([
    ["a list of tags read once", false],
    ["one question for each tag, where the list breaks off", true],
  ])("of many images of a repository are found again when they are copied, by %s", async (_how, broken) => {
    const h = harness();
    for (let at = 0; at < 5; at++) {
      const signed = putImage(h.source, { repository: "app", tag: `v${at}`, layers: [[`layer ${at}`, 50]] });
      putSignature(h.source, "app", signed, [`signature ${at}`]);
    }
    const planned = await h.plan(everything());
    h.source.forget();
    h.source.fault = ({ operation }) => {
      if (broken && operation === "list-tags") throw failure("protocol", "list-tags");
    };
    expect((await h.run(planned)).tallies).toMatchObject({ imagesSucceeded: 5, attachmentsCopied: 5 });
    expect(h.source.count("list-tags")).toBe(1);
    // The signature of each, or four tags of each and of each signature.
    expect(h.source.count("head-manifest")).toBe(broken ? 40 : 5);
  });

  it("that the destination does not take are named where the image fails, with what helps", async () => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    const { digest } = putSignature(h.source, "app", signed, ["signature"]);
    h.destination.fault = ({ operation, reference }) => {
      if (operation === "put-manifest" && reference === tagOf(signed, ".sig"))
        throw failure("refused-by-registry", "put-manifest", { message: "unknown media type" });
    };
    const done = await h.planAndRun(everything());
    const message = h.rows(done)[0]?.error?.message;
    for (const part of [digest, signed.digest, "without attachments", "unknown media type"])
      expect(message).toContain(part);
    expect(h.destination.repository("app").tags.has("v1")).toBe(false);
    const without = await h.planAndRun({ ...everything(), options: { attachments: false } });
    expect(without.state).toBe("succeeded");
  });

  it("whose blobs were collected since they were seen are brought again, and counted once", async () => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    putSignature(h.source, "app", signed, ["signature"]);
    const planned = await h.plan(everything());
    h.destination.fault = ({ operation, reference, count }) => {
      if (operation !== "put-manifest" || reference !== tagOf(signed, ".sig") || count > 1) return;
      h.destination.repository("app").blobs.clear();
    };
    const done = await h.run(planned);
    expect(done).toMatchObject({ state: "succeeded", tallies: { attachmentsCopied: 1 } });
    expect(h.destination.repository("app").blobs.size).toBe(h.source.repository("app").blobs.size);
  });

  it("are read back blob by blob where that is asked for", async () => {
    const h = harness();
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    const spec = { ...everything(), options: { verifyBlobs: true } };
    await h.planAndRun(spec);
    putSignature(h.source, "app", signed, ["signature"]);
    h.destination.forget();
    expect((await h.planAndRun(spec)).state).toBe("succeeded");
    expect(h.destination.count("get-blob")).toBe(2);
  });

  it("may be indexes with children of their own", async () => {
    const h = harness();
    h.source.referrers = true;
    const signed = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    const part = putImage(h.source, { repository: "app", layers: [["statement", 70]] });
    const list = putJson(h.source, "app", {
      mediaType: mediaTypes.ociIndex,
      manifests: [part],
      subject: { mediaType: signed.mediaType, digest: signed.digest, size: signed.size },
    });
    await h.planAndRun(everything());
    expect(h.destination.repository("app").manifests.has(list.digest)).toBe(true);
    expect(listedThere(h, signed)).toEqual([list.digest]);
    await expectNothingLeft(h);
  });
});
