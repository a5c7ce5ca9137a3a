// The smoke run: the real page greets the engine over IPC, the database answers, what was found is printed.

export interface SmokeReport {
  readonly ok: boolean;
  /** The page's first `app.hello` was answered over IPC. */
  readonly hello: boolean;
  readonly checks: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string | undefined>>;
}

/** Watches frames until the page's `app.hello` was answered. */
export class HelloWatch {
  readonly #heard = Promise.withResolvers<void>();
  #helloId: number | undefined;

  see(direction: "in" | "out", frame: unknown): void {
    if (typeof frame !== "object" || frame === null) return;
    const { t, id, method } = frame as { t?: unknown; id?: number; method?: unknown };
    if (direction === "in" && t === "call" && method === "app.hello") this.#helloId = id;
    if (direction === "out" && t === "result" && id !== undefined && id === this.#helloId)
      this.#heard.resolve();
  }

  /** True where the answer came before the deadline. */
  async answered(deadlineMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), deadlineMs);
    });
    const inTime = await Promise.race([this.#heard.promise.then(() => true), late]);
    clearTimeout(timer);
    return inTime;
  }
}

export interface SmokeOptions {
  readonly watch: HelloWatch;
  readonly readiness: () => Promise<{
    readonly ready: boolean;
    readonly checks: Readonly<Record<string, string>>;
  }>;
  readonly deadlineMs: number;
}

export async function smoke({ watch, readiness, deadlineMs }: SmokeOptions): Promise<SmokeReport> {
  const hello = await watch.answered(deadlineMs);
  const { ready, checks } = await readiness();
  const { electron, chrome, node, modules } = process.versions;
  return { ok: hello && ready, hello, checks, versions: { electron, chrome, node, modules } };
}
