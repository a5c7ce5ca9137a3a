// Creation dates: where they are written, what they cost, and what happens to images that do not say or cannot be read.
import { describe, expect, it } from "vitest";
import { mediaTypes } from "../../shared/media-types.ts";
import { everything, type Harness, harness, type SpecInput } from "./harness.ts";
import { putBlob, putImage, putJson } from "./images.ts";
import { failure } from "./memory-endpoint.ts";

const repository = "app";
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

interface Dated {
  readonly tag?: string;
  readonly created?: string;
  readonly annotation?: string;
  readonly configType?: string;
  readonly configBytes?: Uint8Array;
}

function putDated(h: Harness, { tag, created, annotation, configType, configBytes }: Dated) {
  const config = putBlob(
    h.source,
    repository,
    configBytes ?? encode({ tag, ...(created === undefined ? {} : { created }) }),
    configType ?? mediaTypes.ociConfig,
  );
  const annotations = annotation === undefined ? {} : { "org.opencontainers.image.created": annotation };
  return putJson(
    h.source,
    repository,
    { mediaType: mediaTypes.ociManifest, config, layers: [], annotations },
    tag,
  );
}

const latest = (count: number, more: object = {}): SpecInput => ({
  selection: [{ kind: "repositories", names: [repository], tags: { latest: { count }, ...more } }],
});

async function tagsOf(h: Harness, spec: SpecInput) {
  const planned = await h.plan(spec);
  return h.rows(planned).map((row) => row.sourceReference);
}

describe("the newest by creation date", () => {
  it("goes by configurations, annotations and the first image of an index, not by names or the order of the list", async () => {
    const h = harness();
    putDated(h, { tag: "v9", created: "2020-01-01T00:00:00Z" });
    putDated(h, { tag: "v1", created: "2026-03-01T00:00:00.123456789Z" });
    // The manifest's own word counts, whatever the configuration says.
    putDated(h, { tag: "v2", created: "2030-01-01T00:00:00Z", annotation: "2019-01-01T00:00:00+02:00" });
    const attestation = {
      ...putDated(h, { created: "2031-01-01T00:00:00Z" }),
      platform: { os: "unknown", architecture: "unknown" },
      annotations: { "vnd.docker.reference.type": "attestation-manifest" },
    };
    const child = putDated(h, { created: "2026-02-01T00:00:00Z", annotation: "2026-02-01T00:00:00Z" });
    const index = { mediaType: mediaTypes.ociIndex, manifests: [attestation, child] };
    putJson(h.source, repository, index, "v3");
    expect(await tagsOf(h, latest(1))).toEqual(["v1"]);
    expect(await tagsOf(h, latest(2))).toEqual(["v1", "v3"]);
    expect(await tagsOf(h, latest(3))).toEqual(["v9", "v1", "v3"]);
  });

  it("costs one HEAD a tag where the dates are known from before, and nothing where all are taken", async () => {
    const h = harness();
    for (const at of [1, 2, 3]) putDated(h, { tag: `v${at}`, created: `2026-0${at}-01T00:00:00Z` });
    await h.plan(latest(3));
    expect(h.source.count("get-blob")).toBe(0);
    await h.plan(latest(1, { exclude: ["v3"] }));
    expect(h.source.calls.filter((call) => call.startsWith("get-blob"))).toHaveLength(2);
    h.source.forget();
    const planned = await h.plan({ ...latest(1), options: { overwrite: "never" } });
    expect(h.rows(planned).map((row) => row.sourceReference)).toEqual(["v3"]);
    expect(h.source.count("get-blob")).toBe(1);
    await h.run(planned);
    h.source.forget();
    await h.plan(latest(1));
    expect([h.source.count("get-manifest"), h.source.count("get-blob")]).toEqual([0, 0]);
    // Three for the dates, one that pins what is planned.
    expect(h.source.count("head-manifest")).toBe(4);
  });

  it("counts what does not say as the oldest, and warns once with how many", async () => {
    const h = harness();
    putDated(h, { tag: "dated", created: "2001-01-01T00:00:00Z" });
    putDated(h, { tag: "none" });
    putDated(h, { tag: "epoch", created: "1970-01-01T00:00:00Z" });
    putDated(h, { tag: "zero", created: "0001-01-01T00:00:00Z" });
    putDated(h, { tag: "words", created: "yesterday" });
    putDated(h, {
      tag: "chart",
      configType: "application/vnd.cncf.helm.config.v1+json",
      created: "2026-01-01T00:00:00Z",
    });
    putDated(h, { tag: "broken", configBytes: new TextEncoder().encode("{not json") });
    putDated(h, {
      tag: "large",
      configBytes: encode({ created: "2026-01-01T00:00:00Z", x: "y".repeat(5 << 20) }),
    });
    const planned = await h.plan(latest(1));
    expect(h.rows(planned).map((row) => row.sourceReference)).toEqual(["dated"]);
    expect(planned.plan.warnings).toEqual([
      {
        code: "no-creation-date",
        text: "app has 7 images that do not say when they were created; they count as the oldest.",
      },
    ]);
    // Not a byte of the large one was asked for.
    expect(h.source.count("get-blob")).toBe(6);
    const century = { newerThanSeconds: 3_155_760_000 };
    expect(
      await tagsOf(h, { selection: [{ kind: "repositories", names: [repository], tags: century }] }),
    ).toEqual(["dated"]);
  });

  it("shows an image whose date cannot be read as a row, and goes on with the others", async () => {
    const h = harness();
    putDated(h, { tag: "old", created: "2020-01-01T00:00:00Z" });
    putDated(h, { tag: "new", created: "2026-01-01T00:00:00Z" });
    const { digest } = putDated(h, { tag: "gone", created: "2027-01-01T00:00:00Z" });
    const spoilt = putBlob(
      h.source,
      repository,
      encode({ created: "2028-01-01T00:00:00Z" }),
      mediaTypes.ociConfig,
    );
    putJson(
      h.source,
      repository,
      { mediaType: mediaTypes.ociManifest, config: spoilt, layers: [] },
      "spoilt",
    );
    h.source.repository(repository).blobs.set(spoilt.digest, encode({ created: "2029-01-01T00:00:00Z" }));
    h.source.fault = (call) => {
      if (call.operation === "get-manifest" && call.reference === digest)
        throw failure("manifest-unknown", "get-manifest");
    };
    const planned = await h.plan(latest(1));
    expect(
      h
        .rows(planned)
        .map((row) => [row.sourceReference, row.destinationReference, row.state, row.error?.code]),
    ).toEqual([
      ["gone", null, "failed", "manifest-unknown"],
      ["spoilt", null, "failed", "digest-mismatch"],
      ["new", "new", "planned", undefined],
    ]);
    expect(planned.plan).toMatchObject({ images: 3, copy: 1, unreadable: 2 });
    expect(planned.plan.warnings).toContainEqual({
      code: "unreadable",
      text: expect.stringContaining("app:gone: "),
    });
    // What was never chosen is not copied by trying again.
    const done = await h.run(planned);
    expect([done.state, h.destination.repository(repository).tags.size]).toEqual(["failed", 1]);
    h.store.runs.retryFailed(done.id);
    expect((await h.run({ ...done, state: "queued" })).state).toBe("failed");
    expect(h.destination.repository(repository).tags.size).toBe(1);
    expect(h.rows(done)[0]?.error?.message).toBe(
      "The plan could not decide on app:gone; plan it again. It could not be read, so it was not planned.",
    );
  });

  it("ends the plan where the source lets nobody in", async () => {
    const h = harness();
    putDated(h, { tag: "a" });
    putDated(h, { tag: "b" });
    h.source.fault = (call) => {
      if (call.operation !== "list-tags") throw failure("unreachable", call.operation);
    };
    const planned = await h.plan(latest(1));
    expect([planned.state, planned.error?.code]).toEqual(["failed", "unreachable"]);
  });

  it("does not follow an index into itself for ever", async () => {
    const h = harness();
    let child = putImage(h.source, { repository, layers: [] });
    for (let depth = 0; depth < 12; depth++)
      child = putJson(h.source, repository, { mediaType: mediaTypes.ociIndex, manifests: [child], depth });
    h.source.repository(repository).tags.set("deep", child.digest);
    putDated(h, { tag: "plain", created: "2020-01-01T00:00:00Z" });
    const planned = await h.plan(latest(1));
    expect(h.rows(planned).map((row) => row.sourceReference)).toEqual(["plain"]);
    expect(planned.plan.warnings).toMatchObject([{ code: "no-creation-date" }]);
  });

  it("reads the dates of a few tags at once, in the host's slots", async () => {
    const h = harness({ slots: 3 });
    h.source.latency = 2;
    for (let at = 0; at < 30; at++)
      putDated(h, { tag: `v${at}`, created: `2026-01-${String((at % 28) + 1).padStart(2, "0")}T00:00:00Z` });
    const planned = await h.plan({ ...everything(), ...latest(1) });
    expect(h.rows(planned)).toHaveLength(1);
    expect([h.source.small.most <= 3, h.source.small.most > 1]).toEqual([true, true]);
  });
});
