// What a plan adds up to while rows are unticked, and which rows a filter shows.
import { describe, expect, it } from "vitest";
import {
  destinationText,
  endsText,
  filterRows,
  isTickable,
  rowKind,
  rowKinds,
  sourceText,
  sumPlan,
} from "../../../../renderer/screens/plan/plan-sums.ts";
import { planSummary, startLabel, transferText } from "../../../../renderer/text/plan.ts";
import { emptyPlanTotals } from "../../../../shared/run.ts";
import { makeImage, wireError } from "../run-fixtures.ts";

const plan = { ...emptyPlanTotals, images: 4, bytesToTransfer: 3000, bytesPresent: 70, bytesMountable: 0 };
const apart = [
  makeImage(1, { bytesTotal: 1000, bytesToTransfer: 1000 }),
  makeImage(2, { bytesTotal: 2070, bytesToTransfer: 2000, bytesPresent: 70, action: "overwrite" }),
  makeImage(3, { action: "skip" }),
  makeImage(4, { error: wireError }),
];

describe("sumPlan", () => {
  it("is the plan itself with everything ticked", () => {
    const sums = sumPlan(plan, apart, new Set());
    expect(sums).toMatchObject({
      tickable: 2,
      ticked: 2,
      bytesToTransfer: 3000,
      bytesPresent: 70,
      exact: true,
    });
    expect(sums.byKind).toEqual({ copy: 1, overwrite: 1, skip: 1, conflict: 0, unreadable: 1, delete: 0 });
  });

  it("is the exact sum of the ticked rows where no layer is shared", () => {
    const sums = sumPlan(plan, apart, new Set([2]));
    expect(sums).toMatchObject({ ticked: 1, bytesToTransfer: 1000, bytesPresent: 0, exact: true });
    expect(sums.byKind.overwrite).toBe(0);
  });

  it("leaves what cannot be ticked where it is", () => {
    expect(sumPlan(plan, apart, new Set([3, 4]))).toEqual(sumPlan(plan, apart, new Set()));
  });

  it("says an upper bound where a ticked row shares what an unticked one was to bring", () => {
    // The second image needs 900 of the first one's bytes: the plan counts them in the first row only.
    const shared = [
      makeImage(1, { bytesTotal: 1000, bytesToTransfer: 1000 }),
      makeImage(2, { bytesTotal: 1100, bytesToTransfer: 200 }),
    ];
    const totals = { ...emptyPlanTotals, images: 2, bytesToTransfer: 1200 };
    const sums = sumPlan(totals, shared, new Set([1]));
    expect(sums).toMatchObject({ bytesToTransfer: 1100, exact: false });
    expect(transferText(sums)).toBe("up to 1.1 KiB");
    expect(startLabel(sums)).toBe("Start: move up to 1.1 KiB");
  });

  it("counts a mount that may have lost its holder as bytes that may move, never more than the plan", () => {
    const mounted = [
      makeImage(1, { bytesTotal: 500, bytesToTransfer: 500 }),
      makeImage(2, { bytesTotal: 2000, bytesMountable: 2000 }),
    ];
    const totals = { ...emptyPlanTotals, images: 2, bytesToTransfer: 500, bytesMountable: 2000 };
    expect(sumPlan(totals, mounted, new Set([1]))).toMatchObject({ bytesToTransfer: 500, exact: false });
    expect(sumPlan(totals, mounted, new Set([2]))).toMatchObject({ bytesToTransfer: 500, exact: true });
  });

  it("is nothing with nothing ticked", () => {
    const sums = sumPlan(plan, apart, new Set([1, 2]));
    expect(sums).toMatchObject({ ticked: 0, bytesToTransfer: 0, exact: true });
    expect(startLabel(sums)).toBe("Start");
  });
});

describe("rows", () => {
  it("call a collision a conflict, although it carries an error", () => {
    const collision = makeImage(9, { action: "conflict", error: wireError });
    expect(rowKind(collision)).toBe("conflict");
    expect(isTickable(collision)).toBe(false);
  });

  it("are found by kind and by text of either end", () => {
    const moved = makeImage(7, { destinationRepository: "mirror/web" });
    const rows = [...apart, moved];
    expect(filterRows(rows, new Set(), " ")).toBe(rows);
    expect(filterRows(rows, new Set(["skip"]), "").map(({ id }) => id)).toEqual([3]);
    expect(filterRows(rows, new Set(), "MIRROR").map(({ id }) => id)).toEqual([7]);
    expect(filterRows(rows, new Set(["copy"]), "app:v1").map(({ id }) => id)).toEqual([1]);
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

  it("are ticked, filtered and counted apart from what is written", () => {
    const sums = sumPlan(totals, [...apart, gone], new Set());
    expect(sums).toMatchObject({ tickable: 3, ticked: 3, deletable: 1, bytesToTransfer: 3000 });
    expect(sums.byKind.delete).toBe(1);
    expect(rowKinds).toContain("delete");
    expect(filterRows([...apart, gone], new Set(["delete"]), "")).toEqual([gone]);
    expect(startLabel(sums)).toBe("Start: move 2.9 KiB, delete 1 tag");
    expect(planSummary(totals, sums)).toContain("1 tag to delete");
  });

  it("may be left out, or be all there is to do", () => {
    const without = sumPlan(totals, [...apart, gone], new Set([8]));
    expect(without).toMatchObject({ tickable: 3, ticked: 2, deletable: 1 });
    expect(startLabel(without)).toBe("Start: move 2.9 KiB");
    expect(startLabel(sumPlan(totals, [gone], new Set()))).toBe("Start: delete 1 tag");
  });

  it("are named by the tag that goes, which the source does not have", () => {
    expect(endsText(gone)).toBe("app:old");
    expect(endsText(makeImage(1, { destinationRepository: "mirror" }))).toBe("app:v1 → mirror:v1");
  });
});

it("sums a plan up in one sentence", () => {
  expect(planSummary(plan, sumPlan(plan, apart, new Set()))).toBe(
    "4 images: 1 to copy, 1 to overwrite, 1 to skip, 1 unreadable, 2.9 KiB to move, 70 B already there.",
  );
});
