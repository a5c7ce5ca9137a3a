// A running host is asked for another launch address: by Enter at its terminal, or by SIGUSR2 where it has none.

export interface WishSource {
  readonly pid: number;
  readonly platform: NodeJS.Platform;
  readonly stdin: {
    readonly isTTY?: boolean;
    on(name: "data", listener: () => void): unknown;
    off(name: "data", listener: () => void): unknown;
    pause(): unknown;
  };
  on(name: "SIGUSR2", listener: () => void): unknown;
  off(name: "SIGUSR2", listener: () => void): unknown;
}

export function howToWish({ pid, platform, stdin }: WishSource): string {
  if (stdin.isTTY === true) return "Press Enter for another address, Ctrl+C to stop.";
  return platform === "win32"
    ? "Press Ctrl+C to stop."
    : `"kill -USR2 ${pid}" prints another, SIGTERM stops.`;
}

/** Returns how to stop listening; until then a terminal keeps the process alive. */
export function listenForWishes(source: WishSource, give: () => void): () => void {
  const { stdin } = source;
  const terminal = stdin.isTTY === true;
  // Windows knows no such signal.
  const signals = source.platform !== "win32";
  if (terminal) stdin.on("data", give);
  if (signals) source.on("SIGUSR2", give);
  return () => {
    if (signals) source.off("SIGUSR2", give);
    if (!terminal) return;
    stdin.off("data", give);
    stdin.pause();
  };
}
