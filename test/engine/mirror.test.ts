// Mirroring: what is deleted, what never is, when, and what keeps a plan from being started.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lostRepositories } from "../../electron/engine/mirror-scope.ts";
import { Stopped } from "../../electron/engine/ports.ts";
import { jobSpecSchema, type Run } from "../../shared/run.ts";
import { putReferrer } from "./attached.ts";
import { everything, type Harness, harness, image, type SpecInput } from "./harness.ts";
import { putImage, putIndex, putJson } from "./images.ts";
import { failure, type MemoryEndpoint } from "./memory-endpoint.ts";

type TagsInput = Extract<SpecInput["selection"][number], { kind: "repositories" }>["tags"];

const loose = { maxDelete: 1000, maxShare: 1 };

function mirrored(tags: TagsInput = {}, more: Partial<SpecInput> = {}): SpecInput {
  const { options, ...rest } = more;
  return {
    selection: [{ kind: "repositories", include: [], tags }],
    ...rest,
    options: { mirror: loose, ...options },
  };
}

function put(endpoint: MemoryEndpoint, repository: string, ...tags: readonly string[]): void {
  for (const tag of tags) putImage(endpoint, { repository, tag, layers: [[tag, 50]] });
}

function tagsOf(endpoint: MemoryEndpoint, repository: string): readonly string[] {
  return [...endpoint.repository(repository).tags.keys()].toSorted();
}

function deletes(h: Harness, run: Run): readonly string[] {
  return h
    .rows(run)
    .filter((row) => row.action === "delete")
    .map((row) => `${row.destinationRepository}:${row.destinationReference}`);
}

/** Deletes digests only, as distribution 2.8 does. */
function onlyDigests(endpoint: MemoryEndpoint): void {
  endpoint.fault = ({ operation, reference }) => {
    if (operation === "delete-manifest" && !reference.includes(":"))
      throw failure("unsupported", "delete-manifest");
  };
}

describe("a mirror", () => {
  it("deletes tags that the source does not have, behind all copies and as planned", async () => {
    const h = harness();
    put(h.source, "app", "v1", "v2");
    put(h.destination, "app", "v1", "old", "older");
    const planned = await h.plan(mirrored());
    expect(planned.plan).toMatchObject({ images: 2, copy: 1, skip: 1, delete: 2, guard: null });
    expect(planned.plan.warnings.map((warning) => warning.code)).toEqual(["deletes"]);
    const rows = h.rows(planned);
    expect(rows.map((row) => row.action)).toEqual(["skip", "copy", "delete", "delete"]);
    expect(rows[2]).toMatchObject({
      sourceRepository: "app",
      sourceReference: null,
      destinationReference: "old",
      replacesDigest: h.destination.repository("app").tags.get("old"),
      reason: "The source does not have old in app.",
      state: "planned",
    });
    expect(h.destination.count("delete-manifest")).toBe(0);
    const done = await h.run(planned);
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 1, imagesDeleted: 2 } });
    expect(tagsOf(h.destination, "app")).toEqual(["v1", "v2"]);
    const calls = h.destination.calls;
    expect(calls.findIndex((call) => call.startsWith("delete"))).toBeGreaterThan(
      calls.lastIndexOf("put-manifest app v2"),
    );
    expect((await h.plan(mirrored())).plan).toMatchObject({ copy: 0, delete: 0 });
  });

  it("says what is to be deleted in one tag as in several", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "v1", "old");
    const texts = async () => (await h.plan(mirrored())).plan.warnings.map((warning) => warning.text);
    expect(await texts()).toEqual(["1 tag in 1 repository of the destination is to be deleted."]);
    put(h.destination, "app", "older");
    expect(await texts()).toEqual(["2 tags in 1 repository of the destination are to be deleted."]);
  });

  it("deletes nothing without being asked to", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "old");
    await h.planAndRun(everything());
    expect(tagsOf(h.destination, "app")).toEqual(["old", "v1"]);
  });

  it("touches neither attachments nor tags that the rule leaves out", async () => {
    const h = harness();
    const attachment = `sha256-${"a".repeat(64)}.sig`;
    put(h.source, "app", "v1");
    put(h.destination, "app", "v9", "v8-rc", "nightly", attachment);
    const done = await h.planAndRun(mirrored({ include: ["v*"], exclude: ["*-rc"] }));
    expect(done.state).toBe("succeeded");
    expect(tagsOf(h.destination, "app")).toEqual(["nightly", attachment, "v1", "v8-rc"].toSorted());
  });

  it("takes tags that are not among the newest any more for extra", async () => {
    const h = harness();
    put(h.source, "app", "1.0.0", "1.1.0", "1.2.0");
    put(h.destination, "app", "1.0.0", "1.1.0", "0.9.0", "main");
    const planned = await h.plan(mirrored({ sets: [{ semver: "*", latest: { count: 2, by: "semver" } }] }));
    expect(deletes(h, planned)).toEqual(["app:1.0.0", "app:0.9.0"]);
    expect(h.rows(planned).find((row) => row.destinationReference === "1.0.0")?.reason).toBe(
      "1.0.0 is at the source but is not selected.",
    );
    await h.run(planned);
    expect(tagsOf(h.destination, "app")).toEqual(["1.1.0", "1.2.0", "main"]);
  });

  it("deletes no tag that a renaming could not have written", async () => {
    const h = harness();
    put(h.source, "app", "v1", "plain");
    put(h.destination, "app", "v1", "release-9", "gone");
    const renameTags = { pattern: "v(.*)", replacement: "release-$1" };
    const planned = await h.plan(mirrored({}, { renameTags }));
    expect(deletes(h, planned)).toEqual(["app:release-9", "app:gone"]);
  });

  it("empties repositories that only the destination has, by the source's name", async () => {
    const h = harness();
    put(h.source, "team/app", "v1");
    put(h.destination, "mirror/team/app", "v1");
    put(h.destination, "mirror/team/lost", "v1", "v2");
    put(h.destination, "mirror/other/lost", "v1");
    put(h.destination, "team/foreign", "v1");
    const spec = mirrored({}, { mapping: { kind: "prefix", prefix: "/mirror/" } });
    const planned = await h.plan({
      ...spec,
      selection: [{ kind: "repositories", include: ["team/*"], tags: {} }],
    });
    expect(deletes(h, planned)).toEqual(["mirror/team/lost:v1", "mirror/team/lost:v2"]);
    expect(h.rows(planned).at(-1)).toMatchObject({
      sourceRepository: "team/lost",
      reason: "The source has no repository team/lost.",
    });
  });

  it("keeps what several sources in one repository have between them", async () => {
    const h = harness();
    put(h.source, "a/one", "v1");
    put(h.source, "b/two", "v2");
    put(h.destination, "all", "v1", "v2", "v3");
    const planned = await h.plan(mirrored({}, { mapping: { kind: "into", repository: "all" } }));
    expect(deletes(h, planned)).toEqual(["all:v3"]);
  });

  it("leaves a repository alone where not everything at the source could be read", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.source, "broken", "v1");
    put(h.destination, "app", "old");
    put(h.destination, "broken", "old");
    h.source.fault = ({ operation, repository }) => {
      if (operation === "list-tags" && repository === "broken") throw failure("forbidden", "list-tags");
    };
    const planned = await h.plan(mirrored());
    expect(deletes(h, planned)).toEqual(["app:old"]);
    expect(planned.plan.warnings).toContainEqual({
      code: "deletes",
      text: "Nothing is deleted in broken: not everything at the source could be read.",
    });
  });

  it("leaves a repository alone where it cannot be said what one of its tags is called there", async () => {
    const h = harness();
    put(h.source, "app", "v1", "v2");
    put(h.destination, "app", "old");
    const planned = await h.plan(mirrored({}, { renameTags: { pattern: "v2", replacement: "-x" } }));
    expect(planned.plan).toMatchObject({ copy: 1, unreadable: 1, delete: 0 });
  });

  it("never takes an attachment for extra, even where one is named", () => {
    const attachment = `sha256-${"a".repeat(64)}`;
    const { selection } = jobSpecSchema.parse({
      sourceId: "src",
      destinationId: "dst",
      ...mirrored({ names: [attachment], include: ["v*"] }),
    });
    const find = lostRepositories({ selection, mapping: { kind: "keep" }, renameTags: null }, () => false);
    expect(find?.("app")?.extraTags(["v1", attachment])).toMatchObject({ extra: [{ tag: "v1" }], seen: 1 });
  });

  it("leaves repositories alone of which tags were named", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.source, "named", "v1");
    put(h.destination, "app", "old");
    put(h.destination, "named", "old");
    const planned = await h.plan({
      selection: [image("app", "v1"), { kind: "repositories", names: ["named"], tags: { names: ["v1"] } }],
      options: { mirror: loose },
    });
    expect(planned.plan).toMatchObject({ copy: 2, delete: 0 });
    expect(planned.plan.warnings.map((warning) => warning.text)).toEqual([
      "Nothing is deleted in 2 repositories of which only named tags or digests are copied.",
    ]);
  });

  it("never deletes from a repository that it copies from", async () => {
    const h = harness({ sameHost: true });
    put(h.source, "app", "1.0.0", "1.1.0");
    const planned = await h.plan(mirrored({ latest: { count: 1, by: "semver" } }));
    expect(planned.plan.delete).toBe(0);
    expect(planned.plan.warnings[0]?.text).toContain("copied from as well");
  });

  it("nor from one that another destination of the same host is copied from", async () => {
    const h = harness({ sameHost: true });
    put(h.source, "app", "v1");
    put(h.source, "mirror/app", "v1", "v2");
    const planned = await h.plan(mirrored({}, { mapping: { kind: "prefix", prefix: "mirror" } }));
    expect(deletes(h, planned)).toEqual([]);
    expect(planned.plan.warnings.map((one) => one.text)).toContain(
      "Nothing is deleted in mirror/app: it is copied from as well.",
    );
  });

  it("believes no list alone: what the source has by name stays, whatever its lists break off at", async () => {
    const h = harness();
    put(h.source, "app", "v1", "v2");
    put(h.source, "hidden", "v1");
    put(h.destination, "app", "v1", "v2", "old");
    put(h.destination, "hidden", "v1", "old");
    h.source.listRepositories = async function* () {
      yield ["app"];
    };
    h.source.listTags = async function* () {
      yield ["v1"];
    };
    const planned = await h.plan(mirrored());
    expect(deletes(h, planned)).toEqual(["app:old", "hidden:old"]);
    expect(planned.plan.delete).toBe(2);
    expect(planned.plan.warnings.at(-1)?.text).toMatch(/^2 tags are left alone although/);
  });

  it("takes nothing away of which the source does not say whether it is there", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "v1", "old");
    h.source.fault = ({ operation, reference }) => {
      if (operation === "head-manifest" && reference === "old") throw failure("forbidden", operation);
    };
    expect((await h.plan(mirrored())).plan.delete).toBe(0);
  });

  it("says that it cannot be started where too many tags would go", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "v1", "a", "b", "c");
    const byCount = await h.plan(mirrored({}, { options: { mirror: { maxDelete: 2, maxShare: 1 } } }));
    expect(byCount.plan.guard).toBe(
      "3 tags would be deleted, and no more than 2 are allowed. Select less, or allow more (--max-delete).",
    );
    expect(deletes(h, byCount)).toHaveLength(3);
    const byShare = await h.plan(mirrored({}, { options: { mirror: { maxDelete: 3, maxShare: 0.5 } } }));
    expect(byShare.plan.guard).toContain("3 of 4 tags (75 %) would be deleted, and no more than 50 %");
    const fits = await h.plan(mirrored({}, { options: { mirror: { maxDelete: 3, maxShare: 0.75 } } }));
    expect(fits.plan.guard).toBeNull();
  });
});

describe("a plan with more deletes than anybody allows", () => {
  it("counts them all and shows as many as a person may want to see", async () => {
    const h = harness({ slots: 64 });
    put(h.source, "app", "v1");
    put(h.destination, "app", "v1");
    const { digest } = putImage(h.destination, { repository: "app", layers: [] });
    const there = h.destination.repository("app").tags;
    for (let at = 0; at < 1050; at++) there.set(`t${at}`, digest);
    const planned = await h.plan(mirrored({}, { options: { mirror: {}, attachments: false } }));
    expect(planned.plan).toMatchObject({
      delete: 1050,
      guard: expect.stringContaining("1050 tags would be deleted, and no more than 100 are allowed"),
    });
    expect(h.store.runs.images(planned.id, { offset: 0, limit: 1 }).total).toBe(1001);
    expect(planned.plan.warnings.map((warning) => warning.text)).toContain(
      "50 of the tags to be deleted are only counted, not shown.",
    );
    expect(() => h.store.runs.start(planned.id, [])).toThrow("no more than 100 are allowed");
  });
});

describe("a run with deletes", () => {
  it("deletes nothing while an image failed, and does it when that is tried again", async () => {
    const h = harness();
    put(h.source, "app", "v1", "v2");
    put(h.destination, "app", "old");
    h.destination.fault = ({ operation, reference }) => {
      if (operation === "put-manifest" && reference === "v2") throw failure("forbidden", "put-manifest");
    };
    const failed = await h.planAndRun(mirrored());
    expect(failed).toMatchObject({ state: "failed", tallies: { imagesFailed: 2, imagesDeleted: 0 } });
    expect(h.rows(failed).at(-1)).toMatchObject({
      state: "failed",
      error: { code: "cancelled", message: expect.stringContaining("while an image of this run failed") },
    });
    expect(tagsOf(h.destination, "app")).toEqual(["old", "v1"]);
    h.destination.fault = () => undefined;
    h.store.runs.retryFailed(failed.id);
    const done = await h.run(h.store.runs.get(failed.id));
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesDeleted: 1 } });
    expect(tagsOf(h.destination, "app")).toEqual(["v1", "v2"]);
  });

  it("leaves a tag that was moved since the plan, and takes one for done that is gone", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "moved", "gone", "old");
    const planned = await h.plan(mirrored());
    putImage(h.destination, { repository: "app", tag: "moved", layers: [["other", 9]] });
    h.destination.repository("app").tags.delete("gone");
    const done = await h.run(planned);
    expect(done).toMatchObject({ state: "failed", tallies: { imagesFailed: 1, imagesDeleted: 2 } });
    expect(h.rows(done).find((row) => row.state === "failed")).toMatchObject({
      destinationReference: "moved",
      error: { code: "verification-failed", side: "destination", operation: "delete-manifest" },
    });
    expect(tagsOf(h.destination, "app")).toEqual(["moved", "v1"]);
  });

  it("leaves tags alone that the user unticked", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "old", "older");
    const planned = await h.plan(mirrored());
    const unticked = h.rows(planned).find((row) => row.destinationReference === "old")?.id ?? 0;
    h.store.runs.start(planned.id, [unticked]);
    const done = await h.run(h.store.runs.get(planned.id));
    expect(done.state).toBe("succeeded");
    expect(tagsOf(h.destination, "app")).toEqual(["old", "v1"]);
  });

  it("pauses while it deletes and goes on with the rest", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "a", "b", "c", "d");
    const planned = await h.plan(mirrored({}, { options: { mirror: loose, parallelImages: 1 } }));
    const stop = new AbortController();
    h.destination.fault = ({ operation, reference }) => {
      if (operation === "delete-manifest" && reference === "b") stop.abort();
    };
    const paused = await h.run(planned, stop.signal);
    expect(paused).toMatchObject({ state: "paused", tallies: { imagesDeleted: 1 } });
    h.destination.fault = () => undefined;
    h.store.runs.transition(paused.id, "queued", null);
    const done = await h.run(h.store.runs.get(paused.id));
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesDeleted: 4 } });
  });
});

describe("a run with deletes that is held up", () => {
  it("waits for a sign-in and goes on where it was", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "a", "b", "c");
    h.destination.fault = ({ operation, reference }) => {
      if (operation === "delete-manifest" && reference === "b")
        throw failure("unauthorized", "delete-manifest");
    };
    const paused = await h.planAndRun(mirrored({}, { options: { mirror: loose, parallelImages: 1 } }));
    expect(paused).toMatchObject({ state: "paused", stateReason: "sign-in-needed" });
    expect(paused.tallies).toMatchObject({ imagesDeleted: 1, imagesRemaining: 2, imagesFailed: 0 });
    h.destination.fault = () => undefined;
    h.store.runs.transition(paused.id, "queued", null);
    const done = await h.run(h.store.runs.get(paused.id));
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesDeleted: 3 } });
  });

  it("R011 deletes no tag that another run works on, before that has let go of it", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "a", "held");
    const other = await h.plan(everything());
    h.store.runs.start(other.id, []);
    h.store.runs.claim(other.id);
    const key = "ref:destination.test:5000/app:held";
    expect(h.store.journal.claim(other.id, key)).toBe(true);
    const planned = await h.plan(mirrored());
    const running = h.run(planned);
    await expect.poll(() => tagsOf(h.destination, "app"), { timeout: 10_000 }).toEqual(["held", "v1"]);
    await h.clock.sleep(2000, h.never);
    expect(tagsOf(h.destination, "app")).toEqual(["held", "v1"]);
    h.store.journal.unclaim(other.id, key);
    expect(await running).toMatchObject({ state: "succeeded", tallies: { imagesDeleted: 2 } });
  });

  it("is cancelled with what is left", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "a", "b", "c");
    const stop = new AbortController();
    h.destination.fault = ({ operation, reference }) => {
      if (operation === "delete-manifest" && reference === "b") stop.abort(new Stopped("user-cancel"));
    };
    const spec = mirrored({}, { options: { mirror: loose, parallelImages: 1 } });
    const done = await h.run(await h.plan(spec), stop.signal);
    expect(done).toMatchObject({ state: "cancelled", tallies: { imagesDeleted: 1 } });
    expect(h.rows(done).map((row) => row.state)).toEqual([
      "succeeded",
      "succeeded",
      "cancelled",
      "cancelled",
    ]);
    expect(tagsOf(h.destination, "app")).toEqual(["b", "c", "v1"]);
  });
});

describe("a registry that deletes digests only", () => {
  it("loses a digest when all its tags go, and keeps one that a kept tag points at", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    for (const tag of ["old", "older"])
      putImage(h.destination, { repository: "app", tag, config: "same", layers: [["x", 5]] });
    for (const tag of ["kept", "v-gone"])
      putImage(h.destination, { repository: "app", tag, config: "shared", layers: [["y", 5]] });
    onlyDigests(h.destination);
    const done = await h.planAndRun(mirrored({ exclude: ["kept"] }));
    expect(done).toMatchObject({ state: "failed", tallies: { imagesFailed: 1, imagesDeleted: 2 } });
    expect(h.rows(done).find((row) => row.state === "failed")).toMatchObject({
      destinationReference: "v-gone",
      error: {
        code: "unsupported",
        message: expect.stringContaining("has to stay: the tag kept points at it too"),
      },
    });
    expect(tagsOf(h.destination, "app")).toEqual(["kept", "v-gone", "v1"]);
  });

  it("keeps what a kept index holds, and lets an index go before what it holds", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    const child = (architecture: string) => ({ architecture, layers: [[architecture, 5]] as const });
    putIndex(h.destination, { repository: "app", tag: "kept", children: [child("amd64")] });
    putIndex(h.destination, { repository: "app", tag: "going", children: [child("arm64")] });
    const inner = putImage(h.destination, { repository: "app", layers: [["amd64", 5]], config: "amd64" });
    const other = putImage(h.destination, { repository: "app", layers: [["arm64", 5]], config: "arm64" });
    h.destination.repository("app").tags.set("a-amd64", inner.digest);
    h.destination.repository("app").tags.set("a-arm64", other.digest);
    onlyDigests(h.destination);
    const done = await h.planAndRun(mirrored({ exclude: ["kept"] }));
    expect(tagsOf(h.destination, "app")).toEqual(["a-amd64", "kept", "v1"]);
    expect(h.rows(done).find((row) => row.state === "failed")?.error?.message).toContain(
      "the index of the tag kept holds it",
    );
    expect(h.destination.repository("app").manifests.has(inner.digest)).toBe(true);
  });

  it("sees a tag that came after the first look", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "a", "b");
    const b = h.destination.repository("app").tags.get("b") ?? "";
    h.destination.fault = ({ operation, reference }) => {
      if (operation !== "delete-manifest") return;
      if (!reference.includes(":")) throw failure("unsupported", "delete-manifest");
      // Somebody tags what is about to go while another digest is deleted.
      if (reference !== b) h.destination.repository("app").tags.set("late", b);
    };
    const done = await h.planAndRun(mirrored());
    expect(done.tallies).toMatchObject({ imagesDeleted: 1, imagesFailed: 1 });
    expect(tagsOf(h.destination, "app")).toEqual(["b", "late", "v1"]);
  });

  it("deletes what is too old to belong to anything, although it cannot be read", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    const mediaType = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    putJson(h.destination, "app", { mediaType, schemaVersion: 1 }, "ancient");
    onlyDigests(h.destination);
    const done = await h.planAndRun(mirrored());
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesDeleted: 1 } });
  });

  it("goes through them in the plan's order, whichever tag was answered for first", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "a", "b", "c");
    const digests = [...h.destination.repository("app").tags.values()];
    h.destination.fault = async ({ operation, reference }) => {
      if (operation !== "delete-manifest" || reference.includes(":")) return;
      if (reference === "a") await new Promise((resolve) => setTimeout(resolve, 30));
      throw failure("unsupported", operation);
    };
    await h.planAndRun(mirrored());
    const deleted = h.destination.calls.filter((call) => call.startsWith("delete-manifest app sha256:"));
    expect(deleted).toEqual(digests.map((digest) => `delete-manifest app ${digest}`));
  });

  it("sees a tag that was moved onto a digest after the first look", async () => {
    const h = harness();
    put(h.source, "app", "v1", "moving");
    put(h.destination, "app", "a", "b", "v1", "moving");
    const b = h.destination.repository("app").tags.get("b") ?? "";
    const clock = h.clock.monotonic.bind(h.clock);
    let later = 0;
    Object.assign(h.clock, { monotonic: () => clock() + later });
    h.destination.fault = ({ operation, reference }) => {
      if (operation !== "delete-manifest") return;
      if (!reference.includes(":")) throw failure("unsupported", "delete-manifest");
      h.destination.repository("app").tags.set("moving", b);
      later = 60_000;
    };
    const done = await h.planAndRun(mirrored());
    expect(done.tallies).toMatchObject({ imagesDeleted: 1, imagesFailed: 1 });
    expect(tagsOf(h.destination, "app")).toEqual(["b", "moving", "v1"]);
  });

  it("keeps an attachment of an image that stays, whatever tag it goes by", async () => {
    const h = harness();
    h.destination.referrers = true;
    put(h.source, "app", "v1");
    const subject = putImage(h.destination, { repository: "app", tag: "v1", layers: [["v1", 50]] });
    const gone = putImage(h.destination, { repository: "app", tag: "gone", layers: [["gone", 50]] });
    for (const [tag, of] of [
      ["sbom-v1", subject],
      ["sbom-gone", gone],
    ] as const) {
      const { digest } = putReferrer(h.destination, { repository: "app", seed: tag, subject: of });
      h.destination.repository("app").tags.set(tag, digest);
    }
    onlyDigests(h.destination);
    const done = await h.planAndRun(mirrored());
    expect(h.rows(done).find((row) => row.state === "failed")).toMatchObject({
      destinationReference: "sbom-v1",
      error: { code: "unsupported", message: expect.stringContaining("it is an attachment of sha256:") },
    });
    expect(tagsOf(h.destination, "app")).toEqual(["sbom-v1", "v1"]);
  });

  it("says that nothing is deleted where the registry deletes nothing", async () => {
    const h = harness();
    put(h.source, "app", "v1");
    put(h.destination, "app", "old");
    h.destination.fault = ({ operation }) => {
      if (operation === "delete-manifest")
        throw failure("unsupported", "delete-manifest", { message: "deletion is switched off" });
    };
    const done = await h.planAndRun(mirrored());
    expect(h.rows(done).at(-1)?.error).toMatchObject({
      code: "unsupported",
      message: "deletion is switched off",
    });
    expect(tagsOf(h.destination, "app")).toEqual(["old", "v1"]);
  });
});

const someTags = fc.uniqueArray(fc.constantFrom("v1", "v2", "v3", "w1", "w2", "keep-me"), { maxLength: 6 });
const someContents = fc.dictionary(fc.constantFrom("app", "team/web", "lost"), someTags, { maxKeys: 3 });

describe("any two registries", () => {
  it("are equal within the rule after a mirror, and nothing else was touched", async () => {
    await fc.assert(
      fc.asyncProperty(
        someContents,
        someContents,
        fc.boolean(),
        fc.constantFrom(0, 1, 2, 100),
        async (source, destination, byDigest, maxDelete) => {
          const h = harness();
          for (const [repository, tags] of Object.entries(source)) put(h.source, repository, ...tags);
          for (const [repository, tags] of Object.entries(destination)) {
            put(h.destination, repository, ...tags);
            // What nobody selected: an attachment and a tag outside the rule.
            putJson(h.destination, repository, { mediaType: "text/plain" }, `sha256-${"b".repeat(64)}`);
          }
          if (byDigest) onlyDigests(h.destination);
          const before = new Map(
            Object.keys(destination).map((name) => [name, tagsOf(h.destination, name)] as const),
          );
          const spec = mirrored(
            { include: ["v*", "w*"] },
            { options: { mirror: { maxDelete, maxShare: 1 } } },
          );
          const planned = await h.plan(spec);
          expect(planned.plan.guard === null).toBe(planned.plan.delete <= maxDelete);
          if (planned.plan.guard !== null) return;
          const done = await h.run(planned);
          expect(done).toMatchObject({ state: "succeeded", tallies: { imagesDeleted: planned.plan.delete } });
          for (const repository of h.destination.repositories.keys()) {
            const ruled = (tags: readonly string[]) => tags.filter((tag) => /^[vw]/.test(tag));
            const others = (tags: readonly string[]) => tags.filter((tag) => !/^[vw]/.test(tag));
            const now = tagsOf(h.destination, repository);
            expect(ruled(now)).toEqual(ruled(tagsOf(h.source, repository)));
            expect(others(now)).toEqual(others(before.get(repository) ?? []));
          }
          expect((await h.plan(spec)).plan).toMatchObject({ copy: 0, overwrite: 0, delete: 0 });
        },
      ),
      { numRuns: 40 },
    );
  });
});
