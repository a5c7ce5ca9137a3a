// Deadlines, network failures, TLS, schemes, the log and orderly closing, on real sockets.

import { writeFile } from "node:fs/promises";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { Http } from "../../electron/registry/http.ts";
import { defaultDeadlines } from "../../electron/registry/limits.ts";
import { systemCodeOf, toNetworkError } from "../../electron/registry/network-error.ts";
import type { RequestLogEntry } from "../../electron/registry/redact.ts";
import type { Registry } from "../../electron/registry/registry.ts";
import { freePort, runCommand } from "../support/child.ts";
import { tempFolder } from "../support/temp.ts";
import { describeBytes, emptyImage, streamOf } from "./samples.ts";
import { afterwards, collect, json, options, registryFor, serve } from "./scripted-server.ts";

const blob = describeBytes(Buffer.alloc(5000, 1));

/** A TCP listener that does with its sockets what a test wants; HTTP never comes to pass. */
async function listen(onData: (socket: import("node:net").Socket) => void): Promise<string> {
  const sockets = new Set<import("node:net").Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => onData(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterwards(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

describe("failures of the network", () => {
  it("names host and port that refuse, and a host name that does not exist", async () => {
    const port = await freePort();
    await expect(registryFor(`127.0.0.1:${port}`).getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "unreachable",
      retryable: true,
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    await expect(
      registryFor("no-such-host.invalid").getManifest("app", "v1", options()),
    ).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("no-such-host.invalid:80"),
    });
  });

  it("names a connection that breaks and an answer that is no HTTP", async () => {
    const broken = await listen((socket) => socket.destroy());
    await expect(registryFor(broken).getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "unreachable",
    });
    const other = await listen((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
    await expect(registryFor(other).getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "protocol",
    });
  });

  it("S013 gives up on headers and bodies that do not come, and on bodies that drip", async () => {
    const silent = await serve(() => {});
    await expect(
      registryFor(silent.host, { deadlines: { headersMs: 100 } }).getManifest("app", "v1", options()),
    ).rejects.toMatchObject({ code: "timeout", retryable: true });

    const stalling = await serve((request, response) => {
      if (request.url === "/v2/") json(response, 200, {});
      else response.writeHead(200, { "content-length": "5000" }).write("x");
    });
    const idle = registryFor(stalling.host, { deadlines: { idleBodyMs: 100 } });
    const { body } = await idle.openBlob("app", blob, options());
    await expect(collectBytes(body)).rejects.toMatchObject({ code: "timeout" });
    const slow = registryFor(stalling.host, { deadlines: { smallBodyMs: 100 } });
    await expect(slow.getManifest("app", "v1", options())).rejects.toMatchObject({ code: "timeout" });

    const dripping = await serve((request, response) => {
      if (request.url === "/v2/") {
        json(response, 200, {});
        return;
      }
      response.writeHead(200, { "content-length": "5000" });
      const drip = setInterval(() => response.write("x"), 20);
      response.once("close", () => clearInterval(drip));
    });
    const watched = registryFor(dripping.host, { deadlines: { throughputWindowMs: 240 } });
    await expect(collectBytes((await watched.openBlob("app", blob, options())).body)).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringContaining("1024 bytes a second"),
    });
  });

  it("S013 gives up on an upload that the registry does not take", async () => {
    const server = await serve((request, response) => {
      if (request.method === "POST") response.writeHead(202, { location: "/u" }).end();
      else if (request.method === "PUT") request.pause();
      else json(response, 200, {});
    });
    const size = 64 * 1024 * 1024;
    const chunks = Array.from({ length: size / 1_048_576 }, () => Buffer.alloc(1_048_576));
    const registry = registryFor(server.host, { deadlines: { throughputWindowMs: 240 } });
    await expect(
      registry.putBlob("app", { ...blob, size }, streamOf(...chunks), options()),
    ).rejects.toMatchObject({ code: "timeout" });
  });

  it("refuses headers without end", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { "x-big": "y".repeat(20_000) }).end();
    });
    await expect(registryFor(server.host).getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "too-large",
    });
  });

  it("stops within a second while it connects, waits for headers, or waits for a free connection", async () => {
    const silent = await serve((request, response) => {
      if (request.url === "/v2/") json(response, 200, {});
    });
    const registry = registryFor(silent.host, { settings: { connections: 1 } });
    const reason = new Error("stopped");
    const stop = new AbortController();
    const waiting = [1, 2, 3].map(() => registry.getManifest("app", "v1", { signal: stop.signal }));
    await sleep(50);
    const began = performance.now();
    stop.abort(reason);
    for (const one of waiting) await expect(one).rejects.toBe(reason);
    expect(performance.now() - began).toBeLessThan(1_000);
    await expect(registry.getManifest("app", "v1", { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });

  it("maps what is thrown by its code", () => {
    const request = {
      url: new URL("https://reg.example/v2/"),
      operation: "x",
      signal: new AbortController().signal,
    };
    const codeOf = (code: string) => toNetworkError(Object.assign(new Error("m"), { code }), request);
    expect(codeOf("EHOSTUNREACH")).toMatchObject({ code: "unreachable" });
    expect(codeOf("UND_ERR_CONNECT_TIMEOUT")).toMatchObject({ code: "timeout" });
    expect(codeOf("CERT_HAS_EXPIRED")).toMatchObject({ code: "tls" });
    expect(codeOf("ERR_TLS_CERT_ALTNAME_INVALID")).toMatchObject({ code: "tls" });
    expect(codeOf("UND_ERR_DESTROYED")).toMatchObject({ code: "cancelled" });
    expect(codeOf("UND_ERR_RES_CONTENT_LENGTH_MISMATCH")).toMatchObject({ code: "size-mismatch" });
    expect(codeOf("HPE_INVALID_CONSTANT")).toMatchObject({ code: "protocol" });
    expect(codeOf("E_WHAT")).toMatchObject({ code: "internal" });
    expect(toNetworkError("text", request)).toMatchObject({ code: "internal" });
    const many = new AggregateError([Object.assign(new Error("refused"), { code: "ECONNREFUSED" })], "");
    expect(systemCodeOf(many)).toBe("ECONNREFUSED");
    expect(toNetworkError(many, request)).toMatchObject({
      code: "unreachable",
      message: "reg.example:443 cannot be reached: nothing accepts connections there (ECONNREFUSED).",
    });
    // What there are no words of ours for keeps its own.
    expect(codeOf("CERT_HAS_EXPIRED").message).toContain("its certificate has expired (CERT_HAS_EXPIRED)");
    expect(codeOf("CERT_SIGNATURE_FAILURE").message).toContain(": m (CERT_SIGNATURE_FAILURE)");
  });
});

async function collectBytes(body: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const chunk of body) size += chunk.length;
  return size;
}

describe("schemes and certificates", () => {
  let certificate: { readonly key: string; readonly cert: string; readonly file: string };
  beforeAll(async () => {
    const folder = await tempFolder("tls");
    const made = await runCommand("openssl", [
      ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test".split(
        " ",
      ),
      ...["-keyout", "-", "-out", "-", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
    ]);
    const text = made.stdout.toString("utf8");
    const part = (label: RegExp) => label.exec(text)?.[0] ?? "";
    const key = part(/-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----/);
    const cert = part(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/);
    const file = join(folder.path, "ca.pem");
    await writeFile(file, cert);
    certificate = { key, cert, file };
    return () => folder.remove();
  });
  const list = (registry: Registry) => collect(registry.listTags("app", options()));

  it("falls back to plain http on loopback only where there is no TLS, once", async () => {
    const plain = await serve((_request, response) => json(response, 200, { tags: ["v1"] }));
    const registry = registryFor(plain.host, { settings: { plainHttp: "auto" } });
    await Promise.all([list(registry), list(registry), list(registry)]);
    expect(plain.count("GET", "/v2/")).toBe(1);
    await expect(list(registryFor(plain.host, { settings: { plainHttp: "never" } }))).rejects.toMatchObject({
      code: "tls",
    });
    const port = await freePort();
    await expect(
      list(registryFor(`localhost:${port}`, { settings: { plainHttp: "auto" } })),
    ).rejects.toMatchObject({ code: "unreachable", message: expect.stringContaining(`localhost:${port}`) });
  });

  it("does not fall back for a certificate, and trusts by file or by explicit choice", async () => {
    const secure = await serve((_request, response) => json(response, 200, { tags: ["v1"] }), certificate);
    const settings = { plainHttp: "auto" } as const;
    await expect(list(registryFor(secure.host, { settings }))).rejects.toMatchObject({
      code: "tls",
      retryable: false,
      message: expect.stringContaining(secure.host),
    });
    expect(secure.asked).toEqual([]);
    expect(
      await list(registryFor(secure.host, { settings: { ...settings, caFile: certificate.file } })),
    ).toEqual(["v1"]);
    expect(
      await list(registryFor(secure.host, { settings: { ...settings, insecureSkipVerify: true } })),
    ).toEqual(["v1"]);
    for (const caFile of ["/no/such/file.pem", import.meta.filename]) {
      const registry = registryFor(secure.host, { settings: { ...settings, caFile } });
      const outcome = await list(registry).catch((error: unknown) => error);
      expect(outcome).toMatchObject({
        code: caFile.startsWith("/no") ? "configuration" : expect.stringMatching(/tls|configuration/),
      });
    }
  });

  it("skips the check for its own host only", async () => {
    const storage = await serve(
      (_request, response) => void response.end(Buffer.alloc(5000, 1)),
      certificate,
    );
    const secure = await serve((request, response) => {
      if (request.url === "/v2/") json(response, 200, {});
      else response.writeHead(307, { location: `https://localhost:${storage.port}/b` }).end();
    }, certificate);
    const registry = registryFor(secure.host, { settings: { plainHttp: "never", insecureSkipVerify: true } });
    await expect(registry.openBlob("app", blob, options())).rejects.toMatchObject({ code: "tls" });
  });

  it("never goes from https to http", async () => {
    const plain = await serve((_request, response) => void response.end("x"));
    const secure = await serve((request, response) => {
      if (request.url === "/v2/") json(response, 200, {});
      else if (request.method === "POST") response.writeHead(202, { location: `${plain.url}/u` }).end();
      else response.writeHead(307, { location: `${plain.url}/b` }).end();
    }, certificate);
    const registry = registryFor(secure.host, { settings: { caFile: certificate.file, plainHttp: "never" } });
    await expect(registry.openBlob("app", blob, options())).rejects.toMatchObject({
      code: "redirect-refused",
    });
    await expect(
      registry.putBlob("app", blob, streamOf(Buffer.alloc(5000, 1)), options()),
    ).rejects.toMatchObject({ code: "redirect-refused", message: expect.stringContaining("public scheme") });
    expect(plain.asked).toEqual([]);
  });

  it("takes the scheme that the ping is redirected to on its own host", async () => {
    const secure = await serve((_request, response) => json(response, 200, { tags: ["v1"] }), certificate);
    const plain = await serve((request, response) => {
      response.writeHead(308, { location: `https://127.0.0.1:${secure.port}${request.url}` }).end();
    });
    const registry = registryFor(plain.host, { settings: { caFile: certificate.file } });
    expect(await list(registry)).toEqual(["v1"]);
    expect(plain.asked).toHaveLength(1);
    const elsewhere = await serve((_request, response) => json(response, 200, {}));
    const away = await serve((request, response) => {
      if (request.url !== "/v2/") json(response, 200, { tags: ["v2"] });
      else response.writeHead(302, { location: `http://localhost:${elsewhere.port}/v2/` }).end();
    });
    expect(await list(registryFor(away.host))).toEqual(["v2"]);
    expect(elsewhere.asked).toHaveLength(1);
  });

  it("does not let a public registry send us to an internal address", async () => {
    const inside = await serve((_request, response) => void response.end("secret"));
    // Nothing was reached yet, so the registry counts as public.
    const http = new Http({
      host: "registry.example",
      settings: { insecureSkipVerify: false },
      connections: 1,
      deadlines: defaultDeadlines,
    });
    afterwards(() => http.close());
    for (const url of [`${inside.url}/x`, `http://localhost:${inside.port}/x`]) {
      await expect(
        http.send({
          method: "GET",
          url: new URL(url),
          headers: {},
          lane: "control",
          operation: "get-blob",
          signal: new AbortController().signal,
        }),
      ).rejects.toMatchObject({ code: "redirect-refused" });
    }
    expect(inside.asked).toEqual([]);
  });
});

describe("what is no registry", () => {
  it.each<[string, number, Record<string, string>, string]>([
    ["a web site", 200, { "content-type": "text/html" }, "protocol"],
    ["a 404", 404, {}, "protocol"],
    ["a failing one", 503, { "retry-after": "3" }, "registry-failure"],
    ["a throttling one", 429, { "retry-after": "3" }, "rate-limited"],
  ])("%s", async (_name, status, headers, code) => {
    const server = await serve((_request, response) => void response.writeHead(status, headers).end("x"));
    await expect(registryFor(server.host).getManifest("app", "v1", options())).rejects.toMatchObject({
      code,
      message: expect.stringContaining(server.host),
    });
  });

  it("asks again after a failure, and not after a success", async () => {
    let down = true;
    const server = await serve((_request, response) => json(response, down ? 503 : 200, { tags: ["v1"] }));
    const registry = registryFor(server.host);
    await expect(collect(registry.listTags("app", options()))).rejects.toMatchObject({
      code: "registry-failure",
    });
    down = false;
    expect(await collect(registry.listTags("app", options()))).toEqual(["v1"]);
    await collect(registry.listTags("app", options()));
    expect(server.count("GET", "/v2/")).toBe(2);
  });

  it("refuses a host that is none", () => {
    for (const host of ["http://x", "a b", "x/y", "x:99999", ""])
      expect(() => registryFor(host), host).toThrow(expect.objectContaining({ code: "configuration" }));
  });

  it("carries the registry's words, short and printable, and Retry-After in both forms", async () => {
    const replies: [number, unknown, Record<string, string>][] = [
      [
        429,
        { errors: [{ code: "TOOMANYREQUESTS", message: "slow\u001b[31m down" }] },
        { "retry-after": "9" },
      ],
      [429, {}, { "retry-after": new Date(Date.now() + 60_000).toUTCString() }],
      [400, { errors: [{ code: "WEIRD", message: "m".repeat(5000) }] }, {}],
      [400, { errors: "no list", details: "other words" }, {}],
      [422, "text", {}],
      [408, {}, {}],
      [302, {}, {}],
      [304, {}, {}],
    ];
    const server = await serve((request, response) => {
      const [status, body, headers] = (request.url === "/v2/" ? undefined : replies.shift()) ?? [200, {}, {}];
      json(response, status, body, headers);
    });
    const registry = registryFor(server.host);
    const next = () => registry.getManifest("app", "v1", options()).catch((error: unknown) => error as Error);
    expect(await next()).toMatchObject({
      code: "rate-limited",
      retryAfterMs: 9000,
      message: `${server.host} answered 429 for app:v1: TOOMANYREQUESTS: slow [31m down`,
    });
    const dated = await next();
    expect(dated).toMatchObject({ code: "rate-limited" });
    expect(Math.abs(Number(Reflect.get(dated, "retryAfterMs")) - 60_000)).toBeLessThan(3000);
    const long = (await next()) as Error;
    expect(long).toMatchObject({ code: "refused-by-registry" });
    expect(long.message).toContain("WEIRD");
    expect(long.message.length).toBeLessThan(400);
    expect(((await next()) as Error).message).toContain("other words");
    expect(await next()).toMatchObject({ code: "refused-by-registry", status: 422 });
    expect(await next()).toMatchObject({ code: "timeout" });
    expect(await next()).toMatchObject({ code: "redirect-refused" });
    expect(await next()).toMatchObject({ code: "protocol" });
  });
});

describe("the log", () => {
  it("has every exchange and no secret", async () => {
    const log: RequestLogEntry[] = [];
    const tokens = await serve((_request, response) => json(response, 200, { token: "TOKENVALUE" }));
    const server = await serve((request, response) => {
      if (request.headers.authorization === undefined)
        response.writeHead(401, { "www-authenticate": `Bearer realm="${tokens.url}/t?key=REALMKEY"` }).end();
      else if (request.method === "POST") response.writeHead(202, { location: "/u?_state=STATEVALUE" }).end();
      else {
        request.resume();
        request.on("end", () => response.writeHead(201).end());
      }
    });
    const registry = registryFor(server.host, {
      credential: { kind: "password" as const, username: "alice", password: "PASSWORDVALUE" },
      log: (entry) => log.push(entry),
    });
    await registry.putBlob("app", blob, streamOf(Buffer.alloc(5000, 1)), options());
    await expect(
      registry.getManifest("app", "v1", { signal: AbortSignal.abort(new Error("no")) }),
    ).rejects.toThrow();
    expect(log.map((one) => [one.operation, one.method, one.status])).toEqual([
      ["ping", "GET", 401],
      ["token", "GET", 200],
      ["start-upload", "POST", 202],
      ["put-blob", "PUT", 201],
    ]);
    const text = JSON.stringify(log);
    for (const secret of ["TOKENVALUE", "STATEVALUE", "PASSWORDVALUE", "REALMKEY", "alice"])
      expect(text).not.toContain(secret);
    const port = await freePort();
    await registryFor(`127.0.0.1:${port}`, { log: (entry) => log.push(entry) })
      .getManifest("app", "v1", options())
      .catch(() => undefined);
    expect(log.at(-1)).toMatchObject({ status: null, error: "unreachable" });
  });
});

describe("closing", () => {
  it("leaves no socket behind, fails what is under way and what comes later", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/v2/") json(response, 200, {});
      else if (request.url?.includes("tags") === true) json(response, 200, { tags: [] });
    });
    const registry = registryFor(server.host);
    await collect(registry.listTags("app", options()));
    const hanging = registry.getManifest("app", "v1", options());
    hanging.catch(() => undefined);
    await sleep(30);
    expect(server.open.size).toBeGreaterThan(0);
    await registry.close();
    await expect(hanging).rejects.toMatchObject({ code: "cancelled" });
    await sleep(50);
    expect(server.open.size).toBe(0);
    await expect(registry.getManifest("app", "v1", options())).rejects.toMatchObject({ code: "cancelled" });
    await registry.close();
  });

  it("carries many requests at once over the connections it was given", async () => {
    const server = await serve((_request, response) => {
      setTimeout(
        () =>
          response
            .writeHead(200, { "content-type": emptyImage.mediaType })
            .end(Buffer.from(emptyImage.bytes)),
        2,
      );
    });
    const registry = registryFor(server.host, { settings: { connections: 4 } });
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 100 }, () => registry.getManifest("app", "v1", { signal })));
    expect(server.connections()).toBeLessThanOrEqual(5);
  });
});
