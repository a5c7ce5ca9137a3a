// Harbor: projects that are made, lists by its API, tags that its registry does not delete, against a stand-in of its API.
import { describe, expect, it } from "vitest";
import type { Credential } from "../../../electron/engine/credential.ts";
import { type HarborOptions, type HarborStandIn, startHarbor } from "../../support/vendors/harbor.ts";
import { emptyImage } from "../samples.ts";
import { afterwards, collect, options } from "../scripted-server.ts";
import { clientOf, copyBack, copyTo, password, refusalOf } from "./stand-ins.ts";

// The `$` is part of the name, and nobody's variable.
const robot = password("robot$team+ci", "robot-secret");
const many = Array.from({ length: 230 }, (_, at) => `deep/app-${String(at).padStart(3, "0")}`);

async function harbor(settings: Partial<HarborOptions> = {}): Promise<HarborStandIn> {
  const stand = await startHarbor({
    ...{ user: "robot$team+ci", secret: "robot-secret" },
    projects: [{ name: "team" }],
    ...settings,
  });
  afterwards(() => stand.stop());
  return stand;
}

function harborClient(stand: HarborStandIn, credential: Credential | undefined = robot, settings = {}) {
  return clientOf("harbor", stand.front.host, {
    ...(credential === undefined ? {} : { credential }),
    settings,
  });
}

describe("the repositories of Harbor", () => {
  const projects = [
    { name: "team", repositories: many },
    { name: "library", public: true, repositories: ["nginx"] },
    { name: "closed", closed: true },
  ];

  it("are those of every project, page by page, for a robot whose name has a dollar", async () => {
    const stand = await harbor({ projects });
    expect(await collect(harborClient(stand).listRepositories(options()))).toEqual([
      ...many.map((name) => `team/${name}`),
      "library/nginx",
    ]);
    const signed = `Basic ${Buffer.from("robot$team+ci:robot-secret").toString("base64")}`;
    const asked = stand.front.asked.filter(({ url }) => url.pathname.startsWith("/api/"));
    expect(asked.every(({ authorization }) => authorization === signed)).toBe(true);
    expect(stand.front.count("GET", /projects\/team\/repositories$/)).toBe(3);
  });

  it("are the public ones for strangers", async () => {
    const stand = await harbor({ projects });
    const client = clientOf("harbor", stand.front.host);
    expect(await collect(client.listRepositories(options()))).toEqual(["library/nginx"]);
  });

  it("are the catalogue's where the secret opens no API", async () => {
    const stand = await harbor({ projects, opensApi: false });
    expect(await collect(harborClient(stand).listRepositories(options()))).toEqual(["library/seen"]);
  });

  it("end where a page links to itself, and never leave the host", async () => {
    const stand = await harbor({ projects: [{ name: "team", repositories: many }] });
    const trap = (link: string) =>
      stand.front.answerNext(
        /team\/repositories$/,
        { status: 200, headers: { link: `<${link}>; rel="next"` }, json: [{ name: "team/one" }] },
        9,
      );
    trap("https://elsewhere.example/api/v2.0/projects/team/repositories?page=1&page_size=100");
    expect(await collect(harborClient(stand).listRepositories(options()))).toEqual(["team/one"]);
    expect(stand.front.count("GET", /team\/repositories$/)).toBe(1);
  });

  it("wait as the API says, and a wrong password is told as one", async () => {
    const stand = await harbor({ projects });
    stand.front.answerNext(/projects$/, { status: 429, headers: { "retry-after": "2" }, json: {} });
    const list = (credential?: Credential) =>
      refusalOf(collect(harborClient(stand, credential).listRepositories(options())));
    expect(await list()).toMatchObject({ code: "rate-limited", retryAfterMs: 2000 });
    expect(await list(password("robot$team+ci", "wrong"))).toMatchObject({ code: "unauthorized" });
  });
});

describe("a whole copy to Harbor", () => {
  it("goes past tokens that live for a second and comes back the same", async () => {
    const stand = await harbor({ registryTokenSeconds: 1 });
    const client = harborClient(stand);
    stand.registry.fault({ do: "delay", ms: 700 }, { method: "PUT", kind: ["upload", "manifest"] });
    const copied = await copyTo(client, "team/deep/app", 300_000);
    expect(copied.run).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 1 } });
    const refused = stand.registry.requests.filter(({ status, path }) => status === 401 && path !== "/v2/");
    expect(refused.length).toBeGreaterThan(0);
    expect((await copyBack(client, "team/deep/app", copied)).state).toBe("succeeded");
  });

  it("makes a project that is missing, once and for its members only", async () => {
    const stand = await harbor();
    const { run } = await copyTo(harborClient(stand), "new/deep/app");
    expect(run.state).toBe("succeeded");
    expect(stand.projects.get("new")).toMatchObject({ metadata: { public: "false" } });
    expect(stand.front.count("POST", /api\/v2\.0\/projects$/)).toBe(1);
  });

  it("goes on where somebody else made the project meanwhile", async () => {
    const stand = await harbor();
    stand.front.answerNext(/api\/v2\.0\/projects$/, { status: 404 });
    stand.registry.fault(
      { do: "status", status: 403, code: "DENIED" },
      { method: "POST", kind: "uploads", times: 1 },
    );
    const { run } = await copyTo(harborClient(stand), "team/app");
    expect(run.state).toBe("succeeded");
    expect(stand.front.count("POST", /api\/v2\.0\/projects$/)).toBe(1);
  });

  it("makes no project where the settings say so", async () => {
    const stand = await harbor();
    const { run, h } = await copyTo(harborClient(stand, robot, { createRepositories: false }), "new/app");
    expect(run.state).toBe("failed");
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "forbidden" });
    expect(stand.projects.has("new")).toBe(false);
  });

  it("says who has to make the project where the sign-in may not", async () => {
    const stand = await harbor({ makesProjects: false });
    const { run, h } = await copyTo(harborClient(stand), "new/app");
    expect(run.state).toBe("failed");
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "forbidden" });
    expect(h.rows(run)[0]?.error?.message).toMatch(/Only system admin.* Ask for the project "new"/);
  });

  it("says of a proxy cache that nothing can be pushed to it", async () => {
    const stand = await harbor({ projects: [{ name: "hub", proxyOf: 3 }] });
    const { run, h } = await copyTo(harborClient(stand), "hub/library/app");
    expect(run.state).toBe("failed");
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "forbidden", retryable: false });
    expect(h.rows(run)[0]?.error?.message).toContain("is a proxy cache of another registry");
    expect(stand.front.count("POST", /api\/v2\.0\/projects$/)).toBe(0);
  });

  it("asks for a project of digits by its name", async () => {
    const stand = await harbor({ projects: [{ name: "2026", proxyOf: 3 }] });
    const { run, h } = await copyTo(harborClient(stand), "2026/app");
    expect(h.rows(run)[0]?.error?.message).toContain('"2026"');
    expect(h.rows(run)[0]?.error?.message).toContain("proxy cache");
  });
});

describe("the rules of Harbor", () => {
  it("a tag is deleted by the API, its name encoded twice, and the manifest stays", async () => {
    const stand = await harbor();
    const client = harborClient(stand);
    await copyTo(client, "team/deep/app");
    const head = await client.headManifest("team/deep/app", "v1", options());
    await client.deleteManifest("team/deep/app", "v1", options());
    expect(await client.headManifest("team/deep/app", "v1", options())).toBeUndefined();
    expect(await client.headManifest("team/deep/app", head?.digest ?? "", options())).toBeDefined();
    const [asked] = stand.front.asked.filter(({ method }) => method === "DELETE");
    expect(asked?.url.pathname).toContain("/repositories/deep%252Fapp/artifacts/v1/tags/v1");
    expect(await refusalOf(client.deleteManifest("team/deep/app", "v1", options()))).toMatchObject({
      code: "manifest-unknown",
    });
    await client.deleteManifest("team/deep/app", head?.digest ?? "", options());
    expect(await client.headManifest("team/deep/app", head?.digest ?? "", options())).toBeUndefined();
  });

  it("an immutable tag is told as one, pushed or deleted", async () => {
    const stand = await harbor({ immutable: ["v1"] });
    const client = harborClient(stand);
    await copyTo(client, "team/app");
    expect(await refusalOf(client.putManifest("team/app", "v1", emptyImage, options()))).toMatchObject({
      ...{ code: "tag-immutable", status: 412 },
    });
    expect(await refusalOf(client.deleteManifest("team/app", "v1", options()))).toMatchObject({
      ...{ code: "tag-immutable", status: 412 },
    });
  });

  it("a policy that keeps an image from being pulled is told in its own words, and not tried again", async () => {
    const stand = await harbor();
    const client = harborClient(stand);
    const copied = await copyTo(client, "team/app");
    expect(copied.run.state).toBe("succeeded");
    const message = "current image with 3 vulnerabilities cannot be pulled due to configured policy";
    const policy = { do: "status", status: 412, code: "PROJECTPOLICYVIOLATION", message } as const;
    stand.registry.fault(policy, { method: ["GET", "HEAD"], kind: "manifest" });
    expect(await refusalOf(client.getManifest("team/app", "v1", options()))).toMatchObject({
      ...{ code: "refused-by-registry", status: 412, retryable: false },
      message: expect.stringContaining(message),
    });
  });

  it("a quota that is spent is a refusal that no other try cures", async () => {
    const stand = await harbor();
    const message = "adding 38.1 KiB of storage resource will exceed the configured upper limit of 1.0 MiB";
    const quota = { do: "status", status: 403, code: "DENIED", message } as const;
    stand.registry.fault(quota, { method: "PUT", kind: "upload" });
    const { run, h } = await copyTo(harborClient(stand), "team/app");
    expect(run.state).toBe("failed");
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "forbidden", retryable: false });
    expect(h.rows(run)[0]?.error?.message).toContain("upper limit of 1.0 MiB");
  });
});
