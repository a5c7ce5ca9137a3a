// Artifactory: registries behind one host, lists that lead astray, tags that are forbidden, against a stand-in of its API.
import { describe, expect, it } from "vitest";
import {
  type ArtifactoryOptions,
  type ArtifactoryStandIn,
  startArtifactory,
} from "../../support/vendors/artifactory.ts";
import { startNameProxy } from "../../support/vendors/name-proxy.ts";
import { emptyImage } from "../samples.ts";
import { afterwards, collect, options } from "../scripted-server.ts";
import { clientOf, copyBack, copyTo, password, refusalOf } from "./stand-ins.ts";

const ci = password("ci", "art-secret");
const many = Array.from({ length: 25 }, (_, at) => `deep/app-${String(at).padStart(3, "0")}`);

async function artifactory(settings: Partial<ArtifactoryOptions> = {}): Promise<ArtifactoryStandIn> {
  const stand = await startArtifactory({ user: "ci", secret: "art-secret", keys: {}, ...settings });
  afterwards(() => stand.stop());
  return stand;
}

function artClient(stand: ArtifactoryStandIn, credential = ci, settings = {}) {
  return clientOf("artifactory", stand.front.host, { credential, settings });
}

describe("the repositories of Artifactory", () => {
  const keys = { "docker-local": many, "docker-remote": ["library/nginx"], closed: ["hidden"] };

  it("are those of every registry below its key, by links that lack it", async () => {
    const stand = await artifactory({ keys, page: 10, closed: ["closed"] });
    expect(await collect(artClient(stand).listRepositories(options()))).toEqual([
      ...many.map((name) => `docker-local/${name}`),
      "docker-remote/library/nginx",
    ]);
    expect(stand.front.count("GET", /docker-local\/v2\/_catalog$/)).toBe(3);
  });

  it("end where a page comes again", async () => {
    const stand = await artifactory({ keys: { "docker-local": ["one"] } });
    stand.front.answerNext(
      /docker-local\/v2\/_catalog$/,
      {
        status: 200,
        headers: { link: '<https://elsewhere.example/v2/_catalog?last=one>; rel="next"' },
        json: { repositories: ["one"] },
      },
      9,
    );
    expect(await collect(artClient(stand).listRepositories(options()))).toEqual(["docker-local/one"]);
    expect(stand.front.count("GET", /docker-local\/v2\/_catalog$/)).toBe(2);
  });

  it("are the protocol's catalogue where the registries are not told, and none where that is closed", async () => {
    const stand = await artifactory({ keys, tellsKeys: false });
    expect(await refusalOf(collect(artClient(stand).listRepositories(options())))).toMatchObject({
      code: "unsupported",
    });
    expect(stand.front.count("GET", /^\/v2\/_catalog$/)).toBeGreaterThan(0);
  });

  const own = { status: 200, json: { repositories: ["own/app"] } };
  const all = [...many.map((name) => `docker-local/${name}`), "docker-remote/library/nginx", "closed/hidden"];
  it.each([
    ["a sub-domain is one registry", "docker-local.art.example", ["own/app"]],
    ["a name at JFrog's service is one registry", "acme-docker-local.jfrog.io", ["own/app"]],
    ["a port is one registry", "art.example:5001", ["own/app"]],
    ["the name is that of all of them", "art.example", all],
    ["the name at JFrog's service is that of all of them", "acme.jfrog.io", all],
  ])("are the right ones where %s", async (_, host, expected) => {
    const stand = await artifactory({ keys, host });
    stand.front.answerNext(/^\/v2\/_catalog$/, own, 9);
    const proxy = await startNameProxy(() => stand.front.host);
    afterwards(() => proxy.stop());
    const client = clientOf("artifactory", host, { credential: ci, settings: { proxy: proxy.url } });
    expect(await collect(client.listRepositories(options()))).toEqual(expected);
  });

  it("wait as the API says", async () => {
    const stand = await artifactory({ keys });
    stand.front.answerNext(/api\/repositories$/, {
      status: 429,
      headers: { "retry-after": "4" },
      json: {},
    });
    expect(await refusalOf(collect(artClient(stand).listRepositories(options())))).toMatchObject({
      ...{ code: "rate-limited", retryAfterMs: 4000 },
    });
  });
});

describe("the tags of Artifactory", () => {
  it("are all there and none of another registry, though links name one and digests stand among them", async () => {
    const stand = await artifactory({ page: 2 });
    const client = artClient(stand);
    await copyTo(client, "docker/renovate/app");
    const manifest = await client.getManifest("docker/renovate/app", "v1", options());
    for (const tag of ["v2", "v3", "v4", "v5"])
      await client.putManifest("docker/renovate/app", tag, manifest, options());
    // What the link names is there, and has tags of its own.
    await copyTo(client, "renovate/app");
    const other = await client.getManifest("renovate/app", "v1", options());
    await client.putManifest("renovate/app", "other", other, options());
    expect(await collect(client.listTags("docker/renovate/app", options()))).toEqual([
      ...["v1", "v2", "v3", "v4", "v5"],
    ]);
  });
});

describe("a whole copy to Artifactory", () => {
  it("finds 403 for tags that are missing, links nothing, goes past tokens of a second, and comes back", async () => {
    const stand = await artifactory({ registryTokenSeconds: 1 });
    const client = artClient(stand);
    stand.registry.fault({ do: "delay", ms: 700 }, { method: "PUT", kind: ["upload", "manifest"] });
    const copied = await copyTo(client, "docker-local/team/app", 300_000);
    expect(copied.run).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 1 } });
    const refused = stand.registry.requests.filter(({ status, path }) => status === 401 && path !== "/v2/");
    expect(refused.length).toBeGreaterThan(0);
    expect(stand.registry.requests.some(({ status }) => status === 403)).toBe(true);
    expect((await copyBack(client, "docker-local/team/app", copied)).state).toBe("succeeded");
  });

  it("says that a registry is missing", async () => {
    const stand = await artifactory();
    const message = "The repository with name 'gone' is not found";
    stand.registry.fault(
      { do: "status", status: 404, code: "NAME_UNKNOWN", message },
      { method: "POST", kind: "uploads" },
    );
    const { run, h } = await copyTo(artClient(stand), "gone/app");
    expect(run.state).toBe("failed");
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "repository-unknown", status: 404 });
    expect(h.rows(run)[0]?.error?.message).toContain(message);
  });

  it("calls a tag that may not be overwritten immutable", async () => {
    const stand = await artifactory();
    const client = artClient(stand);
    await copyTo(client, "docker-local/app");
    const message = "Not enough permissions to delete/overwrite artifact 'docker-local/app/v1/manifest.json'";
    stand.registry.fault(
      { do: "status", status: 403, code: "DENIED", message },
      { method: "PUT", kind: "manifest", path: /manifests\/v[12]$/ },
    );
    expect(
      await refusalOf(client.putManifest("docker-local/app", "v1", emptyImage, options())),
    ).toMatchObject({ code: "tag-immutable", status: 403, message: expect.stringContaining(message) });
    expect(
      await refusalOf(client.putManifest("docker-local/app", "v2", emptyImage, options())),
    ).toMatchObject({ code: "forbidden" });
  });
});
