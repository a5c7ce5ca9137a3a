// Lists of referrers from servers that have them, do not, or only seem to.
import { describe, expect, it } from "vitest";
import { mediaTypes } from "../../shared/media-types.ts";
import { emptyImage } from "./samples.ts";
import { json, options, registryFor, type Script, serve } from "./scripted-server.ts";

const subject = emptyImage.digest;
const path = `/v2/team/app/referrers/${subject}`;
const index = { "content-type": `${mediaTypes.ociIndex}; charset=utf-8` };

function entry(seed: number) {
  const digest = `sha256:${seed.toString(16).padStart(64, "0")}`;
  return { mediaType: mediaTypes.ociManifest, digest, size: seed + 1, artifactType: "example/sbom" };
}

async function referrers(script: Script) {
  const server = await serve((request, response) =>
    request.url === "/v2/" ? json(response, 200, {}) : script(request, response),
  );
  const registry = registryFor(server.host);
  return { server, list: () => registry.listReferrers("team/app", subject, options()) };
}

const page =
  (manifests: readonly object[], headers: Record<string, string> = {}): Script =>
  (_request, response) => {
    response.writeHead(200, { ...index, ...headers });
    response.end(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }));
  };

describe("the referrers of a manifest", () => {
  it("are the entries of the index served, with everything that describes them", async () => {
    const described = { ...entry(1), annotations: { "org.example": "kept" } };
    const { server, list } = await referrers(page([described, entry(2)]));
    expect(await list()).toEqual([described, entry(2)]);
    expect(server.asked[1]).toMatchObject({ method: "GET", url: path });
  });

  it("are none where the list is empty", async () => {
    const { list } = await referrers(page([]));
    expect(await list()).toEqual([]);
  });

  it.each([404, 400, 405, 406])("are unknown where the answer is %d", async (status) => {
    const { list } = await referrers((_request, response) => json(response, status, { errors: [] }));
    expect(await list()).toBeUndefined();
  });

  it("are unknown where something else than an index is served", async () => {
    const { list } = await referrers((_request, response) => json(response, 200, { manifests: [] }));
    expect(await list()).toBeUndefined();
  });

  it("are none in a repository that is not there", async () => {
    const errors = [{ code: "NAME_UNKNOWN", message: "no such repository" }];
    const { list } = await referrers((_request, response) => json(response, 404, { errors }));
    expect(await list()).toEqual([]);
  });

  it("are read page by page, each once, whatever host the links name", async () => {
    const { server, list } = await referrers((request, response) => {
      const second = (request.url ?? "").includes("page=2");
      const link = second ? {} : { link: `<https://elsewhere.example${path}?page=2>; rel="next"` };
      return page(second ? [entry(2), entry(3)] : [entry(1), entry(2)], link)(request, response);
    });
    expect((await list())?.map((one) => one.digest)).toEqual([1, 2, 3].map((seed) => entry(seed).digest));
    expect(server.asked.map((one) => one.url)).toEqual(["/v2/", path, `${path}?page=2`]);
  });

  it("S008 end where links lead in a circle or pages bring nothing new", async () => {
    let asked = 0;
    const { list } = await referrers((request, response) => {
      asked++;
      return page([entry(1)], { link: `<${path}?again=${asked}>; rel="next"` })(request, response);
    });
    expect(await list()).toEqual([entry(1)]);
    expect(asked).toBe(2);
  });

  it("S008 are refused where the list does not end, or a page is too large", async () => {
    let asked = 0;
    const endless = await referrers((request, response) => {
      asked++;
      const entries = Array.from({ length: 2_000 }, (_, at) => entry(asked * 10_000 + at));
      return page(entries, { link: `<${path}?page=${asked}>; rel="next"` })(request, response);
    });
    await expect(endless.list()).rejects.toMatchObject({ code: "too-large", operation: "list-referrers" });
    const oversized = await referrers((_request, response) => {
      response.writeHead(200, index);
      response.end(" ".repeat(5 * 1024 * 1024));
    });
    await expect(oversized.list()).rejects.toMatchObject({ code: "too-large" });
  });

  it("S008 are refused where all pages together are too large to be kept", async () => {
    let asked = 0;
    const text = "x".repeat(3 * 1024 * 1024);
    const { list } = await referrers((request, response) => {
      asked++;
      const one = { ...entry(asked), annotations: { text } };
      return page([one], { link: `<${path}?page=${asked}>; rel="next"` })(request, response);
    });
    await expect(list()).rejects.toMatchObject({ code: "too-large", operation: "list-referrers" });
    expect(asked).toBe(11);
  });

  it("are not taken for all where a later page is something else", async () => {
    const { list } = await referrers((request, response) =>
      (request.url ?? "").includes("page=2")
        ? json(response, 200, {})
        : page([entry(1)], { link: `<${path}?page=2>; rel="next"` })(request, response),
    );
    await expect(list()).rejects.toMatchObject({ code: "protocol" });
  });

  it.each([
    ["no JSON", "<html>"],
    ["no digests", JSON.stringify({ manifests: [{ ...entry(1), digest: "../../etc" }] })],
    ["layers", JSON.stringify({ manifests: [], layers: [entry(1)] })],
  ])("are refused where the index has %s", async (_name, body) => {
    const { list } = await referrers((_request, response) => {
      response.writeHead(200, index);
      response.end(body);
    });
    await expect(list()).rejects.toMatchObject({ name: "FreightlinerError" });
  });

  it("stay an error where the registry fails or lets nobody in", async () => {
    const failing = await referrers((_request, response) => json(response, 503, { errors: [] }));
    await expect(failing.list()).rejects.toMatchObject({ code: "registry-failure" });
    const closed = await referrers((_request, response) => json(response, 403, { errors: [] }));
    await expect(closed.list()).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("a manifest with a subject", () => {
  it.each([
    [{ "oci-subject": subject }, true],
    [{}, false],
  ])("that is written with %j in the answer is listed: %s", async (headers, listsReferrer) => {
    const server = await serve((request, response) => {
      if (request.url === "/v2/") return json(response, 200, {});
      response.writeHead(201, { "docker-content-digest": emptyImage.digest, ...headers });
      response.end();
    });
    const put = registryFor(server.host).putManifest("app", subject, emptyImage, options());
    expect(await put).toEqual({ listsReferrer });
  });
});
