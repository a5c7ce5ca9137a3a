// Tags that stand at the destination with another digest: replaced where the source's image is newer, or kept beside it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mediaTypes } from "../../shared/media-types.ts";
import type { RunOptions } from "../../shared/run.ts";
import { everything, type Harness, harness } from "./harness.ts";
import { putBlob, putJson } from "./images.ts";
import type { MemoryEndpoint } from "./memory-endpoint.ts";

const repository = "app";

/** @param day of January; null = it does not say. */
function put(side: MemoryEndpoint, tag: string, seed: string, day: number | null): string {
  const created = day === null ? undefined : `2026-01-${String(day).padStart(2, "0")}T00:00:00Z`;
  const bytes = new TextEncoder().encode(JSON.stringify({ seed, created }));
  const config = putBlob(side, repository, bytes, mediaTypes.ociConfig);
  return putJson(side, repository, { mediaType: mediaTypes.ociManifest, config, layers: [] }, tag).digest;
}

const under = (options: Partial<RunOptions>) => ({ ...everything(), options });
const at = (h: Harness, tag: string) => h.destination.repository(repository).tags.get(tag);

async function planned(h: Harness, options: Partial<RunOptions>) {
  const run = await h.plan(under(options));
  expect(run.error).toBeNull();
  const [row] = h.rows(run);
  return { run, row };
}

describe("if-newer", () => {
  it.each([
    [2, 1, "overwrite", /created 2026-01-01T00:00:00Z, before the source's of 2026-01-02/],
    [1, 2, "skip", /created 2026-01-02T00:00:00Z, and the source's of 2026-01-01T00:00:00Z is not newer/],
    [1, 1, "skip", /is not newer/],
    [null, 1, "conflict", /the source's image does not say when it was created/],
    [1, null, "conflict", /the image there does not say when it was created/],
  ] as const)("of day %s over day %s plans %s", async (ours, theirs, action, reason) => {
    const h = harness();
    const own = put(h.source, "v1", "ours", ours);
    const other = put(h.destination, "v1", "theirs", theirs);
    const { run, row } = await planned(h, { overwrite: "if-newer" });
    expect(row).toMatchObject({ action, reason: expect.stringMatching(reason), replacesDigest: other });
    expect((await h.run(run)).state).toBe("succeeded");
    expect(at(h, "v1")).toBe(action === "overwrite" ? own : other);
  });

  it("looks again before the tag is written, and leaves what has become newer", async () => {
    const h = harness();
    put(h.source, "v1", "ours", 5);
    const { run } = await planned(h, { overwrite: "if-newer" });
    const newer = put(h.destination, "v1", "theirs", 9);
    const ended = await h.run(run);
    expect([ended.state, h.rows(ended)[0]?.state, at(h, "v1")]).toEqual(["succeeded", "skipped", newer]);
  });

  it("leaves a tag that is written while the image is copied", async () => {
    const h = harness();
    put(h.source, "v1", "ours", 5);
    const { run } = await planned(h, { overwrite: "if-newer" });
    let newer = "";
    h.source.fault = ({ operation }) => {
      if (operation === "get-blob" && newer === "") newer = put(h.destination, "v1", "theirs", 9);
    };
    const ended = await h.run(run);
    expect([h.rows(ended)[0]?.state, at(h, "v1")]).toEqual(["skipped", newer]);
  });
});

describe("keep-both", () => {
  it("writes beside a tag that is taken, and nothing the next time", async () => {
    const h = harness();
    const own = put(h.source, "v1", "ours", 1);
    const other = put(h.destination, "v1", "theirs", 1);
    const options = { overwrite: "keep-both", keepBothSuffix: "_mirror" } as const;
    const { run, row } = await planned(h, options);
    expect(row).toMatchObject({
      action: "copy",
      destinationReference: "v1_mirror",
      reason: expect.stringMatching(/^app:v1 points at .*; written beside it as v1_mirror\.$/),
    });
    expect((await h.run(run)).state).toBe("succeeded");
    expect([at(h, "v1"), at(h, "v1_mirror")]).toEqual([other, own]);
    expect((await planned(h, options)).row).toMatchObject({
      action: "skip",
      destinationReference: "v1_mirror",
    });
    const mirror = { maxDelete: 10, maxShare: 1 };
    expect((await planned(h, { ...options, mirror })).run.plan.delete).toBe(0);
  });

  it("is a conflict where the other tag is taken, too, or would be too long", async () => {
    const h = harness();
    put(h.source, "v1", "ours", 1);
    put(h.destination, "v1", "theirs", 1);
    const third = put(h.destination, "v1-copy", "third", 1);
    const { row } = await planned(h, { overwrite: "keep-both" });
    expect(row).toMatchObject({ action: "conflict", reason: expect.stringContaining("v1-copy is taken by") });
    expect(at(h, "v1-copy")).toBe(third);
    const long = "x".repeat(126);
    put(h.source, long, "ours", 1);
    put(h.destination, long, "theirs", 1);
    const rows = h.rows(await h.plan(under({ overwrite: "keep-both" })));
    expect(rows.find((one) => one.sourceReference === long)).toMatchObject({
      action: "conflict",
      reason: expect.stringContaining("too long"),
    });
  });

  it("overwrites nothing that comes there between plan and run", async () => {
    const h = harness();
    put(h.source, "v1", "ours", 1);
    const { run } = await planned(h, { overwrite: "keep-both" });
    const other = put(h.destination, "v1", "theirs", 1);
    const ended = await h.run(run);
    expect(ended.state).toBe("failed");
    expect(h.rows(ended)[0]?.error).toMatchObject({ code: "tag-immutable", message: /plan again/ });
    expect(at(h, "v1")).toBe(other);
  });
});

describe("stop", () => {
  it("lets nothing be started while a tag differs", async () => {
    const h = harness();
    const own = put(h.source, "v1", "ours", 1);
    put(h.source, "v2", "ours", 1);
    const other = put(h.destination, "v1", "theirs", 1);
    const { run, row } = await planned(h, { overwrite: "stop" });
    expect(row).toMatchObject({ action: "conflict", reason: expect.stringContaining("stops the transfer") });
    expect(run.plan).toMatchObject({ copy: 1, conflict: 1, guard: expect.stringMatching(/^1 tag exists /) });
    expect(() => h.store.runs.start(run.id, [])).toThrow("1 tag exists at the destination");
    expect([at(h, "v1"), at(h, "v2")]).toEqual([other, undefined]);
    h.destination.repository(repository).tags.delete("v1");
    const free = await planned(h, { overwrite: "stop" });
    expect(free.run.plan.guard).toBeNull();
    expect((await h.run(free.run)).state).toBe("succeeded");
    expect(at(h, "v1")).toBe(own);
  });

  it("overwrites nothing that comes there between plan and run", async () => {
    const h = harness();
    put(h.source, "v1", "ours", 1);
    const { run } = await planned(h, { overwrite: "stop" });
    const other = put(h.destination, "v1", "theirs", 1);
    expect((await h.run(run)).state).toBe("failed");
    expect(at(h, "v1")).toBe(other);
  });
});

const tags = ["v1", "v2", "v1-copy"] as const;
const side = fc.uniqueArray(
  fc.record({
    tag: fc.constantFrom(...tags),
    seed: fc.constantFrom("a", "b"),
    day: fc.constantFrom(1, 2, 3, null),
  }),
  { selector: ({ tag }) => tag, minLength: 1 },
);

it("makes the next plan empty, and never replaces what is to be kept", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      side,
      side,
      fc.constantFrom("if-newer" as const, "keep-both" as const),
      async (ours, theirs, overwrite) => {
        const h = harness();
        for (const { tag, seed, day } of ours) put(h.source, tag, seed, day);
        for (const { tag, seed, day } of theirs) put(h.destination, tag, seed, day);
        const before = new Map(h.destination.repository(repository).tags);
        const first = await h.planAndRun(under({ overwrite }));
        const again = await h.plan(under({ overwrite }));
        const after = h.destination.repository(repository).tags;
        for (const { tag, day } of theirs) {
          const own = ours.find((one) => one.tag === tag);
          const older = (day ?? 99) < (own?.day ?? 0);
          if (overwrite === "keep-both" || !older) expect(after.get(tag)).toBe(before.get(tag));
        }
        // Two images that want the same tag beside another: the second is told, and stays.
        if (first.state === "failed") return;
        expect([again.plan.copy, again.plan.overwrite]).toEqual([0, 0]);
      },
    ),
    { numRuns: 40 },
  );
});
