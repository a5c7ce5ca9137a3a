// What a run asks for behind its plan: nothing twice, and everything anew where what the plan saw may not be so any more.
import { describe, expect, it, onTestFinished } from "vitest";
import { ManifestCache } from "../../electron/engine/manifest-cache.ts";
import { PlanSights } from "../../electron/engine/plan-sights.ts";
import { openStore } from "../../electron/store/open.ts";
import { everything, type Harness, harness, image, quickClock } from "./harness.ts";
import { bytesOf, putBlob, putImage, putIndex } from "./images.ts";
import { failure, sha256 } from "./memory-endpoint.ts";

const layers = [
  ["base", 3000],
  ["own", 2000],
] as const;

function counts(h: Harness, side: "source" | "destination"): Record<string, number> {
  const all: Record<string, number> = {};
  for (const call of h[side].calls) {
    const operation = call.split(" ")[0] ?? "";
    all[operation] = (all[operation] ?? 0) + 1;
  }
  return all;
}

/** A clock whose monotonic time a test moves on. */
function movable() {
  let later = 0;
  const clock = quickClock();
  const move = (ms: number): void => {
    later += ms;
  };
  return { move, clock: { ...clock, monotonic: () => clock.monotonic() + later } };
}

describe("a run right after its plan", () => {
  it("P006 P007 reads no manifest of the source twice and asks a new repository for nothing that is missing", async () => {
    const h = harness();
    for (const tag of ["v1", "v2", "v3"])
      putImage(h.source, { repository: "app", tag, layers: [...layers, [tag, 10]], config: tag });
    putIndex(h.source, {
      ...{ repository: "multi", tag: "v1" },
      children: [
        { architecture: "amd64", layers },
        { architecture: "arm64", layers: [["arm", 500]] },
      ],
    });
    const done = await h.planAndRun({ ...everything(), options: { parallelImages: 1 } });
    expect(done.state).toBe("succeeded");
    expect(counts(h, "source")["get-manifest"]).toBe(3 + 3);
    expect(counts(h, "destination")).toMatchObject({
      "lacks-repository": 2,
      "put-manifest": 4 + 2,
      // Every tag is read back.
      "get-manifest": 4,
    });
    expect(counts(h, "destination")["head-manifest"]).toBeLessThanOrEqual(4);
    expect(counts(h, "destination")["head-blob"]).toBeUndefined();
  });

  it("asks once for each missing blob of a repository that is there", async () => {
    const h = harness();
    putImage(h.destination, { repository: "app", tag: "old", layers: [["base", 3000]] });
    putImage(h.source, { repository: "app", tag: "v1", layers });
    const done = await h.planAndRun(everything());
    expect(done.state).toBe("succeeded");
    const asked = h.destination.calls.filter(
      (call) => call === `head-blob app ${sha256(bytesOf("own", 2000))}`,
    );
    expect(asked).toHaveLength(1);
    // What the plan saw there the run asks for: it may be collected by then.
    const present = h.destination.calls.filter(
      (call) => call === `head-blob app ${sha256(bytesOf("base", 3000))}`,
    );
    expect(present).toHaveLength(2);
  });

  it("leaves two HEADs for an unchanged tag", async () => {
    const h = harness();
    for (const tag of ["v1", "v2"]) putImage(h.source, { repository: "app", tag, layers });
    await h.planAndRun(everything());
    for (const side of [h.source, h.destination]) side.forget();
    await h.planAndRun(everything());
    expect(counts(h, "destination")).toEqual({ "head-manifest": 2 });
    expect(counts(h, "source")).toEqual({ "list-repositories": 1, "list-tags": 1, "head-manifest": 2 });
  });
});

describe("a run asks anew", () => {
  it.each([
    ["in another process", (h: Harness) => h.forgetPlans()],
    ["more than a minute later", (_: Harness, move: (ms: number) => void) => move(61_000)],
  ])("%s: for the tag and every blob", async (_, pass) => {
    const { move, clock } = movable();
    const h = harness({ clock });
    const { digest } = putImage(h.source, { repository: "app", tag: "v1", layers });
    const planned = await h.plan(everything());
    pass(h, move);
    h.destination.forget();
    const done = await h.run(planned);
    expect(done.state).toBe("succeeded");
    expect(counts(h, "destination")).toMatchObject({ "head-manifest": 1, "head-blob": 3 });
    expect(h.destination.repository("app").tags.get("v1")).toBe(digest);
  });

  it("after more than ten minutes: for the source's manifests, too", async () => {
    const { move, clock } = movable();
    const h = harness({ clock });
    putImage(h.source, { repository: "app", tag: "v1", layers });
    const planned = await h.plan(everything());
    move(11 * 60_000);
    await h.run(planned);
    expect(h.source.count("get-manifest")).toBe(2);
  });

  it("for the tag where nothing may be overwritten", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    const planned = await h.plan({ ...everything(), options: { overwrite: "never" } });
    const { digest } = putImage(h.destination, { repository: "app", tag: "v1", layers: [["theirs", 9]] });
    const done = await h.run(planned);
    expect(h.rows(done)[0]).toMatchObject({ state: "failed", error: { code: "tag-immutable" } });
    expect(h.destination.repository("app").tags.get("v1")).toBe(digest);
  });

  it("when it is tried again: what has arrived is not sent twice", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    h.destination.fault = ({ operation }) => {
      if (operation === "put-manifest") throw failure("refused-by-registry", operation);
    };
    const failed = await h.planAndRun(everything());
    expect(failed.state).toBe("failed");
    h.destination.fault = () => undefined;
    h.context.flights.missed({
      host: h.destination.host,
      repository: "app",
      digest: sha256(bytesOf("own", 2000)),
    });
    h.destination.forget();
    const done = await h.run(h.store.runs.retryFailed(failed.id));
    expect(done.state).toBe("succeeded");
    expect(h.destination.count("head-manifest")).toBe(1);
    expect(h.destination.count("head-blob")).toBe(1);
    expect(h.destination.uploads).toEqual([]);
  });

  it.each(["if-different", "never"] as const)(
    "for what another run here, which overwrites %s, has written meanwhile",
    async (overwrite) => {
      const h = harness();
      putImage(h.source, { repository: "app", tag: "v1", layers });
      const first = await h.plan({ ...everything(), options: { overwrite } });
      const second = await h.plan(everything());
      await h.run(first);
      const done = await h.run(second);
      expect(h.rows(done)[0]?.state).toBe("skipped");
      expect(h.destination.count("put-manifest")).toBe(1);
    },
  );

  it("R011 for a tag when another process has written to the store since", async () => {
    const h = harness();
    const { digest } = putImage(h.source, { repository: "app", tag: "v1", layers });
    const planned = await h.plan(everything());
    // Its run is planned, done and gone between our plan and our run.
    const other = openStore({ file: h.file, owner: "other", now: () => Date.now() });
    onTestFinished(() => other.close());
    other.settings.set("touched", "1");
    putImage(h.destination, { repository: "app", tag: "v1", layers });
    const done = await h.run(planned);
    expect(h.rows(done)[0]).toMatchObject({ state: "skipped", destinationDigest: digest });
  });

  it("for a reference that another run held", async () => {
    const h = harness();
    const { digest } = putImage(h.source, { repository: "app", tag: "v1", layers });
    const other = await h.plan({ selection: [image("app", "v2")] });
    h.store.runs.start(other.id, []);
    h.store.runs.claim(other.id);
    const planned = await h.plan(everything());
    const key = `ref:${h.destination.host}/app:v1`;
    expect(h.store.journal.claim(other.id, key)).toBe(true);
    const running = h.run(planned);
    await expect.poll(() => h.store.runs.get(planned.id).state).toBe("running");
    await new Promise((resolve) => setTimeout(resolve, 30));
    // What another process does, which tells this one nothing.
    putImage(h.destination, { repository: "app", tag: "v1", layers });
    h.store.journal.unclaim(other.id, key);
    const done = await running;
    expect(h.rows(done)[0]).toMatchObject({ state: "skipped", destinationDigest: digest });
  });
});

describe("a repository that the destination does not know", () => {
  it("is asked for blobs that an interrupted run left in it", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers, config: "c" });
    const left = putBlob(h.destination, "app", bytesOf("own", 2000));
    h.store.journal.rememberBlob("dst", "app", left.digest);
    const planned = await h.plan(everything());
    expect(h.destination.count("lacks-repository")).toBe(1);
    expect(h.destination.count("head-blob")).toBe(1);
    expect(planned.plan.bytesToTransfer).toBe(3000 + 14);
    const done = await h.run(planned);
    expect(done.state).toBe("succeeded");
    expect(h.destination.uploads).not.toContain(`app ${left.digest}`);
  });

  it("mounts what the destination holds elsewhere", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    putImage(h.destination, { repository: "other", tag: "v1", layers: [["base", 3000]] });
    h.store.journal.rememberBlob("dst", "other", sha256(bytesOf("base", 3000)));
    const done = await h.planAndRun(everything());
    expect(done.plan.bytesMountable).toBe(3000);
    expect(done.tallies).toMatchObject({ mounts: 1, bytesMounted: 3000 });
  });

  it("is asked for everything where the one question fails", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers });
    h.destination.fault = ({ operation }) => {
      if (operation === "lacks-repository") throw failure("forbidden", operation);
    };
    const done = await h.planAndRun(everything());
    expect(done.state).toBe("succeeded");
    expect(h.destination.count("head-blob")).toBe(3);
  });

  it("may hold manifests without tags: a digest is asked for", async () => {
    const h = harness();
    const { digest } = putImage(h.source, { repository: "app", tag: "v1", layers, config: "c" });
    putImage(h.source, { repository: "app", tag: "v0", layers: [["v0", 10]] });
    putImage(h.destination, { repository: "app", tag: "gone", layers, config: "c" });
    h.destination.repository("app").tags.delete("gone");
    const { promise: said, resolve } = Promise.withResolvers<void>();
    h.destination.lacksRepository = async () => {
      setTimeout(resolve, 5);
      return true;
    };
    // The digest's turn comes when the repository is known to be unknown.
    h.source.fault = ({ reference }) => (reference === digest ? said : undefined);
    const planned = await h.plan({ selection: [image("app", "v0"), image("app", digest)] });
    expect(h.rows(planned).map((row) => row.action)).toEqual(["copy", "skip"]);
  });
});

describe("kept manifests", () => {
  const endpoint = {};
  const place = (name: string) => ({ endpoint, repository: "r", digest: sha256(bytesOf(name, 8)) });
  const manifest = (name: string, size: number) => {
    const bytes = new Uint8Array(size);
    return { digest: place(name).digest, mediaType: "application/json", size, bytes };
  };

  it("P006 are bounded in bytes, and what was asked for last stays longest", () => {
    const cache = new ManifestCache({ monotonic: () => 0 }, 5000);
    for (const name of ["a", "b", "c"]) cache.set(place(name), manifest(name, 1000));
    expect(cache.get(place("a"))?.bytes.length).toBe(1000);
    cache.set(place("d"), manifest("d", 1000));
    expect(["a", "b", "c", "d"].map((name) => cache.get(place(name)) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
    cache.set(place("huge"), manifest("huge", 6000));
    expect(cache.get(place("huge"))).toBeUndefined();
    expect(cache.bytes).toBe(0);
  });

  it("are those of one repository and one sign-in only", () => {
    const cache = new ManifestCache({ monotonic: () => 0 });
    cache.set(place("a"), manifest("a", 10));
    cache.set(place("a"), manifest("a", 10));
    expect(cache.bytes).toBe(10 + 512);
    expect(cache.get({ ...place("a"), repository: "other" })).toBeUndefined();
    // Another sign-in at the same host, too: what one may read says nothing of the other.
    expect(cache.get({ ...place("a"), endpoint: {} })).toBeUndefined();
  });
});

describe("what a plan saw", () => {
  it("is good for one use and for what was to be written", () => {
    const sights = new PlanSights({ monotonic: () => 0 }, { othersWrote: () => 1 });
    const tag = { host: "h", repository: "r", reference: "v1" };
    sights.sawOtherTag(tag, "sha256:a");
    expect(sights.takeOtherTag(tag, "sha256:b")).toBe(false);
    sights.sawOtherTag(tag, "sha256:a");
    expect(sights.takeOtherTag(tag, "sha256:a")).toBe(true);
    expect(sights.takeOtherTag(tag, "sha256:a")).toBe(false);
    const blob = { host: "h", repository: "r", digest: sha256(bytesOf("a", 1)) };
    sights.sawNoBlob(blob);
    expect(sights.takeNoBlob(blob)).toBe(true);
    expect(sights.takeNoBlob(blob)).toBe(false);
  });
});
