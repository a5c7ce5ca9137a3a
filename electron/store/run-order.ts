// The order of the queue: higher priority first, then place, then age; and what can be changed of a run under way.
import { FreightlinerError } from "../../shared/errors.ts";
import { isFinished } from "../../shared/run.ts";
import type { Database } from "./database.ts";
import type { RunParts } from "./run-records.ts";
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
  const all = database.prepare(`SELECT id, state, priority FROM runs WHERE ${placed} ORDER BY ${queueOrder}`);
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

  return (runId, before) =>
    database.write("move-run", () => {
      assertQueued(runId);
      if (before !== null) assertQueued(before);
      const others = all.all().filter((row) => row.id !== runId);
      const at = before === null ? others.length : others.findIndex((row) => row.id === before);
      // `before` is the run itself: it stays where it is.
      if (at === -1) return rows.get(runId);
      const last = others.filter((row) => row.state === "queued").at(-1);
      const priority = Number((before === null ? last : others[at])?.priority ?? rows.get(runId).priority);
      // Numbered anew, so that there is always room between two.
      for (const [index, row] of others.toSpliced(at, 0, { id: runId, priority }).entries())
        place.run([Number(row.priority), index + 1, String(row.id)]);
      return rows.get(runId);
    });
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
