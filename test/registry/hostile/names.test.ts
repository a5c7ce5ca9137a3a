// Registries whose names, headers and words are attacks of their own (the table in facts, protocol.md 8).
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OciLayout } from "../../../electron/layout/layout.ts";
import { maxRetryAfterMs } from "../../../electron/registry/limits.ts";
import type { RequestLogEntry } from "../../../electron/registry/redact.ts";
import { toFreightlinerError, toWire } from "../../../shared/errors.ts";
import { mediaTypes } from "../../../shared/media-types.ts";
import { everything, harness } from "../../engine/harness.ts";
import { client, planBetween, runBetween } from "../../engine/over-http.ts";
import { tempFolder } from "../../support/temp.ts";
import { describeBytes, emptyImage, ociManifest, streamOf } from "../samples.ts";
import { afterwards, collect, json, options, registryFor, serve } from "../scripted-server.ts";
import { alice, copyBetweenRegistries, serveRaw } from "./stage.ts";

const bytes = Buffer.alloc(5000, 1);
const blob = describeBytes(bytes);
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
const traps = [
  "../../etc/passwd",
  "/etc/passwd",
  "..",
  "v1/../../x",
  "a\\..\\b",
  "a\u0000b",
  "a\r\nX-Injected: 1",
  "\u001b[2Jclear",
  "a?b=c",
  "a#b",
  "a%2e%2e%2fb",
  "C:\\x",
  "con\u202egnp",
  "a b",
  "",
  "-rf",
  "x".repeat(5000),
];

describe("a hostile registry's names", () => {
  it("row 16: what is no name is not listed, and nothing that is no name gets into a path", async () => {
    const server = await serve((request, response) => {
      const url = request.url ?? "";
      if (url.startsWith("/v2/_catalog")) json(response, 200, { repositories: [...traps, "app"] });
      else if (url.includes("/tags/list")) json(response, 200, { tags: [...traps, null, 5, {}, "v1"] });
      else json(response, 200, {});
    });
    const registry = registryFor(server.host);
    expect(await collect(registry.listRepositories(options()))).toEqual(["app"]);
    expect(await collect(registry.listTags("app", options()))).toEqual(["v1"]);
    const before = server.asked.length;
    for (const trap of traps) {
      const invalid = { code: expect.stringMatching(/invalid-reference|unsupported/) };
      await expect(registry.getManifest("app", trap, options()), trap).rejects.toMatchObject(invalid);
      await expect(registry.getManifest(trap, "v1", options()), trap).rejects.toMatchObject(invalid);
      await expect(registry.openBlob(trap, blob, options()), trap).rejects.toMatchObject(invalid);
      await expect(registry.putBlob(trap, blob, streamOf(bytes), options()), trap).rejects.toMatchObject(
        invalid,
      );
    }
    expect(server.asked.length).toBe(before);
  });

  it("row 16: a digest in a manifest that is a path is refused before anything is asked for it", async () => {
    for (const digest of ["sha256:../../../etc/passwd", `sha256:${"A".repeat(64)}`, "md5:abc", "../x:y"]) {
      const body = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: ociManifest,
          config: { ...blob, digest },
          layers: [],
        }),
      );
      const server = await serve((request, response) => {
        if (request.url === "/v2/") json(response, 200, {});
        else response.writeHead(200, { "content-type": ociManifest }).end(body);
      });
      const h = harness();
      const planned = await planBetween(
        h,
        { source: client(server.host) },
        { selection: [{ kind: "image", repository: "app", reference: "v1" }] },
      );
      expect(planned, digest).toMatchObject({ plan: { unreadable: 1, copy: 0 } });
      expect(server.asked.filter(({ url }) => url.includes("/blobs/"))).toEqual([]);
    }
  });

  it("row 16: a registry copied into a folder leaves nothing outside of it", async () => {
    const folder = await tempFolder("hostile-layout");
    afterwards(() => folder.remove());
    const path = join(folder.path, "layout");
    const copy = await copyBetweenRegistries();
    copy.source.fault({ do: "list", names: [...traps, "v1"] }, { kind: "tags" });
    const ends = {
      source: client(copy.source.host),
      destination: await OciLayout.open({ path, create: true }),
    };
    const planned = await planBetween(copy.h, ends, everything(["app"]));
    expect(await runBetween(copy.h, ends, planned)).toMatchObject({ state: "succeeded" });
    expect(readdirSync(folder.path)).toEqual(["layout"]);
    expect(readdirSync(path).toSorted()).toEqual(["blobs", "index.json", "oci-layout"]);
  });

  it("row 17: a layout of another version, without a marker, or with other bytes is refused", async () => {
    const folder = await tempFolder("hostile-layout");
    afterwards(() => folder.remove());
    const path = join(folder.path, "layout");
    const copy = await copyBetweenRegistries();
    const layout = await OciLayout.open({ path, create: true });
    const fill = { source: client(copy.source.host), destination: layout };
    expect(await runBetween(copy.h, fill, await planBetween(copy.h, fill, everything()))).toMatchObject({
      state: "succeeded",
    });
    const layer = copy.built.blobs[1];
    if (layer === undefined) throw new Error("the image has no layer");
    writeFileSync(join(path, "blobs", "sha256", layer.digest.slice(7)), Buffer.alloc(layer.size, 2));
    const back = { source: layout, destination: client(copy.destination.host) };
    const run = await runBetween(copy.h, back, await planBetween(copy.h, back, everything()));
    expect(run).toMatchObject({ state: "failed" });
    writeFileSync(join(path, "blobs", "sha256", copy.built.digest.slice(7)), "{}");
    await expect(layout.getManifest("app", copy.built.digest, options())).rejects.toMatchObject({
      code: "digest-mismatch",
    });
    for (const marker of ['{"imageLayoutVersion":"9.0.0"}', "[]", "not json", "x".repeat(2_000_000)]) {
      writeFileSync(join(path, "oci-layout"), marker);
      await expect(OciLayout.open({ path, create: false }), marker.slice(0, 20)).rejects.toMatchObject({
        name: "FreightlinerError",
      });
    }
  });

  it("row 19: a name from a list is one value in the next question", async () => {
    const tags = Array.from({ length: 999 }, (_, at) => `t${at}`);
    const server = await serve((request, response) => {
      if (request.url === "/v2/") return json(response, 200, {});
      const page = request.url?.includes("last=") === true ? ["end"] : [...tags, "x&n=1&y=#z"];
      const size = Number(new URL(request.url ?? "", "http://x").searchParams.get("n"));
      return json(response, 200, { tags: page.slice(-size) });
    });
    await collect(registryFor(server.host).listTags("app", options()));
    for (const { url } of server.asked.slice(1)) {
      const query = new URL(url, "http://x").searchParams;
      expect(query.getAll("n")).toHaveLength(1);
      expect(query.has("y")).toBe(false);
    }
  });
});

describe("a hostile registry's words", () => {
  it("row 18: terminal escapes in its errors, types and addresses are not passed on", async () => {
    const trap = "\u001b]0;owned\u0007\u001b[31m\u202e\r\nfake line";
    const server = await serve((request, response) => {
      const url = request.url ?? "";
      if (url === "/v2/") json(response, 200, {});
      else if (url.endsWith("/error")) json(response, 400, { errors: [{ code: trap, message: trap }] });
      else if (url.endsWith("/type"))
        response
          .writeHead(200, { "content-type": mediaTypes.ociIndex })
          .end(JSON.stringify({ mediaType: trap, layers: [] }));
      else if (url.endsWith("/digest"))
        response
          .writeHead(200, { "content-type": ociManifest })
          .end(JSON.stringify({ config: { ...blob, digest: trap }, layers: [] }));
      else if (url.includes("/blobs/")) response.writeHead(307, { location: `${"\u009b"}31m://x` }).end();
      else response.writeHead(400, { "content-type": "text/plain", warning: '299 - "\u009b31m"' }).end(trap);
    });
    const registry = registryFor(server.host);
    const errors = [
      ...(await Promise.all(
        ["error", "type", "text"].map((tag) =>
          registry.getManifest("app", tag, options()).catch((error: unknown) => error),
        ),
      )),
      await registry.openBlob("app", blob, options()).catch((error: unknown) => error),
    ];
    const h = harness();
    const selection = [{ kind: "image" as const, repository: "app", reference: "digest" }];
    const run = await planBetween(h, { source: client(server.host) }, { selection });
    for (const error of errors) {
      expect(error).toMatchObject({ name: "FreightlinerError" });
      expect(toFreightlinerError(error, "x").message).not.toMatch(control);
      expect(JSON.stringify(toWire(toFreightlinerError(error, "x")))).not.toMatch(/\\u001b|\\r/);
    }
    const [row] = h.rows(run);
    expect(row?.error?.message).toBeDefined();
    expect(row?.error?.message).not.toMatch(control);
  });

  it.each([
    ["a line break in a status", "HTTP/1.1 307 x\rSet: 1\r\nLocation: /x\r\n\r\n"],
    [
      "a line break in an address",
      "HTTP/1.1 307 Temporary\r\nLocation: /x\rX-Injected: 1\r\nContent-Length: 0\r\n\r\n",
    ],
    ["a NUL in an address", "HTTP/1.1 307 Temporary\r\nLocation: /x\0y\r\nContent-Length: 0\r\n\r\n"],
  ])("row 18: %s puts nothing into the next request", async (_, answer) => {
    const requests: string[] = [];
    const host = await serveRaw((socket, request) => {
      requests.push(request);
      socket.write(requests.length === 1 ? answer : "HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n");
    });
    await expect(registryFor(host).openBlob("app", blob, options())).rejects.toMatchObject({
      name: "FreightlinerError",
    });
    expect(requests.join("")).not.toMatch(/^X-Injected|\0/m);
  });

  it("row 18: a validator that is no tag is not sent back", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/v2/") json(response, 200, {});
      else response.writeHead(200, { etag: '"a" , "b\u00ff', "content-length": 5000 }).end(bytes);
    });
    const registry = registryFor(server.host);
    const opened = await registry.openBlob("app", blob, options());
    opened.body.resume();
    expect(opened.validator).toBeUndefined();
  });

  it.each([
    ["1000000000", maxRetryAfterMs],
    ["99999999999999999999", undefined],
    ["-5", undefined],
    ["soon", undefined],
    ["0x10", undefined],
    ["1e9", undefined],
    ["Fri, 31 Dec 9999 23:59:59 GMT", maxRetryAfterMs],
  ])("row 21: a Retry-After of %s asks for no more than ten minutes", async (value, expected) => {
    const server = await serve((request, response) => {
      if (request.url === "/v2/") json(response, 200, {});
      else response.writeHead(429, { "retry-after": value }).end();
    });
    await expect(registryFor(server.host).getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "rate-limited",
      retryAfterMs: expected,
    });
  });

  it.each([
    ["9007199254740991", "unsupported"],
    ["1099511627776", "unsupported"],
    ["-1", 0],
    ["much", 0],
    ["1e30", 0],
    ["NaN", 0],
    ["65536", 65_536],
  ])("row 24: a least part of %s bytes is answered with %s", async (value, expected) => {
    const server = await serve((request, response) => {
      if (request.method === "POST")
        response.writeHead(202, { location: "/u", "oci-chunk-min-length": value }).end();
      else json(response, 200, {});
    });
    const begun = registryFor(server.host).beginUpload("app", blob, options());
    if (typeof expected === "number") expect((await begun).leastPart).toBe(expected);
    else await expect(begun).rejects.toMatchObject({ code: expected });
  });

  it("row 27: signatures, states, tokens and passwords stand in no log and no error", async () => {
    const log: RequestLogEntry[] = [];
    const tokens = await serve((_request, response) => json(response, 200, { token: "TOKEN-OF-ALICE" }));
    const storage = await serve((request, response) =>
      json(response, 403, { errors: [{ code: "DENIED", message: `signature of ${request.url}` }] }),
    );
    const registry = await serve((request, response) => {
      if (request.headers.authorization === undefined)
        return json(response, 401, {}, { "www-authenticate": `Bearer realm="${tokens.url}/t"` });
      if (request.method === "GET" && request.url?.includes("/blobs/") === true)
        return json(response, 307, {}, { location: `${storage.url}/b?X-Amz-Signature=SIGNATURE` });
      if (request.method === "POST")
        return json(response, 202, {}, { location: "/u?_state=STATE-OF-UPLOAD" });
      const said = `${request.headers.authorization} ${request.url} was refused`;
      return json(response, 400, { errors: [{ code: "X", message: said }] });
    });
    const client = registryFor(registry.host, { credential: alice, log: (entry) => log.push(entry) });
    const errors = await Promise.all(
      [
        client.openBlob("app", blob, options()),
        client.putBlob("app", blob, streamOf(bytes), options()),
        client.putManifest("app", "v1", emptyImage, options()),
      ].map((one) => one.then(() => undefined).catch((error: unknown) => toFreightlinerError(error, "x"))),
    );
    expect(errors.every((error) => error !== undefined)).toBe(true);
    const told = JSON.stringify([log, errors.map((error) => error && toWire(error))]);
    expect(log.length).toBeGreaterThan(5);
    for (const secret of ["TOKEN-OF-ALICE", "SIGNATURE", "STATE-OF-UPLOAD", "swordfish"])
      expect(told).not.toContain(secret);
  });
});
