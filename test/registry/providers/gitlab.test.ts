// GitLab's registry: tokens of its web host, listing by its API, its rules, against a stand-in of the documented API.
import { describe, expect, it } from "vitest";
import type { Credential } from "../../../electron/engine/credential.ts";
import { gitlabBase } from "../../../electron/registry/providers/gitlab-api.ts";
import { type GitlabOptions, type GitlabStandIn, startGitlab } from "../../support/vendors/gitlab.ts";
import { emptyImage } from "../samples.ts";
import { afterwards, collect, options } from "../scripted-server.ts";
import { clientOf, copyBack, copyTo, password, refusalOf } from "./stand-ins.ts";

const root = password("root", "glpat-1");

async function gitlab(settings: Partial<GitlabOptions> = {}): Promise<GitlabStandIn> {
  const stand = await startGitlab({
    ...{ user: "root", token: "glpat-1", projects: [{ id: 1, path: "acme/web", images: [] }] },
    ...settings,
  });
  afterwards(() => stand.stop());
  return stand;
}

function gitlabClient(
  stand: GitlabStandIn,
  credential: Credential | undefined = root,
  apiUrl = stand.web.url,
) {
  return clientOf("gitlab", stand.registry.host, {
    ...(credential === undefined ? {} : { credential }),
    apiUrl,
  });
}

function listed(stand: GitlabStandIn, credential: Credential | undefined = root): Promise<string[]> {
  return collect(gitlabClient(stand, credential).listRepositories(options()));
}

describe("the repositories of GitLab", () => {
  const groups = [
    { id: 12, full_path: "acme/tools/deep" },
    { id: 11, full_path: "acme" },
    { id: 13, full_path: "guarded", closed: true },
  ];
  const projects = [
    { id: 1, path: "acme/web", images: ["", "cache/layer"] },
    { id: 2, path: "acme/tools/deep/cli", images: ["cli"] },
    { id: 3, path: "root/own", images: ["", "test"] },
    { id: 4, path: "root/none", images: [], off: true },
    { id: 5, path: "guarded/part", images: ["shared"] },
    { id: 6, path: "acmeother/app", images: [""] },
  ];

  it("are those of groups with all below them, and of projects outside of them", async () => {
    const stand = await gitlab({ groups, projects });
    expect(await listed(stand)).toEqual([
      "acme/web",
      "acme/web/cache/layer",
      "acme/tools/deep/cli/cli",
      "root/own",
      "root/own/test",
      "guarded/part/shared",
      "acmeother/app",
    ]);
    // One answer for a group, none for what lies below it.
    expect(stand.web.count("GET", /groups\/12\/registry/)).toBe(0);
    expect(stand.web.count("GET", /projects\/[12]\/registry/)).toBe(0);
    const first = stand.web.asked.find(({ url }) => url.pathname.startsWith("/api/v4/"));
    expect(first?.authorization).toBe("Bearer glpat-1");
  });

  const many = Array.from({ length: 250 }, (_, at) => `image-${at}`);
  it.each(["both", "link", "number"] as const)(
    "are read to the end, with pages told by %s",
    async (paging) => {
      const stand = await gitlab({ projects: [{ id: 1, path: "root/app", images: many }], paging });
      expect(await listed(stand)).toEqual(many.map((name) => `root/app/${name}`));
      expect(stand.web.count("GET", /projects\/1\/registry/)).toBe(3);
    },
  );

  it("end where the next page is the same one", async () => {
    const stand = await gitlab({ projects: [{ id: 1, path: "root/app", images: ["a"] }] });
    const json = [{ id: 7, path: "root/app/a" }];
    stand.web.answerNext(/registry\/repositories/, { status: 200, headers: { "x-next-page": "1" }, json }, 5);
    expect(await listed(stand)).toEqual(["root/app/a"]);
    expect(stand.web.count("GET", /registry\/repositories/)).toBe(2);
  });

  it.each([
    ["the token of a job", password("gitlab-ci-token", "job")],
    ["the token of a deployment", password("gitlab+deploy-token-7", "gldt-1")],
  ])("are not asked for with %s, which opens no listing", async (_, credential) => {
    const stand = await gitlab({ projects });
    expect(await refusalOf(listed(stand, credential))).toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("read_api"),
    });
    expect(stand.web.count("GET", /api\/v4/)).toBe(0);
  });

  it("say which right a token lacks that opens the registry alone", async () => {
    const stand = await gitlab({ projects, opensApi: false });
    expect(await refusalOf(listed(stand))).toMatchObject({
      code: "unsupported",
      status: 403,
      message: expect.stringContaining("read_api"),
    });
  });

  it("wait as the API says, and are not a short list", async () => {
    const stand = await gitlab({ groups, projects });
    stand.web.answerNext(/groups\/11\/registry/, {
      status: 429,
      headers: { "retry-after": "9" },
      json: { message: "429" },
    });
    expect(await refusalOf(listed(stand))).toMatchObject({ code: "rate-limited", retryAfterMs: 9000 });
  });
});

describe("where GitLab's API is", () => {
  const settings = {
    plainHttp: "never" as const,
    insecureSkipVerify: false,
    trustedTokenHosts: [],
    connections: 8,
  };
  it.each([
    ["registry.gitlab.com", undefined, "https://gitlab.com/api/v4/"],
    ["reg.example:5050", "https://git.example", "https://git.example/api/v4/"],
    ["reg.example:5050", "https://git.example/git/api/v4", "https://git.example/git/api/v4/"],
  ])("of %s with %s is %s", (host, apiUrl, expected) => {
    const given = { ...settings, host, ...(apiUrl === undefined ? {} : { apiUrl }) };
    expect(gitlabBase({ host, settings: given }).href).toBe(expected);
  });
  it("is not guessed for a GitLab of one's own", () => {
    const host = "registry.gitlab.com.evil.example";
    expect(() => gitlabBase({ host, settings: { ...settings, host } })).toThrow(
      expect.objectContaining({ code: "unsupported" }),
    );
  });
});

describe("a whole copy to GitLab's registry", () => {
  it("signs in at the web host, past tokens that live for a second, and comes back the same", async () => {
    const stand = await gitlab({ registryTokenSeconds: 1 });
    const client = gitlabClient(stand);
    stand.registry.fault({ do: "delay", ms: 1100 }, { method: "PUT", kind: "upload", after: 1, times: 1 });
    const copied = await copyTo(client, "acme/web/deep/image", 300_000);
    expect(copied.run).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 1 } });
    const refused = stand.registry.requests.filter(({ status, path }) => status === 401 && path !== "/v2/");
    expect(refused.length).toBeGreaterThan(0);
    expect(stand.web.count("GET", /jwt\/auth/)).toBeGreaterThan(1);
    expect((await copyBack(client, "acme/web/deep/image", copied)).state).toBe("succeeded");
  });

  it("says that the permission is missing where the token service grants less than was asked", async () => {
    const stand = await gitlab({ grantsOnly: ["pull"] });
    const { run, h } = await copyTo(gitlabClient(stand), "acme/web");
    expect(run.state).toBe("failed");
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "forbidden", side: "destination" });
  });

  it("says that the project or the right is missing where it is", async () => {
    const stand = await gitlab({ projects: [{ id: 1, path: "acme/web", images: [] }] });
    expect((await copyTo(gitlabClient(stand), "acme/web/new")).run.state).toBe("succeeded");
    const { run, h } = await copyTo(gitlabClient(stand), "nowhere/web/new");
    expect(run.state).toBe("failed");
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "forbidden", side: "destination" });
  });

  it("says that a wrong token is one", async () => {
    const stand = await gitlab();
    const wrong = gitlabClient(stand, password("root", "old"));
    expect(await refusalOf(wrong.headManifest("acme/web", "v1", options()))).toMatchObject({
      code: "unauthorized",
    });
  });

  it("does not send the sign-in to a token service that nobody named", async () => {
    const stand = await gitlab();
    const stranger = await gitlab();
    const elsewhere = clientOf("gitlab", stand.registry.host.replace("127.0.0.1", "localhost"), {
      ...{ credential: root, apiUrl: stranger.web.url.replace("127.0.0.1", "localhost") },
    });
    const refusal = await refusalOf(elsewhere.headManifest("acme/web", "v1", options()));
    expect(refusal).toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining("token service"),
    });
    const asked = () => stand.web.asked.filter(({ url }) => url.pathname === "/jwt/auth");
    expect(asked().map(({ authorization }) => authorization)).toEqual([undefined]);
    const named = clientOf("gitlab", stand.registry.host.replace("127.0.0.1", "localhost"), {
      ...{ credential: root, apiUrl: stand.web.url },
    });
    expect((await copyTo(named, "acme/web")).run.state).toBe("succeeded");
    expect(asked().at(-1)?.authorization).toMatch(/^Basic /);
  });
});

describe("tags under a rule of GitLab", () => {
  it("are refused with 403: immutable where one stands, forbidden where none does", async () => {
    const stand = await gitlab();
    const client = gitlabClient(stand);
    await copyTo(client, "acme/web");
    const digest = await stand.registry.store.tagDigest("acme/web", "v1");
    if (digest === undefined) throw new Error("nothing was written");
    await stand.registry.store.setTag("acme/web", "protected-1", digest);
    const put = (tag: string) => refusalOf(client.putManifest("acme/web", tag, emptyImage, options()));
    expect(await put("protected-1")).toMatchObject({ code: "tag-immutable", status: 403 });
    expect(await put("protected-2")).toMatchObject({ code: "forbidden" });
    expect(await refusalOf(client.deleteManifest("acme/web", "protected-1", options()))).toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("access to tag denied"),
    });
    await client.deleteManifest("acme/web", "v1", options());
    expect(await stand.registry.store.tags("acme/web")).toEqual(["protected-1"]);
  });
});
