// Bandwidth: limits of everything together, of each host and of each run, changeable in mid-blob, and what really moves.
import type { Clock } from "./ports.ts";
import { TokenBucket } from "./token-bucket.ts";

/** Milliseconds over which a host's speed is measured. */
const speedWindow = 1000;
/**
 * Under a limit a piece is at most so many seconds' worth of bytes, and not below the least: bodies that share a low limit
 * would else wait minutes between two pieces, and registries take that for a connection that is dead.
 */
const pieceSeconds = 1 / 8;
const leastPiece = 8 * 1024;

/** Where bytes of one blob pass: its run, and the hosts at both ends. */
export interface BandwidthUse {
  /** Null for what belongs to no run, as a verification asked for by hand. */
  readonly runId: string | null;
  readonly hosts: readonly string[];
}

export interface BandwidthMeter {
  /** Bytes that should be asked for at once, by the limits as they are now; infinite where there is none. */
  readonly piece: number;
  /**
   * Counts bytes that have arrived and are to go on. Undefined where no limit holds them back (nothing to await, no cost);
   * otherwise wait before the bytes are passed on. Rejects with the signal's reason.
   */
  take(bytes: number, signal: AbortSignal): Promise<void> | undefined;
}

class HostTraffic {
  readonly bucket: TokenBucket;
  bytes = 0;
  #window: { readonly at: number; readonly bytes: number } | undefined;
  #speed = 0;

  constructor(clock: Clock) {
    this.bucket = new TokenBucket(clock);
  }

  count(bytes: number, now: number): void {
    this.bytes += bytes;
    this.#look(now);
  }

  /** Bytes per second over the last second or so. */
  speed(now: number): number {
    this.#look(now);
    return this.#speed;
  }

  #look(now: number): void {
    this.#window ??= { at: now, bytes: this.bytes };
    const elapsed = now - this.#window.at;
    if (elapsed < speedWindow) return;
    this.#speed = ((this.bytes - this.#window.bytes) / elapsed) * 1000;
    this.#window = { at: now, bytes: this.bytes };
  }
}

export class Bandwidth {
  readonly #clock: Clock;
  readonly #all: TokenBucket;
  readonly #hosts = new Map<string, HostTraffic>();
  readonly #runs = new Map<string, TokenBucket>();

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
    this.#all = new TokenBucket(clock);
  }

  /** Bytes per second of everything together; null = no limit. Applied at once, as the two below. */
  limitAll(bytesPerSecond: number | null): void {
    this.#all.setRate(bytesPerSecond);
  }

  /** What goes in and out of a host counts together; a copy inside one host counts once. */
  limitHost(host: string, bytesPerSecond: number | null): void {
    this.#host(host).bucket.setRate(bytesPerSecond);
  }

  /** Null forgets the run; bodies under way go on without limit of their own. */
  limitRun(runId: string, bytesPerSecond: number | null): void {
    if (bytesPerSecond !== null) this.#run(runId).setRate(bytesPerSecond);
    else this.#runs.get(runId)?.setRate(null);
  }

  /** The run is over. */
  forgetRun(runId: string): void {
    this.limitRun(runId, null);
    this.#runs.delete(runId);
  }

  get limitOfAll(): number | null {
    return this.#all.rate;
  }

  limitOf(host: string): number | null {
    return this.#host(host).bucket.rate;
  }

  /** Bytes since the process began. */
  bytesOf(host: string): number {
    return this.#host(host).bytes;
  }

  /** Bytes per second now. */
  speedOf(host: string): number {
    return this.#host(host).speed(this.#clock.monotonic());
  }

  /** A meter of one body; cheap, may be dropped at any time. */
  meter({ runId, hosts: names }: BandwidthUse): BandwidthMeter {
    const hosts = [...new Set(names)].map((name) => this.#host(name));
    const run = runId === null ? undefined : this.#run(runId);
    // The narrowest first: who waits for his own limit does not stand in the others' way.
    const buckets = [...(run === undefined ? [] : [run]), ...hosts.map(({ bucket }) => bucket), this.#all];
    return {
      get piece() {
        return pieceOf(buckets);
      },
      take: (bytes, signal) => {
        const now = this.#clock.monotonic();
        for (const host of hosts) host.count(bytes, now);
        return payAll(buckets, bytes, signal);
      },
    };
  }

  #host(name: string): HostTraffic {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      host = new HostTraffic(this.#clock);
      this.#hosts.set(name, host);
    }
    return host;
  }

  #run(runId: string): TokenBucket {
    let bucket = this.#runs.get(runId);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#clock);
      this.#runs.set(runId, bucket);
    }
    return bucket;
  }
}

function pieceOf(buckets: readonly TokenBucket[]): number {
  let piece = Number.POSITIVE_INFINITY;
  for (const { rate } of buckets)
    if (rate !== null) piece = Math.min(piece, Math.max(leastPiece, Math.floor(rate * pieceSeconds)));
  return piece;
}

/** One bucket after the other; only the first that holds back makes a promise. */
function payAll(
  buckets: readonly TokenBucket[],
  bytes: number,
  signal: AbortSignal,
): Promise<void> | undefined {
  for (const [at, bucket] of buckets.entries()) {
    const held = bucket.take(bytes, signal);
    if (held !== undefined) return held.then(() => payAll(buckets.slice(at + 1), bytes, signal));
  }
  return undefined;
}
