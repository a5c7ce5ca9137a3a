// HEAD, GET, PUT and DELETE of manifests against servers that answer in many ways.
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { manifestAccept } from "../../shared/media-types.ts";
import { describeBytes, emptyImage, manifestOf, ociManifest } from "./samples.ts";
import { bodyOf, json, options, registryFor, type Script, serve } from "./scripted-server.ts";

const image = emptyImage;
const headers = {
  "content-type": `${ociManifest}; charset=utf-8`,
  "docker-content-digest": image.digest,
  "content-length": String(image.size),
};

/** Serves the ping openly and hands everything else to the script. */
async function manifests(script: Script) {
  const server = await serve((request, response) =>
    request.url === "/v2/" ? json(response, 200, {}) : script(request, response),
  );
  return { server, registry: registryFor(server.host) };
}

const send = (bytes: Uint8Array, extra: Record<string, string | undefined> = {}): Script => {
  return (_request, response) => {
    for (const [name, value] of Object.entries({
      ...headers,
      "content-length": String(bytes.length),
      ...extra,
    }))
      if (value !== undefined) response.setHeader(name, value);
    response.end(bytes);
  };
};

describe("HEAD", () => {
  it("is enough where it says everything, with every type accepted", async () => {
    const { server, registry } = await manifests(send(image.bytes));
    expect(await registry.headManifest("app", "v1", options())).toEqual({
      digest: image.digest,
      mediaType: ociManifest,
      size: image.size,
    });
    expect(server.asked.map((one) => one.method)).toEqual(["GET", "HEAD"]);
    expect(server.asked[1]?.headers.accept).toBe(manifestAccept.join(", "));
  });

  it.each<[string, Record<string, string | undefined>]>([
    ["no digest", { "docker-content-digest": undefined }],
    ["a digest that is none", { "docker-content-digest": "sha256:XYZ" }],
    ["no type", { "content-type": undefined }],
    ["a type that says nothing", { "content-type": "application/json" }],
  ])("asks for the body where it has %s", async (_name, extra) => {
    const { server, registry } = await manifests(send(image.bytes, extra));
    expect(await registry.headManifest("app", "v1", options())).toEqual({
      digest: image.digest,
      mediaType: ociManifest,
      size: image.size,
    });
    expect(server.count("GET", "/v2/app/manifests/v1")).toBe(1);
  });

  it.each([400, 403, 405, 406])("asks for the body where HEAD is answered with %i", async (status) => {
    const { registry } = await manifests((request, response) =>
      request.method === "HEAD"
        ? void response.writeHead(status).end()
        : send(image.bytes)(request, response),
    );
    expect(await registry.headManifest("app", "v1", options())).toMatchObject({ digest: image.digest });
  });

  it.each([
    [429, "rate-limited"],
    [500, "registry-failure"],
    [503, "registry-failure"],
  ])("costs no counted GET where it is answered with %i", async (status, code) => {
    const { server, registry } = await manifests((request, response) =>
      request.method === "HEAD"
        ? void response.writeHead(status, { "retry-after": "7", "content-type": "application/json" }).end()
        : send(image.bytes)(request, response),
    );
    const head = registry.headManifest("app", "v1", options());
    await expect(head).rejects.toMatchObject({ code, status, retryAfterMs: 7_000 });
    expect(server.count("GET", "/v2/app/manifests/v1")).toBe(0);
  });

  it("is undefined where there is nothing", async () => {
    const { registry } = await manifests((_request, response) => void response.writeHead(404).end());
    expect(await registry.headManifest("app", "v1", options())).toBeUndefined();
    const { registry: late } = await manifests((request, response) =>
      request.method === "HEAD" ? void response.writeHead(405).end() : json(response, 404, {}),
    );
    expect(await late.headManifest("app", "v1", options())).toBeUndefined();
  });

  it("keeps its connections", async () => {
    const { server, registry } = await manifests(send(image.bytes));
    for (let at = 0; at < 5; at += 1) await registry.headManifest("app", "v1", options());
    // The first request may find the ping's connection not yet free; none is opened per HEAD.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });
});

describe("GET", () => {
  it("computes the digest itself and does not believe the header", async () => {
    const { registry } = await manifests(
      send(image.bytes, { "docker-content-digest": `sha256:${"0".repeat(64)}` }),
    );
    const found = await registry.getManifest("app", "v1", options());
    expect(found.digest).toBe(image.digest);
    expect(Buffer.from(found.bytes).equals(Buffer.from(image.bytes))).toBe(true);
  });

  it("refuses other bytes than a digest names, sha512 too", async () => {
    const other = manifestOf({ schemaVersion: 2, layers: [] });
    const { registry } = await manifests(send(other.bytes));
    await expect(registry.getManifest("app", image.digest, options())).rejects.toMatchObject({
      code: "digest-mismatch",
      message: expect.stringMatching(new RegExp(`expected ${image.digest}, found ${other.digest}`)),
    });
    const long = `sha512:${createHash("sha512").update(other.bytes).digest("hex")}`;
    expect((await registry.getManifest("app", long, options())).digest).toBe(long);
  });

  it.each<[string, unknown, string | undefined, string]>([
    [
      "the header where the body is silent",
      { schemaVersion: 2 },
      "application/vnd.x.y+json; a=b",
      "application/vnd.x.y+json",
    ],
    [
      "the body where the header says nothing",
      { mediaType: "application/vnd.own+json" },
      "text/plain",
      "application/vnd.own+json",
    ],
    [
      "the body where there is no header",
      { mediaType: "application/vnd.own+json" },
      undefined,
      "application/vnd.own+json",
    ],
    ["a guess: an index", { manifests: [] }, "application/json", "application/vnd.oci.image.index.v1+json"],
    ["a guess: an image", { config: {}, layers: [] }, undefined, ociManifest],
  ])("takes the type from %s", async (_name, body, type, expected) => {
    const { registry } = await manifests(send(Buffer.from(JSON.stringify(body)), { "content-type": type }));
    expect((await registry.getManifest("app", "v1", options())).mediaType).toBe(expected);
  });

  it("refuses a contradiction by tag; by digest the verified bytes decide", async () => {
    const own = manifestOf({ mediaType: "application/vnd.own+json" });
    const { registry } = await manifests(send(own.bytes, { "content-type": ociManifest }));
    await expect(registry.getManifest("app", "v1", options())).rejects.toMatchObject({ code: "protocol" });
    expect((await registry.getManifest("app", own.digest, options())).mediaType).toBe(
      "application/vnd.own+json",
    );
  });

  it.each<[string, string, string | undefined]>([
    ["a web page", "<html>", "text/html"],
    ["nothing known", "[]", undefined],
    ["no JSON", "hello", "text/plain"],
  ])("refuses %s", async (_name, body, type) => {
    const { registry } = await manifests(send(Buffer.from(body), { "content-type": type }));
    await expect(registry.getManifest("app", "v1", options())).rejects.toMatchObject({ code: "protocol" });
  });

  it("names schema 1 instead of a digest that cannot match", async () => {
    const { registry } = await manifests(
      send(Buffer.from("{}"), {
        "content-type": "application/vnd.docker.distribution.manifest.v1+prettyjws",
      }),
    );
    await expect(registry.getManifest("app", image.digest, options())).rejects.toMatchObject({
      code: "unsupported",
    });
  });

  it("refuses more than 8 MiB and encoded bodies", async () => {
    const { registry } = await manifests(send(Buffer.alloc(8 * 1024 * 1024 + 1, 32)));
    await expect(registry.getManifest("app", "v1", options())).rejects.toMatchObject({ code: "too-large" });
    const { registry: zipped } = await manifests(send(image.bytes, { "content-encoding": "gzip" }));
    await expect(zipped.getManifest("app", "v1", options())).rejects.toMatchObject({ code: "protocol" });
  });

  it.each<[string, string]>([
    ["MANIFEST_UNKNOWN", "manifest-unknown"],
    ["NAME_UNKNOWN", "repository-unknown"],
    ["NOT_FOUND", "manifest-unknown"],
  ])("404 %s is %s", async (code, expected) => {
    const { registry } = await manifests((_request, response) => json(response, 404, { errors: [{ code }] }));
    await expect(registry.getManifest("app", "v1", options())).rejects.toMatchObject({ code: expected });
  });
});

describe("PUT", () => {
  it("sends the exact bytes with their type and believes a matching digest", async () => {
    let body: Buffer = Buffer.alloc(0);
    const { server, registry } = await manifests(async (request, response) => {
      body = await bodyOf(request);
      response.writeHead(201, { "docker-content-digest": image.digest }).end();
    });
    await registry.putManifest("app", "v1", image, options());
    expect(body.equals(Buffer.from(image.bytes))).toBe(true);
    expect(server.asked.at(-1)).toMatchObject({ method: "PUT", url: "/v2/app/manifests/v1" });
    expect(server.asked.at(-1)?.headers).toMatchObject({
      "content-type": ociManifest,
      "content-length": String(image.size),
    });
    expect(server.asked.at(-1)?.headers.accept).toBeUndefined();
  });

  it("refuses another digest in the answer", async () => {
    const { registry } = await manifests((_request, response) => {
      response.writeHead(201, { "docker-content-digest": `sha256:${"1".repeat(64)}` }).end();
    });
    await expect(registry.putManifest("app", "v1", image, options())).rejects.toMatchObject({
      code: "digest-mismatch",
    });
  });

  it("looks again where the answer is an odd success", async () => {
    const { registry } = await manifests((request, response) =>
      request.method === "PUT" ? void response.writeHead(202).end() : send(image.bytes)(request, response),
    );
    await registry.putManifest("app", "v1", image, options());
    const { registry: portal } = await manifests((request, response) =>
      request.method === "PUT"
        ? void response.writeHead(200).end("<html>")
        : void response.writeHead(404).end(),
    );
    await expect(portal.putManifest("app", "v1", image, options())).rejects.toMatchObject({
      code: "digest-mismatch",
      message: expect.stringContaining("found nothing"),
    });
  });

  it.each<[string, number, { code: string; message?: string }, string]>([
    ["Quay", 409, { code: "TAG_IMMUTABLE" }, "tag-immutable"],
    ["Quay, older", 409, { code: "TAG_ALREADY_EXISTS" }, "tag-immutable"],
    ["Harbor", 412, { code: "PRECONDITION", message: "configured as immutable" }, "tag-immutable"],
    [
      "ECR",
      400,
      { code: "TAG_INVALID", message: "the tag cannot be overwritten because the repository is immutable" },
      "tag-immutable",
    ],
    [
      "GAR",
      400,
      { code: "MANIFEST_INVALID", message: "cannot update tag: tag immutability" },
      "tag-immutable",
    ],
    ["missing blob", 400, { code: "MANIFEST_BLOB_UNKNOWN" }, "blob-unknown"],
    ["missing blob, 404", 404, { code: "MANIFEST_BLOB_UNKNOWN" }, "blob-unknown"],
    ["missing child", 404, { code: "MANIFEST_UNKNOWN" }, "blob-unknown"],
    ["missing repository", 404, { code: "NAME_UNKNOWN" }, "repository-unknown"],
    ["other 404", 404, { code: "" }, "repository-unknown"],
    ["bad digest", 400, { code: "DIGEST_INVALID" }, "digest-mismatch"],
    ["invalid", 400, { code: "MANIFEST_INVALID", message: "bad" }, "refused-by-registry"],
    ["too large", 413, { code: "SIZE" }, "too-large"],
    ["denied", 403, { code: "DENIED" }, "forbidden"],
    ["read-only", 405, { code: "UNSUPPORTED" }, "unsupported"],
    ["throttled in other words", 400, { code: "TOOMANYREQUESTS" }, "rate-limited"],
  ])("%s: %i is named", async (_name, status, error, expected) => {
    const { registry } = await manifests((_request, response) => json(response, status, { errors: [error] }));
    await expect(registry.putManifest("app", "v1", image, options())).rejects.toMatchObject({
      code: expected,
      status,
      message: expect.stringContaining("app:v1"),
    });
  });

  it("sends its bytes again behind a 307 and refuses a redirect that would change the request", async () => {
    let stored = 0;
    const { registry } = await manifests(async (request, response) => {
      if (request.url === "/moved") {
        stored = (await bodyOf(request)).length;
        response.writeHead(201, { "docker-content-digest": image.digest }).end();
      } else response.writeHead(307, { location: "/moved" }).end();
    });
    await registry.putManifest("app", "v1", image, options());
    expect(stored).toBe(image.size);
    const { registry: found } = await manifests((_request, response) => {
      response.writeHead(302, { location: "/login" }).end();
    });
    await expect(found.putManifest("app", "v1", image, options())).rejects.toMatchObject({
      code: "redirect-refused",
    });
  });
});

describe("DELETE", () => {
  it("asks for it, and names what is missing or not allowed", async () => {
    const answers = [202, 404, 405, 400];
    const { server, registry } = await manifests((_request, response) => {
      const status = answers.shift() ?? 500;
      json(response, status, { errors: [{ code: status === 400 ? "UNSUPPORTED" : "X" }] });
    });
    const { digest } = describeBytes(image.bytes);
    await registry.deleteManifest("app", digest, options());
    expect(server.asked.at(-1)).toMatchObject({ method: "DELETE", url: `/v2/app/manifests/${digest}` });
    await expect(registry.deleteManifest("app", "v1", options())).rejects.toMatchObject({
      code: "manifest-unknown",
    });
    await expect(registry.deleteManifest("app", "v1", options())).rejects.toMatchObject({
      code: "unsupported",
    });
    await expect(registry.deleteManifest("app", "v1", options())).rejects.toMatchObject({
      code: "unsupported",
    });
    await expect(registry.deleteManifest("app", "../x", options())).rejects.toMatchObject({
      code: "invalid-reference",
    });
  });
});
