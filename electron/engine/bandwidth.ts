// Bandwidth: token buckets for everything together, for each host and for each run, changeable in mid-blob.

/** Where bytes of one blob pass: its run, and the hosts at both ends. */
export interface BandwidthUse {
  /** Null for what belongs to no run, as a verification asked for by hand. */
  readonly runId: string | null;
  readonly hosts: readonly string[];
}

export interface BandwidthMeter {
  /**
   * Counts bytes that have arrived and are to go on. Undefined where no limit holds them back (nothing to await, no cost);
   * otherwise wait before the bytes are passed on. Rejects with the signal's reason.
   */
  take(bytes: number, signal: AbortSignal): Promise<void> | undefined;
}

export class Bandwidth {
  /** A meter of one body; cheap, may be dropped at any time. */
  meter(_use: BandwidthUse): BandwidthMeter {
    return { take: () => undefined };
  }
}
