// Which ends of runs are told, and how several become one.
import { describe, expect, it } from "vitest";
import { groupNotices, type NoticeRules, noticeOf } from "../../shared/notices.ts";
import { emptyPlanTotals, emptyRunTallies, type Run, runSchema } from "../../shared/run.ts";
import { readSetting } from "../../shared/settings.ts";

const rules = readSetting({}, "notifications");
const only = (change: Partial<NoticeRules>): NoticeRules => ({ ...rules, ...change });

function run(change: Partial<Run> = {}): Run {
  return {
    ...runSchema.parse({
      id: "0".repeat(26),
      state: "succeeded",
      stateReason: null,
      spec: {
        sourceId: "a",
        destinationId: "b",
        selection: [{ kind: "image", repository: "app", reference: "v1" }],
      },
      source: { id: "a", name: "Staging", address: "localhost:1" },
      destination: { id: "b", name: "Production", address: "localhost:2" },
      plan: emptyPlanTotals,
      tallies: { ...emptyRunTallies, imagesSucceeded: 3, imagesSkipped: 1 },
      error: null,
      createdAt: 0,
      priority: 0,
      position: 0,
      jobId: null,
      startedAt: 0,
      finishedAt: 60_000,
    }),
    ...change,
  };
}

describe("a run's end", () => {
  it("is told once, and not of what had ended before", () => {
    expect(noticeOf("running", run(), rules, false)?.kind).toBe("succeeded");
    expect(noticeOf("succeeded", run(), rules, false)).toBeUndefined();
    expect(noticeOf(undefined, run(), rules, false)).toBeUndefined();
  });

  it("is told where the kind is wanted, and not while the window has the focus", () => {
    expect(noticeOf("running", run(), only({ succeeded: false }), false)).toBeUndefined();
    expect(noticeOf("running", run(), rules, true)).toBeUndefined();
    expect(noticeOf("running", run(), only({ quietWhileFocused: false }), true)).toBeDefined();
  });

  it("is not told of short runs that somebody started", () => {
    const short = run({ finishedAt: 9_999 });
    expect(noticeOf("running", short, rules, false)).toBeUndefined();
    expect(noticeOf("running", short, only({ shortest: 9 }), false)).toBeDefined();
    const failed = run({ ...short, state: "failed" });
    expect(noticeOf("running", failed, rules, false)).toBeUndefined();
    expect(noticeOf("running", run({ ...failed, jobId: "job" }), rules, false)?.kind).toBe("failed");
  });

  it("is told of plans only where nobody made them", () => {
    const unplanned = run({ state: "failed", startedAt: null, finishedAt: null });
    expect(noticeOf("planning", unplanned, only({ shortest: 0 }), false)).toBeUndefined();
    expect(noticeOf("planning", run({ ...unplanned, jobId: "job" }), rules, false)?.kind).toBe("failed");
  });

  it("tells of a sign-in, not of other pauses, nor of what was cancelled", () => {
    const paused = run({ state: "paused", finishedAt: null });
    expect(noticeOf("running", run({ ...paused, stateReason: "sign-in-needed" }), rules, false)?.kind).toBe(
      "signInNeeded",
    );
    expect(noticeOf("running", run({ ...paused, stateReason: "user" }), rules, false)).toBeUndefined();
    expect(noticeOf("running", run({ state: "cancelled" }), rules, false)).toBeUndefined();
  });
});

describe("groups", () => {
  it("say what one run did", () => {
    expect(groupNotices([{ kind: "succeeded", run: run() }])).toEqual([
      {
        kind: "succeeded",
        title: "Transfer done",
        text: "Staging → Production: 4 images in 1 min",
        runIds: [run().id],
      },
    ]);
    const failed = run({ state: "failed", tallies: { ...emptyRunTallies, imagesFailed: 1 } });
    expect(groupNotices([{ kind: "failed", run: failed }])[0]?.text).toBe(
      "Staging → Production: 1 image could not be copied, 0 images done",
    );
  });

  it("are one per kind, what needs a person first", () => {
    const many = [1, 2, 3, 4, 5].map((number) => ({
      kind: "succeeded" as const,
      run: run({ id: `${number}`.repeat(26), source: { id: "a", name: `From ${number}`, address: "x" } }),
    }));
    const groups = groupNotices([...many, { kind: "signInNeeded", run: run() }]);
    expect(groups.map(({ title }) => title)).toEqual(["Sign-in needed", "5 transfers done"]);
    expect(groups[1]?.text).toBe("From 1 → Production, From 2 → Production, From 3 → Production, and 2 more");
    expect(groups[1]?.runIds).toHaveLength(5);
  });
});
