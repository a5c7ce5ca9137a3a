// The sample registry against the points of the OCI conformance suite, by raw HTTP.
import { createHash, randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RegistryServer, startRegistryServer } from "../../electron/samples/registry-server.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import {
  buildArtifact,
  buildImage,
  buildIndex,
  buildMultiPlatform,
  pushImage,
} from "../support/image-builder.ts";
import {
  getManifest,
  hasBlob,
  putBlob,
  putManifest,
  type RawReply,
  type RawRequest,
  rawRequest,
  sha256,
} from "../support/raw-http.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

let folder: TempFolder;
let server: RegistryServer;
beforeAll(async () => {
  folder = await tempFolder("samples");
  server = await startRegistryServer({ folder: folder.path });
});
afterAll(async () => {
  await server.close();
  await folder.remove();
});

const octets = { "content-type": "application/octet-stream" };
function ask(method: string, path: string, more: Omit<RawRequest, "method"> = {}): Promise<RawReply> {
  return rawRequest(server, path, { method, ...more });
}
function codeOf(reply: RawReply): string {
  return (JSON.parse(reply.body.toString()) as { errors: [{ code: string }] }).errors[0].code;
}
async function open(repository = "conf"): Promise<string> {
  const reply = await ask("POST", `/v2/${repository}/blobs/uploads/`);
  expect(reply.status).toBe(202);
  expect(reply.headers.range).toBe("0-0");
  return String(reply.headers.location);
}
async function expectBlob(bytes: Buffer, reply: RawReply): Promise<void> {
  expect(reply.status).toBe(201);
  const got = await ask("GET", String(reply.headers.location));
  expect(got.status).toBe(200);
  expect(got.body.equals(bytes)).toBe(true);
  expect(got.headers["docker-content-digest"]).toBe(sha256(bytes));
  const head = await ask("HEAD", String(reply.headers.location));
  expect([head.status, head.headers["content-length"], head.body.length]).toEqual([
    200,
    `${bytes.length}`,
    0,
  ]);
}

describe("base and lists", () => {
  it("answers the base (1)", async () => {
    expect((await ask("GET", "/v2/")).status).toBe(200);
    expect((await ask("POST", "/v2/")).status).toBe(405);
    expect((await ask("GET", "/v3/")).status).toBe(404);
    expect((await ask("GET", "/v2/%zz")).status).toBe(400);
  });

  it("has no tags for an unknown repository and no referrers for a random digest (2)", async () => {
    const tags = await ask("GET", "/v2/not/there/tags/list");
    expect([tags.status, codeOf(tags)]).toEqual([404, "NAME_UNKNOWN"]);
    const referrers = await ask("GET", `/v2/not/there/referrers/${sha256("x")}`);
    expect(referrers.headers["content-type"]).toBe(mediaTypes.ociIndex);
    expect(JSON.parse(referrers.body.toString())).toMatchObject({ schemaVersion: 2, manifests: [] });
    expect((await ask("GET", "/v2/not/there/referrers/sha256:12")).status).toBe(400);
  });

  it("pages tags and the catalog in order (13)", async () => {
    const image = await buildImage({ seed: "paged", layers: 0 });
    for (const tag of ["b", "a", "RC1", "rc1", "_c"]) await pushImage(server, image, "page/one", tag);
    await pushImage(server, image, "page/two", "x");
    const pages: string[][] = [];
    let next: string | undefined = "/v2/page/one/tags/list?n=2";
    while (next !== undefined) {
      const reply: RawReply = await ask("GET", next);
      pages.push((JSON.parse(reply.body.toString()) as { tags: string[] }).tags);
      next = /<(.*)>; rel="next"/.exec(String(reply.headers.link))?.[1];
    }
    expect(pages).toEqual([["RC1", "_c"], ["a", "b"], ["rc1"]]);
    const none = await ask("GET", "/v2/page/one/tags/list?n=0");
    expect(JSON.parse(none.body.toString())).toEqual({ name: "page/one", tags: [] });
    expect((await ask("GET", "/v2/page/one/tags/list?n=x")).status).toBe(400);
    const catalog = await ask("GET", "/v2/_catalog?n=1&last=page/one");
    expect(JSON.parse(catalog.body.toString())).toEqual({ repositories: ["page/two"] });
    expect((await ask("GET", "/v2/_catalog?n=-1")).status).toBe(400);
    expect((await ask("PUT", "/v2/_catalog")).status).toBe(405);
  });
});

describe("blobs", () => {
  it.each(["sha256", "sha512"])("knows no blob that was not pushed, by %s (3)", async (algorithm) => {
    const digest = `${algorithm}:${createHash(algorithm).update("none").digest("hex")}`;
    for (const method of ["GET", "HEAD", "DELETE"]) {
      expect((await ask(method, `/v2/conf/blobs/${digest}`)).status).toBe(404);
    }
    expect((await ask("POST", `/v2/conf/blobs/${digest}`)).status).toBe(405);
  });

  it("takes a blob in a single POST, in POST and PUT, and as a stream (4)", async () => {
    const [one, two, three] = [randomBytes(3000), randomBytes(4000), randomBytes(200_000)];
    const single = await ask("POST", `/v2/conf/blobs/uploads/?digest=${sha256(one)}`, {
      body: one,
      headers: octets,
    });
    await expectBlob(one, single);
    const put = await ask("PUT", `${await open()}?digest=${sha256(two)}`, { body: two, headers: octets });
    await expectBlob(two, put);
    const location = await open();
    const streamed = await ask("PATCH", location, { body: three, headers: octets });
    expect([streamed.status, streamed.headers.range]).toEqual([202, "0-199999"]);
    await expectBlob(three, await ask("PUT", `${streamed.headers.location}?digest=${sha256(three)}`));
  });

  it("takes chunks, refuses those out of order, and tells the true offset (4, 5)", async () => {
    const bytes = randomBytes(3000);
    const location = await open();
    const send = (from: number, to: number): Promise<RawReply> =>
      ask("PATCH", location, {
        body: bytes.subarray(from, to),
        headers: { ...octets, "content-range": `${from}-${to - 1}` },
      });
    expect((await send(0, 1000)).headers.range).toBe("0-999");
    const early = await send(2000, 3000);
    expect([early.status, early.headers.range, early.headers.location]).toEqual([416, "0-999", location]);
    const status = await ask("GET", location);
    expect([status.status, status.headers.range, status.headers.location]).toEqual([204, "0-999", location]);
    expect((await send(1000, 2000)).status).toBe(202);
    const last = { body: bytes.subarray(2000), headers: { ...octets, "content-range": "2500-3499" } };
    expect((await ask("PUT", `${location}?digest=${sha256(bytes)}`, last)).status).toBe(416);
    const right = { ...last, headers: { ...octets, "content-range": "2000-2999" } };
    await expectBlob(bytes, await ask("PUT", `${location}?digest=${sha256(bytes)}`, right));
    expect((await ask("GET", location)).status).toBe(404);
  });

  it("refuses a chunk that is not what Content-Range says", async () => {
    const location = await open();
    const headers = { ...octets, "content-range": "0-9" };
    const short = await ask("PATCH", location, { body: Buffer.from("123"), headers });
    expect([short.status, codeOf(short)]).toEqual([400, "SIZE_INVALID"]);
    expect((await ask("GET", location)).headers.range).toBe("0-0");
    const odd = await ask("PATCH", location, {
      body: Buffer.from("1"),
      headers: { "content-range": "bytes 0-0" },
    });
    expect(codeOf(odd)).toBe("BLOB_UPLOAD_INVALID");
    expect((await ask("POST", location)).status).toBe(405);
  });

  it("mounts what the other repository has and opens an upload otherwise (4)", async () => {
    const bytes = randomBytes(100);
    await putBlob(server, "mount/from", { digest: sha256(bytes), size: 100, body: bytes });
    const mount = (query: string): Promise<RawReply> => ask("POST", `/v2/mount/to/blobs/uploads/?${query}`);
    expect((await mount(`mount=${sha256("no")}&from=mount/from`)).status).toBe(202);
    expect((await mount(`mount=${sha256(bytes)}`)).status).toBe(202);
    expect(await hasBlob(server, "mount/to", sha256(bytes))).toBe(false);
    await expectBlob(bytes, await mount(`mount=${sha256(bytes)}&from=mount/from`));
  });

  it("cancels an upload (4)", async () => {
    const location = await open();
    expect((await ask("DELETE", location)).status).toBe(204);
    expect((await ask("DELETE", location)).status).toBe(404);
    expect((await ask("PATCH", `/v2/conf/blobs/uploads/..%2f..%2fx`)).status).toBe(404);
    expect((await ask("GET", "/v2/conf/blobs/uploads/")).status).toBe(405);
  });

  it("serves ranges (7)", async () => {
    const bytes = randomBytes(5000);
    const digest = sha256(bytes);
    await putBlob(server, "conf", { digest, size: 5000, body: bytes });
    const range = (text: string): Promise<RawReply> =>
      ask("GET", `/v2/conf/blobs/${digest}`, { headers: { range: `bytes=${text}` } });
    for (const [text, from, to] of [
      ["500-1499", 500, 1500],
      ["500-", 500, 5000],
      ["-500", 4500, 5000],
      ["2000-9000", 2000, 5000],
    ] as const) {
      const reply = await range(text);
      expect([reply.status, reply.headers["content-range"]]).toEqual([206, `bytes ${from}-${to - 1}/5000`]);
      expect(reply.body.equals(bytes.subarray(from, to))).toBe(true);
    }
    for (const text of ["500-0", "5000-10000", "-0"]) expect((await range(text)).status).toBe(416);
    for (const text of ["-", "0-1,4-5"]) expect((await range(text)).status).toBe(200);
  });

  it("takes the empty blob and {} (8)", async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from("{}")]) {
      await expectBlob(bytes, await ask("PUT", `${await open()}?digest=${sha256(bytes)}`, { body: bytes }));
    }
  });

  it("refuses a wrong or malformed digest in every way of pushing (9)", async () => {
    const bytes = randomBytes(50);
    const wrong = sha256("something else");
    const replies = [
      await ask("POST", `/v2/conf/blobs/uploads/?digest=${wrong}`, { body: bytes }),
      await ask("PUT", `${await open()}?digest=${wrong}`, { body: bytes }),
      await ask("PUT", `${await open()}?digest=sha256:12`, { body: bytes }),
      await ask("PUT", await open(), { body: bytes }),
    ];
    for (const reply of replies) expect([reply.status, codeOf(reply)]).toEqual([400, "DIGEST_INVALID"]);
    expect(await hasBlob(server, "conf", wrong)).toBe(false);
    expect(await hasBlob(server, "conf", sha256(bytes))).toBe(false);
  });

  it("keeps what arrived of a broken upload, so that status tells where to go on", async () => {
    const location = await open();
    await new Promise<void>((resolve) => {
      const request = httpRequest(new URL(location, server.url), {
        method: "PATCH",
        headers: { "content-length": "5000" },
      });
      request.on("error", () => resolve());
      request.write(Buffer.alloc(1234), () => setTimeout(() => request.destroy(new Error("cut")), 100));
    });
    await expect.poll(async () => (await ask("GET", location)).headers.range).toBe("0-1233");
  });

  it("deletes a blob of one repository only (15)", async () => {
    const bytes = randomBytes(60);
    for (const name of ["del/a", "del/b"]) {
      await putBlob(server, name, { digest: sha256(bytes), size: 60, body: bytes });
    }
    expect((await ask("DELETE", `/v2/del/a/blobs/${sha256(bytes)}`)).status).toBe(202);
    expect(await hasBlob(server, "del/a", sha256(bytes))).toBe(false);
    expect(await hasBlob(server, "del/b", sha256(bytes))).toBe(true);
  });
});

describe("manifests", () => {
  it("keeps the exact bytes of every shape, by tag and by digest (10)", async () => {
    const image = await buildImage({ seed: "m", annotations: { "org.example": "x" } });
    const bare = await buildImage({ seed: "bare", layers: 0, format: "docker" });
    const index = await buildMultiPlatform({ seed: "idx" });
    const shapes = [
      image,
      bare,
      index,
      buildIndex({ children: [index, bare] }),
      buildIndex({ children: [] }),
      buildArtifact({ seed: "art" }),
    ];
    for (const shape of shapes) {
      await pushImage(server, shape, "shapes", "tag");
      for (const reference of ["tag", shape.digest]) {
        const got = await getManifest(server, "shapes", reference);
        expect(got.bytes.equals(shape.bytes)).toBe(true);
        expect(got.mediaType).toBe(shape.mediaType);
      }
      const head = await ask("HEAD", "/v2/shapes/manifests/tag");
      expect(head.headers["content-length"]).toBe(String(shape.size));
      const fresh = await ask("GET", "/v2/shapes/manifests/tag", {
        headers: { "if-none-match": `"${shape.digest}"` },
      });
      expect(fresh.status).toBe(304);
    }
  });

  it("takes a manifest by sha512, of an unknown type, and with foreign layers that are not there (10)", async () => {
    const bytes = Buffer.from('{"schemaVersion":2,"mediaType":"application/vnd.example.new+json"}');
    const digest = `sha512:${createHash("sha512").update(bytes).digest("hex")}`;
    await putManifest(
      server,
      { repository: "odd", reference: digest },
      { bytes, mediaType: "application/vnd.example.new+json" },
    );
    expect((await getManifest(server, "odd", digest)).bytes.equals(bytes)).toBe(true);
    const image = await buildImage({ seed: "win", layers: 0 });
    await pushImage(server, image, "odd");
    const foreign = { mediaType: mediaTypes.dockerForeignLayer, digest: sha256("absent"), size: 6 };
    const value = { ...(JSON.parse(image.bytes.toString()) as object), layers: [foreign] };
    await putManifest(
      server,
      { repository: "odd", reference: "win" },
      { bytes: Buffer.from(JSON.stringify(value)), mediaType: mediaTypes.ociManifest },
    );
  });

  it("refuses what is wrong (11)", async () => {
    const image = await buildImage({ seed: "bad" });
    const put = (reference: string, body: Buffer, type = image.mediaType): Promise<RawReply> =>
      ask("PUT", `/v2/bad/manifests/${reference}`, {
        body,
        headers: type === "" ? {} : { "content-type": type },
      });
    const missing = await put("v1", image.bytes);
    expect([missing.status, codeOf(missing)]).toEqual([400, "MANIFEST_BLOB_UNKNOWN"]);
    const sparse = await put("v1", buildIndex({ children: [image] }).bytes, mediaTypes.ociIndex);
    expect(codeOf(sparse)).toBe("MANIFEST_BLOB_UNKNOWN");
    expect(codeOf(await put(sha256("other"), image.bytes))).toBe("DIGEST_INVALID");
    expect(codeOf(await put("sha256:baddigeststring", image.bytes))).toBe("DIGEST_INVALID");
    expect(codeOf(await put("-bad", image.bytes))).toBe("TAG_INVALID");
    expect(codeOf(await put("v1", Buffer.from("{")))).toBe("MANIFEST_INVALID");
    expect(codeOf(await put("v1", Buffer.from("{}"), ""))).toBe("MANIFEST_INVALID");
    expect(codeOf(await put("v1", Buffer.from('{"mediaType":"a/b"}')))).toBe("MANIFEST_INVALID");
    expect(codeOf(await put("v1", image.bytes, mediaTypes.dockerSchema1))).toBe("MANIFEST_INVALID");
    const huge = await put("v1", Buffer.alloc(4 * 1024 * 1024 + 1, 32));
    expect([huge.status, codeOf(huge)]).toEqual([413, "SIZE_INVALID"]);
    for (const method of ["GET", "HEAD", "DELETE"]) {
      expect((await ask(method, "/v2/bad/manifests/v1")).status).toBe(404);
      expect((await ask(method, `/v2/bad/manifests/${image.digest}`)).status).toBe(404);
    }
    expect((await ask("GET", "/v2/bad/manifests/sha256:baddigeststring")).status).toBe(400);
    expect((await ask("GET", "/v2/Bad/manifests/v1")).status).toBe(400);
    expect((await ask("PATCH", "/v2/bad/manifests/v1")).status).toBe(405);
  });

  it("lists referrers with type and annotations, filters, and says OCI-Subject (12, 14)", async () => {
    const image = await buildImage({ seed: "subject" });
    await pushImage(server, image, "ref", "v1");
    const sbom = buildArtifact({
      seed: "sbom",
      artifactType: "application/sbom",
      subject: image.descriptor,
      annotations: { a: "1" },
    });
    const index = buildIndex({ children: [], subject: image.descriptor, artifactType: "application/idx" });
    await pushImage(server, sbom, "ref");
    const put = await ask("PUT", "/v2/ref/manifests/idx", {
      body: index.bytes,
      headers: { "content-type": index.mediaType },
    });
    expect([put.status, put.headers["oci-subject"]]).toEqual([201, image.digest]);
    const list = async (query = ""): Promise<readonly { digest: string }[]> => {
      const reply = await ask("GET", `/v2/ref/referrers/${image.digest}${query}`);
      expect(reply.headers["oci-filters-applied"]).toBe(query === "" ? undefined : "artifactType");
      return (JSON.parse(reply.body.toString()) as { manifests: { digest: string }[] }).manifests;
    };
    expect(await list()).toHaveLength(2);
    expect(await list("?artifactType=application/sbom")).toEqual([
      {
        mediaType: sbom.mediaType,
        digest: sbom.digest,
        size: sbom.size,
        artifactType: "application/sbom",
        annotations: { a: "1" },
      },
    ]);
    expect((await ask("DELETE", `/v2/ref/manifests/${sbom.digest}`)).status).toBe(202);
    expect((await list()).map((each) => each.digest)).toEqual([index.digest]);
  });

  it("deletes a tag, and a manifest with all its tags (15)", async () => {
    const image = await buildImage({ seed: "gone" });
    for (const tag of ["a", "b", "c"]) await pushImage(server, image, "gone", tag);
    expect((await ask("DELETE", "/v2/gone/manifests/a")).status).toBe(202);
    expect((await ask("GET", `/v2/gone/manifests/${image.digest}`)).status).toBe(200);
    expect((await ask("DELETE", `/v2/gone/manifests/${image.digest}`)).status).toBe(202);
    expect((await ask("GET", "/v2/gone/manifests/b")).status).toBe(404);
    expect(JSON.parse((await ask("GET", "/v2/gone/tags/list")).body.toString())).toEqual({
      name: "gone",
      tags: [],
    });
  });
});

describe("the server", () => {
  it("does not talk to web pages or under a foreign name", async () => {
    expect((await ask("GET", "/v2/", { headers: { host: "evil.example:80" } })).status).toBe(403);
    expect((await ask("GET", "/v2/", { headers: { origin: "https://evil.example" } })).status).toBe(403);
    expect((await ask("GET", "/v2/", { headers: { host: "localhost:1" } })).status).toBe(200);
  });

  it("keeps everything over a restart and says when its port is taken", async () => {
    await using own = await tempFolder();
    const first = await startRegistryServer({ folder: own.path });
    const image = await buildMultiPlatform({ seed: "kept" });
    await pushImage(first, image, "kept", "v1");
    await expect(startRegistryServer({ folder: own.path, port: first.port })).rejects.toMatchObject({
      code: "io",
      message: expect.stringContaining(`127.0.0.1:${first.port}`),
    });
    await first.close();
    const second = await startRegistryServer({ folder: own.path, port: first.port });
    expect((await getManifest(second, "kept", "v1")).digest).toBe(image.digest);
    await second.close();
  });

  it("paces bodies in both directions", async () => {
    await using own = await tempFolder();
    const slow = await startRegistryServer({ folder: own.path, bytesPerSecond: 1_000_000 });
    const bytes = randomBytes(300_000);
    const began = performance.now();
    await putBlob(slow, "slow", { digest: sha256(bytes), size: bytes.length, body: bytes });
    const between = performance.now();
    const got = await rawRequest(slow, `/v2/slow/blobs/${sha256(bytes)}`);
    const end = performance.now();
    expect(got.body.equals(bytes)).toBe(true);
    expect(between - began).toBeGreaterThan(200);
    expect(end - between).toBeGreaterThan(200);
    expect(end - began).toBeLessThan(3000);
    await slow.close();
  });

  it("lets a hook answer in its place", async () => {
    await using own = await tempFolder();
    const hooked = await startRegistryServer({
      folder: own.path,
      hook: ({ response, route }) => {
        if (route.kind !== "catalog") return "go-on";
        response.writeHead(418).end();
        return "answered";
      },
    });
    expect((await rawRequest(hooked, "/v2/_catalog")).status).toBe(418);
    expect((await rawRequest(hooked, "/v2/")).status).toBe(200);
    await hooked.close();
  });

  it("gives up uploads that nothing touched for a day, when it starts", async () => {
    await using own = await tempFolder();
    const first = await startRegistryServer({ folder: own.path });
    const sessions: string[] = [];
    for (const name of ["a", "a/b"]) {
      const opened = await rawRequest(first, `/v2/${name}/blobs/uploads/`, { method: "POST" });
      sessions.push(String(opened.headers.location));
    }
    await first.close();
    const [old = "", young = ""] = sessions;
    const file = first.store.uploadFile("a", old.split("/").at(-1) ?? "");
    const { utimes } = await import("node:fs/promises");
    await utimes(file, 0, 0);
    const second = await startRegistryServer({ folder: own.path });
    expect((await rawRequest(second, old)).status).toBe(404);
    expect((await rawRequest(second, young)).status).toBe(204);
    await second.close();
  });

  it("answers 500 when its folder is broken, and goes on", async () => {
    await using own = await tempFolder();
    const { writeFile } = await import("node:fs/promises");
    const file = `${own.path}/file`;
    await writeFile(file, "");
    const broken = await startRegistryServer({ folder: file });
    const reply = await rawRequest(broken, "/v2/x/blobs/uploads/", { method: "POST" });
    expect([reply.status, codeOf(reply)]).toEqual([500, "UNKNOWN"]);
    expect((await rawRequest(broken, "/v2/")).status).toBe(200);
    await broken.close();
  });
});
