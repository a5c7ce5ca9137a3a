// Limits of the whole program, kept in the store: applied at once, and the timetable looked at every minute.
import { bandwidthAt, type Limits, limitsSchema } from "../../shared/limits.ts";
import type { Bandwidth } from "../engine/bandwidth.ts";
import type { Store } from "../store/store.ts";
import type { Log } from "./log.ts";

const key = "limits";
const minute = 60_000;

export interface ProgramLimitsOptions {
  readonly settings: Store["settings"];
  readonly bandwidth: Bandwidth;
  /** Local wall time. */
  readonly now: () => Date;
  readonly log: Pick<Log, "error">;
}

export class ProgramLimits {
  readonly #options: ProgramLimitsOptions;
  readonly #listeners = new Set<(limits: Limits) => void>();
  #limits: Limits;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ProgramLimitsOptions) {
    this.#options = options;
    this.#limits = this.#read();
    this.#apply();
  }

  /** Begins to look at the clock; what another process set counts here within a minute, too. */
  open(): void {
    const untilNext = minute - (this.#options.now().getTime() % minute);
    this.#timer = setTimeout(() => {
      this.open();
      try {
        this.#look();
      } catch (thrown) {
        // Nobody catches what a timer throws; what held a minute ago holds for another one.
        this.#options.log.error({ err: thrown }, "looking at the limits failed");
      }
    }, untilNext);
    this.#timer.unref();
  }

  #look(): void {
    const before = this.#limits;
    this.#limits = this.#read();
    this.#apply();
    if (JSON.stringify(before) !== JSON.stringify(this.#limits)) this.#tell();
  }

  get(): Limits {
    return this.#limits;
  }

  get parallelRuns(): number {
    return this.#limits.parallelRuns;
  }

  set(limits: Limits): Limits {
    this.#options.settings.set(key, limits);
    this.#limits = limits;
    this.#apply();
    this.#tell();
    return limits;
  }

  /** Called after a change; returns how to stop that. */
  onChange(listener: (limits: Limits) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  /** What a newer version may have written there is not understood here: then nothing is limited, and the log says so. */
  #read(): Limits {
    const read = limitsSchema.safeParse(this.#options.settings.all()[key] ?? {});
    if (read.success) return read.data;
    this.#options.log.error({ err: read.error }, "the stored limits cannot be read; none are applied");
    return limitsSchema.parse({});
  }

  #apply(): void {
    const { bandwidth, now } = this.#options;
    const at = now();
    const time = { day: at.getDay(), minute: at.getHours() * 60 + at.getMinutes() };
    bandwidth.limitAll(bandwidthAt(this.#limits, time));
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#limits);
  }
}
