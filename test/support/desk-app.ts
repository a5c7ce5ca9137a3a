// An app behind the shell that answers the few calls of the desktop around the window, and tells news as it is told to.
import { directPipe } from "../../electron/app/direct-pipe.ts";
import { ContractClient } from "../../shared/client.ts";
import type { EventData, EventName, ProgressValue } from "../../shared/contract.ts";
import { emptyPlanTotals, emptyRunTallies, type Run, runSchema } from "../../shared/run.ts";
import type { ClientFrame, FramePipe, HostFrame } from "../../shared/wire.ts";

export class DeskAppNews {
  readonly settings: Record<string, unknown> = {};
  readonly runs: Run[] = [];
  /** Methods that the desktop called, beside those that read. */
  readonly asked: string[] = [];
  #host: FramePipe<HostFrame> | undefined;
  #seq = 0;

  connect(): ContractClient {
    const { client, host } = directPipe();
    this.#host = host;
    host.onFrame((frame) => this.#answer(frame as ClientFrame, host));
    return new ContractClient(client);
  }

  tell<E extends EventName>(name: E, data: EventData<E>): void {
    this.#host?.send({ t: "event", seq: ++this.#seq, name, data });
  }
  total(value: ProgressValue | null): void {
    this.#host?.send({ t: "progress", values: [["total", value]] });
  }
  set(key: string, value: unknown): void {
    this.settings[key] = value;
    this.tell("settings.changed", { key, value });
  }

  #answer(frame: ClientFrame, host: FramePipe<HostFrame>): void {
    if (frame.t === "subscribe") host.send({ t: "subscribed", seq: this.#seq, gap: false });
    if (frame.t !== "call") return;
    const value = this.#value(frame.method);
    host.send({ t: "result", id: frame.id, value });
  }
  #value(method: string): unknown {
    if (method === "settings.get") return { settings: this.settings };
    if (method === "runs.list") return { runs: this.runs, total: this.runs.length };
    this.asked.push(method);
    return { runs: 0 };
  }
}

let nextRun = 0;

/** A run between two registries, running for a minute. */
export function deskRun(change: Partial<Run> = {}): Run {
  const id = `01JABCDEFGHJKMNPQRSTVWX${String(nextRun++).padStart(3, "0")}`;
  const end = (name: string) => ({ id: name.toLowerCase(), name, address: `${name.toLowerCase()}:5000` });
  return runSchema.parse({
    id,
    state: "running",
    stateReason: null,
    spec: {
      sourceId: "a",
      destinationId: "b",
      selection: [{ kind: "image", repository: "app", reference: "v1" }],
    },
    source: end("A"),
    destination: end("B"),
    plan: emptyPlanTotals,
    tallies: { ...emptyRunTallies, activeMs: 60_000, imagesSucceeded: 2 },
    error: null,
    createdAt: 1_000 + nextRun,
    priority: 0,
    position: 1,
    jobId: null,
    startedAt: 1_000,
    finishedAt: null,
    ...change,
  });
}
