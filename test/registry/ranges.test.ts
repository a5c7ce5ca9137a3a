// Reading on where a body broke off, and how far an upload came: what registries answer, and what of it is believed.
import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { offsetAfterPart, offsetOfStatus } from "../../electron/registry/upload-range.ts";
import type { Descriptor } from "../../shared/descriptor.ts";
import { parseDigest } from "../../shared/digest.ts";
import { json, options, registryFor, serve } from "./scripted-server.ts";

const bytes = Buffer.from("0123456789abcdef");
const size = bytes.length;
const blob: Descriptor = {
  mediaType: "application/octet-stream",
  digest: parseDigest(`sha256:${createHash("sha256").update(bytes).digest("hex")}`, "test"),
  size,
};
const path = `/v2/app/blobs/${blob.digest}`;

async function contentOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** `partial` answers requests with a Range; without one the whole blob is served. */
async function ranged(partial: (response: ServerResponse) => void) {
  const server = await serve((request, response) => {
    if (request.url === "/v2/") return json(response, 200, {});
    if (request.headers.range !== undefined) return partial(response);
    response.writeHead(200, { etag: '"whole"' }).end(bytes);
  });
  const open = async (validator?: string) => {
    const opened = await registryFor(server.host).openBlob("app", blob, {
      ...options(),
      offset: 10,
      validator,
    });
    return { ...opened, content: await contentOf(opened.body) };
  };
  return { server, open };
}

describe("a blob from its tenth byte on", () => {
  it("comes as a part that says so", async () => {
    const { server, open } = await ranged((response) => {
      response
        .writeHead(206, { "content-range": `bytes 10-15/${size}`, etag: '"e"' })
        .end(bytes.subarray(10));
    });
    expect(await open('"e"')).toMatchObject({ offset: 10, content: "abcdef", validator: '"e"' });
    expect(server.asked.at(-1)?.headers).toMatchObject({ range: "bytes=10-", "if-range": '"e"' });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["of another beginning", (to) => to.writeHead(206, { "content-range": `bytes 9-15/${size}` }).end()],
    ["of another whole", (to) => to.writeHead(206, { "content-range": "bytes 10-15/99" }).end()],
    ["beyond the end", (to) => to.writeHead(206, { "content-range": "bytes 10-99/*" }).end()],
    ["without a range", (to) => to.writeHead(206).end(bytes.subarray(10))],
    ["in several parts", (to) => to.writeHead(206, { "content-type": "multipart/byteranges" }).end("--x")],
    ["that is no number", (to) => to.writeHead(206, { "content-range": "bytes 1e1-0xf/16" }).end()],
    // docker-registry 2.8 announces a length that it does not send.
    ["that is refused with a wrong length", (to) => to.writeHead(416, { "content-length": "99" }).write("{")],
    ["that is refused with a body without end", (to) => to.writeHead(416).write("x".repeat(100_000))],
  ])("is read from the first byte where the answer is a part %s", async (_name, partial) => {
    const { server, open } = await ranged(partial);
    expect(await open()).toMatchObject({ offset: 0, content: bytes.toString(), validator: '"whole"' });
    expect(server.count("GET", path)).toBe(2);
  });

  it("is the whole where that is served, and a weak ETag is not kept", async () => {
    const { server, open } = await ranged((response) => {
      response.writeHead(200, { etag: 'W/"weak"' }).end(bytes);
    });
    const opened = await open('"old"');
    expect(opened).toMatchObject({ offset: 0, content: bytes.toString() });
    expect(opened.validator).toBeUndefined();
    expect(server.count("GET", path)).toBe(1);
  });

  it("is refused where its part is encoded", async () => {
    const { open } = await ranged((response) => {
      const headers = { "content-range": `bytes 10-15/${size}`, "content-encoding": "gzip" };
      response.writeHead(206, headers).end("??");
    });
    await expect(open()).rejects.toMatchObject({ code: "protocol", operation: "get-blob" });
  });

  it("is asked of the registry, and of the storage behind it without the sign-in", async () => {
    const storage = await serve((_request, response) => {
      response.writeHead(206, { "content-range": `bytes 10-15/${size}` }).end(bytes.subarray(10));
    });
    const server = await serve((request, response) => {
      if (request.headers.authorization === undefined)
        return json(response, 401, {}, { "www-authenticate": 'Basic realm="x"' });
      if (request.url === "/v2/") return json(response, 200, {});
      response.writeHead(307, { location: `${storage.url}/b?X-Amz-Signature=s` }).end();
    });
    const credential = { kind: "password" as const, username: "alice", password: "secret" };
    const opened = await registryFor(server.host, { credential }).openBlob("app", blob, {
      ...options(),
      offset: 10,
      validator: '"e"',
    });
    expect(await contentOf(opened.body)).toBe("abcdef");
    expect(storage.asked[0]?.headers).toMatchObject({ range: "bytes=10-", "if-range": '"e"' });
    expect(storage.asked[0]?.headers.authorization).toBeUndefined();
  });

  it("asks nothing where there is nothing left", async () => {
    const { server } = await ranged((response) => void response.writeHead(500).end());
    const opened = await registryFor(server.host).openBlob("app", blob, { ...options(), offset: size });
    expect(await contentOf(opened.body)).toBe("");
    expect(server.asked).toEqual([]);
  });
});

describe("how far an upload came", () => {
  const odd = fc.oneof(
    fc.string(),
    fc.stringMatching(/^(bytes[= ])?0-(-?[0-9]{1,18})$/),
    fc.constant(undefined),
  );
  it("is never before what was acknowledged nor behind the end, whatever the status says", () => {
    const counts = fc
      .tuple(fc.nat(2 ** 40), fc.nat(2 ** 40))
      .map(([one, more]) => [one, one + more] as const);
    fc.assert(
      fc.property(odd, counts, (header, [acknowledged, whole]) => {
        const offset = offsetOfStatus(header, { acknowledged, size: whole });
        if (offset === undefined) return;
        expect(offset).toBeGreaterThanOrEqual(acknowledged);
        expect(offset).toBeLessThanOrEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [undefined, 100],
    ["garbage", 100],
    ["0-99", 100],
    ["bytes=0-100", 100],
    ["0-98", 100],
    ["0-49", 50],
    ["5-99", 100],
  ])("after a part is read from %j as %d of 100", (header, expected) => {
    expect(offsetAfterPart(header, 100)).toBe(expected);
  });
});
