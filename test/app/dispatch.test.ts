// The door: unknown methods, bad parameters, too many calls, deadlines, cancel, and frames that are no frames.
import { describe, expect, it, vi } from "vitest";
import { type CallContext, serveClient } from "../../electron/app/dispatch.ts";
import { EventHub } from "../../electron/app/event-hub.ts";
import { silentLog } from "../../electron/app/log.ts";
import { Stopped } from "../../electron/engine/ports.ts";
import type { Api } from "../../shared/contract.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { type FramePipe, type HostFrame, maxCallsInFlight } from "../../shared/wire.ts";

class Wire implements FramePipe<HostFrame> {
  readonly sent: HostFrame[] = [];
  closed = false;
  #onFrame: (frame: unknown) => void = () => {};
  #onClose: () => void = () => {};
  send(frame: HostFrame): void {
    this.sent.push(frame);
  }
  onFrame(listener: (frame: unknown) => void): void {
    this.#onFrame = listener;
  }
  onClose(listener: () => void): void {
    this.#onClose = listener;
  }
  close(): void {
    this.closed = true;
    this.#onClose();
  }
  receive(frame: unknown): void {
    this.#onFrame(frame);
  }
  async answer(id: number): Promise<HostFrame> {
    await vi.waitFor(() => expect(this.sent.some((frame) => "id" in frame && frame.id === id)).toBe(true));
    return this.sent.find((frame) => "id" in frame && frame.id === id) as HostFrame;
  }
}

function serve(api: Partial<Api<CallContext>>): { wire: Wire; hub: EventHub } {
  const wire = new Wire();
  const hub = new EventHub();
  serveClient(wire, { api: api as Api<CallContext>, hub, log: silentLog });
  return { wire, hub };
}

const forever = (_params: unknown, { signal }: CallContext): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe("the one door", () => {
  it("answers a call and parses what it was given", async () => {
    const { wire } = serve({ "settings.get": async () => ({ settings: { a: 1 } }) });
    wire.receive({ t: "call", id: 1, method: "settings.get", params: {} });
    expect(await wire.answer(1)).toEqual({ t: "result", id: 1, value: { settings: { a: 1 } } });
  });

  it.each([
    ["no.such.method", {}, "usage", 'There is no method "no.such.method"'],
    ["constructor", {}, "usage", "There is no method"],
    ["runs.get", { runId: "x" }, "usage", "expected a run id"],
    ["runs.get", undefined, "usage", "runs.get was called with unexpected parameters"],
  ])("refuses %s with %j", async (method, params, code, text) => {
    const { wire } = serve({});
    wire.receive({ t: "call", id: 1, method, params });
    const answer = await wire.answer(1);
    expect(answer.t === "error" && answer.error.code).toBe(code);
    expect(answer.t === "error" && answer.error.message).toContain(text);
  });

  it("keeps code and side of an error, and calls a foreign one internal", async () => {
    const { wire } = serve({
      "settings.get": async () => {
        throw new FreightlinerError({
          code: "unreachable",
          side: "source",
          operation: "ping",
          message: "no",
        });
      },
      "app.hello": async () => {
        throw new Error("bug");
      },
    });
    wire.receive({ t: "call", id: 1, method: "settings.get", params: {} });
    wire.receive({ t: "call", id: 2, method: "app.hello", params: {} });
    expect(await wire.answer(1)).toMatchObject({
      error: { code: "unreachable", side: "source", operation: "ping" },
    });
    expect(await wire.answer(2)).toMatchObject({ error: { code: "internal", message: "bug" } });
  });

  it("R001: a method whose answer breaks the contract does not get through and ends nothing", async () => {
    const { wire } = serve({ "settings.get": async () => ({ wrong: true }) as never, "app.hello": forever });
    wire.receive({ t: "call", id: 1, method: "settings.get", params: {} });
    expect(await wire.answer(1)).toMatchObject({ t: "error", error: { code: "internal" } });
    expect(wire.closed).toBe(false);
  });

  it("R003: cancels a call, and all of them when the client goes", async () => {
    const reasons: unknown[] = [];
    const { wire } = serve({
      "settings.get": (_params, { signal }) => {
        signal.addEventListener("abort", () => reasons.push(signal.reason));
        return new Promise(() => {});
      },
    });
    wire.receive({ t: "call", id: 1, method: "settings.get", params: {} });
    wire.receive({ t: "call", id: 2, method: "settings.get", params: {} });
    wire.receive({ t: "cancel", id: 1 });
    expect(await wire.answer(1)).toMatchObject({ t: "error", error: { code: "cancelled" } });
    wire.close();
    expect(reasons).toEqual([new Stopped("caller"), new Stopped("caller")]);
    expect(wire.sent).toHaveLength(1);
  });

  it("ends a call at the deadline, also one that overlooks its signal", async () => {
    const { wire } = serve({ "settings.get": () => new Promise(() => {}) });
    wire.receive({ t: "call", id: 1, method: "settings.get", params: {}, deadlineMs: 20 });
    expect(await wire.answer(1)).toMatchObject({
      t: "error",
      error: { code: "timeout", message: expect.stringContaining("20 ms") },
    });
  });

  it("P003: answers busy where a client opens too many calls, and refuses a number in use", async () => {
    const { wire } = serve({ "settings.get": forever });
    for (let id = 1; id <= maxCallsInFlight + 1; id++)
      wire.receive({ t: "call", id, method: "settings.get", params: {} });
    expect(await wire.answer(maxCallsInFlight + 1)).toMatchObject({ error: { code: "busy" } });
    wire.receive({ t: "call", id: 1, method: "settings.get", params: {} });
    expect(await wire.answer(1)).toMatchObject({
      error: { code: "usage", message: expect.stringContaining("still in use") },
    });
    wire.close();
  });

  it.each([
    [null],
    ["text"],
    [{ t: "call", id: -1, method: "x" }],
    [{ t: "what" }],
    [{ t: "credit", batches: 1e9 }],
  ])("closes a client that sends %j", (frame) => {
    const { wire } = serve({});
    wire.receive(frame);
    expect(wire.closed).toBe(true);
  });

  it("subscribes once: a second subscription replaces the first", () => {
    const { wire, hub } = serve({});
    wire.receive({ t: "subscribe" });
    wire.receive({ t: "subscribe", since: 0 });
    wire.receive({ t: "credit", batches: 1 });
    expect(hub.clients).toBe(1);
    hub.emit("endpoint.removed", { id: "a" });
    expect(wire.sent.filter((frame) => frame.t === "event")).toHaveLength(1);
    wire.close();
    expect(hub.clients).toBe(0);
  });
});

describe("S004 a client that was closed for an unreadable frame", () => {
  it("is not heard any more, even if its transport still delivers", async () => {
    let calls = 0;
    const { wire, hub } = serve({
      "settings.get": async () => {
        calls++;
        return { settings: {} };
      },
    });
    wire.receive("nonsense");
    wire.receive({ t: "call", id: 1, method: "settings.get", params: {} });
    wire.receive({ t: "subscribe" });
    await new Promise((resolve) => setImmediate(resolve));
    expect({ calls, clients: hub.clients, sent: wire.sent }).toEqual({ calls: 0, clients: 0, sent: [] });
  });
});
