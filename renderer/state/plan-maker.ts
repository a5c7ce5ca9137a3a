// One planning under way: asks the engine for it, follows it by its events, and tells when it is made or has failed.
import { FreightlinerError, fromWire, toFreightlinerError } from "../../shared/errors.ts";
import type { JobSpec, Run } from "../../shared/run.ts";
import { call } from "../api/client.ts";
import { sourceText } from "../screens/plan/plan-image.ts";
import { useRuns } from "./runs.ts";

export interface Making {
  /** Undefined until the engine has taken it on. */
  readonly run: Run | undefined;
  /** Images found so far, and the newest of them. */
  readonly found: number;
  readonly at: string | undefined;
}

interface Told {
  readonly onMaking: (making: Making | undefined) => void;
  /** The signal ends when another plan is wanted. */
  readonly onPlanned: (run: Run, signal: AbortSignal) => Promise<void>;
  readonly onFailed: (error: FreightlinerError) => void;
}

/** How often the number of images found is asked for while planning; milliseconds. */
const countEvery = 600;

export class PlanMaker {
  readonly #told: Told;
  #wish = new AbortController();
  #making: Making | undefined;
  #counted: string | undefined;

  constructor(told: Told) {
    this.#told = told;
  }

  /** Ends what is under way; a plan that was not made yet is thrown away. */
  stop(): void {
    const run = this.#making?.run;
    if (run !== undefined) void discard(run.id);
    this.forget();
  }

  forget(): void {
    this.#wish.abort();
    this.#wish = new AbortController();
    this.#making = undefined;
  }

  async make(spec: JobSpec): Promise<void> {
    this.stop();
    const { signal } = this.#wish;
    this.#tell({ run: undefined, found: 0, at: undefined });
    try {
      const run = await call("runs.plan", spec);
      // Another plan was wanted, or none, while the call was under way.
      if (signal.aborted) void discard(run.id);
      else {
        this.#tell({ run, found: 0, at: undefined });
        // Its events may have been faster than the answer.
        await this.follow(useRuns.getState().runs.find(({ id }) => id === run.id) ?? run);
      }
    } catch (thrown) {
      if (!signal.aborted) this.#fail(toFreightlinerError(thrown, "runs.plan"));
    }
  }

  /** Takes a new state of the run, where it is the one that is being planned. */
  async follow(run: Run): Promise<void> {
    const { signal } = this.#wish;
    const known = this.#making?.run;
    if (this.#making === undefined || known?.id !== run.id) return;
    const taken = known !== run && known.state === "planned";
    if (taken) return;
    this.#tell({ ...this.#making, run });
    if (run.state === "planning") this.#count(run.id, signal);
    else if (run.state === "planned") {
      await this.#told.onPlanned(run, signal);
      if (!signal.aborted) this.#making = undefined;
    } else this.#fail(run.error === null ? stopped() : fromWire(run.error));
  }

  /** Shows a plan that was made earlier. */
  async adopt(run: Run): Promise<void> {
    this.stop();
    this.#making = { run, found: 0, at: undefined };
    await this.follow(run);
  }

  /** After a gap in the events. */
  async readAgain(): Promise<void> {
    const run = this.#making?.run;
    if (run === undefined) return;
    const { signal } = this.#wish;
    try {
      const now = await call("runs.get", { runId: run.id }, signal);
      await this.follow(now);
    } catch (thrown) {
      if (!signal.aborted) this.#fail(toFreightlinerError(thrown, "runs.get"));
    }
  }

  #fail(error: FreightlinerError): void {
    this.#making = undefined;
    this.#told.onFailed(error);
  }

  #tell(making: Making): void {
    this.#making = making;
    this.#told.onMaking(making);
  }

  /** The engine says only when a plan is finished; until then the rows that are there are counted now and then. */
  #count(runId: string, signal: AbortSignal): void {
    if (this.#counted === runId) return;
    this.#counted = runId;
    const tick = async (): Promise<void> => {
      const making = this.#making;
      if (signal.aborted || making?.run?.id !== runId || making.run.state !== "planning") return;
      // Best effort: the number is a sign of life only.
      const offset = Math.max(0, making.found - 1);
      const page = await call("runs.images", { runId, limit: 1, offset }, signal).catch(() => undefined);
      if (signal.aborted || this.#making?.run?.state !== "planning") return;
      const newest = page?.images.at(-1);
      this.#tell({
        ...this.#making,
        found: page?.total ?? making.found,
        at: newest === undefined ? making.at : sourceText(newest),
      });
      setTimeout(() => void tick(), countEvery);
    };
    setTimeout(() => void tick(), countEvery);
  }
}

function stopped(): FreightlinerError {
  return new FreightlinerError({
    code: "cancelled",
    operation: "runs.plan",
    message: "The planning was cancelled elsewhere.",
  });
}

/** Best effort: a plan that stays is listed under Transfers, where it can be discarded again. */
export async function discard(runId: string): Promise<void> {
  await call("runs.discard", { runId }).catch(() => undefined);
}
