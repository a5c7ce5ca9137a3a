// The order of the queue: higher priority first, then place, then age; and what can be changed of a run under way.
import { FreightlinerError } from "../../shared/errors.ts";
import { isFinished } from "../../shared/run.ts";
import type { Database, Row } from "./database.ts";
import type { RunParts } from "./run-parts.ts";
import type { RunRecords } from "./store.ts";

/** Sorts waiting runs; `id` is last, as ids count up with time. */
export const queueOrder = "priority DESC, position, id";
/** Runs that have a place, or keep it for the time when they wait again. */
const placed = "state IN ('queued', 'running', 'paused')";

/** Puts a run behind all that have a place. To be used inside a write transaction. */
export function placeLast(database: Database): (runId: string) => void {
  const place = database.prepare(
    `UPDATE runs SET position = (SELECT coalesce(max(position), 0) + 1 FROM runs WHERE ${placed}) WHERE id = ?`,
  );
  return (runId) => void place.run([runId]);
}

export function runOrder(parts: RunParts): Pick<RunRecords, "move" | "adjust"> {
  return { move: mover(parts), adjust: adjuster(parts) };
}

function mover({ database, changes, rows }: RunParts): RunRecords["move"] {
  const all = database.prepare(
    `SELECT id, state, priority, position FROM runs WHERE ${placed} ORDER BY ${queueOrder}`,
  );
  const place = database.prepare("UPDATE runs SET priority = ?, position = ? WHERE id = ?");

  function assertQueued(runId: string): void {
    const { state } = changes.state(runId);
    if (state === "queued") return;
    throw new FreightlinerError({
      code: "illegal-transition",
      operation: "move-run",
      message: `The run ${runId} is ${state}; only runs that wait in the queue have a place in it.`,
    });
  }

  /** Between its new neighbours; where there is no room, all of that priority are numbered anew. */
  function placeAmong(runId: string, priority: number, peers: readonly Row[], at: number): readonly string[] {
    const before = positionOf(peers[at - 1]);
    const behind = positionOf(peers[at]);
    const position = between(before, behind);
    if (fits(position, before, behind)) {
      place.run([priority, position, runId]);
      return [runId];
    }
    const ids = peers.map((row) => String(row.id)).toSpliced(at, 0, runId);
    for (const [index, id] of ids.entries()) place.run([priority, index + 1, id]);
    return [runId, ...ids.filter((id) => id !== runId)];
  }

  return (runId, before) =>
    database.write("move-run", () => {
      assertQueued(runId);
      if (before !== null) assertQueued(before);
      if (before === runId) return rows.getAll([runId]);
      const others = all.all().filter((row) => row.id !== runId);
      const goal =
        before === null
          ? others.findLast((row) => row.state === "queued")
          : others.find((row) => row.id === before);
      if (goal === undefined) return rows.getAll([runId]);
      const priority = Number(goal.priority);
      const peers = others.filter((row) => row.priority === goal.priority);
      const at = before === null ? peers.length : peers.indexOf(goal);
      return rows.getAll(placeAmong(runId, priority, peers, at));
    });
}

function positionOf(row: Row | undefined): number | undefined {
  return row === undefined ? undefined : Number(row.position);
}

function between(before: number | undefined, behind: number | undefined): number {
  if (before === undefined) return behind === undefined ? 1 : behind - 1;
  return behind === undefined ? before + 1 : (before + behind) / 2;
}

/** Halving ends somewhere, and runs of the first release all have place 0. */
function fits(
  position: number,
  before = Number.NEGATIVE_INFINITY,
  behind = Number.POSITIVE_INFINITY,
): boolean {
  return before < position && position < behind;
}

function adjuster({ database, changes, rows }: RunParts): RunRecords["adjust"] {
  const setOptions = database.prepare("UPDATE runs SET options = ? WHERE id = ?");
  const setPriority = database.prepare("UPDATE runs SET priority = ? WHERE id = ?");
  return (runId, { priority, parallelImages, bandwidth }) =>
    database.write("adjust-run", () => {
      const { state } = changes.state(runId);
      if (isFinished(state))
        throw new FreightlinerError({
          code: "illegal-transition",
          operation: "adjust-run",
          message: `The run ${runId} is ${state}; only a run that is not over can be adjusted.`,
        });
      const { options } = rows.get(runId).spec;
      const adjusted = {
        ...options,
        ...(parallelImages === undefined ? {} : { parallelImages }),
        ...(bandwidth === undefined ? {} : { bandwidth }),
      };
      setOptions.run([JSON.stringify(adjusted), runId]);
      if (priority !== undefined) setPriority.run([priority, runId]);
      return rows.get(runId);
    });
}
