// --events: one JSON object a line on stdout while a run runs.
import type { EventData, EventName, ProgressValue } from "../../shared/contract.ts";
import type { HostStatus } from "../../shared/host.ts";
import { jsonText } from "../../shared/plain-text.ts";
import type { Run, RunImage } from "../../shared/run.ts";
import { errorDocument } from "../app/run-document.ts";
import { destinationName, sourceName } from "../app/run-names.ts";
import type { CliIo } from "./cli-io.ts";
import type { RunListener } from "./run-watch.ts";
import { printDocument } from "./session.ts";

export class EventLines implements RunListener {
  readonly #io: CliIo;
  #run: Run | undefined;
  #state: string | undefined;
  readonly #hosts = new Map<string, string>();

  constructor(io: CliIo) {
    this.#io = io;
  }

  /** From now on the events of this run are printed. */
  follow(run: Run): void {
    this.#run = run;
    this.#runChanged(run);
  }

  onEvent<E extends EventName>(name: E, data: EventData<E>): void {
    if (name === "run.changed") this.#runChanged(data as Run);
    if (name === "image.changed") this.#imageChanged(data as RunImage);
    if (name === "host.changed") this.#hostChanged(data as HostStatus);
  }

  onProgress(values: readonly (readonly [string, ProgressValue | null])[]): void {
    for (const [key, value] of values) {
      if (value === null || key !== `run:${this.#run?.id}`) continue;
      this.line("progress", {
        bytes: value.bytes,
        total: value.total,
        bytes_per_s: Math.round(value.bytesPerSecond),
        seconds_left: value.secondsLeft,
      });
    }
  }

  line(event: string, fields: object): void {
    this.#io.stdout.write(`${jsonText(this.#entry(event, fields))}\n`);
  }

  /** The last line: the run's document. */
  async result(fields: object): Promise<void> {
    await printDocument(this.#io, this.#entry("result", fields), 0);
  }

  #entry(event: string, fields: object): object {
    const time = new Date(this.#io.now()).toISOString();
    return { event, time, run: this.#run?.id ?? null, ...fields };
  }

  /** What was decided about a host: how many requests at once, what is waited for and why. */
  #hostChanged({ host, state, until, limit, reason, quota, failure }: HostStatus): void {
    const news = jsonText([state, limit, reason, quota?.remaining]);
    if (this.#hosts.get(host) === news) return;
    this.#hosts.set(host, news);
    this.line("host", {
      ...{ host, state, reason, requests_at_once: limit },
      until: until === null ? null : new Date(until).toISOString(),
      pulls_left: quota?.remaining ?? null,
      ...(failure === undefined ? {} : { failure }),
    });
  }

  #runChanged(run: Run): void {
    if (run.id !== this.#run?.id || run.state === this.#state) return;
    this.#state = run.state;
    this.#run = run;
    const plan =
      run.state === "planned" ? { images: run.plan.images, bytes_to_transfer: run.plan.bytesToTransfer } : {};
    this.line("run", { state: run.state, ...plan });
  }

  #imageChanged(image: RunImage): void {
    const run = this.#run;
    if (run === undefined || image.runId !== run.id) return;
    this.line("image", {
      source: sourceName(run, image),
      destination: destinationName(run, image),
      digest: image.digest,
      state: image.state,
      bytes: image.bytesTransferred,
      ...(image.error === null ? {} : { error: errorDocument(image.error) }),
    });
  }
}
