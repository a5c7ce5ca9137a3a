// The real registry of the tests: starts with every option, logs what it answers, survives a kill, leaves nothing behind.
import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { countRequests, parseAccessLogLine } from "./access-log.ts";
import { getBlob, hasBlob, putBlob, rawRequest, sha256 } from "./raw-http.ts";
import { type RealRegistry, startRealRegistry } from "./real-registry.ts";
import { blobFile, storedBlobs, storedBytes } from "./registry-files.ts";

const started: RealRegistry[] = [];
afterAll(async () => {
  for (const registry of started) await registry.stop();
});
async function start(options: Parameters<typeof startRealRegistry>[0] = {}): Promise<RealRegistry> {
  const registry = await startRealRegistry(options);
  started.push(registry);
  return registry;
}

describe("a real registry", () => {
  it("keeps a blob over a kill and logs every request", async () => {
    const registry = await start();
    const bytes = Buffer.from("some bytes of a blob");
    const digest = sha256(bytes);
    await putBlob(registry, "team/app", { digest, size: bytes.length, body: bytes });
    await registry.kill9();
    await registry.restart();
    expect(await getBlob(registry, "team/app", digest)).toEqual(bytes);
    expect(await hasBlob(registry, "team/app", sha256("other"))).toBe(false);
    const log = await registry.accessLog();
    expect(countRequests(log, "PUT", /\/blobs\/uploads\//, 201)).toBe(1);
    expect(countRequests(log, "GET", /\/blobs\/sha256:/)).toBe(1);
    expect(log.find((line) => line.method === "GET")?.bytes).toBe(bytes.length);
    expect(log.some((line) => line.path.includes("probe"))).toBe(false);
    expect(await storedBlobs(registry)).toEqual([{ digest, bytes: bytes.length }]);
    expect(await storedBytes(registry)).toBe(bytes.length);
    expect(existsSync(blobFile(registry, digest))).toBe(true);
    await registry.clearAccessLog();
    expect(await registry.accessLog()).toEqual([]);
    await registry.stop();
    expect(existsSync(registry.folder)).toBe(false);
  });

  it("asks for the password where there is one", async () => {
    const registry = await start({ user: "robot", password: "s3cret-word" });
    expect((await rawRequest({ url: registry.url }, "/v2/")).status).toBe(401);
    expect((await rawRequest({ url: registry.url, user: "robot", password: "no" }, "/v2/")).status).toBe(401);
    expect((await rawRequest(registry, "/v2/")).status).toBe(200);
  });

  it("serves https, and deletes where it was asked to", async () => {
    const registry = await start({ tls: true, delete: true });
    expect(registry.url).toMatch(/^https:/);
    const bytes = Buffer.from("x");
    await putBlob(registry, "a", { digest: sha256(bytes), size: 1, body: bytes });
    const gone = await rawRequest(registry, `/v2/a/blobs/${sha256(bytes)}`, { method: "DELETE" });
    expect(gone.status).toBe(202);
  });
});

describe("parseAccessLogLine", () => {
  it("reads the combined format and nothing else", () => {
    expect(
      parseAccessLogLine(
        '127.0.0.1 - - [21/Nov/2026:08:40:00 +0000] "HEAD /v2/a/b HTTP/1.1" 404 157 "" "agent/1"',
      ),
    ).toEqual({ method: "HEAD", path: "/v2/a/b", status: 404, bytes: 157 });
    expect(parseAccessLogLine('time="x" level=info msg="y"')).toBeUndefined();
  });
});
