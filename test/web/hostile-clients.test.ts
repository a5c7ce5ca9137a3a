// Clients of this machine that mean harm: they keep connections, do not read, go on talking when their time is over.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sessionRules } from "../../electron/web/sessions.ts";
import { ask, openedSocket, shown, startTestHost, type TestHost } from "../support/web-host.ts";

let test: TestHost;
beforeEach(async () => {
  test = await startTestHost({ idleMs: 300, lingerMs: 100 });
});
afterEach(async () => {
  await test.close();
});

/** A connection whose own half stays open whatever the host does. */
async function stubborn(text: string): Promise<{ readonly socket: Socket; answer(): string }> {
  let received = "";
  const socket = connect({ port: test.host.port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("data", (chunk) => {
    received += String(chunk);
  });
  // The host may well reset it; that is what the tests are about.
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(text);
  return { socket, answer: () => received };
}

const upgrade = (host: string): string =>
  `GET /ws HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQEBAQEBAQEBAQEBAQEBAQ==\r\n\r\n";

/** Not `once`, which takes the reset that comes before for a failure. */
function closing(socket: Socket): Promise<true> {
  return new Promise((resolve) => socket.on("close", () => resolve(true)));
}

async function isGone(socket: Socket): Promise<boolean> {
  const closed = closing(socket);
  // A half that is open on our side only shows when something is written to it.
  const poke = setInterval(() => socket.write("x"), 20);
  const gone = await Promise.race([
    closed,
    new Promise<boolean>((resolve) => setTimeout(resolve, 2_000, false)),
  ]);
  clearInterval(poke);
  socket.destroy();
  return gone;
}

describe("S008 a client cannot keep a connection for ever", () => {
  it.each([
    ["a refused upgrade", upgrade("evil.test"), 421],
    ["what is no HTTP", "NONSENSE\r\n\r\n", 400],
  ])("drops it after the answer to %s", async (_what, text, status) => {
    const { socket, answer } = await stubborn(text);
    await expect.poll(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(await isGone(socket)).toBe(true);
  });

  it("drops it where the answer is not read, and what waits for it with it", async () => {
    const length = 32 * 1024 * 1024;
    test.app.metrics = async () => "x".repeat(length);
    const { socket, answer } = await stubborn("");
    socket.pause();
    socket.write(`GET /metrics HTTP/1.1\r\nHost: ${test.authority}\r\n\r\n`);
    // Paused, nothing tells this end of the other's; some time later it looks.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const ended = once(socket, "end");
    socket.resume();
    // Either it ends early, or everything comes.
    await Promise.race([
      ended,
      vi.waitUntil(() => answer().length >= length, { timeout: 2_000 }).catch(() => {}),
    ]);
    socket.destroy();
    expect(answer().length).toBeLessThan(length);
    expect((await ask(test.host.port, { path: "/health" })).status).toBe(200);
  });

  it("R004 stops at once even where a refused client stays", async () => {
    const own = await startTestHost({ lingerMs: 100 });
    const socket = connect({ port: own.host.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => undefined);
    socket.write(upgrade("evil.test"));
    await once(socket.resume(), "end");
    const began = performance.now();
    await own.close();
    expect(performance.now() - began).toBeLessThan(1_500);
    socket.destroy();
  });
});

describe("S004 a session that is over", () => {
  it("has no word any more, also where its client does not answer the close", async () => {
    const entry = await test.signIn();
    const socket = await openedSocket(test, entry);
    // Reads nothing, so it never learns that it should go.
    socket.pause();
    test.clock.now += sessionRules.idleMs;
    await ask(test.host.port, { path: "/session", headers: shown(entry) });
    const heard: unknown[] = [];
    test.app.pipes[0]?.onFrame((frame) => heard.push(frame));
    socket.send(JSON.stringify({ t: "call", id: 1, method: "app.hello", params: {} }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(heard).toEqual([]);
    await expect.poll(() => test.app.closedPipes, { timeout: 2_000 }).toBe(1);
    socket.terminate();
  });
});
