// What a process works on right now, by run: begun, waited for, and stopped for a reason.
import { Stopped, type StopReason } from "../engine/ports.ts";
import type { LiveRunControl } from "./run-control.ts";

export interface Work {
  readonly controller: AbortController;
  /** Resolves when the work has left the run, whatever came of it. */
  readonly done: Promise<void>;
  /** Only of what runs: a plan has nothing to adjust. */
  readonly control?: LiveRunControl | undefined;
}

export interface WorkEnds {
  /** Told of what the work threw, while it still counts. */
  readonly failed: (runId: string, thrown: unknown) => void;
  /** Told when the work does not count any more. */
  readonly ended: () => void;
}

export class ActiveWork {
  readonly #works = new Map<string, Work>();
  readonly #ends: WorkEnds;

  constructor(ends: WorkEnds) {
    this.#ends = ends;
  }

  get size(): number {
    return this.#works.size;
  }
  has(runId: string): boolean {
    return this.#works.has(runId);
  }
  get(runId: string): Work | undefined {
    return this.#works.get(runId);
  }
  entries(): readonly (readonly [string, Work])[] {
    return [...this.#works];
  }

  /** Begins at once. */
  begin(runId: string, task: (signal: AbortSignal) => Promise<void>, control?: LiveRunControl): void {
    const controller = new AbortController();
    const done = task(controller.signal)
      .catch((thrown: unknown) => this.#ends.failed(runId, thrown))
      .finally(() => {
        this.#works.delete(runId);
        this.#ends.ended();
      });
    this.#works.set(runId, { controller, done, control });
  }

  /** Resolves when the run was left; at once where nothing is done for it. */
  async stop(runId: string, reason: StopReason): Promise<void> {
    const work = this.#works.get(runId);
    work?.controller.abort(new Stopped(reason));
    await work?.done;
  }

  async stopAll(reason: StopReason): Promise<void> {
    await Promise.all([...this.#works.keys()].map((runId) => this.stop(runId, reason)));
  }
}
