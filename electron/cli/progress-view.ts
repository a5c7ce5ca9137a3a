// Human progress on stderr: bars that are redrawn in place on a terminal, one line every few seconds without one.
import { styleText } from "node:util";
import { type ProgressValue, progressKey } from "../../shared/contract.ts";
import type { HostStatus } from "../../shared/host.ts";
import { plainText } from "../../shared/plain-text.ts";
import { fraction } from "../../shared/progress.ts";
import type { RunImage } from "../../shared/run.ts";
import { formatBytes, formatSpeed, formatTimeLeft } from "../../shared/units.ts";
import type { Output } from "./cli-io.ts";

/** Milliseconds between two lines where there is no terminal. */
const lineEveryMs = 5_000;
/** Images that are shown at once on a terminal. */
const shownImages = 6;
/** Columns of a bar, on a terminal that has room for it and on a narrow one. */
const barWidths = { wide: 24, narrow: 12 };
const csi = "\u001b[";
/** Our own colours; names are cleaned of any other. */
const colourCode = /(\p{Cc}\[\d+m)/u;

export interface ProgressView {
  image(image: RunImage): void;
  progress(values: readonly (readonly [string, ProgressValue | null])[]): void;
  /** Remembers a host that is waited for, so that a run which stands still says why. */
  host(status: HostStatus): void;
  /** Says what is being done where there are no bytes yet. */
  phase(text: string): void;
  /** Takes the bars away; nothing is drawn afterwards. */
  end(): void;
}

export interface ProgressViewOptions {
  readonly output: Output;
  readonly colour: boolean;
  readonly quiet: boolean;
  readonly now: () => number;
}

const silent: ProgressView = {
  image: () => {},
  progress: () => {},
  host: () => {},
  phase: () => {},
  end: () => {},
};

export function createProgressView(options: ProgressViewOptions): ProgressView {
  if (options.quiet) return silent;
  return options.output.isTTY ? new Bars(options) : new Lines(options);
}

/** `12.0 MiB of 40.0 MiB  3.1 MiB/s  a few seconds left` */
export function progressText(value: ProgressValue): string {
  const left = value.secondsLeft ?? undefined;
  const time =
    value.bytes >= value.total ? "" : `, ${formatTimeLeft(left)}${left === undefined ? "" : " left"}`;
  return `${formatBytes(value.bytes)} of ${formatBytes(value.total)}, ${formatSpeed(value.bytesPerSecond)}${time}`;
}

export function bar(value: ProgressValue, width: number): string {
  const filled = Math.floor((fraction(value.bytes, value.total) ?? 0) * width);
  return `${"█".repeat(filled)}${"░".repeat(width - filled)}`;
}

/**
 * `Waiting for hub.example until 14:02:07: It asks for 30 s of rest.`, or where it does not answer
 * `Waiting for hub.example: connection refused; next try in 12 s`.
 */
export function waitText({ host, until, reason, failure }: HostStatus, now: number): string {
  if (failure !== undefined) {
    const left = until === null ? 0 : Math.ceil((until - now) / 1000);
    return plainText(`Waiting for ${host}: ${failure}; ${left > 0 ? `next try in ${left} s` : "trying now"}`);
  }
  const time = until === null ? "" : ` until ${new Date(until).toTimeString().slice(0, 8)}`;
  return plainText(`Waiting for ${host}${time}${reason === null ? "." : `: ${reason}`}`);
}

abstract class View {
  protected readonly values = new Map<string, ProgressValue>();
  protected readonly images = new Map<number, RunImage>();
  readonly #waitedFor = new Map<string, HostStatus>();
  protected readonly options: ProgressViewOptions;
  protected done = 0;
  protected failed = 0;
  protected text = "";
  readonly #over = new Set<number>();

  constructor(options: ProgressViewOptions) {
    this.options = options;
  }

  image(image: RunImage): void {
    if (image.state === "running") {
      this.images.set(image.id, image);
      this.#over.delete(image.id);
    } else {
      this.images.delete(image.id);
      if (image.state !== "planned" && !this.#over.has(image.id)) {
        this.#over.add(image.id);
        if (image.state === "failed") this.failed++;
        else this.done++;
      }
    }
    this.changed();
  }

  progress(values: readonly (readonly [string, ProgressValue | null])[]): void {
    for (const [key, value] of values) {
      if (value === null) this.values.delete(key);
      else if (key.startsWith("run:") || key.startsWith("image:")) this.values.set(key, value);
    }
    this.changed();
  }

  host(status: HostStatus): void {
    if (status.state === "ok") this.#waitedFor.delete(status.host);
    else this.#waitedFor.set(status.host, status);
    this.changed();
  }

  phase(text: string): void {
    this.text = plainText(text);
    this.changed();
  }

  /** One sentence for each host that nothing is sent to for the moment. */
  protected waits(): string[] {
    const now = this.options.now();
    return [...this.#waitedFor.values()].map((status) => waitText(status, now));
  }

  protected totals(): string {
    const failed = this.failed > 0 ? `, ${this.failed} failed` : "";
    return `${this.done} done${failed}`;
  }
  protected runValue(): ProgressValue | undefined {
    for (const [key, value] of this.values) if (key.startsWith("run:")) return value;
    return undefined;
  }
  protected abstract changed(): void;
}

class Lines extends View implements ProgressView {
  #lastAt: number | undefined;
  #lastLine = "";
  readonly #timer: NodeJS.Timeout;

  constructor(options: ProgressViewOptions) {
    super(options);
    this.#timer = setInterval(() => this.#write(), lineEveryMs);
    this.#timer.unref();
  }

  override phase(text: string): void {
    super.phase(text);
    this.options.output.write(`${this.text}\n`);
    this.#lastAt = this.options.now();
  }
  protected changed(): void {
    const now = this.options.now();
    this.#lastAt ??= now;
    if (now - this.#lastAt >= lineEveryMs) this.#write();
  }
  end(): void {
    clearInterval(this.#timer);
  }
  #write(): void {
    this.#lastAt = this.options.now();
    const value = this.runValue();
    const progress = value === undefined ? this.text : `${progressText(value)}; ${this.totals()}`;
    const line = [progress, ...this.waits()].join("\n");
    if (line === "" || line === this.#lastLine) return;
    this.#lastLine = line;
    this.options.output.write(`${line}\n`);
  }
}

class Bars extends View implements ProgressView {
  #drawnLines = 0;
  #ended = false;

  protected changed(): void {
    if (this.#ended) return;
    const lines = this.#lines();
    // One write a frame: back to the first line, each line cleared behind its end, the rest cleared. Nothing flickers.
    const back = this.#drawnLines > 0 ? `${csi}${this.#drawnLines}A` : "";
    const body = lines.map((line) => `${line}${csi}K\n`).join("");
    this.options.output.write(`\r${back}${body}${csi}J`);
    this.#drawnLines = lines.length;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#drawnLines > 0) this.options.output.write(`\r${csi}${this.#drawnLines}A${csi}J`);
  }

  #lines(): string[] {
    const running = [...this.images.values()];
    const lines = running.slice(0, shownImages).map((image) => this.#imageLine(image));
    const more = running.length - lines.length;
    const value = this.runValue();
    const total =
      value === undefined
        ? this.text
        : `${this.#style("green", bar(value, this.options.output.columns < 100 ? barWidths.narrow : barWidths.wide))} ${progressText(value)}; ${this.totals()}`;
    const all = [...lines, ...(more > 0 ? [`  and ${more} more`] : []), ...this.waits(), total];
    return all.map((line) => this.#fit(line));
  }

  #imageLine(image: RunImage): string {
    const name = plainText(`${image.sourceRepository}:${image.sourceReference ?? ""}`);
    const value = this.values.get(progressKey.image(image.runId, image.id));
    const width = Math.max(10, Math.min(40, this.options.output.columns - 60));
    const shown = name.length > width ? `…${name.slice(1 - width)}` : name.padEnd(width);
    if (value === undefined) return `  ${shown}`;
    return `  ${shown} ${this.#style("cyan", bar(value, barWidths.narrow))} ${formatBytes(value.bytes)} of ${formatBytes(value.total)}`;
  }

  #style(format: "green" | "cyan", text: string): string {
    return this.options.colour ? styleText(format, text, { validateStream: false }) : text;
  }

  /** A line that wraps would break the way back; colours take no columns. */
  #fit(line: string): string {
    const limit = this.options.output.columns - 1;
    const parts = line.split(colourCode);
    let room = limit;
    return parts
      .map((part) => {
        if (part.startsWith(csi)) return part;
        const shown = part.slice(0, Math.max(0, room));
        room -= part.length;
        return shown;
      })
      .join("");
  }
}
