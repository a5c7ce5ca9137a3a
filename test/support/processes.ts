// Runs the built command line (dist/cli/cli.js) as a process of its own: output, exit code, kill, peak memory.
import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { childEnd, endChild, startChild } from "./child.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** The Node that the native parts are built for; the one on the PATH may be another. */
export const nodeBinary = `${root}node_modules/.bin/node`;
export const cliBundle = `${root}dist/cli/cli.js`;

export interface ProcessInput {
  /** The data folder; also the user's home folder, so that nothing of the real one is seen. */
  readonly home: string;
  readonly args: readonly string[];
  /** The script that Node runs; the command line's bundle by default. */
  readonly script?: string;
  /** Added to the environment, e.g. DOCKER_CONFIG. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Largest resident memory seen, in bytes (Linux; 0 elsewhere). */
  readonly peakRss: number;
  readonly ms: number;
}

export interface RunningProcess {
  readonly pid: number;
  /** What it wrote so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Largest resident memory seen so far, in bytes (VmHWM, polled every 50 ms). */
  readonly peakRss: number;
  readonly ended: Promise<ProcessEnd>;
  /** Resolves when the output (both streams) matches; throws where it ends before or after the timeout (20 s). */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL, and waits for the end. */
  kill9(): Promise<void>;
  /** SIGTERM, then SIGKILL after 5 s. */
  stop(): Promise<ProcessEnd>;
}

/** Starts it and returns at once. */
export function startProcess(input: ProcessInput): RunningProcess {
  return new NodeProcess(input);
}

/** Runs it to its end; the exit code is for the caller to judge. */
export function runProcess(input: ProcessInput): Promise<ProcessEnd> {
  return startProcess(input).ended;
}

class NodeProcess implements RunningProcess {
  stdout = "";
  stderr = "";
  peakRss = 0;
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;

  constructor(input: ProcessInput) {
    const began = performance.now();
    this.#child = startChild(nodeBinary, [input.script ?? cliBundle, ...input.args], {
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: input.home,
        FREIGHTLINER_HOME: input.home,
        TZ: "UTC",
        NO_COLOR: "1",
        ...input.env,
      },
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    // A process that ends without reading its input breaks the pipe; its end says what happened.
    this.#child.stdin?.on("error", () => undefined);
    this.#child.stdin?.end(input.input ?? "");
    const poll = setInterval(() => void this.#measure(), 50);
    this.ended = this.#end(began).finally(() => clearInterval(poll));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async #measure(): Promise<void> {
    // Gone in between, or no Linux: what was seen before stands.
    const status = await readFile(`/proc/${this.pid}/status`, "utf8").catch(() => "");
    const found = /^VmHWM:\s+([0-9]+) kB$/m.exec(status);
    this.peakRss = Math.max(this.peakRss, Number(found?.[1] ?? 0) * 1024);
  }

  async #end(began: number): Promise<ProcessEnd> {
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    const { code, signal } = await childEnd(this.#child);
    await closed;
    const { stdout, stderr, peakRss } = this;
    return { code, signal, stdout, stderr, peakRss, ms: performance.now() - began };
  }

  async waitFor(pattern: RegExp, timeoutMs = 20_000): Promise<RegExpExecArray> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (found !== null) return found;
      const over = this.#child.exitCode !== null || this.#child.signalCode !== null;
      if (over || Date.now() > deadline) {
        const why = over ? "the process ended" : `${timeoutMs} ms passed`;
        throw new Error(`No ${pattern} before ${why}:\n${this.stdout}\n${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill9(): Promise<void> {
    await endChild(this.#child, "SIGKILL");
    await this.ended;
  }

  async stop(): Promise<ProcessEnd> {
    await endChild(this.#child);
    return this.ended;
  }
}
