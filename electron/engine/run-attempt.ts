// One attempt at a run's images: copies side by side, each under its sole right, and the deletes behind them.
import { FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import type { RunImage } from "../../shared/run.ts";
import { copyImage } from "./copy-image.ts";
import { type DeleteManners, deleteTags } from "./delete-tags.ts";
import { ImageQueue, type Turn } from "./image-queue.ts";
import type { ImageOutcome } from "./ports.ts";
import type { RunScope } from "./run-scope.ts";
import { WorkerPool } from "./worker-pool.ts";

/** Milliseconds between tries at tags that another run works on, when nothing else is left to delete. */
const deletePause = 500;

export class RunAttempt {
  readonly scope: RunScope;
  readonly #queue: ImageQueue;
  /** Images that were begun and have no outcome yet. */
  readonly #open = new Map<number, RunImage>();
  #failed = 0;
  #settleError: FreightlinerError | null = null;
  /** True where images were left for another time. */
  #interrupted = false;

  constructor(scope: RunScope) {
    this.scope = scope;
    this.#failed = scope.request.run?.tallies.imagesFailed ?? 0;
    this.#queue = new ImageQueue(
      (afterId, limit) => scope.journal.next(afterId, limit),
      () => scope.context.clock.monotonic(),
    );
  }

  get failed(): number {
    return this.#failed;
  }

  /** Why what was written is not where it belongs. */
  get settleError(): FreightlinerError | null {
    return this.#settleError;
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** Resolves when all images are done, or what was under way has been stopped. */
  async work(): Promise<void> {
    const { control } = this.scope.request;
    const pool = new WorkerPool(
      () => this.#parallel(),
      () => this.#copyNext(),
    );
    const unsubscribe = control?.onChange(() => pool.adjust());
    try {
      await pool.run();
      await this.#deleteAll();
      await this.#settle();
    } finally {
      unsubscribe?.();
    }
  }

  /** Gives images that were stopped in the middle back to the journal. */
  putBack(state: "planned" | "cancelled"): void {
    for (const image of this.#open.values()) {
      this.#interrupted = true;
      this.#finish(image, { state, verified: false, destinationDigest: null, error: null });
    }
  }

  #parallel(): number {
    const { control, options } = this.scope.request;
    return Math.max(1, control?.parallelImages ?? options.parallelImages);
  }

  /** False where nothing is left to copy, or the run was stopped. */
  async #copyNext(): Promise<boolean> {
    if (this.#isStopped()) return false;
    const turn = this.#queue.turn();
    if (turn === undefined) return false;
    if (!(await this.#waitFor(turn))) return false;
    const key = this.#keyOf(turn.image);
    if (!this.scope.journal.claim(key)) {
      this.#postpone(turn);
      return true;
    }
    try {
      await this.#copy(turn.image);
    } finally {
      this.scope.journal.unclaim(key);
    }
    return true;
  }

  #isStopped(): boolean {
    if (!this.scope.signal.aborted) return false;
    this.#interrupted ||= !this.#queue.isEmpty;
    return true;
  }

  /** False where the run was stopped meanwhile; the image stays planned then. */
  async #waitFor(turn: Turn): Promise<boolean> {
    const { context, signal } = this.scope;
    if (turn.wait === 0) return true;
    try {
      await context.clock.sleep(turn.wait, signal);
      return true;
    } catch (error) {
      if (!signal.aborted) throw error;
      this.#interrupted = true;
      return false;
    }
  }

  /** Another run works on the reference: what the plan saw there is no longer so. */
  #postpone(turn: Turn): void {
    const { destinationRepository: repository, destinationReference: reference } = turn.image;
    const { host } = this.scope.request.destination;
    if (reference !== null) this.scope.context.sights.forgetTag({ host, repository, reference });
    this.#queue.postpone(turn);
  }

  /** Two runs never write one reference at the same time, whichever process they are in. */
  #keyOf({ destinationRepository, destinationReference }: RunImage): string {
    return `ref:${this.scope.request.destination.host}/${destinationRepository}:${destinationReference}`;
  }

  async #copy(image: RunImage): Promise<void> {
    const { scope } = this;
    this.#begin(image);
    try {
      this.#finish(image, await copyImage(scope, image, scope.signal));
    } catch (thrown) {
      // Stopped: it stays open and is put back. Otherwise the journal would record a failure that is none.
      if (scope.signal.aborted) return;
      this.#fail(image, toFreightlinerError(thrown, "copy-image"));
    } finally {
      scope.progress.imageEnded(image.id);
    }
  }

  /** What is not in its place at the end makes the run fail, though every image was copied; it is kept for the next try. */
  async #settle(): Promise<void> {
    const { destination } = this.scope.request;
    if (destination.settle === undefined || this.#interrupted || this.#isStopped()) return;
    try {
      await destination.settle({ signal: this.scope.signal });
    } catch (thrown) {
      if (this.scope.signal.aborted) this.#interrupted = true;
      else this.#settleError = toFreightlinerError(thrown, "settle").at("destination");
    }
  }

  /** Only what is complete may take something away. */
  async #deleteAll(): Promise<void> {
    const kept = this.#whyAllStays();
    const manners: DeleteManners = { byTag: true };
    while (!this.#isStopped()) {
      const rows = this.#queue.deletes();
      if (rows.length === 0) return;
      if (kept === undefined) await this.#deleteOf(rows, manners);
      else for (const row of rows) this.#finish(row, kept);
    }
  }

  #whyAllStays(): ImageOutcome | undefined {
    const stays = { verified: false, destinationDigest: null } as const;
    if (this.scope.request.options.mirror === null) return { ...stays, state: "skipped", error: null };
    if (this.#failed === 0) return undefined;
    const images = this.#failed === 1 ? "an image" : `${this.#failed} images`;
    const error = new FreightlinerError({
      code: "cancelled",
      operation: "delete-manifest",
      message: `Nothing is deleted while ${images} of this run failed; retry what failed.`,
    });
    return { ...stays, state: "failed", error };
  }

  /** The tags of one repository; those that another run works on come when it has let go of them. */
  async #deleteOf(rows: readonly RunImage[], manners: DeleteManners): Promise<void> {
    const { scope } = this;
    let groups: readonly (readonly RunImage[])[] = [
      ...Map.groupBy(rows, (row) => row.replacesDigest).values(),
    ];
    while (groups.length > 0 && !this.#isStopped()) {
      const claimed = groups.filter((group) => this.#claimAll(group));
      groups = groups.filter((group) => !claimed.includes(group));
      if (claimed.length > 0) await this.#deleteClaimed(claimed.flat(), manners);
      else await scope.context.clock.sleep(deletePause, scope.signal).catch(unlessStopped(scope.signal));
    }
    if (groups.length > 0) this.#interrupted = true;
  }

  /** All or none: tags of one digest can only go together where a registry deletes digests. */
  #claimAll(group: readonly RunImage[]): boolean {
    const { journal } = this.scope;
    const held = group.findIndex((row) => !journal.claim(this.#keyOf(row)));
    if (held < 0) return true;
    for (const row of group.slice(0, held)) journal.unclaim(this.#keyOf(row));
    return false;
  }

  async #deleteClaimed(rows: readonly RunImage[], manners: DeleteManners): Promise<void> {
    const { scope } = this;
    const repository = rows[0]?.destinationRepository ?? "";
    for (const row of rows) this.#begin(row);
    const ended = (row: RunImage, end: ImageOutcome | FreightlinerError): void => {
      if (end instanceof FreightlinerError) this.#fail(row, end);
      else this.#finish(row, end);
      scope.progress.imageEnded(row.id);
    };
    try {
      const parallel = this.#parallel();
      await deleteTags({ scope, repository, rows, parallel, ended }, manners, scope.signal);
    } catch (thrown) {
      // What is open stays open and is put back; only a refused sign-in ends the deletes of a whole repository.
      if (scope.signal.aborted) return;
      if (!(thrown instanceof FreightlinerError) || !isOfCredential(thrown)) throw thrown;
      scope.waitForSignIn(thrown);
    } finally {
      for (const row of rows) scope.journal.unclaim(this.#keyOf(row));
    }
  }

  #begin(image: RunImage): void {
    this.#open.set(image.id, image);
    this.scope.journal.imageStarted(image);
    this.scope.progress.imageStarted(image);
  }

  #fail(image: RunImage, error: FreightlinerError): void {
    if (isOfCredential(error)) this.scope.waitForSignIn(error);
    else this.#finish(image, { state: "failed", verified: false, destinationDigest: null, error });
  }

  #finish(image: RunImage, outcome: ImageOutcome): void {
    this.#open.delete(image.id);
    if (outcome.state === "failed") this.#failed++;
    this.scope.journal.imageFinished(image, outcome);
  }
}

/**
 * R009: what all images would fail with alike, until a person signs in, unlocks the vault, or sees to the helper or file that
 * the credential comes from.
 */
function isOfCredential({ code, operation }: FreightlinerError): boolean {
  if (code === "configuration") return operation === "read-credentials";
  return code === "unauthorized" || code === "locked";
}

function unlessStopped(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}
