// How the command's process ends: asked by a signal, without a reader, by an error nobody caught; never before its output is out.

/** The parts of the process that this needs, so that a test can bring its own. */
export interface EndSource {
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  on(event: string, listener: (value: unknown) => void): unknown;
  off(event: string, listener: (value: unknown) => void): unknown;
  exit(code?: number): void;
}

export interface OutStream {
  readonly destroyed: boolean;
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
  /** Calls back when everything before it has left the process, or never will. */
  write(text: string, done: () => void): unknown;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Milliseconds for an orderly end after an error that nobody caught. */
const lastWordsMs = 3_000;

export class ProcessEnd {
  readonly #source: EndSource;
  readonly #stops = new Set<() => void>();
  readonly #stopsWithoutReader = new Set<() => void>();
  #asked = false;
  #failed = false;
  #readerIsGone = false;

  constructor(source: EndSource) {
    this.#source = source;
    for (const signal of signals) source.on(signal, () => this.#stopBySignal());
    source.stdout.on("error", (error) => this.#readerGone(error));
    // Progress that nobody sees is no reason to stop, and the error must not become an uncaught one.
    source.stderr.on("error", () => undefined);
  }

  /** Calls the listener when the process is asked to stop; returns how to stop listening. */
  onSignal(listener: () => void): () => void {
    this.#stops.add(listener);
    return () => this.#stops.delete(listener);
  }

  /** Calls the listener when nobody reads stdout any more. Without one the command just ends: `ls … | head` is no error. */
  onReaderGone(listener: () => void): () => void {
    this.#stopsWithoutReader.add(listener);
    return () => this.#stopsWithoutReader.delete(listener);
  }

  /** An error that nobody caught: it is told, what runs comes to rest, and the exit code is 1. */
  catchUncaught(tell: (error: unknown) => void): void {
    const handle = (error: unknown): void => {
      tell(error);
      if (this.#failed) return;
      this.#failed = true;
      const listeners = [...this.#stops];
      if (listeners.length === 0) this.#source.exit(1);
      for (const stop of listeners) stop();
      setTimeout(() => this.#source.exit(1), lastWordsMs).unref();
    };
    this.#source.on("uncaughtException", handle);
    this.#source.on("unhandledRejection", handle);
  }

  /** The code to end with, whatever the command made of it. */
  codeOf(code: number): number {
    return this.#failed ? 1 : code;
  }

  /** Resolves when all output has left the process, however slow its reader is. */
  async flush(): Promise<void> {
    const { stdout, stderr } = this.#source;
    await Promise.all([stdout, stderr].map(written));
  }

  /** Whoever asks twice does not want to wait; the journal holds what is needed to go on. */
  #stopBySignal(): void {
    if (this.#asked || this.#stops.size === 0) this.#source.exit(130);
    this.#asked = true;
    for (const stop of [...this.#stops]) stop();
  }

  #readerGone(error: NodeJS.ErrnoException): void {
    if (error.code !== "EPIPE") {
      this.#source.exit(1);
      return;
    }
    // Every further line fails as well; what comes to rest meanwhile decides the code.
    if (this.#readerIsGone) return;
    this.#readerIsGone = true;
    const listeners = [...this.#stopsWithoutReader];
    for (const stop of listeners) stop();
    // Behind the work the command ends by itself and with its own code.
    if (listeners.length === 0 && this.#stops.size > 0) this.#source.exit(0);
  }
}

function written(stream: OutStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write("", resolve);
  });
}
