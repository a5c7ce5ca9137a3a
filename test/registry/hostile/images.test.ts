// Registries whose lists never end and whose images are traps (the table in facts, protocol.md 8).
import { describe, expect, it } from "vitest";
import { parseManifest } from "../../../shared/descriptor.ts";
import { parseDigest } from "../../../shared/digest.ts";
import { mediaTypes } from "../../../shared/media-types.ts";
import { harness, image } from "../../engine/harness.ts";
import { client, planBetween, runBetween } from "../../engine/over-http.ts";
import { describeBytes, manifestOf, ociManifest } from "../samples.ts";
import { collect, json, options, registryFor, serve } from "../scripted-server.ts";

const layer = describeBytes(Buffer.alloc(5000, 1), "application/vnd.oci.image.layer.v1.tar+gzip");
const config = describeBytes(Buffer.from("{}"), mediaTypes.ociConfig);

/** A registry that holds the manifests by digest, `app:v1` being the first, and no blob. */
async function holding(...manifests: readonly { readonly bytes: Uint8Array; readonly mediaType: string }[]) {
  const all = manifests.map((one) => ({ ...one, digest: describeBytes(one.bytes).digest }));
  return serve((request, response) => {
    const name = decodeURIComponent(request.url?.split("/").at(-1) ?? "");
    const found = name === "v1" ? all[0] : all.find((one) => one.digest === name);
    if (request.url === "/v2/") json(response, 200, {});
    else if (found === undefined) json(response, 404, { errors: [{ code: "BLOB_UNKNOWN" }] });
    else
      response
        .writeHead(200, {
          "content-type": found.mediaType,
          "docker-content-digest": found.digest,
          "content-length": found.bytes.length,
        })
        .end(request.method === "HEAD" ? undefined : found.bytes);
  });
}

/** Plans a copy of app:v1; gives back the run as planned. */
async function planFrom(host: string) {
  const h = harness();
  return planBetween(h, { source: client(host) }, { selection: [image("app", "v1")] });
}

function text(json: unknown): { readonly bytes: Buffer; readonly mediaType: string } {
  return { bytes: Buffer.from(JSON.stringify(json)), mediaType: mediaTypes.ociIndex };
}

describe("a hostile registry's lists", () => {
  it.each([
    ["links to itself", () => ({ tags: ["v1"] }), () => "/v2/app/tags/list"],
    [
      "repeats its page under new names",
      () => ({ tags: ["v1"] }),
      (page: number) => `/v2/app/tags/list?p=${page}`,
    ],
    ["has empty pages", () => ({ tags: [] }), (page: number) => `/v2/app/tags/list?p=${page}`],
  ])("row 14: one that %s ends", async (_, body, next) => {
    let page = 0;
    const server = await serve((request, response) => {
      if (request.url === "/v2/") return json(response, 200, {});
      page += 1;
      return json(response, 200, body(), { link: `<${next(page)}>; rel="next"` });
    });
    await collect(registryFor(server.host).listTags("app", options()));
    expect(page).toBeLessThanOrEqual(3);
  });

  it("row 14: one of millions of names ends with an error", async () => {
    let page = 0;
    const server = await serve((request, response) => {
      if (request.url === "/v2/") return json(response, 200, {});
      page += 1;
      const tags = Array.from({ length: 200_000 }, (_, at) => `t${page}-${at}`);
      return json(
        response,
        200,
        { tags },
        { connection: "close", link: `</v2/app/tags/list?p=${page}>; rel="next"` },
      );
    });
    const read = async () => {
      let count = 0;
      for await (const names of registryFor(server.host).listTags("app", options())) count += names.length;
      return count;
    };
    await expect(read()).rejects.toMatchObject({ code: "too-large" });
    expect(page).toBeLessThan(13);
  }, 60_000);

  it("row 14: referrers without end are given up", async () => {
    let page = 0;
    const server = await serve((request, response) => {
      if (request.url === "/v2/") return json(response, 200, {});
      page += 1;
      const manifests = Array.from({ length: 500 }, (_, at) => describeBytes(Buffer.from(`${page}/${at}`)));
      const body = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
      const link = `<${new URL(request.url ?? "", "http://x").pathname}?p=${page}>; rel="next"`;
      return json(response, 200, body, { link, "content-type": mediaTypes.ociIndex });
    });
    await expect(
      registryFor(server.host).listReferrers("app", layer.digest, options()),
    ).rejects.toMatchObject({ code: "too-large" });
    expect(page).toBeLessThan(30);
  });
});

describe("a hostile registry's images", () => {
  it("row 15: an index that nests without end is refused after a few levels", async () => {
    const levels = [manifestOf({ schemaVersion: 2, mediaType: ociManifest, config, layers: [] })];
    for (let at = 0; at < 12; at += 1) {
      const below = levels[0];
      if (below === undefined) throw new Error("no level");
      const entry = { mediaType: below.mediaType, digest: below.digest, size: below.size };
      levels.unshift(
        manifestOf(
          { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [entry] },
          mediaTypes.ociIndex,
        ),
      );
    }
    const server = await holding(...levels);
    expect(await planFrom(server.host)).toMatchObject({ plan: { unreadable: 1, copy: 0 } });
    expect(server.asked.length).toBeLessThan(16);
  });

  it("row 15: an index of more manifests than an image has is refused before they are read", async () => {
    const manifests = Array.from({ length: 10_001 }, (_, at) =>
      describeBytes(Buffer.from(String(at)), ociManifest),
    );
    const server = await holding(text({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }));
    expect(await planFrom(server.host)).toMatchObject({ plan: { unreadable: 1, copy: 0 } });
    expect(server.asked.length).toBeLessThan(6);
  });

  it.each([
    ["beyond what can be counted", 2 ** 53],
    ["below nothing", -1],
    ["of half a byte", 1.5],
    ["in words", "5000"],
  ])("row 15: a size %s is refused", async (_, size) => {
    const server = await holding(
      manifestOf({ schemaVersion: 2, mediaType: ociManifest, config, layers: [{ ...layer, size }] }),
    );
    expect(await planFrom(server.host)).toMatchObject({ plan: { unreadable: 1, copy: 0 } });
  });

  it("row 15: sizes whose sum cannot be counted are refused", async () => {
    const vast = { ...layer, size: Number.MAX_SAFE_INTEGER };
    const server = await holding(
      manifestOf({ schemaVersion: 2, mediaType: ociManifest, config, layers: [vast] }),
    );
    expect(await planFrom(server.host)).toMatchObject({ plan: { unreadable: 1, copy: 0 } });
  });

  const one = JSON.stringify(layer);
  const start = `{"schemaVersion":2,"mediaType":"${ociManifest}","config":${JSON.stringify(config)}`;
  it.each([
    ["two lists of layers", `${start},"layers":[${one}],"layers":[]}`],
    ["two lists that differ by case, which is the same to Go", `${start},"layers":[${one}],"Layers":[]}`],
    ["two lists, one of them escaped", `${start},"layers":[${one}],"l\\u0061yers":[]}`],
    ["two media types", `{"mediaType":"${mediaTypes.ociIndex}",${start.slice(1)},"layers":[]}`],
    ["two configurations", `${start},"config":${one},"layers":[]}`],
    ["a layer with two digests", `${start},"layers":[{${one.slice(1, -1)},"digest":"${config.digest}"}]}`],
    ["a subject twice", `${start},"layers":[],"subject":${one},"subject":${one}}`],
    ["nesting without end", `${start},"layers":[],"x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
  ])("row 25: %s is refused", async (_, body) => {
    const server = await holding({ bytes: Buffer.from(body), mediaType: ociManifest });
    expect(await planFrom(server.host)).toMatchObject({ plan: { unreadable: 1, copy: 0 } });
  });

  it("row 25: keys of JavaScript's own are data, and change nothing", async () => {
    const body = `${start},"layers":[${one}],"__proto__":{"polluted":true,"layers":[]},"constructor":{"prototype":{"polluted":true}},"annotations":{"__proto__":"x","toString":"y","a":"b"}}`;
    const server = await holding({ bytes: Buffer.from(body), mediaType: ociManifest });
    const got = await registryFor(server.host).getManifest("app", "v1", options());
    const parsed = parseManifest(new TextDecoder().decode(got.bytes), ociManifest, "app:v1");
    expect(parsed).toMatchObject({ kind: "image", layers: [{ digest: layer.digest }] });
    expect(parsed.kind === "image" && Object.hasOwn(parsed.annotations ?? {}, "a")).toBe(true);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  });

  it("row 25: the same key in several objects, or in a text, is no fault", () => {
    const digest = parseDigest(`sha256:${"a".repeat(64)}`, "a sample");
    const annotations = { note: '{"layers":1,"layers":2}', a: "\\", b: '"' };
    const body = {
      schemaVersion: 2,
      mediaType: ociManifest,
      config,
      layers: [layer, { ...layer, digest }],
      annotations,
    };
    expect(parseManifest(JSON.stringify(body, undefined, 2), ociManifest, "x")).toMatchObject({
      layers: [{}, {}],
      annotations,
    });
  });

  it("row 26: a manifest that is an index and an image at once is refused", async () => {
    const entry = { ...config, mediaType: ociManifest };
    for (const mediaType of [ociManifest, mediaTypes.ociIndex]) {
      const server = await holding(
        manifestOf({ schemaVersion: 2, mediaType, config, layers: [layer], manifests: [entry] }, mediaType),
      );
      expect(await planFrom(server.host)).toMatchObject({ plan: { unreadable: 1, copy: 0 } });
    }
  });

  it("row 29: addresses in a layer's `urls` are not asked", async () => {
    const trap = await serve((_request, response) => void response.end("x"));
    const foreign = { ...layer, mediaType: mediaTypes.dockerForeignLayer, urls: [`${trap.url}/layer`] };
    const held = { ...layer, urls: [`${trap.url}/layer`] };
    for (const one of [foreign, held]) {
      const body = { schemaVersion: 2, mediaType: ociManifest, config, layers: [one] };
      const server = await holding(manifestOf(body), { bytes: Buffer.from("{}"), mediaType: "" });
      const h = harness();
      const ends = { source: client(server.host) };
      const planned = await planBetween(h, ends, { selection: [image("app", "v1")] });
      // A foreign layer that the registry does not hold is left out; any other one is missed.
      const state = one === foreign ? "succeeded" : "failed";
      expect(await runBetween(h, ends, planned)).toMatchObject({ state });
    }
    expect(trap.asked).toEqual([]);
  });
});
