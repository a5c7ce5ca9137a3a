// One contract over every transport: the same calls, errors, cancel, events, gaps and credit on each of them.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CallContext, serveClient } from "../../electron/app/dispatch.ts";
import { EventHub } from "../../electron/app/event-hub.ts";
import { silentLog } from "../../electron/app/log.ts";
import { type ClientListeners, ContractClient } from "../../shared/client.ts";
import type { Api, ProgressValue } from "../../shared/contract.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { ClientFrame, FramePipe } from "../../shared/wire.ts";
import { direct, ipc, type Transport, websocket } from "./transports.ts";

const waiting: { aborted: number } = { aborted: 0 };

const api: Partial<Api<CallContext>> = {
  "settings.get": async () => ({ settings: { text: "ü✓", nested: { a: [1, null] } } }),
  "settings.set": async ({ key, value }) => {
    if (key !== "fail") return {};
    throw new FreightlinerError({
      code: "digest-mismatch",
      side: "source",
      operation: "open-blob",
      message: `expected a, found ${String(value)}`,
      cause: new Error("first", { cause: new Error("second") }),
      status: 502,
    });
  },
  "runs.list": async ({ offset, limit }) => ({ runs: [], total: offset * 1000 + limit }),
  "endpoints.try": (_params, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        waiting.aborted++;
        reject(signal.reason);
      });
    }),
};
const trying = { settings: { kind: "layout" as const, path: "/x" } };

class Heard implements ClientListeners {
  readonly events: string[] = [];
  readonly progress: (readonly [string, ProgressValue | null])[] = [];
  gaps = 0;
  closed = 0;
  onEvent: ClientListeners["onEvent"] = (name, data) =>
    void this.events.push(`${name} ${JSON.stringify(data)}`);
  onProgress: ClientListeners["onProgress"] = (values) => void this.progress.push(...values);
  onGap = (): void => void this.gaps++;
  onClose = (): void => void this.closed++;
}

describe.each([
  ["direct", direct],
  ["websocket", websocket],
  ["electron ipc", ipc],
])("over %s", (_name, start) => {
  let hub: EventHub;
  let transport: Transport;
  let pipe: FramePipe<ClientFrame>;
  let client: ContractClient;

  beforeEach(async () => {
    hub = new EventHub();
    waiting.aborted = 0;
    transport = await start((host) =>
      serveClient(host, { api: api as Api<CallContext>, hub, log: silentLog }),
    );
    pipe = await transport.open();
    client = new ContractClient(pipe);
  });
  afterEach(async () => {
    client.close();
    hub.close();
    await transport.close();
  });

  it("calls with defaults filled in and answers with what was returned", async () => {
    expect(await client.call("settings.get", {})).toEqual({
      settings: { text: "ü✓", nested: { a: [1, null] } },
    });
    expect(await client.call("runs.list", {})).toEqual({ runs: [], total: 500 });
  });

  it("keeps two calls apart", async () => {
    const calls = Array.from({ length: 20 }, (_, offset) => client.call("runs.list", { offset, limit: 7 }));
    expect((await Promise.all(calls)).map((answer) => answer.total)).toEqual(
      Array.from({ length: 20 }, (_, i) => i * 1000 + 7),
    );
  });

  it("carries an error whole: code, side, operation, status, causes", async () => {
    const error = await client.call("settings.set", { key: "fail", value: "b" }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(FreightlinerError);
    expect(error).toMatchObject({
      code: "digest-mismatch",
      side: "source",
      operation: "open-blob",
      status: 502,
      message: "expected a, found b",
    });
    expect(error.cause).toMatchObject({ message: "first", cause: { message: "second" } });
  });

  it("refuses bad parameters by name", async () => {
    await expect(client.call("runs.get", { runId: "nope" })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("runId"),
    });
  });

  it("R003: cancels at both ends within a second", async () => {
    const controller = new AbortController();
    const call = client.call("endpoints.try", trying, controller.signal);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const started = performance.now();
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: "cancelled" });
    await vi.waitFor(() => expect(waiting.aborted).toBe(1));
    expect(performance.now() - started).toBeLessThan(1000);
    await expect(client.call("settings.get", {}, controller.signal)).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  it("ends open calls at both ends when the connection goes", async () => {
    const call = client.call("endpoints.try", trying);
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.close();
    await expect(call).rejects.toMatchObject({ code: "disconnected" });
    await vi.waitFor(() => expect(waiting.aborted).toBe(1));
    await expect(client.call("settings.get", {})).rejects.toMatchObject({ code: "disconnected" });
  });

  it("sends every event, in order", async () => {
    const heard = new Heard();
    client.subscribe(heard);
    await client.call("settings.get", {});
    for (let i = 0; i < 500; i++) hub.emit("endpoint.removed", { id: `e${i}` });
    await vi.waitFor(() => expect(heard.events.length).toBe(500));
    expect(heard.events).toEqual(Array.from({ length: 500 }, (_, i) => `endpoint.removed {"id":"e${i}"}`));
    expect(heard.gaps).toBe(0);
    expect(client.lastSeq).toBe(500);
  });

  it("goes on after a lost connection with what was missed, or tells of the gap", async () => {
    const heard = new Heard();
    client.subscribe(heard);
    await client.call("settings.get", {});
    hub.emit("endpoint.removed", { id: "before" });
    await vi.waitFor(() => expect(heard.events.length).toBe(1));
    client.close();
    expect(heard.closed).toBe(1);
    hub.emit("endpoint.removed", { id: "between" });

    const again = new ContractClient(await transport.open());
    again.lastSeq = client.lastSeq;
    again.subscribe(heard);
    await vi.waitFor(() => expect(heard.events.length).toBe(2));
    expect(heard.gaps).toBe(0);
    again.close();

    for (let i = 0; i < 5000; i++) hub.emit("endpoint.removed", { id: `e${i}` });
    const late = new ContractClient(await transport.open());
    late.lastSeq = client.lastSeq;
    late.subscribe(heard);
    await vi.waitFor(() => expect(heard.gaps).toBe(1));
    late.close();
  });

  it("sends progress only for credit, merged, and forgets keys that are over", async () => {
    const heard = new Heard();
    client.subscribe(heard);
    await client.call("settings.get", {});
    const value = (bytes: number): ProgressValue => ({
      bytes,
      total: 10_000,
      bytesPerSecond: 1,
      secondsLeft: null,
    });
    for (let i = 1; i <= 1000; i++) hub.progress("run:x", value(i));
    await vi.waitFor(() => expect(heard.progress).toContainEqual(["run:x", value(1000)]));
    expect(heard.progress.length).toBeLessThan(5);
    hub.progress("run:x", null);
    await vi.waitFor(() => expect(heard.progress).toContainEqual(["run:x", null]));
    // Both credits of the subscription are used up now.
    hub.progress("run:y", value(1));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(heard.progress.map(([key]) => key)).not.toContain("run:y");
    client.credit(1);
    await vi.waitFor(() => expect(heard.progress.map(([key]) => key)).toContain("run:y"));
  });

  it("R001: a client that talks nonsense is closed, the others go on", async () => {
    const other = await transport.open();
    const closed = new Promise<void>((resolve) => other.onClose(resolve));
    other.send({ t: "call", id: "not a number" } as never);
    await closed;
    expect(await client.call("runs.list", {})).toEqual({ runs: [], total: 500 });
  });
});
