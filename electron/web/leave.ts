// When the window's process has ended: is the window really gone, and is there nothing left to do?

export interface LeaveRules {
  /** Between two looks. */
  readonly lookMs: number;
  /** Nothing may be connected or running for so long; a reload takes less. */
  readonly graceMs: number;
  /** A browser that already ran takes the page over and its starter ends at once; so long may its page take to connect. */
  readonly handOverMs: number;
}

const defaults: LeaveRules = { lookMs: 250, graceMs: 3_000, handOverMs: 15_000 };

export interface Look {
  readonly handedOver: boolean;
  /** True where no client is connected and no run is active. */
  readonly idle: () => boolean;
  readonly connected: () => boolean;
}

/** Resolves when nobody looks and nothing runs any more. */
export async function windowIsGone(look: Look, rules: Partial<LeaveRules> = {}): Promise<void> {
  const { lookMs, graceMs, handOverMs } = { ...defaults, ...rules };
  let waitedMs = 0;
  while (look.handedOver && !look.connected() && waitedMs < handOverMs) {
    await pause(lookMs);
    waitedMs += lookMs;
  }
  let quietMs = 0;
  while (quietMs < graceMs) {
    await pause(lookMs);
    quietMs = look.idle() ? quietMs + lookMs : 0;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    // The host's own listening socket keeps the process alive; this wait must not, once the host is told to stop.
    setTimeout(resolve, ms).unref();
  });
}
