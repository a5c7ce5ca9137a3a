// The queue as it is listed, and where a run goes when it is moved by key or dropped.
import { expect, it } from "vitest";
import {
  dropBefore,
  inOrder,
  type Move,
  moveBefore,
  queueOf,
  restoringMoves,
  sortingMoves,
} from "../../../../renderer/screens/transfers/run-order.ts";
import type { Run } from "../../../../shared/run.ts";
import { makeRun, runId } from "../run-fixtures.ts";

const queued = (number: number, position: number, priority = 0): Run =>
  makeRun(number, { state: "queued", position, priority });
// Made in the order 1, 2, 3; worked on in the order 4, 2, 1, 3.
const runs = [
  makeRun(9, { state: "succeeded" }),
  queued(4, 40, 5),
  queued(3, 30),
  queued(2, 10),
  queued(1, 20),
  makeRun(8, { state: "paused" }),
  makeRun(7, { startedAt: 5 }),
  makeRun(6, { startedAt: 9 }),
];
const numbers = (list: readonly Run[]): readonly number[] => list.map(({ id }) => Number(id));

it("lists what works, then the queue in its order, then what waits for a person, then what is over", () => {
  expect(numbers(inOrder(runs))).toEqual([7, 6, 4, 2, 1, 3, 8, 9]);
  expect(numbers(queueOf(runs))).toEqual([4, 2, 1, 3]);
});

it("puts a moved run before the right one, and nowhere where it is there already", () => {
  const to = (number: number, move: Move) => {
    const before = moveBefore(runs, runId(number), move);
    return typeof before === "string" ? Number(before) : before;
  };
  expect([to(1, "up"), to(1, "down"), to(2, "down"), to(3, "top"), to(4, "bottom")]).toEqual([
    2,
    null,
    3,
    4,
    null,
  ]);
  expect([to(4, "up"), to(4, "top"), to(3, "down"), to(3, "bottom"), to(7, "up")]).toEqual(
    Array(5).fill(undefined),
  );
});

it("drops a run on the side of another one that the mouse was nearer to", () => {
  expect(dropBefore(runs, runId(3), runId(2), "top")).toBe(runId(2));
  expect(dropBefore(runs, runId(3), runId(2), "bottom")).toBe(runId(1));
  expect(dropBefore(runs, runId(2), runId(3), "bottom")).toBeNull();
  // Below the one above it: that is where it is, and the engine is told the one that follows it.
  expect(dropBefore(runs, runId(2), runId(4), "bottom")).toBe(runId(1));
  expect(dropBefore(runs, runId(2), runId(2), "top")).toBeUndefined();
});

it("sorts the queue by what is left, those of one priority among themselves", () => {
  const sized = (run: Run, bytes: number, moved = 0): Run => ({
    ...run,
    plan: { ...run.plan, bytesToTransfer: bytes },
    tallies: { ...run.tallies, bytesTransferred: moved },
  });
  const sorted = (queue: readonly Run[], rule: "smallest" | "furthest"): readonly number[] => {
    // As the engine moves them: taken out, and put before the other one.
    const ids = queueOf(queue).map(({ id }) => id);
    for (const { runId: moved, before } of sortingMoves(queue, rule)) {
      ids.splice(ids.indexOf(moved), 1);
      ids.splice(ids.indexOf(before), 0, moved);
    }
    return ids.map(Number);
  };
  const queue = [
    sized(queued(1, 10), 900, 850),
    sized(queued(2, 20), 300, 10),
    sized(queued(3, 30), 30),
    sized(queued(4, 40, 5), 5000),
    sized(queued(5, 50, 5), 4000),
  ];
  expect(sorted(queue, "smallest")).toEqual([5, 4, 3, 1, 2]);
  expect(sorted(queue, "furthest")).toEqual([4, 5, 1, 2, 3]);
  expect(sortingMoves(queue.slice(0, 1), "smallest")).toEqual([]);
});

it("brings an order back that was sorted away, with what came since then behind it", () => {
  const order = (queue: readonly Run[]) => queueOf(queue).map(({ id }) => id);
  const after = (queue: readonly Run[], ids: readonly string[]): readonly number[] => {
    const moved = [...order(queue)];
    for (const { runId: id, before } of restoringMoves(queue, ids)) {
      moved.splice(moved.indexOf(id), 1);
      moved.splice(moved.indexOf(before), 0, id);
    }
    return moved.map(Number);
  };
  const now = [queued(1, 30), queued(2, 10), queued(3, 20), queued(4, 40, 5), queued(6, 5), queued(7, 6)];
  // 5 began meanwhile; 6 and 7 were queued.
  expect(after(now, [4, 1, 5, 2, 3].map(runId))).toEqual([4, 1, 2, 3, 6, 7]);
  expect(restoringMoves(now, order(now))).toEqual([]);
});
