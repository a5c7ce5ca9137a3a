// Docker Hub: its listing, its names of two parts, its limits and its rules, against a stand-in of its documented API.
import { describe, expect, it } from "vitest";
import type { Credential } from "../../../electron/engine/credential.ts";
import type { QuotaNews } from "../../../electron/registry/quota.ts";
import { Registry } from "../../../electron/registry/registry.ts";
import { type HubOptions, type HubStandIn, startHub } from "../../support/vendors/docker-hub.ts";
import { emptyImage } from "../samples.ts";
import { afterwards, collect, options } from "../scripted-server.ts";
import { clientOf, copyBack, copyTo, password, refusalOf } from "./stand-ins.ts";

const alice = password("alice", "dckr_pat_1");

async function hub(settings: Partial<HubOptions> = {}): Promise<HubStandIn> {
  const stand = await startHub({
    ...{ user: "alice", secret: "dckr_pat_1", namespaces: { alice: ["app"] } },
    ...settings,
  });
  afterwards(() => stand.stop());
  return stand;
}

function hubClient(stand: HubStandIn, credential?: Credential) {
  return clientOf("docker-hub", stand.registry.host, {
    ...(credential === undefined ? {} : { credential }),
    apiUrl: stand.api.url,
  });
}

describe("the repositories of Docker Hub", () => {
  const names = Array.from({ length: 230 }, (_, at) => `image-${String(at).padStart(3, "0")}`);

  it("are those of the user and its organisations, private ones too, page by page", async () => {
    const stand = await hub({
      namespaces: { alice: [...names, "private-notes"], acme: ["tool"], other: ["hidden"] },
      organisations: ["acme"],
    });
    const listed = await collect(hubClient(stand, alice).listRepositories(options()));
    const expected = [...names, "private-notes"].map((name) => `alice/${name}`);
    expect(listed).toEqual([...expected, "acme/tool"]);
    expect(stand.api.count("GET", /alice\/repositories$/)).toBe(3);
    expect(stand.api.count("POST", /token$/)).toBe(1);
    expect(stand.registry.count({ kind: "catalog" })).toBe(0);
  });

  it("are listed to the end though the token of the API ends in the middle, more than once", async () => {
    const stand = await hub({ namespaces: { alice: names }, tokenMs: 60 });
    const pages: number[] = [];
    for await (const page of hubClient(stand, alice).listRepositories(options())) {
      pages.push(page.length);
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    expect(pages).toEqual([100, 100, 30]);
    expect(stand.api.count("POST", /token$/)).toBeGreaterThanOrEqual(3);
  });

  it.each(["repeat", "other-host", "beyond"] as const)("end where `next` is a trap (%s)", async (trap) => {
    const stand = await hub({ namespaces: { alice: names }, trap });
    const listed = await collect(hubClient(stand, alice).listRepositories(options()));
    expect(listed).toHaveLength(230);
    expect(stand.api.asked.every(({ headers }) => headers.host === stand.api.host)).toBe(true);
  });

  it("leave out an organisation that lets nobody look", async () => {
    const stand = await hub({ namespaces: { alice: ["app"], acme: ["tool"] }, organisations: ["acme"] });
    stand.api.answerNext(/acme\/repositories$/, { status: 403, json: { detail: "permission denied" } });
    expect(await collect(hubClient(stand, alice).listRepositories(options()))).toEqual(["alice/app"]);
  });

  it("are not listed for strangers, nor where the password is wrong", async () => {
    const stand = await hub();
    expect(await refusalOf(collect(hubClient(stand).listRepositories(options())))).toMatchObject({
      code: "unsupported",
    });
    const wrong = collect(hubClient(stand, password("alice", "no")).listRepositories(options()));
    expect(await refusalOf(wrong)).toMatchObject({ code: "unauthorized", status: 401 });
  });

  it("are refused without a word of what was sent, though the API quotes it", async () => {
    const stand = await hub();
    const quoted = { status: 403, json: { message: "no right for dckr_pat_1 of alice" } };
    stand.api.answerNext(/auth\/token$/, quoted);
    const refusal = await refusalOf(collect(hubClient(stand, alice).listRepositories(options())));
    expect(refusal).toMatchObject({ code: "forbidden", message: expect.stringContaining("no right for") });
    expect(String((refusal as Error).message)).not.toContain("dckr_pat_1");
  });

  it("wait for as long as X-Retry-After says, a Unix time", async () => {
    const stand = await hub();
    const headers = { "x-retry-after": String(Math.ceil(Date.now() / 1000) + 30) };
    stand.api.answerNext(/alice\/repositories$/, {
      status: 429,
      headers,
      json: { detail: "Rate limit exceeded" },
    });
    const refusal = await refusalOf(collect(hubClient(stand, alice).listRepositories(options())));
    expect(refusal).toMatchObject({ code: "rate-limited", retryable: true });
    const { retryAfterMs = 0 } = refusal as { retryAfterMs?: number };
    expect(retryAfterMs).toBeGreaterThan(25_000);
    expect(retryAfterMs).toBeLessThanOrEqual(31_000);
  });

  it("are asked of nobody where the host is not Docker Hub and no API is named", async () => {
    const stand = await hub();
    const stranger = clientOf("docker-hub", stand.registry.host, { credential: alice });
    expect(await refusalOf(collect(stranger.listRepositories(options())))).toMatchObject({
      code: "unsupported",
    });
    expect(stand.api.asked).toEqual([]);
  });

  it("S011 are not asked for over plain http that nobody asked for", async () => {
    const stand = await hub();
    const settings = { plainHttp: "auto" } as const;
    const far = clientOf("docker-hub", stand.registry.host, {
      ...{ credential: alice, settings, apiUrl: "http://hub.example.test/" },
    });
    expect(await refusalOf(collect(far.listRepositories(options())))).toMatchObject({
      code: "configuration",
      message: expect.stringContaining("plain http"),
    });
  });
});

describe("names on Docker Hub", () => {
  it("of one part are below library/ in every request, also in what a token is asked for", async () => {
    const stand = await hub({ organisations: ["library"] });
    const client = hubClient(stand, alice);
    const copied = await copyTo(client, "nginx");
    expect(copied.run.state).toBe("succeeded");
    expect(await collect(client.listTags("nginx", options()))).toEqual(["v1"]);
    expect(await stand.registry.store.repositories()).toEqual(["library/nginx"]);
    const below = stand.registry.requests.filter(({ kind }) => kind !== "base" && kind !== "token");
    expect(below.every(({ path }) => path.startsWith("/v2/library/nginx/"))).toBe(true);
    const scopes = new Set(stand.registry.tokenRequests.flatMap((request) => request.scopes));
    expect([...scopes].every((scope) => scope.startsWith("repository:library/nginx:"))).toBe(true);
    expect((await copyBack(client, "nginx", copied)).state).toBe("succeeded");
  });

  it("of more than two parts are refused by name, before anything is asked", async () => {
    const stand = await hub();
    const client = hubClient(stand, alice);
    const refusal = { code: "invalid-reference", message: expect.stringContaining("namespace/name") };
    expect(await refusalOf(client.headManifest("a/b/c", "v1", options()))).toMatchObject(refusal);
    const { run, h } = await copyTo(client, "team/app/web");
    expect(run.plan).toMatchObject({ copy: 0, unreadable: 1 });
    expect(h.rows(run)[0]?.error).toMatchObject(refusal);
    expect(stand.registry.requests).toEqual([]);
  });
});

describe("a whole copy to Docker Hub", () => {
  it("ends well though the registry's tokens live for a second", async () => {
    const stand = await hub({ registryTokenSeconds: 1 });
    stand.registry.fault({ do: "delay", ms: 1100 }, { method: "PUT", kind: "upload", after: 1, times: 1 });
    const copied = await copyTo(hubClient(stand, alice), "alice/app", 200_000);
    expect(copied.run).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 1 } });
    const refused = stand.registry.requests.filter(({ status, path }) => status === 401 && path !== "/v2/");
    expect(refused.length).toBeGreaterThan(0);
  });

  it("says that the repository or the right is missing in a namespace that is not one's own", async () => {
    const stand = await hub();
    const client = hubClient(stand, alice);
    const { run, h } = await copyTo(client, "nobody/app");
    expect(run.state).toBe("failed");
    const refusal = { code: "forbidden", message: expect.stringContaining("repository) is missing") };
    expect(h.rows(run)[0]?.error).toMatchObject({ ...refusal, side: "destination" });
    expect(await refusalOf(collect(client.listTags("nobody/app", options())))).toMatchObject(refusal);
    expect(await refusalOf(client.getManifest("alice/none", "v1", options()))).toMatchObject(refusal);
  });

  it("tells the pull limit as the registry tells it, and HEADs are free", async () => {
    const stand = await hub();
    const copied = await copyTo(hubClient(stand, alice), "alice/app");
    const news: QuotaNews[] = [];
    stand.registry.fault({ do: "quota", limit: 100 });
    const registry = new Registry({
      settings: {
        ...{ host: stand.registry.host, provider: "docker-hub", plainHttp: "always" },
        ...{ insecureSkipVerify: false, trustedTokenHosts: [], connections: 8 },
      },
      credentials: { get: async () => alice },
      userAgent: "freightliner-test/1",
      onQuota: (each) => news.push(each),
    });
    afterwards(() => registry.close());
    await registry.headManifest("alice/app", "v1", options());
    expect(news.at(-1)?.figures).toMatchObject({ limit: 100, remaining: 100, windowSeconds: 21_600 });
    await copyBack(registry, "alice/app", copied);
    expect(news.at(-1)?.figures.remaining).toBeLessThan(100);
  });

  it.each([
    [
      "the pull limit, in long words",
      { code: "TOOMANYREQUESTS", message: "You have reached your unauthenticated pull rate limit." },
    ],
    [
      "the abuse limit, in a page of text",
      { body: "Too Many Requests", headers: { "content-type": "text/html" } },
    ],
  ] as const)("is held back by %s", async (_, words) => {
    const stand = await hub();
    stand.registry.fault({ do: "status", status: 429, ...words }, { kind: "manifest", times: 1 });
    const refusal = await refusalOf(hubClient(stand, alice).getManifest("alice/app", "v1", options()));
    expect(refusal).toMatchObject({ code: "rate-limited", retryable: true });
  });
});

describe("an immutable tag of Docker Hub, which is refused with 403", () => {
  const denied = "requested access to the resource is denied";
  const inFull = `${denied} - This tag is already assigned to an image in this repository and cannot be updated due to immutability settings.`;

  async function refusing(message = denied) {
    const stand = await hub();
    const client = hubClient(stand, alice);
    const copied = await copyTo(client, "alice/app");
    stand.registry.fault(
      { do: "status", status: 403, code: "DENIED", message },
      { method: "PUT", path: /manifests\/v[0-9]+$/ },
    );
    return { stand, client, copied };
  }

  it("is told from a missing right by what stands there", async () => {
    const { client } = await refusing();
    const put = client.putManifest("alice/app", "v1", emptyImage, options());
    expect(await refusalOf(put)).toMatchObject({ code: "tag-immutable", status: 403 });
    const fresh = client.putManifest("alice/app", "v2", emptyImage, options());
    expect(await refusalOf(fresh)).toMatchObject({ code: "forbidden" });
  });

  it.each([
    ["that say nothing more", denied],
    ["that say why", inFull],
  ])("is as good as written where it is the same image, in words %s", async (_, message) => {
    const { stand, client } = await refusing(message);
    const reset = await copyTo(client, "alice/app");
    expect(reset.run.state).toBe("succeeded");
    // Read before it is written, it would be written by nobody: the race is what the second look is for.
    const unseen = stand.registry.fault(
      { do: "status", status: 404 },
      { kind: "manifest", method: "HEAD", times: 1 },
    );
    const again = await copyTo(client, "alice/app");
    expect(unseen.count).toBe(1);
    const refused = stand.registry.requests.filter(
      ({ method, status }) => method === "PUT" && status === 403,
    );
    expect(refused).not.toEqual([]);
    expect(again.run).toMatchObject({ state: "succeeded", tallies: { imagesFailed: 0 } });
  });
});

describe("deleting on Docker Hub", () => {
  it("takes a tag by the API, and no digest", async () => {
    const stand = await hub();
    const client = hubClient(stand, alice);
    await copyTo(client, "alice/app");
    const head = await client.headManifest("alice/app", "v1", options());
    const byDigest = client.deleteManifest("alice/app", head?.digest ?? "", options());
    expect(await refusalOf(byDigest)).toMatchObject({ code: "unsupported" });
    await client.deleteManifest("alice/app", "v1", options());
    expect(await stand.registry.store.tags("alice/app")).toEqual([]);
    expect(stand.registry.count({ method: "DELETE", kind: "manifest" })).toBe(0);
    expect(await refusalOf(client.deleteManifest("alice/app", "v1", options()))).toMatchObject({
      code: "manifest-unknown",
    });
  });

  it("is refused in another's namespace, and to strangers", async () => {
    const stand = await hub();
    expect(await refusalOf(hubClient(stand, alice).deleteManifest("bob/app", "v1", options()))).toMatchObject(
      {
        code: "forbidden",
      },
    );
    expect(await refusalOf(hubClient(stand).deleteManifest("alice/app", "v1", options()))).toMatchObject({
      code: "unsupported",
    });
  });
});
