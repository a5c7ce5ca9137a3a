// Every fault of the fixture registry does what its name says, seen by raw HTTP.
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mediaTypes } from "../../shared/media-types.ts";
import { type FixtureOptions, type FixtureRegistry, startFixtureRegistry } from "./fixture-registry.ts";
import { type BuiltImage, blobsOf, buildImage, pushImage } from "./image-builder.ts";
import { headManifest, putBlob, type RawReply, rawRequest, sha256 } from "./raw-http.ts";
import { digestOf, dockerReference, skopeoCopy } from "./skopeo.ts";
import { tempFolder } from "./temp.ts";

let fixture: FixtureRegistry;
let image: BuiltImage;
let layer: { path: string; digest: string; size: number };

async function begin(options: FixtureOptions = {}): Promise<void> {
  await fixture?.stop();
  fixture = await startFixtureRegistry(options);
}
beforeEach(async () => {
  fixture = await startFixtureRegistry();
  image = await buildImage({ seed: "fixture", layers: 1, layerSize: 50_000 });
  await pushImage(fixture, image, "app", "v1");
  const blob = blobsOf(image).at(-1);
  if (blob === undefined) throw new Error("expected a layer");
  layer = { path: `/v2/app/blobs/${blob.digest}`, digest: blob.digest, size: blob.size };
  fixture.clearRecords();
});
afterEach(() => fixture.stop());

function get(path: string, headers: Record<string, string> = {}): Promise<RawReply> {
  return rawRequest(fixture, path, { headers });
}

/** The answer as it is on the wire, until the other end closes; what arrived before a reset is kept. */
function onTheWire(
  path: string,
  untilBytes = Number.POSITIVE_INFINITY,
): Promise<{ head: string; bytes: number; end: string }> {
  return new Promise((resolve) => {
    const socket = connect(fixture.port, "127.0.0.1", () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${fixture.host}\r\n\r\n`),
    );
    let all = Buffer.alloc(0);
    const finish = (end: string): void => {
      const at = all.indexOf("\r\n\r\n");
      resolve({ head: all.subarray(0, at).toString().toLowerCase(), bytes: all.length - at - 4, end });
      socket.destroy();
    };
    socket.on("data", (chunk) => {
      all = Buffer.concat([all, chunk]);
      if (all.length >= untilBytes) finish("open");
    });
    socket.once("end", () => finish("fin"));
    socket.once("error", (error: NodeJS.ErrnoException) => finish(error.code ?? ""));
  });
}

describe("bodies", () => {
  it("flips one byte", async () => {
    const right = (await get(layer.path)).body;
    fixture.fault({ do: "flip-byte", at: 30_000 }, { kind: "blob" });
    const wrong = (await get(layer.path)).body;
    expect(wrong.length).toBe(right.length);
    expect([...wrong.keys()].filter((at) => wrong[at] !== right[at])).toEqual([30_000]);
  });

  it("ends early with a clean FIN, with and without a length", async () => {
    const kept = fixture.fault({ do: "truncate", at: 1000 });
    const told = await onTheWire(layer.path);
    expect(told).toMatchObject({ bytes: 1000, end: "fin" });
    expect(told.head).toContain(`content-length: ${layer.size}`);
    kept.remove();
    fixture.fault({ do: "truncate", at: 1000, length: "adjusted" });
    const short = await get(layer.path);
    expect([short.headers["content-length"], short.body.length]).toEqual(["1000", 1000]);
    fixture.heal();
    fixture.fault({ do: "truncate", at: 1000, length: "none" });
    const open = await get(layer.path);
    expect([open.headers["content-length"], open.body.length]).toEqual([undefined, 1000]);
  });

  it("is longer than it should be", async () => {
    fixture.fault({ do: "lengthen", by: 7, length: "adjusted" });
    expect((await get(layer.path)).body.length).toBe(layer.size + 7);
    fixture.heal();
    fixture.fault({ do: "lengthen", by: 7 });
    const told = await onTheWire(layer.path);
    expect(told.bytes).toBe(layer.size + 7);
    expect(told.head).toContain(`content-length: ${layer.size}`);
  });

  it("is reset on its way down, stalls, or is slow", async () => {
    fixture.fault({ do: "reset-download", at: 20_000 }, { times: 1 });
    const reset = await onTheWire(layer.path);
    expect(reset.end).toBe("ECONNRESET");
    expect(reset.bytes).toBeLessThanOrEqual(20_000);
    fixture.heal();
    fixture.fault({ do: "stall", at: 10_000 });
    const raced = await Promise.race([onTheWire(layer.path, 10_000), onTheWire(layer.path, 30_000)]);
    expect(raced.end).toBe("open");
    fixture.heal();
    fixture.fault({ do: "slow", bytesPerSecond: 100_000 }, { kind: "blob" });
    const began = performance.now();
    expect((await get(layer.path)).body.length).toBe(layer.size);
    expect(performance.now() - began).toBeGreaterThan(350);
  });

  it("is reset on its way up, and the session keeps what arrived", async () => {
    const opened = await rawRequest(fixture, "/v2/app/blobs/uploads/", { method: "POST" });
    const location = String(opened.headers.location);
    fixture.fault({ do: "reset-upload", at: 70_000 }, { method: "PATCH", times: 1 });
    await expect(
      rawRequest(fixture, location, { method: "PATCH", body: Buffer.alloc(400_000) }),
    ).rejects.toThrow();
    await expect.poll(async () => (await get(location)).headers.range).toBe("0-69999");
  });
});

describe("answers", () => {
  it("are the status wished for, after and as often as wished", async () => {
    const handle = fixture.fault(
      { do: "status", status: 429, code: "TOOMANYREQUESTS", headers: { "retry-after": "1" } },
      { method: "HEAD", kind: "manifest", after: 1, times: 2 },
    );
    const seen: number[] = [];
    for (let n = 0; n < 4; n += 1) seen.push((await headManifest(fixture, "app", "v1")).status);
    expect(seen).toEqual([200, 429, 429, 200]);
    expect(handle.count).toBe(2);
    fixture.fault({
      do: "status",
      status: 503,
      headers: { "retry-after": "Sat, 21 Nov 2026 09:00:00 GMT" },
      body: "<html>",
    });
    const html = await get("/v2/");
    expect([html.status, html.body.toString()]).toEqual([503, "<html>"]);
    expect(html.headers["retry-after"]).toContain("2026");
  });

  it("get lost, or never come", async () => {
    const bytes = Buffer.from("lost");
    fixture.fault({ do: "lose-reply" }, { method: "PUT", times: 1 });
    const blob = { digest: sha256(bytes), size: 4, body: bytes };
    await expect(putBlob(fixture, "app", blob)).rejects.toThrow();
    expect((await get(`/v2/app/blobs/${blob.digest}`)).status).toBe(200);
    fixture.fault({ do: "never-answer" });
    const answered = get("/v2/").then(
      () => "answered",
      () => "broken",
    );
    const waited = new Promise((resolve) => setTimeout(resolve, 150, "waited"));
    expect(await Promise.race([answered, waited])).toBe("waited");
    expect(fixture.requests.at(-1)).toMatchObject({ path: "/v2/", status: undefined, complete: false });
  });

  it("have other headers", async () => {
    fixture.fault({ do: "drop-headers", names: ["docker-content-digest"] }, { kind: "manifest" });
    fixture.fault({ do: "set-headers", headers: { "content-type": "text/html" } }, { kind: "manifest" });
    const reply = await get("/v2/app/manifests/v1");
    expect(reply.headers["docker-content-digest"]).toBeUndefined();
    expect(reply.headers["content-type"]).toBe("text/html");
  });

  it("do not end", async () => {
    fixture.fault({ do: "oversized", bytes: 200_000, contentType: mediaTypes.ociManifest }, { times: 1 });
    expect((await get("/v2/app/manifests/v1")).body.length).toBe(200_000);
    fixture.fault({ do: "oversized" });
    expect((await onTheWire("/v2/app/manifests/v1", 5_000_000)).end).toBe("open");
  });

  it("page in a circle, and list null", async () => {
    const circle = fixture.fault({ do: "repeat-link" }, { kind: ["tags", "catalog"] });
    expect((await get("/v2/app/tags/list?n=1")).headers.link).toBe('</v2/app/tags/list?n=1>; rel="next"');
    circle.remove();
    fixture.fault({ do: "null-list" }, { kind: ["tags", "catalog"] });
    expect((await get("/v2/app/tags/list")).body.toString()).toBe('{"name":"app","tags":null}');
    expect((await get("/v2/_catalog")).body.toString()).toBe('{"repositories":null}');
  });

  it("list as many names as wished", async () => {
    const names = Array.from({ length: 2500 }, (_, n) => `team/app-${String(n).padStart(4, "0")}`);
    fixture.fault({ do: "list", names }, { kind: "catalog" });
    fixture.fault({ do: "list", names: ["b", "a"] });
    const page = await get("/v2/_catalog?n=1000&last=team/app-0999");
    expect((JSON.parse(page.body.toString()) as { repositories: string[] }).repositories).toEqual(
      names.slice(1000, 2000),
    );
    expect(page.headers.link).toContain("last=team%2Fapp-1999");
    expect((await get("/v2/app/tags/list")).body.toString()).toBe('{"name":"app","tags":["a","b"]}');
    expect((await get("/v2/")).status).toBe(200);
  });

  it("refuse mounts, ranges and overwritten tags", async () => {
    fixture.fault({ do: "no-mounts" });
    const mount = `/v2/other/blobs/uploads/?mount=${layer.digest}&from=app`;
    expect((await rawRequest(fixture, mount, { method: "POST" })).status).toBe(202);
    fixture.fault({ do: "ignore-range" });
    expect((await get(layer.path, { range: "bytes=5-" })).status).toBe(200);
    fixture.fault({ do: "immutable-tags", status: 412, equalToo: true });
    const put = { method: "PUT", body: image.bytes, headers: { "content-type": image.mediaType } };
    expect((await rawRequest(fixture, "/v2/app/manifests/v1", put)).status).toBe(412);
    expect((await rawRequest(fixture, "/v2/app/manifests/v2", put)).status).toBe(201);
  });

  it("redirect to another origin that sees whether credentials leak", async () => {
    fixture.fault({ do: "redirect-to-storage" }, { method: "GET", kind: "blob" });
    const reply = await get(layer.path);
    expect(reply.status).toBe(307);
    const target = { url: new URL(String(reply.headers.location)).origin };
    const whole = await rawRequest(target, String(reply.headers.location));
    expect(sha256(whole.body)).toBe(layer.digest);
    const headers = { range: "bytes=10-19", authorization: "Basic eA==", cookie: "a=b" };
    const part = await rawRequest(target, String(reply.headers.location), { headers });
    expect([part.status, part.headers["content-range"], part.body.length]).toEqual([
      206,
      `bytes 10-19/${layer.size}`,
      10,
    ]);
    expect((await rawRequest(target, "/x")).status).toBe(404);
    expect((await rawRequest(target, `/blobs/${sha256("none")}`)).status).toBe(404);
    expect(fixture.storageRequests.map((request) => request.leaked)).toEqual([
      [],
      ["authorization", "cookie"],
      [],
      [],
    ]);
  });

  it("can be anything a test thinks of", async () => {
    fixture.fault(
      {
        do: "run",
        run: async ({ route }) => {
          if (route.kind === "manifest")
            await fixture.store.deleteBlob(route.repository, image.blobs[0]?.digest ?? image.digest);
        },
      },
      { method: "PUT", times: 1 },
    );
    const put = { method: "PUT", body: image.bytes, headers: { "content-type": image.mediaType } };
    expect((await rawRequest(fixture, "/v2/app/manifests/v2", put)).body.toString()).toContain(
      "MANIFEST_BLOB_UNKNOWN",
    );
  });

  it("are recorded with their bytes", async () => {
    await get(layer.path);
    await putBlob(fixture, "app", { digest: sha256("xyz"), size: 3, body: Buffer.from("xyz") });
    await expect.poll(() => fixture.requests.every((request) => request.complete)).toBe(true);
    expect(
      fixture.requests.map(({ method, kind, status, bytesIn, bytesOut }) => [
        method,
        kind,
        status,
        bytesIn,
        bytesOut,
      ]),
    ).toEqual([
      ["GET", "blob", 200, 0, layer.size],
      ["HEAD", "blob", 404, 0, 0],
      ["POST", "uploads", 202, 0, 0],
      ["PUT", "upload", 201, 3, 0],
    ]);
    expect(fixture.count({ kind: "blob" })).toBe(2);
    expect(fixture.count({ method: "PUT", path: /uploads/ })).toBe(1);
    expect(fixture.mostAtOnce).toBe(1);
  });
});

describe("sign-in", () => {
  const basic = { authorization: `Basic ${Buffer.from("u:p").toString("base64")}` };
  interface TokenReply {
    readonly token: string;
    readonly expires_in: number;
  }
  async function token(scope: string, headers: Record<string, string> = basic): Promise<TokenReply> {
    const reply = await get(`/token?service=fixture&scope=${scope}`, headers);
    return JSON.parse(reply.body.toString()) as TokenReply;
  }

  it("by Basic", async () => {
    await begin({ auth: { kind: "basic", user: "u", password: "p" } });
    expect((await rawRequest({ url: fixture.url }, "/v2/")).headers["www-authenticate"]).toBe(
      'Basic realm="fixture"',
    );
    expect((await get("/v2/")).status).toBe(200);
    expect((await get("/token")).status).toBe(404);
    expect(fixture.requests.map((request) => request.authorization)).toEqual([undefined, "Basic", "Basic"]);
  });

  it("by tokens with scopes", async () => {
    await begin({ auth: { kind: "token", user: "u", password: "p" } });
    const refused = await get("/v2/a/tags/list");
    expect(refused.headers["www-authenticate"]).toBe(
      `Bearer realm="${fixture.url}/token",service="fixture",scope="repository:a:pull"`,
    );
    expect((await get("/token?scope=x")).status).toBe(401);
    const pull = { authorization: `Bearer ${(await token("repository:a:pull")).token}` };
    expect((await get("/v2/a/tags/list", pull)).status).toBe(404);
    expect((await get("/v2/", pull)).status).toBe(200);
    const push = await rawRequest(fixture, "/v2/a/blobs/uploads/?mount=x&from=b", {
      method: "POST",
      headers: pull,
    });
    expect(push.headers["www-authenticate"]).toContain(
      'scope="repository:a:pull,push repository:b:pull",error="insufficient_scope"',
    );
    expect((await rawRequest(fixture, "/v2/a/manifests/x", { method: "DELETE", headers: pull })).status).toBe(
      401,
    );
    expect(
      (await get("/v2/_catalog", { authorization: `Bearer ${(await token("registry:catalog:*")).token}` }))
        .status,
    ).toBe(200);
    const form = "grant_type=password&username=u&password=p&scope=repository:a:pull,push+repository:b:pull";
    const posted = await rawRequest(fixture, "/token", { method: "POST", body: Buffer.from(form) });
    const both = { authorization: `Bearer ${(JSON.parse(posted.body.toString()) as TokenReply).token}` };
    expect(
      (await rawRequest(fixture, "/v2/a/blobs/uploads/?mount=x&from=b", { method: "POST", headers: both }))
        .status,
    ).toBe(202);
    expect(
      fixture.tokenRequests.map(({ method, scopes, authorized, status }) => [
        method,
        scopes.length,
        authorized,
        status,
      ]),
    ).toEqual([
      ["GET", 1, false, 401],
      ["GET", 1, true, 200],
      ["GET", 1, true, 200],
      ["POST", 2, true, 200],
    ]);
    fixture.expireTokens();
    expect((await get("/v2/", pull)).status).toBe(401);
  });

  it("by tokens, to the satisfaction of skopeo", async () => {
    await begin({ auth: { kind: "token", user: "u", password: "p" } });
    await using folder = await tempFolder();
    const real = await startFixtureRegistry();
    await pushImage(real, image, "app", "v1");
    const target = { host: fixture.host, url: fixture.url, user: "u", password: "p" };
    await skopeoCopy(
      { reference: dockerReference(real, "app", "v1"), target: real },
      { reference: dockerReference(target, "team/app", "v1"), target },
    );
    expect(await digestOf(target, "team/app", "v1")).toBe(image.digest);
    await skopeoCopy(
      { reference: dockerReference(target, "team/app", "v1"), target },
      { reference: `dir:${folder.path}` },
    );
    expect(
      fixture.tokenRequests.some((request) => request.scopes.includes("repository:team/app:pull,push")),
    ).toBe(true);
    await real.stop();
  });

  it("by tokens that expire before they say, or grant less than asked", async () => {
    await begin({
      auth: { kind: "token", lifetimeSeconds: 0.1, toldLifetimeSeconds: 60, grantsOnly: ["pull"] },
    });
    const got = await token("repository:a:pull,push", {});
    expect(got.expires_in).toBe(60);
    const headers = { authorization: `Bearer ${got.token}` };
    expect((await get("/v2/a/tags/list", headers)).status).toBe(404);
    expect((await rawRequest(fixture, "/v2/a/blobs/uploads/", { method: "POST", headers })).status).toBe(401);
    await expect.poll(async () => (await get("/v2/a/tags/list", headers)).status).toBe(401);
  });

  it("by a token service that does not understand an action", async () => {
    await begin({ auth: { kind: "token", refusesActions: ["delete"] } });
    expect((await get("/token?scope=repository:a:pull,push,delete")).status).toBe(400);
    expect((await get("/token?scope=repository:a:pull,push")).status).toBe(200);
  });
});
