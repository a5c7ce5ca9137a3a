// Notices a body that only drips: deadlines between two pieces never catch one byte a minute.

export interface WatchdogOptions {
  readonly windowMs: number;
  readonly minimumBytesPerSecond: number;
  /** True while it is the network that has to move; time in which our own side is slow does not count. */
  readonly networkIsDue: () => boolean;
  readonly onStall: () => void;
}

/** Looks this often per window. */
const samples = 12;

export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #timer: NodeJS.Timeout;
  #moved = 0;
  #due = 0;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), Math.max(10, options.windowMs / samples));
    this.#timer.unref();
  }

  count(bytes: number): void {
    this.#moved += bytes;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (!this.#options.networkIsDue()) {
      this.#moved = 0;
      this.#due = 0;
      return;
    }
    this.#due += 1;
    if (this.#due < samples) return;
    const enough = (this.#options.minimumBytesPerSecond * this.#options.windowMs) / 1000;
    const stalled = this.#moved < enough;
    this.#moved = 0;
    this.#due = 0;
    if (stalled) {
      this.stop();
      this.#options.onStall();
    }
  }
}
