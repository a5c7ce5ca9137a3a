// Runs that wait for a sign-in go on by themselves when there is one.
import { FreightlinerError } from "../../shared/errors.ts";
import type { Run } from "../../shared/run.ts";
import type { Store } from "../store/store.ts";
import type { Log } from "./log.ts";

export interface SignedInOptions {
  readonly store: Pick<Store, "runs">;
  readonly resume: (runId: string) => void;
  /** False for a command, which runs what it was told to and nothing else. */
  readonly resumes: boolean;
  readonly log: Log;
}

const waitsForSignIn: ReadonlySet<Run["stateReason"]> = new Set(["sign-in-needed", "secrets-locked"]);

export class SignedIn {
  readonly #options: SignedInOptions;
  /** How many sign-ins there were; of each endpoint, the number of its last one. */
  #count = 0;
  readonly #lastOf = new Map<string, number>();
  /** How many there were when a run began. */
  readonly #before = new Map<string, number>();

  constructor(options: SignedInOptions) {
    this.#options = options;
  }

  /** The endpoint has a new sign-in: takes up every run that was paused because the old one did not let it in any more. */
  changed(endpointId: string): void {
    this.#count += 1;
    this.#lastOf.set(endpointId, this.#count);
    for (const run of this.#options.store.runs.open())
      if (endsOf(run).includes(endpointId)) this.#resume(run);
  }

  runStarted(run: Run): void {
    this.#before.set(run.id, this.#count);
  }

  /** One that came while the run was being paused for the lack of it would be missed. */
  runEnded(run: Run): void {
    const before = this.#before.get(run.id) ?? this.#count;
    this.#before.delete(run.id);
    const last = Math.max(...endsOf(run).map((id) => this.#lastOf.get(id) ?? 0));
    // The queue lets go of the run behind this call.
    if (run.stateReason === "sign-in-needed" && last > before) setImmediate(() => this.#resume(run));
  }

  #resume({ id, state, stateReason }: Run): void {
    const { resumes, resume, log } = this.#options;
    if (!resumes || state !== "paused" || !waitsForSignIn.has(stateReason)) return;
    try {
      resume(id);
      log.info({ runId: id }, "a run goes on: there is a new sign-in");
    } catch (thrown) {
      // Another process, or a person, was faster; or the program ends.
      if (!(thrown instanceof FreightlinerError)) throw thrown;
      log.warn({ runId: id, err: thrown }, "a run that waited for a sign-in was not taken up");
    }
  }
}

function endsOf({ spec }: Run): readonly string[] {
  return [spec.sourceId, spec.destinationId];
}
