// Registries that send too much, too little, too slowly or something else (the table in facts, protocol.md 8).
import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { mediaTypes } from "../../../shared/media-types.ts";
import type { Fault, FaultMatch } from "../../support/faults.ts";
import { describeBytes, emptyImage, manifestOf, ociManifest, streamOf } from "../samples.ts";
import { collect, json, options, registryFor, serve } from "../scripted-server.ts";
import { alice, copyBetweenRegistries, serveRaw } from "./stage.ts";

const bytes = Buffer.alloc(5000, 1);
const blob = describeBytes(bytes);

function answering(answer: (response: ServerResponse, url: string) => void) {
  return serve((request, response) => {
    if (request.url === "/v2/") json(response, 200, {});
    else answer(response, request.url ?? "");
  });
}

/** Writes spaces until nobody listens. */
function endless(response: ServerResponse, headers: Record<string, string>): void {
  response.writeHead(200, headers);
  const piece = Buffer.alloc(256 * 1024, 0x20);
  const more = (): void => {
    if (!response.destroyed && response.write(piece)) setImmediate(more);
  };
  response.on("drain", more);
  more();
}

describe("a hostile registry's bodies", () => {
  const shapes: [string, Record<string, string>][] = [
    ["without a length", {}],
    ["with one that lies", { "content-length": String(Number.MAX_SAFE_INTEGER) }],
  ];
  it.each(shapes)("row 7: a manifest, a list, a token and an error without end (%s)", async (_, length) => {
    const server = await answering((response) =>
      endless(response, { "content-type": ociManifest, ...length }),
    );
    const client = registryFor(server.host);
    await expect(client.getManifest("app", "v1", options())).rejects.toMatchObject({ code: "too-large" });
    await expect(collect(client.listTags("app", options()))).rejects.toMatchObject({ code: "too-large" });
    const tokens = await serve((_request, response) => endless(response, length));
    const asking = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": `Bearer realm="${tokens.url}/t"` }).end();
    });
    await expect(
      registryFor(asking.host, { credential: alice }).getManifest("app", "v1", options()),
    ).rejects.toMatchObject({ code: "too-large", operation: "token" });
    const failing = await answering((response) => {
      response.statusCode = 500;
      const { writeHead } = response;
      response.writeHead = ((_status: number, headers: Record<string, string>) =>
        writeHead.call(response, 500, headers)) as typeof writeHead;
      endless(response, length);
    });
    await expect(registryFor(failing.host).getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "registry-failure",
      status: 500,
    });
  });

  const swaps: [string, Fault, FaultMatch][] = [
    ["row 8: other bytes of the same length", { do: "flip-byte", at: 700 }, { kind: "blob" }],
    [
      "row 9: a body that ends early with a clean end",
      { do: "truncate", at: 900, length: "none" },
      { kind: "blob" },
    ],
    [
      "row 9: a shorter body that is announced as such",
      { do: "truncate", at: 900, length: "adjusted" },
      { kind: "blob" },
    ],
    [
      "row 9: a body below its announced length",
      { do: "truncate", at: 900, length: "kept" },
      { kind: "blob" },
    ],
    ["row 10: a body beyond its size", { do: "lengthen", by: 5000, length: "none" }, { kind: "blob" }],
    [
      "row 10: a longer body that is announced as such",
      { do: "lengthen", by: 5000, length: "adjusted" },
      { kind: "blob" },
    ],
    [
      "row 8: another manifest than its digest names",
      { do: "flip-byte", at: 30 },
      { kind: "manifest", method: "GET" },
    ],
  ];
  it.each(swaps)(
    "%s never becomes an image of the destination",
    async (_, fault, match) => {
      const copy = await copyBetweenRegistries();
      copy.source.fault(fault, { method: "GET", ...match });
      const run = await copy.run();
      expect(run.state).not.toBe("succeeded");
      const manifests = copy.destination.requests.filter(
        ({ method, kind, status }) => method === "PUT" && kind === "manifest" && (status ?? 0) < 300,
      );
      expect(manifests).toEqual([]);
      // What was uploaded whole is what its digest says, as the destination itself found.
      copy.source.heal();
      expect((await copy.run()).state).toBe("succeeded");
    },
    60_000,
  );

  it("row 8: the bytes that would complete a wrong blob are not sent", async () => {
    const received: number[] = [];
    const server = await serve((request, response) => {
      if (request.method === "POST") response.writeHead(202, { location: "/u" }).end();
      else if (request.method === "PUT") {
        let size = 0;
        request.on("data", (chunk: Buffer) => {
          size += chunk.length;
        });
        request.on("close", () => received.push(size));
      } else json(response, 200, {});
    });
    const wrong = async function* () {
      yield bytes.subarray(0, 2500);
      yield bytes.subarray(2500);
      throw new Error("the digest is another");
    };
    const { Readable } = await import("node:stream");
    const registry = registryFor(server.host);
    await expect(
      registry.putBlob("app", blob, Readable.from(wrong(), { objectMode: false }), options()),
    ).rejects.toThrow("the digest is another");
    await registry.close();
    await expect.poll(() => received.length).toBe(1);
    expect(received[0]).toBeLessThan(5000);
  });

  it.each([
    ["both lengths", "Content-Length: 5000\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
    ["two lengths", "Content-Length: 5000\r\nContent-Length: 5\r\n\r\nhello"],
    ["a negative length", "Content-Length: -5000\r\n\r\nhello"],
    ["a length in hex", "Content-Length: 0x1388\r\n\r\nhello"],
    ["a broken chunk", "Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n"],
    ["a header with a space", "Content-Length : 5\r\n\r\nhello"],
    ["a folded header", "X: a\r\n b\r\nContent-Length: 5, 5\r\n\r\nhello"],
  ])("row 11: an answer with %s is none", async (_, rest) => {
    const host = await serveRaw((socket) => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
    const read = async () => buffer((await registryFor(host).openBlob("app", blob, options())).body);
    await expect(read()).rejects.toMatchObject({ name: "FreightlinerError" });
    await expect(registryFor(host).getManifest("app", "v1", options())).rejects.toMatchObject({
      name: "FreightlinerError",
    });
  });

  it("row 11: what comes behind an answer is not taken for the next one", async () => {
    const smuggled = JSON.stringify({ schemaVersion: 2, mediaType: ociManifest, layers: [] });
    const host = await serveRaw((socket) =>
      socket.write(
        `HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: ${ociManifest}\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
      ),
    );
    const client = registryFor(host, { settings: { connections: 1 } });
    for (let at = 0; at < 3; at += 1)
      await expect(client.getManifest("app", "v1", options())).rejects.toMatchObject({
        name: "FreightlinerError",
      });
  });

  const bomb = Buffer.alloc(50_000_000);
  const encodings: [string, string | string[], Buffer][] = [
    ["gzip", "gzip", gzipSync(bomb)],
    ["br", "br", brotliCompressSync(Buffer.alloc(1_000_000))],
    ["several at once", "gzip, gzip", gzipSync(gzipSync(bomb))],
    ["one behind another header", ["identity", "gzip"], gzipSync(bomb)],
    ["an unknown one", "x-bomb", Buffer.from("{}")],
  ];
  it.each(encodings)(
    "row 12: a body in Content-Encoding (%s) is refused, not unpacked",
    async (_, encoding, body) => {
      const server = await answering((response) =>
        response
          .setHeader("content-encoding", encoding)
          .writeHead(200, { "content-type": ociManifest, "content-length": body.length })
          .end(body),
      );
      const client = registryFor(server.host);
      const refused = { code: "protocol", message: expect.stringContaining("Content-Encoding") };
      await expect(client.getManifest("app", "v1", options())).rejects.toMatchObject(refused);
      await expect(client.openBlob("app", blob, options())).rejects.toMatchObject(refused);
      await expect(collect(client.listTags("app", options()))).rejects.toMatchObject(refused);
      expect(server.asked.every((one) => one.headers["accept-encoding"] === "identity")).toBe(true);
    },
  );

  it("row 13: a layer that would unpack to fifty megabytes travels as the bytes that it is", async () => {
    const packed = gzipSync(bomb);
    const layer = describeBytes(packed, "application/vnd.oci.image.layer.v1.tar+gzip");
    const server = await answering((response) =>
      response.writeHead(200, { "content-type": "application/gzip" }).end(packed),
    );
    const { body } = await registryFor(server.host).openBlob("app", layer, options());
    const got = await buffer(body);
    expect(createHash("sha256").update(got).digest("hex")).toBe(layer.digest.slice(7));
  });

  it("row 20: headers that drip are given up", async () => {
    const host = await serveRaw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nX-Drip: ");
      const drip = setInterval(() => socket.write("a"), 10);
      socket.once("close", () => clearInterval(drip));
    });
    const client = registryFor(host, { deadlines: { headersMs: 300 } });
    await expect(client.getManifest("app", "v1", options())).rejects.toMatchObject({ code: "timeout" });
  });

  it("row 20: announcements without end (103) are given up", async () => {
    const host = await serveRaw((socket) => {
      const drip = setInterval(() => socket.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), 20);
      socket.once("close", () => clearInterval(drip));
    });
    const client = registryFor(host, { deadlines: { headersMs: 300 } });
    await expect(client.getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "protocol",
      message: expect.stringContaining("announced"),
    });
  });

  it("row 20: small and large bodies that drip are given up", async () => {
    const server = await answering((response) => {
      response.writeHead(200, { "content-type": ociManifest, "content-length": "5000" });
      const drip = setInterval(() => response.write(" "), 10);
      response.once("close", () => clearInterval(drip));
    });
    const client = registryFor(server.host, { deadlines: { smallBodyMs: 300, throughputWindowMs: 300 } });
    await expect(client.getManifest("app", "v1", options())).rejects.toMatchObject({ code: "timeout" });
    const { body } = await client.openBlob("app", blob, options());
    await expect(buffer(body)).rejects.toMatchObject({ code: "timeout" });
  });

  it("row 22: a portal that answers everything with its page is no registry", async () => {
    const page = "<html>Please accept our terms</html>";
    const portal = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(page);
    });
    await expect(registryFor(portal.host).getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "protocol",
      message: expect.stringContaining("not a container registry"),
    });
  });

  it.each([
    ["a page", "text/html", "<html>Please accept our terms</html>"],
    ["JSON of its own", "application/json", '{"login":"required"}'],
    ["nothing", "text/plain", ""],
  ])("row 22: one that begins in the middle of work (%s) is believed nothing", async (_, type, body) => {
    let portal = false;
    const server = await serve((request, response) => {
      if (!portal) json(response, 200, {});
      else if (request.method === "HEAD") response.writeHead(200, { "content-type": type }).end();
      else response.writeHead(200, { "content-type": type }).end(body);
    });
    const client = registryFor(server.host);
    await client.hasBlob("app", blob, options());
    portal = true;
    const failed = { name: "FreightlinerError" };
    await expect(client.getManifest("app", "v1", options())).rejects.toMatchObject(failed);
    await expect(client.putManifest("app", "v1", emptyImage, options())).rejects.toMatchObject(failed);
    await expect(client.putBlob("app", blob, streamOf(bytes), options())).rejects.toMatchObject(failed);
    await expect(collect(client.listTags("app", options()))).rejects.toMatchObject(failed);
    if (type === "text/html") expect(await client.hasBlob("app", blob, options())).toBe(false);
  });

  it("row 26: index bytes that are served as an image, and the other way round, are refused", async () => {
    const index = manifestOf(
      { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] },
      mediaTypes.ociIndex,
    );
    const server = await answering((response, url) => {
      const [body, type] = url.endsWith("/index")
        ? [index.bytes, ociManifest]
        : [emptyImage.bytes, mediaTypes.ociIndex];
      response.writeHead(200, { "content-type": type }).end(body);
    });
    const client = registryFor(server.host);
    for (const tag of ["index", "image"])
      await expect(client.getManifest("app", tag, options())).rejects.toMatchObject({ code: "protocol" });
  });

  it("row 31: headers beyond 16 KiB are refused, for good", async () => {
    const server = await answering((response) =>
      response.writeHead(200, { "x-big": "y".repeat(17_000) }).end("{}"),
    );
    await expect(registryFor(server.host).getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "too-large",
      retryable: false,
    });
  });
});
