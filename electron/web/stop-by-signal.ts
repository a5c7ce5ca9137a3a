// SIGINT, SIGTERM and SIGHUP as one request to stop.

export interface SignalSource {
  on(name: string, listener: () => void): unknown;
  exit(code: number): void;
}

/** Aborts at the first signal. Whoever asks twice does not want to wait; the journal holds what is needed to go on. */
export function stopBySignal(source: SignalSource): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    source.on(name, () => {
      if (stop.signal.aborted) source.exit(130);
      stop.abort();
    });
  }
  return stop.signal;
}
