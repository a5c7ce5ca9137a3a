// The order in which runs are listed, and where a queued one goes when it is moved.
import type { Run, RunState } from "../../../shared/run.ts";

/** What works comes first, then the queue as it will be worked on, then what waits for a person. */
const ranks: Readonly<Record<RunState, number>> = {
  running: 0,
  queued: 1,
  paused: 2,
  planning: 3,
  planned: 4,
  failed: 5,
  succeeded: 5,
  cancelled: 5,
};

export function inOrder(runs: readonly Run[]): readonly Run[] {
  return runs.toSorted((a, b) => {
    if (a.state !== b.state && ranks[a.state] !== ranks[b.state]) return ranks[a.state] - ranks[b.state];
    if (a.state === "queued" && b.state === "queued") return byQueue(a, b);
    // What began first is above what followed it, as in the queue.
    if (a.state === "running" && b.state === "running") return (a.startedAt ?? 0) - (b.startedAt ?? 0);
    return a.id < b.id ? 1 : -1;
  });
}

function byQueue(a: Run, b: Run): number {
  return b.priority - a.priority || a.position - b.position || (a.id < b.id ? -1 : 1);
}

export function queueOf(runs: readonly Run[]): readonly Run[] {
  return runs.filter(({ state }) => state === "queued").toSorted(byQueue);
}

export type Move = "up" | "down" | "top" | "bottom";

/** The run that it is put before, null for the end of the queue, undefined where it does not move. */
export function moveBefore(runs: readonly Run[], runId: string, move: Move): string | null | undefined {
  const queue = queueOf(runs);
  const at = queue.findIndex(({ id }) => id === runId);
  const last = queue.length - 1;
  if (at < 0) return undefined;
  switch (move) {
    case "up":
      return at === 0 ? undefined : queue[at - 1]?.id;
    case "top":
      return at === 0 ? undefined : queue[0]?.id;
    case "down":
      return at === last ? undefined : (queue[at + 2]?.id ?? null);
    case "bottom":
      return at === last ? undefined : null;
  }
}

export interface QueueMove {
  readonly runId: string;
  readonly before: string;
}

/** Smallest: the least left to move first. Furthest: the greatest share done first. */
export type QueueRule = "smallest" | "furthest";

const bytesLeft = ({ plan, tallies }: Run): number =>
  Math.max(0, plan.bytesToTransfer - tallies.bytesTransferred);
const shareLeft = (run: Run): number => bytesLeft(run) / Math.max(1, run.plan.bytesToTransfer);

/**
 * The moves that put the queue in that order, one after the other, each a run and the one that it is put before. A run
 * with a higher priority stays before those with a lower one.
 */
export function sortingMoves(runs: readonly Run[], rule: QueueRule): readonly QueueMove[] {
  const left = rule === "smallest" ? bytesLeft : shareLeft;
  return movesTo(queueOf(runs), (a, b) => left(a) - left(b));
}

/** The moves that bring back an order that the queue had; what was queued since then stays behind it. */
export function restoringMoves(runs: readonly Run[], ids: readonly string[]): readonly QueueMove[] {
  const places = new Map(ids.map((id, at) => [id, at]));
  const place = ({ id }: Run): number => places.get(id) ?? ids.length;
  return movesTo(queueOf(runs), (a, b) => place(a) - place(b));
}

function movesTo(queue: readonly Run[], compare: (a: Run, b: Run) => number): readonly QueueMove[] {
  const sorted = queue.toSorted((a, b) => b.priority - a.priority || compare(a, b));
  if (sorted.every((run, at) => run === queue[at])) return [];
  // From the end on: each is put before the one that is in its place already.
  return sorted
    .flatMap((run, at) => {
      const next = sorted[at + 1];
      return next === undefined || next.priority !== run.priority ? [] : [{ runId: run.id, before: next.id }];
    })
    .reverse();
}

/** The same for a run that is dropped on the upper or lower half of another one. */
export function dropBefore(
  runs: readonly Run[],
  runId: string,
  onto: string,
  edge: "top" | "bottom",
): string | null | undefined {
  const queue = queueOf(runs).filter(({ id }) => id !== runId);
  const at = queue.findIndex(({ id }) => id === onto);
  if (at < 0 || runId === onto) return undefined;
  return edge === "top" ? onto : (queue[at + 1]?.id ?? null);
}
