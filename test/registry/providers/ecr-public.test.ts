// Amazon ECR Public through the real client and the SDK: its aliases, its own listing, anonymous reading.
import { describe, expect, it, onTestFinished } from "vitest";
import { cloudEnvironment } from "../../support/vendors/cloud-environment.ts";
import { type EcrOptions, type EcrStandIn, startEcr } from "../../support/vendors/ecr.ts";
import { collect, options } from "../scripted-server.ts";
import { cloudClient } from "./cloud-stage.ts";
import { copyBack, copyTo, refusalOf } from "./stand-ins.ts";

async function ecrPublic(standInOptions: EcrOptions = {}): Promise<EcrStandIn> {
  cloudEnvironment({ AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" });
  const standIn = await startEcr({ kind: "public", aliases: ["acme"], ...standInOptions });
  onTestFinished(() => standIn.stop());
  return standIn;
}

function clientOf(standIn: EcrStandIn, anonymous = false) {
  return cloudClient(standIn.host, {
    provider: "ecr-public",
    apiUrl: standIn.apiUrl,
    ...(anonymous ? { credentials: { get: async () => undefined } } : {}),
  });
}

describe("Amazon ECR Public", () => {
  it("takes an image into a repository of the own alias, which anybody may read", async () => {
    const standIn = await ecrPublic();
    const copied = await copyTo(clientOf(standIn), "acme/team/app");
    expect(copied.run).toMatchObject({ state: "succeeded" });
    expect(standIn.calls.find(({ operation }) => operation === "CreateRepository")).toMatchObject({
      region: "us-east-1",
      service: "ecr-public",
      input: { repositoryName: "team/app" },
    });
    const calls = standIn.calls.length;
    expect(await copyBack(clientOf(standIn, true), "acme/team/app", copied)).toMatchObject({
      state: "succeeded",
    });
    expect(standIn.calls).toHaveLength(calls);
  });

  it("S005 goes on where it calls an ended token a bad request", async () => {
    const standIn = await ecrPublic({ repositories: ["acme/app"] });
    const registry = clientOf(standIn, true);
    expect(await registry.headManifest("acme/app", "v1", options())).toBeUndefined();
    standIn.end();
    expect(await registry.headManifest("acme/app", "v1", options())).toBeUndefined();
    const codes = standIn.requests.map((request) => request.slice(-3));
    expect(codes).toContain("400");
    // Once more with a new token, which is good for what comes after it, too.
    const before = standIn.requests.length;
    await registry.headManifest("acme/app", "v1", options());
    expect(standIn.requests.length).toBe(before + 1);
  });

  it("neither makes nor deletes anything for an alias of somebody else", async () => {
    const standIn = await ecrPublic({ repositories: ["acme/app"] });
    const registry = clientOf(standIn);
    const { h, run } = await copyTo(registry, "other/app");
    expect(run).toMatchObject({ state: "failed" });
    expect(h.rows(run)[0]?.error).toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("The alias other of public.ecr.aws does not belong"),
    });
    expect(await refusalOf(registry.deleteManifest("other/app", "v1", options()))).toMatchObject({
      code: "forbidden",
    });
    expect(standIn.count("CreateRepository") + standIn.count("BatchDeleteImage")).toBe(0);
  });

  it("lists the repositories of the identity's own registry, page by page", async () => {
    const repositories = Array.from({ length: 25 }, (_, at) => `acme/app-${String(at).padStart(2, "0")}`);
    const standIn = await ecrPublic({ repositories, pageSize: 10 });
    expect(await collect(clientOf(standIn).listRepositories(options()))).toEqual(repositories);
    expect(standIn.count("DescribeRepositories")).toBe(3);
  });

  it("says to name a repository where there is no identity whose own could be listed", async () => {
    const standIn = await ecrPublic();
    cloudEnvironment();
    expect(await refusalOf(collect(clientOf(standIn, true).listRepositories(options())))).toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("name the repository instead"),
    });
  });

  it("deletes by its API", async () => {
    const standIn = await ecrPublic({ repositories: ["acme/app"] });
    const registry = clientOf(standIn);
    await copyTo(registry, "acme/app");
    await registry.deleteManifest("acme/app", "v1", options());
    expect(await registry.headManifest("acme/app", "v1", options())).toBeUndefined();
    expect(standIn.calls.at(-1)).toMatchObject({
      operation: "BatchDeleteImage",
      input: { repositoryName: "app", imageIds: [{ imageTag: "v1" }] },
    });
  });

  it("waits where it is asked too often, by the registry and by the API", async () => {
    const standIn = await ecrPublic();
    const registry = clientOf(standIn);
    standIn.throttle("registry", 2);
    standIn.throttle("api", 1);
    expect((await copyTo(registry, "acme/app")).run).toMatchObject({ state: "succeeded" });
    expect(standIn.requests.filter((request) => request.endsWith(" 429"))).toHaveLength(2);
  });
});
