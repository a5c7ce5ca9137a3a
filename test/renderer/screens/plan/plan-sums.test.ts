// What a plan adds up to while rows are taken out, and what its rows are called.
import { describe, expect, it } from "vitest";
import {
  destinationText,
  filterQuery,
  isTickable,
  rowKind,
  sourceText,
} from "../../../../renderer/screens/plan/plan-image.ts";
import { sharedBytes, sumPlan, takenOut } from "../../../../renderer/screens/plan/plan-sums.ts";
import { speedOf, timeFor } from "../../../../renderer/screens/plan/use-estimates.ts";
import { planSummary, startLabel, transferText } from "../../../../renderer/text/plan.ts";
import { emptyPlanTotals, emptyRunTallies, type PlanTotals, type RunImage } from "../../../../shared/run.ts";
import { formatBytes } from "../../../../shared/units.ts";
import { makeImage, wireError } from "../run-fixtures.ts";

/** The sums with the rows of these ids taken out. */
function sumsOf(plan: PlanTotals, images: readonly RunImage[], ids: readonly number[]) {
  const rows = images.flatMap((image) => {
    const row = ids.includes(image.id) ? takenOut(image) : undefined;
    return row === undefined ? [] : [[image.id, row] as const];
  });
  const shared = images.reduce((sum, image) => sum + sharedBytes(image), 0);
  return sumPlan(plan, new Map(rows), shared);
}

const plan = {
  ...emptyPlanTotals,
  images: 4,
  copy: 1,
  overwrite: 1,
  skip: 1,
  unreadable: 1,
  bytesToTransfer: 3000,
  bytesPresent: 70,
};
const apart = [
  makeImage(1, { bytesTotal: 1000, bytesToTransfer: 1000 }),
  makeImage(2, { bytesTotal: 2070, bytesToTransfer: 2000, bytesPresent: 70, action: "overwrite" }),
  makeImage(3, { action: "skip" }),
  makeImage(4, { error: wireError }),
];

describe("sumPlan", () => {
  it("is the plan itself with everything ticked", () => {
    const sums = sumsOf(plan, apart, []);
    expect(sums).toMatchObject({
      tickable: 2,
      ticked: 2,
      leastBytes: 3000,
      mostBytes: 3000,
      bytesPresent: 70,
    });
    expect(sums.byKind).toEqual({ copy: 1, overwrite: 1, skip: 1, conflict: 0, unreadable: 1, delete: 0 });
  });

  it("is the exact sum of the ticked rows where no layer is shared", () => {
    const sums = sumsOf(plan, apart, [2]);
    expect(sums).toMatchObject({ ticked: 1, leastBytes: 1000, mostBytes: 1000, bytesPresent: 0 });
    expect(sums.byKind.overwrite).toBe(0);
  });

  it("leaves what cannot be ticked where it is", () => {
    expect(sumsOf(plan, apart, [3, 4])).toEqual(sumsOf(plan, apart, []));
  });

  it("says a range where a ticked row shares what an unticked one was to bring", () => {
    // The second image needs 900 of the first one's bytes: the plan counts them in the first row only.
    const shared = [
      makeImage(1, { bytesTotal: 1000, bytesToTransfer: 1000 }),
      makeImage(2, { bytesTotal: 1100, bytesToTransfer: 200 }),
    ];
    const totals = { ...emptyPlanTotals, images: 2, copy: 2, bytesToTransfer: 1200 };
    const sums = sumsOf(totals, shared, [1]);
    expect(sums).toMatchObject({ leastBytes: 200, mostBytes: 1100 });
    expect(transferText(sums, formatBytes)).toBe("200 B to 1.1 KiB");
    expect(startLabel(sums, formatBytes)).toBe("Start: move 200 B to 1.1 KiB");
  });

  it("counts a mount that may have lost its holder as bytes that may move, never more than the plan", () => {
    const mounted = [
      makeImage(1, { bytesTotal: 500, bytesToTransfer: 500 }),
      makeImage(2, { bytesTotal: 2000, bytesMountable: 2000 }),
    ];
    const totals = { ...emptyPlanTotals, images: 2, copy: 2, bytesToTransfer: 500, bytesMountable: 2000 };
    expect(sumsOf(totals, mounted, [1])).toMatchObject({ leastBytes: 0, mostBytes: 500 });
    expect(sumsOf(totals, mounted, [2])).toMatchObject({ leastBytes: 500, mostBytes: 500 });
  });

  it("says no more than it knows while nobody has counted what rows share", () => {
    const row = takenOut(makeImage(1, { bytesTotal: 1000, bytesToTransfer: 1000 }));
    if (row === undefined) throw new Error("a copy can be taken out");
    expect(sumPlan(plan, new Map([[1, row]]), undefined)).toMatchObject({
      leastBytes: 2000,
      mostBytes: 3000,
    });
  });

  it("is nothing with nothing ticked", () => {
    const sums = sumsOf(plan, apart, [1, 2]);
    expect(sums).toMatchObject({ ticked: 0, leastBytes: 0, mostBytes: 0 });
    expect(startLabel(sums, formatBytes)).toBe("Start");
  });
});

describe("rows", () => {
  it("call a collision a conflict, although it carries an error", () => {
    const collision = makeImage(9, { action: "conflict", error: wireError });
    expect(rowKind(collision)).toBe("conflict");
    expect(isTickable(collision)).toBe(false);
  });

  it("are asked for by kind and by text", () => {
    expect(filterQuery({ kind: "all", text: " " })).toEqual({});
    expect(filterQuery({ kind: "copy", text: " web" })).toEqual({
      actions: ["copy"],
      states: ["planned"],
      text: "web",
    });
    // What could not be read keeps the action that it would have had.
    expect(filterQuery({ kind: "unreadable", text: "" }).states).toEqual(["failed"]);
  });

  it("name tags, digests and whole repositories", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    expect(sourceText(makeImage(1))).toBe("app:v1");
    expect(destinationText(makeImage(1, { destinationReference: digest }))).toBe(`app@${digest}`);
    expect(sourceText(makeImage(1, { sourceReference: null }))).toBe("app");
  });
});

describe("a mirror's deletes", () => {
  const gone = makeImage(8, {
    action: "delete",
    digest: null,
    sourceReference: null,
    destinationReference: "old",
  });
  const totals = { ...plan, delete: 1 };

  it("are ticked and counted apart from what is written", () => {
    const sums = sumsOf(totals, [...apart, gone], []);
    expect(sums).toMatchObject({ tickable: 3, ticked: 3, mostBytes: 3000 });
    expect(sums.byKind.delete).toBe(1);
    expect(startLabel(sums, formatBytes)).toBe("Start: move 2.9 KiB, delete 1 tag");
    expect(planSummary(totals, sums, formatBytes)).toContain("1 tag to delete");
  });

  it("may be left out, or be all there is to do", () => {
    const without = sumsOf(totals, [...apart, gone], [8]);
    expect(without).toMatchObject({ tickable: 3, ticked: 2 });
    expect(startLabel(without, formatBytes)).toBe("Start: move 2.9 KiB");
    const only = { ...emptyPlanTotals, delete: 1 };
    expect(startLabel(sumsOf(only, [gone], []), formatBytes)).toBe("Start: delete 1 tag");
  });
});

describe("the time that a plan takes", () => {
  const run = (bytesTransferred: number, activeMs: number) => ({
    tallies: { ...emptyRunTallies, bytesTransferred, activeMs },
  });

  it("is reckoned from the newest runs that moved something", () => {
    expect(speedOf([])).toBeUndefined();
    expect(speedOf([run(0, 5000), run(3000, 1000), run(1000, 1000)])).toBe(2000);
    const manyOld = [run(5000, 1000), ...Array.from({ length: 9 }, () => run(5000, 1000)), run(1, 900_000)];
    expect(speedOf(manyOld)).toBe(5000);
  });

  it("is never shorter than the run's own bandwidth lets it be", () => {
    expect(timeFor(10_000, undefined, null)).toBeUndefined();
    expect(timeFor(10_000, 5000, null)).toBe(2);
    expect(timeFor(10_000, 5000, 1000)).toBe(10);
    expect(timeFor(10_000, undefined, 2000)).toBe(5);
  });
});
