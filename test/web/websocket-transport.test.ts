// The socket pipe against a real peer: bad frames, a peer that does not read, a peer that is gone.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sessionRules } from "../../electron/web/sessions.ts";
import { socketProtocols } from "../../shared/page-key.ts";
import { maxClientFrame } from "../../shared/wire.ts";
import { ask, openedSocket, shown, startTestHost, type TestHost } from "../support/web-host.ts";

let test: TestHost;
beforeEach(async () => {
  test = await startTestHost({ pingMs: 50, maxPending: 1024 * 1024 });
});
afterEach(async () => {
  await test.close();
});

/** A WebSocket client made of bytes, so that it can stop reading and never answers pings. */
async function rawClient(): Promise<Socket> {
  const { cookie, key } = await test.signIn();
  const socket = connect(test.host.port, "127.0.0.1");
  socket.write(
    [
      "GET /ws HTTP/1.1",
      `Host: ${test.authority}`,
      `Origin: http://${test.authority}`,
      `Cookie: ${cookie}`,
      `Sec-WebSocket-Protocol: ${socketProtocols(key).join(", ")}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${Buffer.alloc(16, 1).toString("base64")}`,
      "\r\n",
    ].join("\r\n"),
  );
  const [head] = (await once(socket, "data")) as [Buffer];
  expect(head.toString("latin1")).toMatch(/^HTTP\/1.1 101 /);
  return socket;
}

describe("socketPipe", () => {
  it.each([
    ["binary", Buffer.from("{}"), 1003],
    ["text that is not JSON", "{", 1007],
    ["a frame over the cap", "x".repeat(maxClientFrame + 1), 1009],
  ])("closes a client that sends %s", async (_what, data, code) => {
    const socket = await openedSocket(test, await test.signIn());
    socket.send(data);
    expect((await once(socket, "close"))[0]).toBe(code);
    await expect.poll(() => test.app.closedPipes).toBe(1);
  });

  it("P003 answers with an error what is too long for the line, and the line stays", async () => {
    const socket = await openedSocket(test, await test.signIn());
    const heard: unknown[] = [];
    socket.on("message", (data) => heard.push(JSON.parse(String(data))));
    const [pipe] = test.app.pipes;
    pipe?.send({ t: "result", id: 7, value: "x".repeat(3 * 1024 * 1024) });
    pipe?.send({ t: "result", id: 8, value: "short" });
    await expect.poll(() => heard.length).toBe(2);
    expect(heard).toMatchObject([
      { t: "error", id: 7, error: { code: "unsupported", message: expect.stringContaining("512") } },
      { t: "result", id: 8, value: "short" },
    ]);
    socket.close();
  });

  it("R006 cuts off a client that does not read instead of keeping what waits for it", async () => {
    const socket = await rawClient();
    socket.pause();
    const [pipe] = test.app.pipes;
    const frame = { t: "result" as const, id: 1, value: "x".repeat(256 * 1024) };
    let most = 0;
    for (let i = 0; i < 400 && test.app.closedPipes === 0; i++) {
      pipe?.send(frame);
      most = Math.max(most, pipe?.pending?.() ?? 0);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => test.app.closedPipes).toBe(1);
    expect(most).toBeLessThan(1024 * 1024 + 2 * 256 * 1024);
    pipe?.send(frame);
    expect(pipe?.pending?.()).toBe(0);
    socket.destroy();
  });

  it("ends a connection whose peer answers no ping, and keeps one that does", async () => {
    const silent = await rawClient();
    silent.resume();
    await once(silent, "close");
    const entry = await test.signIn();
    const answering = await openedSocket(test, entry);
    // A window that is only looked at sends nothing, and still its session is in use.
    for (let i = 0; i < 3; i++) {
      test.clock.now += sessionRules.idleMs - 1;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    const session = await ask(test.host.port, { path: "/session", headers: shown(entry) });
    expect(session.json()).toMatchObject({ signedIn: true });
    expect(answering.readyState).toBe(answering.OPEN);
    test.app.pipes.at(-1)?.close();
    await once(answering, "close");
  });
});
