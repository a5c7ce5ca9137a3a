// The contract's methods for many runs at once: pause and resume all, clear the history, the throughput of the last hour.
import type { Api } from "../../../shared/contract.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { RunState } from "../../../shared/run.ts";
import type { CallContext } from "../dispatch.ts";
import type { Services } from "../services.ts";

type ManyRunsMethods = Pick<
  Api<CallContext>,
  "runs.pauseAll" | "runs.resumeAll" | "runs.clear" | "throughput.get"
>;

export function manyRunsMethods({ store, queue, history, board, clock }: Services): ManyRunsMethods {
  const inState = (state: RunState) => store.runs.open().filter((run) => run.state === state);
  return {
    "runs.pauseAll": async () => {
      // What waits is paused first, or it would take the room of what runs.
      const waiting = inState("queued").map(({ id }) => unlessOver(() => queue.pause(id)));
      const running = inState("running").map(({ id }) => unlessOver(() => queue.pause(id)));
      return { runs: count(await Promise.all([...waiting, ...running])) };
    },
    "runs.resumeAll": async () => {
      const paused = inState("paused").map(({ id }) => unlessOver(async () => queue.resume(id)));
      return { runs: count(await Promise.all(paused)) };
    },
    "runs.clear": async ({ endedBefore, states }, { signal }) => ({
      removed: await history.clear({ before: endedBefore, states }, signal),
    }),
    "throughput.get": async ({ runId }) => {
      const endsAt = clock.now();
      return { endsAt, bytesPerSecond: board.history.read(runId) };
    },
  };
}

/** A run that ended or was changed while the others were asked is none of them. */
async function unlessOver(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof FreightlinerError && ["illegal-transition", "not-found"].includes(error.code))
      return false;
    throw error;
  }
}

function count(done: readonly boolean[]): number {
  return done.filter(Boolean).length;
}
