// A registry of any number of repositories and tags in a process of its own, for benchmarks and for windows over large lists.
import { join } from "node:path";
import { endChild, startChild } from "../test/support/child.ts";

export interface BigRegistryOptions {
  readonly repositories: number;
  /** Tags of each repository. */
  readonly tags: number;
  /** Every so many-th image depends on `variant`, so that two registries differ in it; none by default. */
  readonly differsEvery?: number;
  readonly variant?: string;
  /** Waits so long before each answer, in milliseconds. */
  readonly delayMs?: number;
  readonly referrers?: boolean;
}

export interface BigRegistry {
  /** `127.0.0.1:PORT`, plain HTTP. */
  readonly host: string;
  readonly url: string;
  readonly pid: number;
  /** Requests so far by method and kind, e.g. `{"HEAD manifests": 12}`. */
  counts(): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

/** Starts one and waits until it listens; nothing is written to disk. */
export async function startBigRegistry(options: BigRegistryOptions): Promise<BigRegistry> {
  const { repositories, tags, differsEvery = 0, variant = "", delayMs = 0, referrers = true } = options;
  const child = startChild(process.execPath, [
    join(import.meta.dirname, "big-server.ts"),
    ...["--repositories", String(repositories), "--tags", String(tags)],
    ...["--differs-every", String(differsEvery), "--variant", variant, "--delay-ms", String(delayMs)],
    ...(referrers ? [] : ["--no-referrers"]),
  ]);
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.setEncoding("utf8").once("data", (text: string) => {
      const told = JSON.parse(text) as { port: number };
      resolve(told.port);
    });
    child.once("exit", () => reject(new Error(`The big registry ended at once: ${errors}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    host: `127.0.0.1:${port}`,
    url,
    pid: child.pid ?? 0,
    counts: async () => (await (await fetch(`${url}/counts`)).json()) as Record<string, number>,
    stop: () => endChild(child),
  };
}
