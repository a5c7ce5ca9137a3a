// A credential that ends: kept, renewed ahead of its end, asked for by one flight for all who wait.
import { FreightlinerError } from "../../../shared/errors.ts";
import { type Credential, isSameCredential } from "../../engine/credential.ts";

/** Milliseconds since 1970. */
type Now = () => number;

export interface RenewingOptions {
  readonly now: Now;
  /** Milliseconds that a question may take in all. */
  readonly deadlineMs: number;
  /** Milliseconds for which a failure is told again without asking. */
  readonly failureKeptMs: number;
}

interface Question extends RenewingOptions {
  /** `Signing in to Amazon ECR`, for the sentence of a deadline. */
  readonly what: string;
  /** Asks the cloud. Must not give anything that has been kept from before. */
  readonly ask: (signal: AbortSignal) => Promise<Credential>;
}

interface Kept {
  readonly credential: Credential;
  readonly askedAt: number;
  /** From then on it is renewed, though it still holds. */
  renewAt: number;
}

interface Flight {
  readonly answer: Promise<Credential>;
  readonly stop: AbortController;
  waiting: number;
}

/** What ends at a time that nobody knows is not kept longer. */
const unknownLifeMs = 5 * 60_000;
/** A renewal ahead of the end that failed is not tried again with every request. */
const nextTryMs = 30_000;
/** Less than this is left: too little to begin a request with. */
const tooLateMs = 15_000;
/** One that is refused though it is newer than that is refused for what it may do; another one may do no more. */
const freshMs = 5000;

export class Renewing {
  readonly #question: Question;
  #kept: Kept | undefined;
  #flight: Flight | undefined;
  #problem: { readonly error: FreightlinerError; readonly at: number } | undefined;

  constructor(question: Question) {
    this.#question = question;
  }

  /** Milliseconds since 1970; null where nothing is kept or its end is not known. */
  get expiresAt(): number | null {
    return this.#kept?.credential.expiresAt ?? null;
  }

  /** Why the last question failed; null where it did not. */
  get problem(): string | null {
    return this.#problem?.error.message ?? null;
  }

  /** @throws what the question throws, `timeout` after its deadline, or the signal's reason. */
  async get(signal: AbortSignal, refused?: Credential): Promise<Credential> {
    signal.throwIfAborted();
    const now = this.#question.now();
    if (refused !== undefined) this.#drop(refused, now);
    const kept = this.#kept;
    if (kept !== undefined && now < kept.renewAt) return kept.credential;
    const failed = this.#problem;
    if (kept === undefined && failed !== undefined && now < failed.at + this.#question.failureKeptMs)
      throw failed.error;
    try {
      return await this.#ask(signal);
    } catch (error) {
      const holds = kept !== undefined && now < (kept.credential.expiresAt ?? 0) - tooLateMs;
      if (!holds || signal.aborted || this.#kept !== kept) throw error;
      // It is still good: the next one tries again, and how it failed stands in `problem`.
      kept.renewAt = now + nextTryMs;
      return kept.credential;
    }
  }

  #drop(refused: Credential, now: number): void {
    const kept = this.#kept;
    if (kept !== undefined && now - kept.askedAt >= freshMs && isSameCredential(kept.credential, refused))
      this.#kept = undefined;
  }

  async #ask(signal: AbortSignal): Promise<Credential> {
    const flight = this.#flight ?? this.#start();
    flight.waiting += 1;
    try {
      return await untilAborted(flight.answer, signal);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0 && this.#flight === flight) {
        this.#flight = undefined;
        flight.stop.abort(signal.reason);
      }
    }
  }

  #start(): Flight {
    const { ask, what, deadlineMs, now } = this.#question;
    const stop = new AbortController();
    const deadline = setTimeout(
      () =>
        stop.abort(
          new FreightlinerError({
            code: "timeout",
            operation: "cloud-sign-in",
            message: `${what} took longer than ${deadlineMs / 1000} seconds.`,
          }),
        ),
      deadlineMs,
    );
    const answer = this.#answer(ask, stop.signal, now).finally(() => {
      clearTimeout(deadline);
      if (this.#flight?.stop === stop) this.#flight = undefined;
    });
    const flight: Flight = { answer, stop, waiting: 0 };
    // Those who wait hear of a failure; where all have left, nobody has to.
    answer.catch(() => undefined);
    this.#flight = flight;
    return flight;
  }

  async #answer(ask: Question["ask"], signal: AbortSignal, now: Now): Promise<Credential> {
    try {
      // Not every part of a cloud's library can be stopped: what it still does then is nobody's.
      const credential = await untilAborted(ask(signal), signal);
      this.#kept = { credential, askedAt: now(), renewAt: renewalOf(credential, now()) };
      this.#problem = undefined;
      return credential;
    } catch (error) {
      if (error instanceof FreightlinerError) this.#problem = { error, at: now() };
      throw error;
    }
  }
}

/** At half of its life, as amazon-ecr-credential-helper does. */
function renewalOf(credential: Credential, now: number): number {
  const { expiresAt } = credential;
  return expiresAt === undefined ? now + unknownLifeMs : now + Math.max((expiresAt - now) / 2, 0);
}

/** Rejects with the signal's reason as soon as it is aborted, whatever the work does. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  return promise;
}
