// The app's connection: opens, loses, comes back by itself, and gives up only where a new link is needed.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection } from "../../../renderer/api/client.ts";
import { onGap, onLive } from "../../../renderer/api/live.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { ClientFrame, FramePipe } from "../../../shared/wire.ts";
import { capabilities } from "../screens/scripted-host.ts";

/** A host that answers hello and keeps what it was sent. */
class Host {
  readonly sent: ClientFrame[] = [];
  deliver: (frame: unknown) => void = () => undefined;
  drop: () => void = () => undefined;
  readonly pipe: FramePipe<ClientFrame> = {
    send: (frame) => {
      this.sent.push(frame);
      if (frame.t !== "call" || frame.method !== "app.hello") return;
      queueMicrotask(() => this.deliver({ t: "result", id: frame.id, value: capabilities }));
    },
    onFrame: (listener) => {
      this.deliver = listener;
    },
    onClose: (listener) => {
      this.drop = listener;
    },
    close: () => undefined,
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(0);

describe("Connection", () => {
  it("is open when the host has said what it can do, and subscribes", async () => {
    const host = new Host();
    const connection = new Connection();
    connection.start({ open: () => Promise.resolve(host.pipe) });
    expect(connection.state.kind).toBe("connecting");
    await settle();
    expect(connection.state).toEqual({ kind: "open", capabilities });
    expect(host.sent.map((frame) => frame.t)).toEqual(["subscribe", "credit", "call"]);
  });

  it("refuses calls while it is away, with a code that a screen can show", async () => {
    const connection = new Connection();
    await expect(connection.call("app.hello", {})).rejects.toMatchObject({ code: "disconnected" });
  });

  it("comes back by itself, continues behind the last event, and has everything read again", async () => {
    const hosts: Host[] = [];
    const connection = new Connection();
    let gaps = 0;
    const removed: string[] = [];
    const stops = [onGap(() => gaps++), onLive("endpoint.removed", ({ id }) => removed.push(id))];
    connection.start({
      open: () => {
        const host = new Host();
        hosts.push(host);
        return Promise.resolve(host.pipe);
      },
    });
    await settle();
    hosts[0]?.deliver({ t: "subscribed", seq: 7, gap: false });
    hosts[0]?.deliver({ t: "event", seq: 8, name: "endpoint.removed", data: { id: "a1" } });
    expect(removed).toEqual(["a1"]);
    hosts[0]?.drop();
    expect(connection.state.kind).toBe("lost");
    expect(gaps).toBe(0);
    await vi.advanceTimersByTimeAsync(600);
    expect(hosts).toHaveLength(2);
    expect(hosts[1]?.sent[0]).toEqual({ t: "subscribe", since: 8 });
    expect(connection.state.kind).toBe("open");
    expect(gaps).toBe(1);
    for (const stop of stops) stop();
  });

  it("waits longer after each failure, and not at all when asked", async () => {
    let tries = 0;
    const connection = new Connection();
    connection.start({
      open: () => {
        tries++;
        return Promise.reject(
          new FreightlinerError({ code: "disconnected", operation: "connect", message: "away" }),
        );
      },
    });
    await settle();
    expect(tries).toBe(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(tries).toBe(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(tries).toBe(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(tries).toBe(3);
    connection.retryNow();
    await settle();
    expect(tries).toBe(4);
  });

  it("does not try again where only a new link helps", async () => {
    let tries = 0;
    const connection = new Connection();
    connection.start({
      open: () => {
        tries++;
        return Promise.reject(
          new FreightlinerError({ code: "unauthorized", operation: "sign-in", message: "used" }),
        );
      },
    });
    await settle();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connection.state.kind).toBe("signed-out");
    expect(tries).toBe(1);
  });
});
