// The state machines, checked against each other: every order of events stays legal or is refused.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  assertImageTransition,
  assertRunTransition,
  imageStates,
  isFinished,
  type RunState,
  runStates,
} from "../../shared/run.ts";

describe("run states", () => {
  it("end for good only as succeeded", () => {
    const leaves = (from: RunState) => runStates.filter((to) => legal(() => assertRunTransition(from, to)));
    expect(leaves("succeeded")).toEqual([]);
    expect(leaves("planning")).toEqual(["planned", "failed", "cancelled"]);
    expect(leaves("failed")).toEqual(["queued"]);
    expect(runStates.filter(isFinished)).toEqual(["succeeded", "failed", "cancelled"]);
  });
  it("are never reached but by planning, and running only from queued", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...runStates), { maxLength: 30 }), (wishes) => {
        let state: RunState = "planning";
        let seenQueued = false;
        for (const wish of wishes) {
          if (!legal(() => assertRunTransition(state, wish))) continue;
          if (wish === "running") expect(seenQueued && state === "queued").toBe(true);
          seenQueued ||= wish === "queued";
          state = wish;
        }
      }),
    );
  });
  it("name both states where a change is refused", () => {
    expect(() => assertRunTransition("succeeded", "running")).toThrow(
      "A run that is succeeded cannot become running.",
    );
    expect(() => assertImageTransition("succeeded", "planned")).toThrow("image");
    expect(imageStates.filter((to) => legal(() => assertImageTransition("failed", to)))).toEqual(["planned"]);
  });
});

function legal(change: () => void): boolean {
  try {
    change();
    return true;
  } catch {
    return false;
  }
}
