// Blob downloads and uploads against servers that misbehave.
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { FreightlinerError } from "../../shared/errors.ts";
import { describeBytes, streamOf } from "./samples.ts";
import { bodyOf, json, options, registryFor, type ScriptedServer, serve } from "./scripted-server.ts";

const bytes = randomBytes(300_000);
const blob = describeBytes(bytes);
const path = `/v2/app/blobs/${blob.digest}`;
const alice = { kind: "password" as const, username: "alice", password: "pw" };

async function open(script: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = await serve((request, response) =>
    request.url === "/v2/" ? json(response, 200, {}) : script(request, response),
  );
  return { server, registry: registryFor(server.host) };
}

async function read(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe("GET of a blob", () => {
  it("streams the bytes", async () => {
    const { registry } = await open((_request, response) => void response.end(bytes));
    expect((await read((await registry.openBlob("app", blob, options())).body)).equals(bytes)).toBe(true);
  });

  it("follows redirects to storage without the sign-in, and keeps signed queries as they are", async () => {
    const storage = await serve((_request, response) => void response.end(bytes));
    const signed = `${storage.url}/b?X-Amz-Signature=a%2Fb%3D+c&x=%7e`;
    const registry = await serve((request, response) => {
      if (request.headers.authorization === undefined)
        response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
      else if (request.url === path) response.writeHead(307, { location: "/inner?y=1" }).end();
      else response.writeHead(302, { location: signed, "set-cookie": "session=1" }).end();
    });
    const client = registryFor(registry.host, { credential: alice });
    expect((await read((await client.openBlob("app", blob, options())).body)).length).toBe(bytes.length);
    // Inside the registry's origin the sign-in goes along, outside it does not, nor does a cookie.
    expect(registry.asked.at(-1)).toMatchObject({ url: "/inner?y=1" });
    expect(registry.asked.at(-1)?.headers.authorization).toBeDefined();
    expect(storage.asked).toHaveLength(1);
    expect(storage.asked[0]?.url).toBe("/b?X-Amz-Signature=a%2Fb%3D+c&x=%7e");
    expect(storage.asked[0]?.headers.authorization).toBeUndefined();
    expect(storage.asked[0]?.headers.cookie).toBeUndefined();
  });

  it("does not sign in to a storage that asks for it", async () => {
    const storage = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": 'Basic realm="give me"' }).end();
    });
    const registry = await serve((request, response) => {
      if (request.headers.authorization === undefined)
        response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
      else response.writeHead(307, { location: `${storage.url}/b` }).end();
    });
    await expect(
      registryFor(registry.host, { credential: alice }).openBlob("app", blob, options()),
    ).rejects.toMatchObject({ code: "registry-failure", message: expect.stringContaining(storage.host) });
    expect(storage.asked.map((one) => one.headers.authorization)).toEqual([undefined]);
  });

  it.each<[string, (server: () => ScriptedServer) => (request: IncomingMessage) => string, string]>([
    ["a circle", () => (request) => (request.url === "/a" ? "/b" : "/a"), "circle"],
    ["a chain without end", () => (request) => `${request.url}x`, "more than 10"],
    ["a metadata service", () => () => "http://169.254.169.254/x", "169.254.169.254"],
    ["another scheme", () => () => "file:///etc/passwd", "scheme"],
  ])("refuses %s", async (_name, location, words) => {
    const made: ScriptedServer[] = [];
    const target = location(() => made[0] as ScriptedServer);
    const { server, registry } = await open((request, response) => {
      response.writeHead(307, { location: target(request) }).end();
    });
    made.push(server);
    await expect(registry.openBlob("app", blob, options())).rejects.toMatchObject({
      code: "redirect-refused",
      retryable: false,
      message: expect.stringContaining(words),
    });
    expect(server.asked.length).toBeLessThan(14);
  });

  it("refuses an announced other length and encoded bytes before reading", async () => {
    const { registry } = await open((_request, response) => void response.end(bytes.subarray(1)));
    await expect(registry.openBlob("app", blob, options())).rejects.toMatchObject({ code: "size-mismatch" });
    const { registry: zipped } = await open((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(bytes);
    });
    await expect(zipped.openBlob("app", blob, options())).rejects.toMatchObject({ code: "protocol" });
  });

  it("errors where the body ends early, also when nobody reads yet", async () => {
    const { registry } = await open((_request, response) => {
      response.writeHead(200, { "content-length": String(bytes.length) });
      response.write(bytes.subarray(0, 1000));
      setTimeout(() => response.destroy(), 20);
    });
    const { body } = await registry.openBlob("app", blob, options());
    await sleep(100);
    await expect(read(body)).rejects.toBeInstanceOf(FreightlinerError);
  });

  it("closes the connection where the reader leaves, and ends with the signal's reason", async () => {
    const { server, registry } = await open((_request, response) => {
      response.writeHead(200, { "content-length": String(bytes.length) });
      response.write(bytes.subarray(0, 1000));
    });
    const { body } = await registry.openBlob("app", blob, options());
    body.destroy();
    const stop = new AbortController();
    const { body: second } = await registry.openBlob("app", blob, { signal: stop.signal });
    const reason = new Error("stopped by the user");
    setTimeout(() => stop.abort(reason), 30);
    const began = performance.now();
    await expect(read(second)).rejects.toBe(reason);
    expect(performance.now() - began).toBeLessThan(1_000);
    await sleep(50);
    // The ping's connection may stay; the two that carried half a blob are gone.
    expect(server.open.size).toBeLessThanOrEqual(1);
  });

  it("holds the server back while nobody reads", async () => {
    const large = 64 * 1024 * 1024;
    let written = 0;
    const { registry } = await open((_request, response) => {
      response.writeHead(200, { "content-length": String(large) });
      const piece = Buffer.alloc(1024 * 1024);
      const more = () => {
        while (written < large && !response.destroyed) {
          written += piece.length;
          if (!response.write(piece)) {
            response.once("drain", more);
            return;
          }
        }
      };
      more();
    });
    const { body } = await registry.openBlob("app", { ...blob, size: large }, options());
    await sleep(300);
    expect(written).toBeLessThan(large / 2);
    expect(body.readableLength).toBeLessThan(1024 * 1024);
    body.destroy();
  });

  it("names a missing blob", async () => {
    const { registry } = await open((_request, response) =>
      json(response, 404, { errors: [{ code: "BLOB_UNKNOWN" }] }),
    );
    await expect(registry.openBlob("app", blob, options())).rejects.toMatchObject({ code: "blob-unknown" });
  });
});

describe("HEAD of a blob", () => {
  it.each<[number, Record<string, string>, boolean]>([
    [200, { "content-length": String(bytes.length) }, true],
    [200, { "content-length": "7" }, false],
    [404, {}, false],
    [405, {}, false],
  ])("%i %j → %s", async (status, headers, expected) => {
    const { registry } = await open((_request, response) => void response.writeHead(status, headers).end());
    expect(await registry.hasBlob("app", blob, options())).toBe(expected);
  });
  it.each([
    [true, "repository:app:pull"],
    [false, "repository:app:pull,push"],
  ])("to read it: %s, asks for %s and no more", async (toRead, scope) => {
    const tokens = await serve((_request, response) => json(response, 200, { token: "t" }));
    const server = await serve((request, response) => {
      const challenge = { "www-authenticate": `Bearer realm="${tokens.url}/t"` };
      const isIn = request.headers.authorization !== undefined;
      response
        .writeHead(isIn ? 200 : 401, isIn ? { "content-length": String(bytes.length) } : challenge)
        .end();
    });
    const registry = registryFor(server.host, { credential: alice });
    expect(await registry.hasBlob("app", blob, { ...options(), toRead })).toBe(true);
    const asked = tokens.asked.map((one) => new URL(one.url, tokens.url).searchParams.get("scope"));
    expect(asked.at(-1)).toBe(scope);
  });

  it("throws what is no answer to the question", async () => {
    const { registry } = await open(
      (_request, response) => void response.writeHead(503, { "retry-after": "7" }).end(),
    );
    await expect(registry.hasBlob("app", blob, options())).rejects.toMatchObject({
      code: "registry-failure",
      retryAfterMs: 7000,
    });
  });
});

/** A registry that takes uploads; `commit` may answer the PUT itself. */
async function uploads(
  input: {
    readonly location?: string;
    readonly put?: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
  } = {},
) {
  const committed: Buffer[] = [];
  const cancelled: string[] = [];
  const { server, registry } = await open(async (request, response) => {
    if (request.method === "POST") {
      response
        .writeHead(202, { location: input.location ?? "/v2/app/blobs/uploads/u1?_state=a%2Fb%3D+c" })
        .end();
    } else if (request.method === "DELETE") {
      cancelled.push(request.url ?? "");
      response.writeHead(204).end();
    } else if (input.put !== undefined) {
      await input.put(request, response);
    } else {
      committed.push(await bodyOf(request));
      response.writeHead(201).end();
    }
  });
  return { server, registry, committed, cancelled };
}

describe("uploads", () => {
  it("opens a session and streams one PUT with the length, the type and the session's own bytes", async () => {
    const { server, registry, committed, cancelled } = await uploads();
    await registry.putBlob(
      "app",
      blob,
      streamOf(bytes.subarray(0, 100_000), bytes.subarray(100_000)),
      options(),
    );
    expect(committed[0]?.equals(bytes)).toBe(true);
    const put = server.asked.at(-1);
    expect(put?.url).toBe(
      `/v2/app/blobs/uploads/u1?_state=a%2Fb%3D+c&digest=${encodeURIComponent(blob.digest)}`,
    );
    expect(put?.headers).toMatchObject({
      "content-type": "application/octet-stream",
      "content-length": String(bytes.length),
    });
    expect(cancelled).toEqual([]);
  });

  it("takes a session without a query, on another host without the sign-in", async () => {
    const storage = await serve(async (request, response) => {
      await bodyOf(request);
      response.writeHead(204).end();
    });
    const registry = await serve((request, response) => {
      if (request.headers.authorization === undefined)
        response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
      else if (request.method === "POST") response.writeHead(202, { location: `${storage.url}/up` }).end();
      else json(response, 200, {});
    });
    await registryFor(registry.host, { credential: alice }).putBlob("app", blob, streamOf(bytes), options());
    expect(storage.asked[0]?.url).toBe(`/up?digest=${encodeURIComponent(blob.digest)}`);
    expect(storage.asked[0]?.headers.authorization).toBeUndefined();
  });

  it("sends an empty blob", async () => {
    const { registry, committed, server } = await uploads();
    await registry.putBlob("app", describeBytes(Buffer.alloc(0)), Readable.from([]), options());
    expect(committed[0]).toHaveLength(0);
    expect(server.asked.at(-1)?.headers["content-length"]).toBe("0");
  });

  it("never lets the last byte go when the body errors at its very end", async () => {
    let received = 0;
    const { registry, cancelled } = await uploads({
      put: (request, response) => {
        request.on("data", (chunk: Buffer) => {
          received += chunk.length;
        });
        request.on("end", () => response.writeHead(201).end());
        request.on("error", () => {});
      },
    });
    const wrong = new FreightlinerError({
      code: "digest-mismatch",
      operation: "verify",
      message: "not these",
    });
    const body = Readable.from(
      (async function* () {
        yield bytes.subarray(0, 100_000);
        yield bytes.subarray(100_000);
        // Long enough that every byte let go would have arrived.
        await sleep(100);
        throw wrong;
      })(),
      { objectMode: false },
    );
    await expect(registry.putBlob("app", blob, body, options())).rejects.toBe(wrong);
    await registry.close();
    expect(received).toBeLessThan(bytes.length);
    expect(cancelled).toHaveLength(1);
  });

  it.each<[string, Uint8Array[]]>([
    ["short", [bytes.subarray(0, 10)]],
    ["long", [bytes, Buffer.from("x")]],
    ["nothing", []],
  ])("does not complete a body that is %s", async (_name, chunks) => {
    let ended = false;
    const { registry } = await uploads({
      put: (request, response) => {
        request.resume();
        request.on("error", () => {});
        request.on("end", () => {
          ended = true;
          response.writeHead(201).end();
        });
      },
    });
    await expect(registry.putBlob("app", blob, streamOf(...chunks), options())).rejects.toMatchObject({
      code: "size-mismatch",
    });
    expect(ended).toBe(false);
    const empty = { ...blob, size: 0 };
    if (chunks.length > 0)
      await expect(registry.putBlob("app", empty, streamOf(...chunks), options())).rejects.toMatchObject({
        code: "size-mismatch",
      });
  });

  it.each<[number, string, string]>([
    [400, "DIGEST_INVALID", "digest-mismatch"],
    [404, "BLOB_UPLOAD_UNKNOWN", "upload-lost"],
    [400, "BLOB_UPLOAD_INVALID", "upload-lost"],
    [416, "RANGE_INVALID", "upload-lost"],
    [401, "UNAUTHORIZED", "upload-lost"],
    [307, "", "upload-lost"],
    [413, "", "too-large"],
    [403, "DENIED", "forbidden"],
    [500, "UNKNOWN", "registry-failure"],
  ])("a PUT answered with %i %s is %s and gives the session back", async (status, code, expected) => {
    const { registry, cancelled } = await uploads({
      put: async (request, response) => {
        await bodyOf(request);
        json(response, status, { errors: [{ code }] }, { location: "/elsewhere" });
      },
    });
    await expect(registry.putBlob("app", blob, streamOf(bytes), options())).rejects.toMatchObject({
      code: expected,
    });
    await registry.close();
    expect(cancelled).toEqual(["/v2/app/blobs/uploads/u1?_state=a%2Fb%3D+c"]);
  });

  it("hears an early refusal while it still sends", async () => {
    const { registry } = await uploads({
      put: (_request, response) =>
        json(response, 413, { errors: [{ code: "SIZE" }] }, { connection: "close" }),
    });
    const size = 64 * 1024 * 1024;
    let read = 0;
    const slow = new Readable({
      read() {
        read += 65_536;
        setTimeout(() => this.push(read > size ? null : Buffer.alloc(65_536)), 1);
      },
    });
    await expect(registry.putBlob("app", { ...blob, size }, slow, options())).rejects.toMatchObject({
      code: expect.stringMatching(/too-large|unreachable/),
    });
    expect(read).toBeLessThan(size / 2);
    expect(slow.destroyed).toBe(true);
  });

  it("confirms an odd success", async () => {
    let there = true;
    const server = await serve(async (request, response) => {
      if (request.method === "POST") response.writeHead(202, { location: "/u" }).end();
      else if (request.method === "PUT") {
        await bodyOf(request);
        response.writeHead(202).end();
      } else if (request.method === "HEAD")
        response.writeHead(there ? 200 : 404, { "content-length": bytes.length }).end();
      else json(response, 200, {});
    });
    const registry = registryFor(server.host);
    await registry.putBlob("app", blob, streamOf(bytes), options());
    there = false;
    await expect(registry.putBlob("app", blob, streamOf(bytes), options())).rejects.toMatchObject({
      code: "upload-lost",
    });
  });

  it("stops within a second, destroys the body and gives the session back", async () => {
    const { registry, cancelled } = await uploads({ put: (request) => void request.resume() });
    const stop = new AbortController();
    const reason = new Error("user-cancel");
    const endless = new Readable({ read: () => {} });
    endless.push(Buffer.alloc(1000));
    setTimeout(() => stop.abort(reason), 50);
    const began = performance.now();
    await expect(registry.putBlob("app", blob, endless, { signal: stop.signal })).rejects.toBe(reason);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(endless.destroyed).toBe(true);
    await registry.close();
    expect(cancelled).toHaveLength(1);
  });

  it("destroys the body where no session could be opened", async () => {
    for (const [status, expected] of [
      [404, "repository-unknown"],
      [200, "protocol"],
      [403, "forbidden"],
    ] as const) {
      const { registry } = await open((_request, response) => json(response, status, {}));
      const body = streamOf(bytes);
      await expect(registry.putBlob("app", blob, body, options())).rejects.toMatchObject({ code: expected });
      expect(body.destroyed).toBe(true);
    }
    const { registry } = await open((_request, response) => void response.writeHead(202).end());
    await expect(registry.putBlob("app", blob, streamOf(bytes), options())).rejects.toMatchObject({
      code: "redirect-refused",
    });
  });

  it("signs in anew for the next session after a token died under an upload", async () => {
    const valid = new Set<string>();
    let issued = 0;
    const tokens = await serve((_request, response) => {
      issued += 1;
      valid.add(`t${issued}`);
      json(response, 200, { token: `t${issued}` });
    });
    const server = await serve(async (request, response) => {
      const body = request.method === "PUT" ? await bodyOf(request) : undefined;
      if (body !== undefined && issued === 1) valid.clear();
      const token = request.headers.authorization?.slice(7) ?? "";
      if (!valid.has(token))
        response.writeHead(401, { "www-authenticate": `Bearer realm="${tokens.url}/t"` }).end();
      else if (request.method === "POST") response.writeHead(202, { location: "/u" }).end();
      else response.writeHead(body === undefined ? 204 : 201).end();
    });
    const registry = registryFor(server.host, { credential: alice });
    await expect(registry.putBlob("app", blob, streamOf(bytes), options())).rejects.toMatchObject({
      code: "upload-lost",
      retryable: true,
    });
    await registry.putBlob("app", blob, streamOf(bytes), options());
    expect(issued).toBe(2);
  });
});

describe("mounts", () => {
  it.each<[number, boolean]>([
    [201, true],
    [202, false],
    [404, false],
    [405, false],
  ])("%i → %s", async (status, expected) => {
    const cancelled: string[] = [];
    const { server, registry } = await open((request, response) => {
      if (request.method === "DELETE") cancelled.push(request.url ?? "");
      response.writeHead(request.method === "POST" ? status : 204, { location: "/u1?_state=x" }).end();
    });
    expect(await registry.mountBlob("app", blob, "team/base", options())).toBe(expected);
    expect(server.asked[1]?.url).toBe(
      `/v2/app/blobs/uploads/?mount=${encodeURIComponent(blob.digest)}&from=team%2Fbase`,
    );
    await registry.close();
    expect(cancelled).toEqual(status === 202 ? ["/u1?_state=x"] : []);
  });

  it("asks for both repositories, the target first, and is false where reading is not allowed", async () => {
    const tokens = await serve((_request, response) => json(response, 200, { token: "t" }));
    const server = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": `Bearer realm="${tokens.url}/t"` }).end();
    });
    const registry = registryFor(server.host, { credential: alice });
    expect(await registry.mountBlob("app", blob, "base", options())).toBe(false);
    expect(new URL(tokens.asked[0]?.url ?? "", tokens.url).searchParams.getAll("scope")).toEqual([
      "repository:app:pull,push",
      "repository:base:pull",
    ]);
    const { registry: down } = await open((_request, response) => json(response, 500, {}));
    await expect(down.mountBlob("app", blob, "base", options())).rejects.toMatchObject({
      code: "registry-failure",
    });
  });
});
