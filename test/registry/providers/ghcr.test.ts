// GitHub's registry: listing and deleting by the packages API, uploads in one piece, against a stand-in of the documented API.
import { describe, expect, it } from "vitest";
import type { Credential, CredentialProvider } from "../../../electron/engine/credential.ts";
import { githubBase } from "../../../electron/registry/providers/github-api.ts";
import { Registry } from "../../../electron/registry/registry.ts";
import { everything, harness } from "../../engine/harness.ts";
import { putImage } from "../../engine/images.ts";
import { planBetween, runBetween } from "../../engine/over-http.ts";
import { type GithubOptions, type GithubStandIn, startGithub } from "../../support/vendors/ghcr.ts";
import { describeBytes, emptyImage, manifestOf, streamOf } from "../samples.ts";
import { afterwards, collect, options } from "../scripted-server.ts";
import { clientOf, copyBack, copyTo, password, refusalOf } from "./stand-ins.ts";

const octocat = password("octocat", "ghp_1");
const allRights = ["read:packages", "write:packages", "delete:packages", "read:org"];

async function github(settings: Partial<GithubOptions> = {}): Promise<GithubStandIn> {
  const stand = await startGithub({ user: "octocat", token: "ghp_1", scopes: allRights, ...settings });
  afterwards(() => stand.stop());
  return stand;
}

function githubClient(stand: GithubStandIn, credential?: Credential) {
  return clientOf("ghcr", stand.registry.host, {
    ...(credential === undefined ? {} : { credential }),
    apiUrl: stand.api.url,
  });
}

function listed(stand: GithubStandIn, credential?: Credential): Promise<string[]> {
  return collect(githubClient(stand, credential).listRepositories(options()));
}

describe("the packages of GitHub", () => {
  const many = Array.from({ length: 205 }, (_, at) => `group/app-${at}`);
  const packages = { octocat: many, Acme: ["Tool/Image"], closed: ["secret"] };

  it("are those of the user and its organisations, in lower case, page by page", async () => {
    const stand = await github({ packages, organisations: ["Acme", "closed"], memberOf: ["Acme"] });
    const names = await listed(stand, octocat);
    expect(names).toEqual([...many.map((name) => `octocat/${name}`), "acme/tool/image"]);
    expect(stand.api.count("GET", /^\/user\/packages$/)).toBe(3);
    const first = stand.api.asked[0];
    expect(first?.headers).toMatchObject({ "x-github-api-version": "2022-11-28" });
    expect(first?.authorization).toBe("Bearer ghp_1");
  });

  it("are the user's own for a token that may not see organisations", async () => {
    const stand = await github({ packages, organisations: ["Acme"], scopes: ["read:packages"] });
    expect(await listed(stand, octocat)).toHaveLength(205);
  });

  it("leave out an organisation that refuses the token", async () => {
    const stand = await github({ packages, organisations: ["Acme", "closed"] });
    stand.api.answerNext(/orgs\/Acme/, {
      status: 403,
      json: { message: "Resource protected by organization SAML enforcement." },
    });
    const names = await listed(stand, octocat);
    expect(names).toContain("closed/secret");
    expect(names).not.toContain("acme/tool/image");
  });

  it("are those of the owner for the token of a workflow", async () => {
    const stand = await github({ packages, organisations: ["Acme"], workflow: true });
    expect(await listed(stand, password("acme", "ghp_1"))).toEqual(["acme/tool/image"]);
    expect(await listed(stand, octocat)).toHaveLength(205);
    expect(await refusalOf(listed(stand, password("nobody", "ghp_1")))).toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("read:packages"),
    });
  });

  it("are not listed for strangers, nor for a token that is wrong", async () => {
    const stand = await github({ packages });
    expect(await refusalOf(listed(stand))).toMatchObject({ code: "unsupported" });
    expect(await refusalOf(listed(stand, password("octocat", "old")))).toMatchObject({
      code: "unauthorized",
    });
  });

  it("end on a page that leads to itself, and never lead off the API", async () => {
    const stand = await github({ packages: { octocat: ["one"] } });
    const entry = (name: string) => ({ id: 1, name, package_type: "container", owner: { login: "octocat" } });
    const away = `<https://evil.invalid/user/packages?package_type=container&page=2>; rel="next"`;
    const again = `<${stand.api.url}/user/packages?package_type=container&per_page=100>; rel="next"`;
    stand.api.answerNext(/user\/packages/, { status: 200, headers: { link: away }, json: [entry("first")] });
    stand.api.answerNext(/user\/packages/, {
      status: 200,
      headers: { link: again },
      json: [entry("second")],
    });
    expect(await listed(stand, octocat)).toEqual(["octocat/first", "octocat/second"]);
    expect(stand.api.count("GET", /user\/packages/)).toBe(2);
  });

  it.each([
    ["a 429 with Retry-After", 429, { "retry-after": "7" }, 7000],
    ["a 403 with nothing remaining", 403, { "x-ratelimit-remaining": "0" }, undefined],
    ["a 403 with Retry-After", 403, { "retry-after": "60" }, 60_000],
  ])("wait after %s", async (_, status, headers, wait) => {
    const stand = await github({ packages });
    const reset = { "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 20) };
    stand.api.answerNext(/user\/packages/, {
      ...{ status, headers: wait === undefined ? { ...headers, ...reset } : { ...headers } },
      json: { message: "API rate limit exceeded" },
    } as Parameters<typeof stand.api.answerNext>[1]);
    const refusal = (await refusalOf(listed(stand, octocat))) as { code: string; retryAfterMs: number };
    expect(refusal.code).toBe("rate-limited");
    if (wait === undefined) expect(refusal.retryAfterMs).toBeGreaterThan(15_000);
    else expect(refusal.retryAfterMs).toBe(wait);
  });

  it("S005 are listed on with the token that replaced the one which ended in the middle", async () => {
    const stand = await github({ packages });
    let token = "ghp_1";
    const refusedOnes: unknown[] = [];
    const credentials: CredentialProvider = {
      get: async (_, refused) => {
        if (refused !== undefined) refusedOnes.push(refused);
        return password("octocat", token);
      },
    };
    const registry = new Registry({
      settings: {
        ...{ host: stand.registry.host, provider: "ghcr", plainHttp: "always", apiUrl: stand.api.url },
        ...{ insecureSkipVerify: false, trustedTokenHosts: [], connections: 8 },
      },
      credentials,
      userAgent: "freightliner-test/1",
    });
    afterwards(() => registry.close());
    const names: string[] = [];
    for await (const page of registry.listRepositories(options())) {
      names.push(...page);
      if (token === "ghp_1") {
        token = "ghp_2";
        stand.replaceToken(token);
      }
    }
    expect(names).toHaveLength(205);
    expect(refusedOnes).toEqual([octocat]);
  });
});

describe("whose API is asked", () => {
  const settings = {
    ...{ plainHttp: "never" as const, insecureSkipVerify: false, trustedTokenHosts: [], connections: 8 },
  };
  const base = (host: string, apiUrl?: string) =>
    githubBase({ host, settings: { ...settings, host, ...(apiUrl === undefined ? {} : { apiUrl }) } }, "test")
      .href;

  it("is GitHub's own beside its registries, and what the settings name for a server of one's own", () => {
    expect(base("ghcr.io")).toBe("https://api.github.com/");
    expect(base("containers.octocorp.ghe.com")).toBe("https://api.octocorp.ghe.com/");
    expect(base("containers.git.example", "https://git.example/api/v3")).toBe("https://git.example/api/v3/");
  });

  it.each(["containers.git.example", "containers.evil.example/.ghe.com", "ghcr.io.evil.example", "ghe.com"])(
    "is nobody's for %s without an address",
    (host) => {
      expect(() => base(host)).toThrow(expect.objectContaining({ code: "unsupported" }));
    },
  );

  it("is not one over plain http, nor one with a user name in its address", () => {
    for (const url of ["http://git.example/api/v3", "https://user:pw@git.example/"])
      expect(() => base("ghcr.io", url)).toThrow(expect.objectContaining({ code: "configuration" }));
  });
});

describe("a whole copy to GitHub's registry", () => {
  it("goes up in one piece each, past tokens that live for a second, and comes back the same", async () => {
    const stand = await github({ registryTokenSeconds: 1 });
    const client = githubClient(stand, octocat);
    expect(client.parts).toBe(false);
    stand.registry.fault({ do: "delay", ms: 1100 }, { method: "PUT", kind: "upload", after: 1, times: 1 });
    const copied = await copyTo(client, "octocat/group/app", 300_000);
    expect(copied.run).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 1 } });
    expect(stand.registry.count({ method: "PATCH" })).toBe(0);
    const refused = stand.registry.requests.filter(({ status, path }) => status === 401 && path !== "/v2/");
    expect(refused.length).toBeGreaterThan(0);
    expect((await copyBack(client, "octocat/group/app", copied)).state).toBe("succeeded");
    expect(stand.registry.storageRequests.length).toBeGreaterThan(0);
    expect(stand.registry.storageRequests.every(({ leaked }) => leaked.length === 0)).toBe(true);
  });

  it("says what is missing where the package may not be written to", async () => {
    const stand = await github();
    stand.registry.fault(
      { do: "status", status: 403, code: "DENIED", message: "permission_denied: write_package" },
      { method: "POST", kind: "uploads" },
    );
    const { run, h } = await copyTo(githubClient(stand, octocat), "octocat/app");
    expect(run.state).toBe("failed");
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "forbidden", side: "destination" });
    expect(h.rows(run)[0]?.error?.message).toContain("write_package");
  });
});

describe("deleting on GitHub", () => {
  const other = manifestOf({
    ...JSON.parse(Buffer.from(emptyImage.bytes).toString()),
    annotations: { a: "b" },
  });

  async function filled(settings: Partial<GithubOptions> = {}, owner = "octocat") {
    const stand = await github(settings);
    const client = githubClient(stand, octocat);
    await copyTo(client, `${owner}/group/app`);
    const head = await client.headManifest(`${owner}/group/app`, "v1", options());
    return { stand, client, digest: head?.digest ?? "", repository: `${owner}/group/app` };
  }

  it.each([
    ["a person", "octocat", "users"],
    ["an organisation", "acme", "orgs"],
  ])("takes the version that a digest names from %s", async (_, owner, place) => {
    const { stand, client, digest, repository } = await filled({ organisations: ["acme"] }, owner);
    const config = { method: "PUT", kind: "manifest" } as const;
    expect(stand.registry.count(config)).toBeGreaterThan(0);
    const record = await stand.registry.store.tagDigest(repository, "v1");
    if (record === undefined) throw new Error("nothing was written");
    // A second version, as the last one of a package stays.
    await stand.registry.store.setTag(repository, "v2", other.digest);
    await client.deleteManifest(repository, digest, options());
    expect(await stand.registry.store.tags(repository)).toEqual(["v2"]);
    const last = stand.api.asked.at(-1);
    expect(last?.method).toBe("DELETE");
    expect(last?.url.pathname).toMatch(
      new RegExp(`^/${place}/${owner}/packages/container/group%2Fapp/versions/`),
    );
  });

  it("takes no tag, as all tags of its version would go with it", async () => {
    const { stand, client, repository } = await filled();
    const before = stand.api.asked.length;
    expect(await refusalOf(client.deleteManifest(repository, "v1", options()))).toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("digests"),
    });
    expect(stand.api.asked.length).toBe(before);
  });

  it("says which right the token lacks", async () => {
    const { stand, client, digest, repository } = await filled({ scopes: ["read:packages"] });
    await stand.registry.store.setTag(repository, "v2", other.digest);
    expect(await refusalOf(client.deleteManifest(repository, digest, options()))).toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("delete:packages"),
    });
    expect(await stand.registry.store.tags(repository)).toEqual(["v1", "v2"]);
  });

  it("passes on why the last version stays, and knows what is not there", async () => {
    const { client, digest, repository } = await filled();
    expect(await refusalOf(client.deleteManifest(repository, digest, options()))).toMatchObject({
      code: "refused-by-registry",
      message: expect.stringContaining("last tagged version"),
    });
    expect(await refusalOf(client.deleteManifest(repository, other.digest, options()))).toMatchObject({
      code: "manifest-unknown",
    });
    expect(await refusalOf(client.deleteManifest("octocat/none", digest, options()))).toMatchObject({
      code: "repository-unknown",
    });
  });

  it("is what a mirror does there: each version once, with all its tags", async () => {
    const stand = await github();
    const client = githubClient(stand, octocat);
    const repository = "octocat/app";
    const config = Buffer.from("{}");
    await client.putBlob(repository, describeBytes(config), streamOf(config), options());
    for (const [tag, manifest] of [
      ["old", emptyImage],
      ["older", emptyImage],
      ["other", other],
    ] as const)
      await client.putManifest(repository, tag, manifest, options());
    const h = harness();
    putImage(h.source, { repository, tag: "v1", layers: [["a", 200]] });
    const ends = { destination: client };
    const mirror = { ...everything(), options: { mirror: { maxDelete: 100, maxShare: 1 } } };
    const planned = await planBetween(h, ends, mirror);
    expect(planned.plan).toMatchObject({ copy: 1, delete: 3 });
    const done = await runBetween(h, ends, planned);
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesDeleted: 3 } });
    expect(await stand.registry.store.tags(repository)).toEqual(["v1"]);
    expect(stand.api.count("DELETE", /versions/)).toBe(2);
    expect(stand.registry.count({ method: "DELETE", kind: "manifest" })).toBe(0);
  });
});
