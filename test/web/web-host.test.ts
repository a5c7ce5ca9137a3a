// The web host over real sockets: files, sign-in, limits, headers, WebSocket.

import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentLog } from "../../electron/app/log.ts";
import { sessionRules } from "../../electron/web/sessions.ts";
import { sessionEnded } from "../../electron/web/socket-door.ts";
import { startWebHost } from "../../electron/web/web-host.ts";
import { pageKeyHeader, socketProtocols } from "../../shared/page-key.ts";
import {
  ask,
  cookieOf,
  type Entry,
  openedSocket,
  openSocket,
  rendererFolder,
  shown,
  socketOf,
  startTestHost,
  type TestHost,
} from "../support/web-host.ts";

let test: TestHost;
const port = (): number => test.host.port;
const origin = (): string => `http://${test.authority}`;

beforeEach(async () => {
  test = await startTestHost();
});
afterEach(async () => {
  await test.close();
});

const securityHeaders = [
  "content-security-policy",
  "x-content-type-options",
  "x-frame-options",
  "referrer-policy",
  "cross-origin-opener-policy",
  "cross-origin-resource-policy",
  "permissions-policy",
];

describe("files", () => {
  it("serves the page uncached and hashed assets for ever, compressed where wanted", async () => {
    const page = await ask(port());
    expect(page.status).toBe(200);
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["cache-control"]).toBe("no-cache");
    const plain = await ask(port(), { path: "/assets/index-Abcd1234.js" });
    expect(plain.headers["cache-control"]).toContain("immutable");
    expect(plain.headers["content-encoding"]).toBeUndefined();
    const zipped = await ask(port(), {
      path: "/assets/index-Abcd1234.js",
      headers: { "Accept-Encoding": "br, gzip" },
    });
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(zipped.body.length).toBeLessThan(plain.body.length);
    const refused = await ask(port(), {
      path: "/assets/index-Abcd1234.js",
      headers: { "Accept-Encoding": "gzip;q=0" },
    });
    expect(refused.headers["content-encoding"]).toBeUndefined();
  });

  it("answers 304 to a known tag and nothing but headers to HEAD", async () => {
    const page = await ask(port());
    const tag = String(page.headers.etag);
    expect((await ask(port(), { headers: { "If-None-Match": `"x", W/${tag}` } })).status).toBe(304);
    const head = await ask(port(), { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(head.body.length).toBe(0);
    expect(head.headers["content-length"]).toBe(String(page.body.length));
  });

  it.each([
    "/../package.json",
    "/assets/../index.html",
    "/%2e%2e/index.html",
    "/assets%2findex-Abcd1234.js",
    "/assets/index-Abcd1234.js.map",
    "/.vite/license.md",
    "//index.html",
    "/index.html%00",
    "/__proto__",
    "/constructor",
  ])("knows no %s: only exact names exist", async (path) => {
    expect((await ask(port(), { path })).status).toBe(404);
  });

  it("refuses to write files", async () => {
    const answer = await ask(port(), { method: "POST", path: "/index.html", json: {} });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe("GET, HEAD");
  });
});

describe("S003 no other origin gets in", () => {
  it("answers 421 to any other host name, also on the upgrade (DNS rebinding)", async () => {
    for (const Host of [
      "evil.test",
      `evil.test:${port()}`,
      "127.0.0.1",
      `127.0.0.1:${port() + 1}`,
      `0.0.0.0:${port()}`,
    ]) {
      expect((await ask(port(), { headers: { Host } })).status, Host).toBe(421);
      const asked = socketOf(port(), await test.signIn());
      const foreign = { ...asked, headers: { ...asked.headers, Host, Origin: `http://${Host}` } };
      expect(await openSocket(port(), foreign), Host).toBe(421);
    }
  });

  it("answers to its own isolated name", async () => {
    const isolated = new URL(test.host.newLaunchUrl("isolated"));
    expect(isolated.hostname).toMatch(/^fl-[0-9a-f]{16}\.localhost$/);
    expect((await ask(port(), { headers: { Host: isolated.host } })).status).toBe(200);
    expect((await ask(port(), { headers: { Host: `localhost:${port()}` } })).status).toBe(200);
  });

  it("never sends a CORS header and answers OPTIONS with 403", async () => {
    const preflight = await ask(port(), {
      method: "OPTIONS",
      path: "/session",
      headers: { Origin: "http://evil.test", "Access-Control-Request-Method": "POST" },
    });
    expect(preflight.status).toBe(403);
    const page = await ask(port());
    for (const answer of [preflight, page]) {
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it("refuses POST and upgrade without our exact origin", async () => {
    const foreign: (string | undefined)[] = [
      undefined,
      "null",
      "http://evil.test",
      `http://127.0.0.1:${port() + 1}`,
      `http://localhost:${port()}`,
    ];
    const { cookie, key } = await test.signIn();
    for (const Origin of foreign) {
      const headers = { "Content-Type": "application/json", ...(Origin === undefined ? {} : { Origin }) };
      const post = await ask(port(), { method: "POST", path: "/session", headers, body: "{}" });
      expect(post.status, String(Origin)).toBe(403);
      const socket = await openSocket(port(), {
        headers: { Cookie: cookie, ...(Origin === undefined ? {} : { Origin }) },
        protocols: socketProtocols(key),
      });
      expect(socket, String(Origin)).toBe(403);
    }
  });

  it("refuses what the browser says comes from another site, but lets it navigate here", async () => {
    for (const site of ["cross-site", "same-site"]) {
      const read = await ask(port(), { headers: { "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors" } });
      expect(read.status).toBe(403);
      const navigate = { "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" };
      expect((await ask(port(), { headers: navigate })).status).toBe(200);
      const frame = { ...navigate, "Sec-Fetch-Dest": "iframe" };
      expect((await ask(port(), { headers: frame })).status).toBe(403);
      const post = await ask(port(), {
        method: "POST",
        path: "/session",
        json: {},
        headers: { "Sec-Fetch-Site": site },
      });
      expect(post.status).toBe(403);
    }
  });
});

describe("signing in", () => {
  it("exchanges a token once for a cookie that no script can read", async () => {
    const token = test.token();
    const answer = await ask(port(), { method: "POST", path: "/session", json: { token } });
    expect(answer.status).toBe(200);
    const [line = ""] = answer.headers["set-cookie"] ?? [];
    expect(line).toMatch(
      new RegExp(`^__Host-freightliner-${port()}=[\\w-]{43}; Path=/; Secure; HttpOnly; SameSite=Strict$`),
    );
    expect(line).not.toContain(token);
    const again = await ask(port(), { method: "POST", path: "/session", json: { token } });
    expect(again.status).toBe(401);
    expect(again.headers["set-cookie"]).toBeUndefined();
  });

  it("tells whether the cookie is still good, and ends it", async () => {
    const entry = await test.signIn();
    const headers = shown(entry);
    expect((await ask(port(), { path: "/session", headers })).json()).toMatchObject({ signedIn: true });
    expect((await ask(port(), { path: "/session" })).json()).toEqual({ signedIn: false });
    const socket = await openedSocket(test, entry);
    const closed = once(socket, "close");
    await ask(port(), { method: "DELETE", path: "/session", json: {}, headers });
    expect((await closed)[0]).toBe(sessionEnded);
    expect((await ask(port(), { path: "/session", headers })).json()).toEqual({ signedIn: false });
  });

  it("rotates the cookie when the page is loaded again; the key stays", async () => {
    const old = await test.signIn();
    test.clock.now += sessionRules.rotateMs;
    const young = cookieOf(await ask(port(), { path: "/session", headers: shown(old) }));
    expect(young).not.toBe("");
    expect(young).not.toBe(old.cookie);
    const headers = shown({ cookie: young, key: old.key });
    expect((await ask(port(), { path: "/session", headers })).json()).toMatchObject({ signedIn: true });
    test.clock.now += sessionRules.graceMs + 1;
    expect((await ask(port(), { path: "/session", headers: shown(old) })).json()).toEqual({
      signedIn: false,
    });
    expect((await ask(port(), { path: "/session", headers })).json()).toMatchObject({ signedIn: true });
  });

  it("S002 answers 429 with Retry-After after failed attempts, and lets the right token in when the wait is over", async () => {
    const wrong = (): Promise<{ status: number; headers: Record<string, unknown> }> =>
      ask(port(), { method: "POST", path: "/session", json: { token: "A".repeat(43) } });
    for (let i = 0; i < 3; i++) expect((await wrong()).status).toBe(401);
    const locked = await wrong();
    expect(locked.status).toBe(429);
    expect(Number(locked.headers["retry-after"])).toBeGreaterThanOrEqual(1);
    const token = test.token();
    expect((await ask(port(), { method: "POST", path: "/session", json: { token } })).status).toBe(429);
    test.clock.now += 1_001;
    expect((await ask(port(), { method: "POST", path: "/session", json: { token } })).status).toBe(200);
  });

  it("S006 refuses empty and short secrets", async () => {
    for (const token of ["", "a", null, 7, {}, "x".repeat(42)]) {
      test.clock.now += 3_600_000;
      expect((await ask(port(), { method: "POST", path: "/session", json: { token } })).status).toBe(401);
      const nothing = { cookie: `__Host-freightliner-${port()}=`, key: "" };
      expect(await openSocket(port(), socketOf(port(), nothing))).toBe(401);
    }
  });

  it("takes JSON only", async () => {
    const headers = { Origin: origin(), "Content-Type": "text/plain" };
    const form = await ask(port(), { method: "POST", path: "/session", headers, body: "{}" });
    expect(form.status).toBe(415);
    const broken = await ask(port(), {
      method: "POST",
      path: "/session",
      headers: { ...headers, "Content-Type": "application/json; charset=utf-8" },
      body: "{",
    });
    expect(broken.status).toBe(400);
    const list = await ask(port(), { method: "POST", path: "/session", json: [] });
    expect(list.status).toBe(401);
  });
});

describe("half a session", () => {
  /** What somebody holds who has only some of it, or the halves of two; the key may come by either way. */
  const halves = (mine: Entry, other: Entry): readonly (readonly [string, Partial<Entry>])[] => [
    ["a stolen cookie", { cookie: mine.cookie }],
    ["a cookie and a key of nobody", { cookie: mine.cookie, key: "A".repeat(43) }],
    ["a cookie and an empty key", { cookie: mine.cookie, key: "" }],
    ["a cookie and itself as the key", { cookie: mine.cookie, key: mine.cookie.split("=")[1] ?? "" }],
    ["a key", { key: mine.key }],
    ["the key as the cookie, too", { cookie: `__Host-freightliner-${port()}=${mine.key}`, key: mine.key }],
    ["the cookie of one session and the key of another", { cookie: mine.cookie, key: other.key }],
    ["the key of one session and the cookie of another", { cookie: other.cookie, key: mine.key }],
  ];
  const headersOf = ({ cookie, key }: Partial<Entry>): Record<string, string> => ({
    ...(cookie === undefined ? {} : { Cookie: cookie }),
    ...(key === undefined ? {} : { [pageKeyHeader]: key }),
  });

  it("opens no socket, however its key is sent", async () => {
    const [mine, other] = [await test.signIn(), await test.signIn()];
    for (const [what, half] of halves(mine, other)) {
      const headers = { Origin: origin(), ...headersOf(half) };
      const protocols = half.key === undefined || half.key === "" ? [] : socketProtocols(half.key);
      expect(await openSocket(port(), { headers, protocols }), what).toBe(401);
    }
    const { headers } = socketOf(port(), mine);
    // Two keys are none, and a key in a header is no key of a socket.
    const both = ["freightliner", `key.${mine.key}`, `key.${other.key}`];
    expect(await openSocket(port(), { headers, protocols: both })).toBe(401);
    expect(await openSocket(port(), { headers: { ...headers, [pageKeyHeader]: mine.key } })).toBe(401);
    expect(test.app.pipes).toHaveLength(0);
    (await openedSocket(test, mine)).close();
  });

  it("learns nothing of the session, keeps it from no end, renews no cookie and ends nothing", async () => {
    const [mine, other] = [await test.signIn(), await test.signIn()];
    const socket = await openedSocket(test, mine);
    test.clock.now += sessionRules.rotateMs;
    for (const [what, half] of halves(mine, other)) {
      const headers = headersOf(half);
      const told = await ask(port(), { path: "/session", headers });
      expect(told.json(), what).toEqual({ signedIn: false });
      expect(told.headers["set-cookie"], what).toBeUndefined();
      const page = await ask(port(), { headers });
      expect(page.headers["set-cookie"], what).toBeUndefined();
      const end = await ask(port(), { method: "DELETE", path: "/session", json: {}, headers });
      expect(end.status, what).toBe(401);
      expect(end.headers["set-cookie"], what).toBeUndefined();
    }
    expect(socket.readyState).toBe(socket.OPEN);
    const closed = once(socket, "close");
    test.clock.now += sessionRules.idleMs - sessionRules.rotateMs;
    await ask(port(), { path: "/session", headers: shown(mine) });
    expect((await closed)[0]).toBe(sessionEnded);
  });

  it("is all that goes to another server of this machine, and the key is in no answer but the first", async () => {
    const token = test.token();
    const first = await ask(port(), { method: "POST", path: "/session", json: { token } });
    const { key } = first.json() as { key: string };
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(first.headers)).not.toContain(key);
    const entry = { cookie: cookieOf(first), key };
    const asked = socketOf(port(), entry);
    const upgraded = await openSocket(port(), asked);
    if (typeof upgraded === "number") throw new Error(`the socket was refused with ${upgraded}`);
    expect(upgraded.protocol).toBe("freightliner");
    upgraded.close();
    for (const path of ["/", "/session", "/ready", "/metrics", "/none"]) {
      const answer = await ask(port(), { path, headers: shown(entry) });
      expect(JSON.stringify(answer.headers) + answer.body.toString(), path).not.toContain(key);
    }
  });
});

describe("S008 bodies and connections are limited", () => {
  it("refuses a body over 16 KiB, announced or not", async () => {
    const big = "x".repeat(20_000);
    const headers = { Origin: origin(), "Content-Type": "application/json" };
    const announced = await ask(port(), { method: "POST", path: "/session", headers, body: big });
    expect(announced.status).toBe(413);
    const chunked = await ask(port(), {
      method: "POST",
      path: "/session",
      headers: { ...headers, "Transfer-Encoding": "chunked" },
      body: big,
    });
    expect(chunked.status).toBe(413);
  });

  it("answers 431 to huge headers and 400 to what is no HTTP, with the security headers", async () => {
    for (const [bytes, status] of [
      [`GET / HTTP/1.1\r\nX: ${"y".repeat(20_000)}\r\n\r\n`, 431],
      ["hello\r\n\r\n", 400],
    ] as const) {
      const socket = connect(port(), "127.0.0.1");
      socket.end(bytes);
      let text = "";
      for await (const chunk of socket) text += String(chunk);
      expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(text).toContain("Content-Security-Policy:");
    }
  });

  it("ends a request whose headers never arrive", async () => {
    const slow = await startTestHost({ headersMs: 100 });
    const socket = connect(slow.host.port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x");
    let text = "";
    for await (const chunk of socket) text += String(chunk);
    expect(text).toMatch(/^HTTP\/1.1 408 /);
    await slow.close();
  });

  it("P003 sheds with 503 and Retry-After when it is full", async () => {
    const small = await startTestHost({ maxRequests: 0, maxSockets: 0 });
    const answer = await ask(small.host.port);
    expect(answer.status).toBe(503);
    expect(answer.headers["retry-after"]).toBe("1");
    await small.close();
    const one = await startTestHost({ maxSockets: 1 });
    const entry = await one.signIn();
    const socket = await openedSocket(one, entry);
    expect(await openSocket(one.host.port, socketOf(one.host.port, entry))).toBe(503);
    socket.close();
    await once(socket, "close");
    await expect.poll(() => one.host.connections).toBe(0);
    (await openedSocket(one, entry)).close();
    await one.close();
  });
});

describe("S015 security headers", () => {
  it("are on every answer", async () => {
    const answers = [
      await ask(port()),
      await ask(port(), { path: "/nothing" }),
      await ask(port(), { path: "/health" }),
      await ask(port(), { path: "/session" }),
      await ask(port(), { method: "OPTIONS" }),
      await ask(port(), { method: "PATCH", path: "/session", json: {} }),
      await ask(port(), { headers: { Host: "evil.test" } }),
    ];
    for (const { headers, status } of answers) {
      for (const name of securityHeaders) expect(headers, `${name} on ${status}`).toHaveProperty(name);
      expect(headers["content-security-policy"]).toContain("default-src 'none'");
      expect(headers["content-security-policy"]).not.toContain("unsafe");
    }
    expect(answers[0]?.headers["content-security-policy"]).toContain(
      `connect-src 'self' ws://${test.authority}`,
    );
    expect(answers[0]?.headers["x-powered-by"]).toBeUndefined();
  });

  it("never repeat a crooked Host header", async () => {
    const answer = await ask(port(), { headers: { Host: "a; script-src *" } });
    expect(answer.status).toBe(421);
    expect(answer.headers["content-security-policy"]).not.toContain("script-src *");
  });
});

describe("operations", () => {
  it("tells health, readiness and metrics without a session", async () => {
    expect((await ask(port(), { path: "/health" })).json()).toEqual({ status: "live" });
    expect((await ask(port(), { path: "/ready" })).json()).toEqual({
      ready: true,
      checks: { database: "ok" },
    });
    test.app.ready = false;
    expect((await ask(port(), { path: "/ready" })).status).toBe(503);
    const metrics = await ask(port(), { path: "/metrics?x=1" });
    expect(metrics.headers["content-type"]).toMatch(/^text\/plain; version=0.0.4/);
    expect(metrics.body.toString()).toContain("freightliner_runs_active");
    expect((await ask(port(), { method: "HEAD", path: "/metrics" })).body.length).toBe(0);
  });

  it("R001 survives a request that fails, and says nothing of the reason", async () => {
    test.app.fails = true;
    const answer = await ask(port(), { path: "/ready" });
    expect(answer.status).toBe(500);
    expect(answer.body.toString()).not.toContain("disk");
    expect((await ask(port(), { path: "/health" })).status).toBe(200);
  });
});

describe("the socket", () => {
  it("carries frames both ways", async () => {
    const socket = await openedSocket(test, await test.signIn());
    expect(test.host.connections).toBe(1);
    socket.send(JSON.stringify({ t: "call", id: 1, method: "app.hello", params: { a: "ü" } }));
    const [data] = await once(socket, "message");
    expect(JSON.parse(String(data))).toEqual({ t: "result", id: 1, value: { a: "ü" } });
    socket.close();
    await expect.poll(() => test.app.closedPipes).toBe(1);
  });

  it("is refused without a session and at any other path", async () => {
    expect(await openSocket(port(), { headers: { Origin: origin() } })).toBe(401);
    const asked = { ...socketOf(port(), await test.signIn()), path: "/other" };
    expect(await openSocket(port(), asked)).toBe(404);
  });

  it("R001 ends alone when a frame makes something fail", async () => {
    const socket = await openedSocket(test, await test.signIn());
    const closed = once(socket, "close");
    socket.send("null");
    expect((await closed)[0]).toBe(1011);
    expect((await ask(port(), { path: "/health" })).status).toBe(200);
  });

  it("is closed when its session expires (S004)", async () => {
    const entry = await test.signIn();
    const socket = await openedSocket(test, entry);
    const closed = once(socket, "close");
    test.clock.now += sessionRules.idleMs;
    await ask(port(), { path: "/session", headers: shown(entry) });
    expect((await closed)[0]).toBe(sessionEnded);
  });
});

describe("starting and stopping", () => {
  it("says which port is taken", async () => {
    await using folder = await rendererFolder();
    const options = {
      app: test.app,
      rendererFolder: folder.path,
      port: port(),
      log: silentLog,
      now: Date.now,
    };
    await expect(startWebHost(options)).rejects.toThrow(`Port ${port()} on 127.0.0.1 is taken`);
  });

  it("says what is missing where nothing was built", async () => {
    const options = { app: test.app, rendererFolder: "/nowhere", port: 0, log: silentLog, now: Date.now };
    await expect(startWebHost(options)).rejects.toThrow("holds no built renderer");
  });

  it("R004 leaves neither socket nor listener behind", async () => {
    const own = await startTestHost();
    const socket = await openedSocket(own, await own.signIn());
    const idle = connect(own.host.port, "127.0.0.1");
    await once(idle, "connect");
    const ended = Promise.all([once(socket, "close"), once(idle.resume(), "close")]);
    await own.close();
    await ended;
    await expect(ask(own.host.port)).rejects.toThrow("ECONNREFUSED");
  });
});
