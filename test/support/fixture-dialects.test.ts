// The dialects of the fixture registry (uploads, lists, rules) do what their names say, seen by raw HTTP.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FixtureRegistry, startFixtureRegistry } from "./fixture-registry.ts";
import { type BuiltImage, blobsOf, buildArtifact, buildImage, pushImage } from "./image-builder.ts";
import { getManifest, headManifest, type RawReply, rawRequest, sha256 } from "./raw-http.ts";

let fixture: FixtureRegistry;
let image: BuiltImage;
let other: BuiltImage;

beforeEach(async () => {
  fixture = await startFixtureRegistry();
  image = await buildImage({ seed: "dialect", layers: 1, layerSize: 30_000 });
  other = await buildImage({ seed: "another", layers: 1, layerSize: 3000 });
  await pushImage(fixture, image, "app", "v1");
  await pushImage(fixture, other, "app");
  fixture.clearRecords();
});
afterEach(() => fixture.stop());

function send(
  method: string,
  path: string,
  body?: Buffer,
  headers: Record<string, string> = {},
): Promise<RawReply> {
  return rawRequest(fixture, path, { method, headers, ...(body === undefined ? {} : { body }) });
}

/** The path that a Location names, seen from the request's path. */
function locationOf(reply: RawReply, path: string): string {
  const url = new URL(String(reply.headers.location), new URL(path, fixture.url));
  return url.pathname + url.search;
}

const uploads = "/v2/app/blobs/uploads/";
async function open(): Promise<{ path: string; reply: RawReply }> {
  const reply = await send("POST", uploads);
  return { path: locationOf(reply, uploads), reply };
}
function patch(path: string, start: number, bytes: Buffer): Promise<RawReply> {
  return send("PATCH", path, bytes, { "content-range": `${start}-${start + bytes.length - 1}` });
}
function complete(path: string, digest: string, body = Buffer.alloc(0)): Promise<RawReply> {
  return send("PUT", `${path}${path.includes("?") ? "&" : "?"}digest=${digest}`, body);
}

const first = Buffer.alloc(1000, 1);
const second = Buffer.alloc(500, 2);
const whole = sha256(Buffer.concat([first, second]));

describe("uploads", () => {
  it("tell the true offset by status and after a wrong Content-Range, and go on from there", async () => {
    const { path } = await open();
    await patch(path, 0, first);
    const status = await send("GET", path);
    expect([status.status, status.headers.range, locationOf(status, path)]).toEqual([204, "0-999", path]);
    for (const wrong of [0, 1400]) {
      const refused = await patch(path, wrong, second);
      expect([refused.status, refused.headers.range]).toEqual([416, "0-999"]);
    }
    expect((await patch(path, 1000, second)).headers.range).toBe("0-1499");
    expect((await complete(path, whole)).status).toBe(201);
  });

  it("tell ranges in odd ways", async () => {
    const seen = async (
      style: "bytes" | "one-too-high" | "one-too-low" | "missing" | "quay",
    ): Promise<unknown[]> => {
      fixture.heal();
      fixture.fault({ do: "range-style", style });
      const { path, reply } = await open();
      const patched = await patch(path, 0, first);
      const status = await send("GET", path);
      const refused = await patch(path, 7, second);
      const ranges = [reply, patched, status, refused].map((each) => each.headers.range);
      return [...ranges, "location" in status.headers];
    };
    expect(await seen("bytes")).toEqual(["bytes=0-0", "bytes=0-999", "bytes=0-999", "bytes=0-999", true]);
    expect(await seen("one-too-high")).toEqual(["0-1", "0-1000", "0-1000", "0-1000", true]);
    expect(await seen("one-too-low")).toEqual(["0-0", "0-998", "0-998", "0-998", true]);
    expect(await seen("missing")).toEqual([undefined, undefined, undefined, undefined, true]);
    expect(await seen("quay")).toEqual(["bytes=0--1", "0-999", "bytes=0-1000", "0-1000", false]);
  });

  it("tell locations in odd ways, all of which can be used", async () => {
    for (const style of ["absolute", "relative", "query", "other-host"] as const) {
      fixture.heal();
      fixture.fault({ do: "location-style", style });
      const { path, reply } = await open();
      const location = String(reply.headers.location);
      if (style === "absolute") expect(location).toMatch(`${fixture.url}/v2/app/blobs/uploads/`);
      if (style === "relative") expect(location).toMatch(/^[0-9a-f-]{36}$/);
      if (style === "query") expect(location).toMatch(/\?_upload=a%2Fb\+c&_empty$/);
      if (style === "other-host") expect(location).toMatch("http://uploads.registry.invalid/v2/");
      const next = locationOf(await patch(path, 0, first), path);
      expect(next).toBe(path);
      expect((await complete(next, whole, second)).status).toBe(201);
    }
  });

  it("are cancelled where the signed offset is not the true one, also by status, and take any Content-Range (2.8)", async () => {
    fixture.fault({ do: "signed-offset", mismatch: "cancels" });
    const one = await open();
    expect(one.path).toContain("?_state=offset-0");
    const moved = locationOf(await patch(one.path, 77, first), one.path);
    expect(moved).toContain("?_state=offset-1000");
    expect((await send("GET", moved)).headers.range).toBe("0-999");
    expect((await complete(moved, whole, second)).status).toBe(201);
    const two = await open();
    await patch(two.path, 0, first);
    expect((await send("GET", two.path)).status).toBe(404);
    expect((await send("GET", two.path.replace("offset-0", "offset-1000"))).status).toBe(404);
  });

  it("are refused, but kept, where the signed offset is not the true one (3.x)", async () => {
    fixture.fault({ do: "signed-offset", mismatch: "refuses" });
    const { path } = await open();
    const moved = locationOf(await patch(path, 0, first), path);
    const stale = await patch(path, 1000, second);
    expect([stale.status, stale.headers.range]).toEqual([416, undefined]);
    expect((await patch(moved, 0, second)).status).toBe(416);
    expect((await complete(moved, whole, second)).status).toBe(201);
  });

  it("have a least chunk, or a largest body", async () => {
    fixture.fault({ do: "chunk-minimum", bytes: 1000 });
    const { path, reply } = await open();
    expect(reply.headers["oci-chunk-min-length"]).toBe("1000");
    expect((await patch(path, 0, first)).status).toBe(202);
    expect((await patch(path, 1000, second)).status).toBe(202);
    expect((await patch(path, 1500, first)).status).toBe(400);
    expect((await complete(path, whole)).status).toBe(201);
    fixture.heal();
    fixture.fault({ do: "largest-body", bytes: 999 });
    const large = await open();
    expect((await patch(large.path, 0, first)).status).toBe(416);
    expect((await complete(large.path, sha256(first), first)).status).toBe(413);
    expect((await patch(large.path, 0, second)).status).toBe(202);
  });

  it("refuse PATCH, or answer it 201", async () => {
    const refusal = fixture.fault({ do: "status", status: 405, code: "UNSUPPORTED" }, { method: "PATCH" });
    const { path } = await open();
    expect((await patch(path, 0, first)).status).toBe(405);
    refusal.remove();
    for (const stored of [true, false]) {
      fixture.heal();
      fixture.fault({ do: "created-on-patch", stored });
      const upload = await open();
      const bytes = Buffer.from(`stored: ${stored}`);
      expect((await patch(upload.path, 0, bytes)).status).toBe(201);
      expect((await complete(upload.path, sha256(bytes))).status).toBe(400);
      expect((await send("HEAD", `/v2/app/blobs/${sha256(bytes)}`)).status).toBe(stored ? 200 : 404);
    }
  });

  it("are opened where a single POST is not understood", async () => {
    const path = `${uploads}?digest=${sha256(first)}`;
    expect((await send("POST", path, first)).status).toBe(201);
    fixture.fault({ do: "no-single-post" });
    expect((await send("POST", path, first)).status).toBe(202);
  });
});

describe("lists", () => {
  const list = "/v2/app/tags/list?n=1";
  const linkAt = async (path: string): Promise<unknown> => (await send("GET", path)).headers.link;
  beforeEach(() => pushImage(fixture, image, "app", "v2"));

  it("link to odd places, or nowhere", async () => {
    const next = "/v2/app/tags/list?n=1&last=v1";
    expect(await linkAt(list)).toBe(`<${next}>; rel="next"`);
    const seen = async (
      to: "none" | "own-host" | "other-host" | "relative" | "wrong-path",
    ): Promise<unknown> => {
      fixture.heal();
      fixture.fault({ do: "link", to });
      return linkAt(list);
    };
    expect(await seen("none")).toBeUndefined();
    expect(await seen("own-host")).toBe(`<${fixture.url}${next}>; rel="next"`);
    expect(await seen("other-host")).toBe(`<http://other.registry.invalid${next}>; rel="next"`);
    expect(await seen("relative")).toBe('<?n=1&last=v1>; rel="next"');
    expect(await seen("wrong-path")).toBe('</app/tags/list?n=1&last=v1>; rel="next"');
    fixture.heal();
    fixture.fault({ do: "link", to: "circle" });
    expect(await linkAt(list)).toBe(`<${next}>; rel="next"`);
    expect(await linkAt(next)).toBe('</v2/app/tags/list?n=1>; rel="next"');
  });

  it("begin again, have small pages, or strange entries", async () => {
    fixture.fault({ do: "ignore-last" });
    const again = await send("GET", "/v2/app/tags/list?n=1&last=v1");
    expect(again.body.toString()).toBe('{"name":"app","tags":["v1"]}');
    fixture.heal();
    fixture.fault({ do: "page-size", names: 1 });
    const small = await send("GET", "/v2/app/tags/list?n=1000");
    expect(small.body.toString()).toBe('{"name":"app","tags":["v1"]}');
    expect(small.headers.link).toContain("last=v1");
    fixture.heal();
    fixture.fault({ do: "null-entries" });
    const odd = JSON.parse((await send("GET", "/v2/app/tags/list")).body.toString()) as { tags: unknown[] };
    expect(odd.tags).toEqual([null, `sha256:${"0".repeat(64)}`, "v1", "v2"]);
  });

  it("page referrers, do not filter them, or have none", async () => {
    const subject = image.descriptor;
    for (const seed of ["a", "b", "c"]) {
      await pushImage(fixture, buildArtifact({ seed, subject, artifactType: `type/${seed}` }), "app");
    }
    const referrers = `/v2/app/referrers/${image.digest}`;
    const read = async (path: string): Promise<{ count: number; reply: RawReply }> => {
      const reply = await send("GET", path);
      return {
        count: (JSON.parse(reply.body.toString()) as { manifests: unknown[] }).manifests.length,
        reply,
      };
    };
    const filtered = await read(`${referrers}?artifactType=type/a`);
    expect([filtered.count, filtered.reply.headers["oci-filters-applied"]]).toEqual([1, "artifactType"]);
    fixture.fault({ do: "ignore-filter" });
    const all = await read(`${referrers}?artifactType=type/a`);
    expect([all.count, all.reply.headers["oci-filters-applied"]]).toEqual([3, undefined]);
    fixture.heal();
    fixture.fault({ do: "referrers-paged", size: 2 });
    const page = await read(referrers);
    const next = /<([^>]+)>/.exec(String(page.reply.headers.link))?.[1] ?? "";
    const rest = await read(next);
    expect([page.count, rest.count, rest.reply.headers.link]).toEqual([2, 1, undefined]);
    fixture.heal();
    const artifact = buildArtifact({ seed: "d", subject });
    await pushImage(fixture, artifact, "app");
    const put = await send("PUT", "/v2/app/manifests/d", Buffer.from(artifact.bytes), {
      "content-type": artifact.mediaType,
    });
    expect(put.headers["oci-subject"]).toBe(image.digest);
    fixture.fault({ do: "no-referrers" });
    expect((await send("GET", referrers)).status).toBe(404);
    const silent = await send("PUT", "/v2/app/manifests/d", Buffer.from(artifact.bytes), {
      "content-type": artifact.mediaType,
    });
    expect([silent.status, silent.headers["oci-subject"]]).toEqual([201, undefined]);
  });
});

describe("rules", () => {
  const put = (built: BuiltImage, tag: string): Promise<RawReply> =>
    send("PUT", `/v2/app/manifests/${tag}`, Buffer.from(built.bytes), { "content-type": built.mediaType });

  it("keep tags as they are, in four dialects, the equal manifest as well where wished", async () => {
    const seen = async (dialect: "ecr" | "harbor" | "quay" | "gar"): Promise<unknown[]> => {
      fixture.heal();
      fixture.fault({ do: "immutable-tags", dialect });
      expect((await put(image, "v1")).status).toBe(201);
      expect((await put(other, other.digest)).status).toBe(201);
      fixture.fault({ do: "immutable-tags", dialect, equalToo: true });
      expect((await put(image, "v1")).status).not.toBe(201);
      const reply = await put(other, "v1");
      const [error] = (JSON.parse(reply.body.toString()) as { errors: { code: string; message: string }[] })
        .errors;
      expect(error?.message).toMatch(/immutab/);
      return [reply.status, error?.code];
    };
    expect(await seen("ecr")).toEqual([400, "TAG_INVALID"]);
    expect(await seen("harbor")).toEqual([412, "PRECONDITION"]);
    expect(await seen("quay")).toEqual([409, "TAG_IMMUTABLE"]);
    expect(await seen("gar")).toEqual([400, "MANIFEST_INVALID"]);
    expect((await getManifest(fixture, "app", "v1")).digest).toBe(image.digest);
    expect((await put(other, "new")).status).toBe(201);
  });

  it("delete by digest only, by tag only, or not at all", async () => {
    const remove = async (reference: string): Promise<number> =>
      (await send("DELETE", `/v2/app/manifests/${reference}`)).status;
    fixture.fault({ do: "deletes", only: "nothing" });
    expect([await remove("v1"), await remove(image.digest)]).toEqual([405, 405]);
    fixture.heal();
    fixture.fault({ do: "deletes", only: "tags" });
    expect([await remove(image.digest), await remove("v1")]).toEqual([405, 202]);
    fixture.heal();
    fixture.fault({ do: "deletes", only: "digests" });
    await put(image, "v1");
    expect([await remove("v1"), await remove(image.digest)]).toEqual([400, 202]);
    expect((await headManifest(fixture, "app", "v1")).status).toBe(404);
  });

  it("ask to wait in seconds, by date, for ever, or in nonsense", async () => {
    const told = async (retryAfter?: string | { dateInSeconds: number }): Promise<unknown[]> => {
      fixture.heal();
      fixture.fault({ do: "throttle", ...(retryAfter === undefined ? {} : { retryAfter }) });
      const reply = await send("GET", "/v2/");
      return [reply.status, reply.headers["retry-after"]];
    };
    expect(await told()).toEqual([429, undefined]);
    expect(await told("7")).toEqual([429, "7"]);
    expect(await told("1000000000")).toEqual([429, "1000000000"]);
    expect(await told("soon")).toEqual([429, "soon"]);
    const [, date] = await told({ dateInSeconds: 30 });
    const wait = Date.parse(String(date)) - Date.now();
    expect(wait).toBeGreaterThan(15_000);
    expect(wait).toBeLessThanOrEqual(30_000);
  });

  it("count pulls: GETs of manifests only, until there are none left, until they come back", async () => {
    fixture.fault({ do: "quota", limit: 2, refillMs: 400, retryAfterSeconds: 5 });
    const pull = (method = "GET"): Promise<RawReply> => send(method, "/v2/app/manifests/v1");
    const head = await pull("HEAD");
    expect(head.headers["ratelimit-limit"]).toBe("2;w=21600");
    expect(head.headers["ratelimit-remaining"]).toBe("2;w=21600");
    const layer = blobsOf(image).at(-1)?.digest ?? "";
    expect((await send("GET", `/v2/app/blobs/${layer}`)).headers["ratelimit-limit"]).toBeUndefined();
    expect((await pull()).headers["ratelimit-remaining"]).toBe("1;w=21600");
    expect((await pull()).headers["ratelimit-remaining"]).toBe("0;w=21600");
    const none = await pull();
    expect([none.status, none.headers["ratelimit-remaining"], none.headers["retry-after"]]).toEqual([
      429,
      "0;w=21600",
      "5",
    ]);
    expect((await pull("HEAD")).status).toBe(200);
    await expect.poll(async () => (await pull()).status).toBe(200);
  });

  it("end tokens at a chosen request", async () => {
    await fixture.stop();
    fixture = await startFixtureRegistry({ auth: { kind: "token" } });
    const issued = await send("GET", "/token?scope=repository:app:pull");
    const { token } = JSON.parse(issued.body.toString()) as { token: string };
    fixture.fault({ do: "expire-tokens" }, { kind: "base", after: 2, times: 1 });
    const seen: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      seen.push((await send("GET", "/v2/", undefined, { authorization: `Bearer ${token}` })).status);
    }
    expect(seen).toEqual([200, 200, 401, 401]);
  });

  it("deny what is missing, and refuse HEAD", async () => {
    fixture.fault({ do: "deny-missing" });
    expect((await headManifest(fixture, "app", "nothing")).status).toBe(403);
    expect((await headManifest(fixture, "app", "v1")).status).toBe(200);
    fixture.fault({ do: "status", status: 405, code: "UNSUPPORTED" }, { method: "HEAD", kind: "manifest" });
    expect((await headManifest(fixture, "app", "v1")).status).toBe(405);
    expect((await send("GET", "/v2/app/manifests/v1")).status).toBe(200);
  });

  it("take their time, and warn", async () => {
    fixture.fault({ do: "delay", ms: 120 });
    fixture.fault({ do: "set-headers", headers: { warning: '299 - "this registry moves"' } });
    const began = performance.now();
    const reply = await send("GET", "/v2/");
    expect(performance.now() - began).toBeGreaterThan(110);
    expect(reply.headers.warning).toBe('299 - "this registry moves"');
  });
});

describe("parts of blobs", () => {
  const part = (headers: Record<string, string>): Promise<RawReply> => {
    const blob = blobsOf(image).at(-1);
    return send("GET", `/v2/app/blobs/${blob?.digest ?? ""}`, undefined, headers);
  };

  it("come only while the validator holds", async () => {
    const { etag = "" } = (await part({ range: "bytes=0-0" })).headers;
    expect((await part({ range: "bytes=5-9", "if-range": etag })).status).toBe(206);
    expect((await part({ range: "bytes=5-9", "if-range": '"old"' })).status).toBe(200);
    fixture.fault({ do: "changing-etag" });
    const one = await part({ range: "bytes=5-9" });
    const two = await part({ range: "bytes=5-9", "if-range": String(one.headers.etag) });
    expect([one.status, two.status]).toEqual([206, 200]);
    expect(two.headers.etag).not.toBe(one.headers.etag);
  });

  it("begin elsewhere than they say", async () => {
    const right = await part({ range: "bytes=10-19" });
    fixture.fault({ do: "wrong-content-range", by: 3 });
    const wrong = await part({ range: "bytes=10-19" });
    expect(wrong.body).toEqual(right.body);
    expect(
      [right, wrong].map((reply) => /[0-9]+-[0-9]+/.exec(String(reply.headers["content-range"]))?.[0]),
    ).toEqual(["10-19", "13-22"]);
  });
});
