// Amazon ECR through the real client and the SDK: missing repositories, immutable tags, pages, deletes, throttling, expiry.
import { describe, expect, it, onTestFinished } from "vitest";
import { clock, identity } from "../../credentials/cloud/stage.ts";
import { harness, image } from "../../engine/harness.ts";
import { putImage } from "../../engine/images.ts";
import { planBetween, runBetween } from "../../engine/over-http.ts";
import { cloudEnvironment } from "../../support/vendors/cloud-environment.ts";
import { type EcrOptions, type EcrStandIn, startEcr } from "../../support/vendors/ecr.ts";
import { startNameProxy } from "../../support/vendors/name-proxy.ts";
import { collect, options } from "../scripted-server.ts";
import { type CloudClientInput, cloudClient } from "./cloud-stage.ts";
import { copyBack, copyTo, refusalOf } from "./stand-ins.ts";

async function ecr(standInOptions: EcrOptions = {}): Promise<EcrStandIn> {
  cloudEnvironment({
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_REGION: "eu-west-1",
  });
  const standIn = await startEcr(standInOptions);
  onTestFinished(() => standIn.stop());
  return standIn;
}

function clientOf(standIn: EcrStandIn, input: Partial<CloudClientInput> = {}) {
  return cloudClient(standIn.host, { provider: "ecr", apiUrl: standIn.apiUrl, ...input });
}

describe("Amazon ECR", () => {
  it("takes an image into a repository that is made first, and gives it back", async () => {
    const standIn = await ecr();
    const registry = clientOf(standIn);
    const copied = await copyTo(registry, "team/app");
    expect(copied.run).toMatchObject({ state: "succeeded" });
    expect(standIn.repositories).toEqual(new Set(["team/app"]));
    expect(standIn.calls.find(({ operation }) => operation === "CreateRepository")).toMatchObject({
      key: "AKIDEXAMPLE",
      input: { repositoryName: "team/app" },
    });
    expect(await copyBack(registry, "team/app", copied)).toMatchObject({ state: "succeeded" });
    expect(standIn.requests.some((request) => request.startsWith("PATCH"))).toBe(false);
  });

  it("is asked by its own name: the account and the region are those that it names", async () => {
    const standIn = await ecr();
    const proxy = await startNameProxy((name) =>
      name.startsWith("api.") ? new URL(standIn.apiUrl).host : standIn.host,
    );
    onTestFinished(() => proxy.stop());
    const host = "123456789012.dkr.ecr.ap-south-1.amazonaws.com";
    const api = "api.ecr.ap-south-1.amazonaws.com";
    const registry = cloudClient(host, {
      provider: "ecr",
      apiUrl: `http://${api}`,
      settings: { proxy: proxy.url },
    });
    expect((await copyTo(registry, "app")).run).toMatchObject({ state: "succeeded" });
    expect(proxy.hosts).toEqual(new Set([host, api]));
    // Blobs go up side by side, and each may find the repository missing.
    const calls = standIn.calls.map(({ operation, region, input }) => ({
      operation,
      region,
      account: input.registryId,
    }));
    expect(calls[0]).toEqual({
      operation: "GetAuthorizationToken",
      region: "ap-south-1",
      account: undefined,
    });
    expect(calls.length).toBeGreaterThan(1);
    for (const call of calls.slice(1))
      expect(call).toEqual({ operation: "CreateRepository", region: "ap-south-1", account: "123456789012" });
  });

  it("makes no repository of an account that is not the one in the name", async () => {
    const standIn = await ecr();
    const proxy = await startNameProxy(() => standIn.host);
    onTestFinished(() => proxy.stop());
    const registry = cloudClient("999999999999.dkr.ecr.eu-west-1.amazonaws.com", {
      provider: "ecr",
      apiUrl: standIn.apiUrl,
      settings: { proxy: proxy.url },
    });
    const { run } = await copyTo(registry, "app");
    expect(run).toMatchObject({ state: "failed" });
    expect(standIn.repositories.size).toBe(0);
  });

  it("asks for no repository where a template makes it at the push, or where none is to be made", async () => {
    const standIn = await ecr({ createOnPush: true });
    expect((await copyTo(clientOf(standIn), "app")).run).toMatchObject({ state: "succeeded" });
    expect(standIn.count("CreateRepository")).toBe(0);
    const strict = await ecr();
    const registry = clientOf(strict, { settings: { createRepositories: false } });
    expect((await copyTo(registry, "app")).run).toMatchObject({ state: "failed" });
    expect(strict.count("CreateRepository")).toBe(0);
  });

  it("takes it well where somebody else makes the repository at the same time", async () => {
    const standIn = await ecr();
    const all = await Promise.all([copyTo(clientOf(standIn), "app"), copyTo(clientOf(standIn), "app")]);
    expect(all.map(({ run }) => run.state)).toEqual(["succeeded", "succeeded"]);
  });

  it("says which right is missing where the repository may not be made", async () => {
    const standIn = await ecr({ denied: ["CreateRepository"] });
    const { h, run } = await copyTo(clientOf(standIn), "app");
    expect(run).toMatchObject({ state: "failed" });
    expect(h.rows(run)[0]?.error).toMatchObject({
      code: "forbidden",
      message: expect.stringMatching(/repository app could not be made .*ecr:CreateRepository/),
    });
  });

  it("tells a tag that stands and may not move from a failure", async () => {
    const standIn = await ecr({ repositories: ["app"], immutable: true });
    const registry = clientOf(standIn);
    const first = await copyTo(registry, "app");
    expect(first.run).toMatchObject({ state: "succeeded" });
    // The same again is no write at all.
    expect((await copyTo(registry, "app")).run).toMatchObject({ state: "succeeded" });
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers: [["other", 5000]] });
    const planned = await planBetween(h, { destination: registry }, { selection: [image("app", "v1")] });
    const run = await runBetween(h, { destination: registry }, planned);
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "tag-immutable" });
  });

  it("lists by tokens that mean nothing to anyone else, with pages of a thousand at most", async () => {
    const repositories = Array.from({ length: 2500 }, (_, at) => `team/app-${String(at).padStart(4, "0")}`);
    const standIn = await ecr({ repositories });
    const registry = clientOf(standIn);
    expect(await collect(registry.listRepositories(options()))).toEqual(repositories);
    const pages = standIn.requests.filter((request) => request.startsWith("GET /v2/_catalog"));
    expect(pages).toHaveLength(3);
    expect(pages.every((page) => page.includes("n=1000") && page.endsWith(" 200"))).toBe(true);
    // Exactly one page, and no second question with a name that the registry would not understand.
    const full = await ecr({ repositories: repositories.slice(0, 1000) });
    expect(await collect(clientOf(full).listRepositories(options()))).toHaveLength(1000);
    expect(full.requests.filter((request) => request.includes("_catalog"))).toHaveLength(1);
  });

  it("deletes tags and digests by its API", async () => {
    const standIn = await ecr({ repositories: ["app"] });
    const registry = clientOf(standIn);
    await copyTo(registry, "app");
    const head = await registry.headManifest("app", "v1", options());
    const manifest = await registry.getManifest("app", "v1", options());
    await registry.putManifest("app", "v2", manifest, options());
    await registry.deleteManifest("app", "v1", options());
    expect(await registry.headManifest("app", "v1", options())).toBeUndefined();
    expect(await registry.headManifest("app", "v2", options())).toEqual(head);
    await registry.deleteManifest("app", manifest.digest, options());
    expect(await registry.headManifest("app", "v2", options())).toBeUndefined();
    expect(await refusalOf(registry.deleteManifest("app", "v1", options()))).toMatchObject({
      code: "manifest-unknown",
    });
    expect(await refusalOf(registry.deleteManifest("gone", "v1", options()))).toMatchObject({
      code: "repository-unknown",
    });
  });

  it("S005 goes on where its password ends in the middle of a run", async () => {
    const time = clock();
    const standIn = await ecr({ repositories: ["app"], now: time.now });
    const registry = clientOf(standIn, { now: time.now });
    const first = await copyTo(registry, "app");
    expect(first.run).toMatchObject({ state: "succeeded" });
    // Revoked at AWS, while the client holds it for good.
    standIn.revoke();
    time.turn(60_000);
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v9", layers: [["nine", 70_000]] });
    const planned = await planBetween(h, { destination: registry }, { selection: [image("app", "v9")] });
    expect(await runBetween(h, { destination: registry }, planned)).toMatchObject({ state: "succeeded" });
    expect(standIn.count("GetAuthorizationToken")).toBe(2);
    expect(standIn.requests.filter((request) => request.endsWith(" 401")).length).toBeGreaterThan(0);
  });

  it("S005 goes on where it denies an ended password by 403, which is no missing permission", async () => {
    const time = clock();
    const standIn = await ecr({ repositories: ["app"] });
    const registry = clientOf(standIn, { now: time.now });
    expect((await copyTo(registry, "app")).run).toMatchObject({ state: "succeeded" });
    standIn.end();
    time.turn(60_000);
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v9", layers: [["nine", 70_000]] });
    const planned = await planBetween(h, { destination: registry }, { selection: [image("app", "v9")] });
    expect(await runBetween(h, { destination: registry }, planned)).toMatchObject({ state: "succeeded" });
    expect(standIn.count("GetAuthorizationToken")).toBe(2);
    expect(standIn.requests.filter((request) => request.endsWith(" 403")).length).toBeGreaterThan(0);
  });

  it("asks the API for what is missing as the settings' profile, and says why there is no key", async () => {
    const standIn = await ecr();
    const { host, apiUrl } = standIn;
    const password = await identity({ host, apiUrl, provider: "ecr" }).get(new AbortController().signal);
    // The environment's keys are there, but not what was chosen.
    const registry = clientOf(standIn, {
      choice: { from: "cloud", profile: "gone" },
      credentials: { get: async () => password },
    });
    const { h, run } = await copyTo(registry, "team/app");
    expect(run).toMatchObject({ state: "failed" });
    expect(h.rows(run)[0]?.error).toMatchObject({
      code: "configuration",
      message: expect.stringMatching(
        /^The repository team\/app could not be made at .*: The AWS profile "gone" gives no identity\./,
      ),
    });
    expect(standIn.count("CreateRepository")).toBe(0);
  });

  it("says of an ended password that cannot be renewed that the sign-in is refused", async () => {
    const standIn = await ecr({ repositories: ["app"] });
    const { host, apiUrl } = standIn;
    const fixed = await identity({ host, apiUrl, provider: "ecr" }).get(new AbortController().signal);
    standIn.end();
    const registry = clientOf(standIn, { credentials: { get: async () => fixed } });
    expect(await refusalOf(registry.getManifest("app", "v1", options()))).toMatchObject({
      code: "unauthorized",
    });
  });

  it("waits where it is asked too often", async () => {
    const standIn = await ecr({ repositories: ["app"] });
    const registry = clientOf(standIn);
    await registry.headManifest("app", "v1", options());
    standIn.throttle("registry", 3);
    expect((await copyTo(registry, "app")).run).toMatchObject({ state: "succeeded" });
    expect(standIn.requests.filter((request) => request.endsWith(" 429"))).toHaveLength(3);
  });
});
