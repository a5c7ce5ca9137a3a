// CNCF distribution: the real docker-registry 2.8, and what 3.x does otherwise by a registry that does it, too.
import { describe, expect, it } from "vitest";
import { startFixtureRegistry } from "../../support/fixture-registry.ts";
import { type RealRegistryOptions, startRealRegistry } from "../../support/real-registry.ts";
import { describeBytes, emptyImage, streamOf } from "../samples.ts";
import { afterwards, collect, options } from "../scripted-server.ts";
import { clientOf, copyBack, copyTo, password, refusalOf } from "./stand-ins.ts";

const signIn = { user: "ci", password: "real-secret" };

async function real(settings: RealRegistryOptions = {}) {
  const server = await startRealRegistry(settings);
  afterwards(() => server.stop());
  const credential = settings.user === undefined ? {} : { credential: password("ci", "real-secret") };
  return { server, client: clientOf("distribution", server.host, credential) };
}

async function pushTags(client: ReturnType<typeof clientOf>, repository: string, tags: readonly string[]) {
  const copied = await copyTo(client, repository);
  const manifest = await client.getManifest(repository, "v1", options());
  for (const tag of tags) await client.putManifest(repository, tag, manifest, options());
  return { copied, digest: manifest.digest };
}

describe("docker-registry 2.8", () => {
  it("takes a whole copy by user name and password, and gives it back the same", async () => {
    const { client } = await real(signIn);
    const copied = await copyTo(client, "team/app");
    expect(copied.run).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 1 } });
    expect((await copyBack(client, "team/app", copied)).state).toBe("succeeded");
  });

  it("refuses a wrong password, and no other try is made", async () => {
    const { server } = await real(signIn);
    const client = clientOf("distribution", server.host, { credential: password("ci", "wrong") });
    const refusals = await Promise.all([
      refusalOf(collect(client.listTags("app", options()))),
      refusalOf(client.beginUpload("team/app", describeBytes(Buffer.from("x")), options())),
      refusalOf(client.getManifest("team/app", "v1", options())),
    ]);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: "unauthorized" });
    const asked = (await server.accessLog()).map(({ status }) => status);
    expect(new Set(asked)).toEqual(new Set([401]));
  });

  it("gives all tags at once and the catalogue by pages", async () => {
    const { client } = await real();
    const tags = Array.from({ length: 30 }, (_, at) => `t${String(at).padStart(2, "0")}`);
    await pushTags(client, "a/one", tags);
    await copyTo(client, "b/two");
    expect((await collect(client.listTags("a/one", options()))).sort()).toEqual([...tags, "v1"]);
    expect(await collect(client.listRepositories(options()))).toEqual(["a/one", "b/two"]);
  });

  it("deletes digests with their tags, and says of tags that it deletes none", async () => {
    const { client } = await real({ delete: true });
    const { digest } = await pushTags(client, "team/app", ["v2"]);
    expect(await refusalOf(client.deleteManifest("team/app", "v2", options()))).toMatchObject({
      ...{ code: "unsupported", status: 400 },
      message: expect.stringContaining("it deletes no tags, perhaps digests"),
    });
    await client.deleteManifest("team/app", digest, options());
    expect(await client.headManifest("team/app", "v1", options())).toBeUndefined();
    expect(await client.headManifest("team/app", "v2", options())).toBeUndefined();
  });

  it("deletes nothing as it comes, and says so", async () => {
    const { client } = await real();
    const { digest } = await pushTags(client, "team/app", []);
    expect(await refusalOf(client.deleteManifest("team/app", digest, options()))).toMatchObject({
      ...{ code: "unsupported", status: 405 },
      message: expect.stringContaining("deletion is switched off there"),
    });
    expect(await client.headManifest("team/app", digest, options())).toBeDefined();
  });

  it("goes on with an upload from where it was acknowledged", async () => {
    const { client } = await real();
    const bytes = Buffer.alloc(40_000, "upload");
    const blob = describeBytes(bytes);
    const session = await client.beginUpload("team/app", blob, options());
    await session.append(streamOf(bytes.subarray(0, 10_000)), 10_000, options());
    const again = await client.continueUpload("team/app", blob, session.token, options());
    expect(again?.offset).toBe(10_000);
    await again?.append(streamOf(bytes.subarray(10_000)), 30_000, options());
    await again?.commit(options());
    expect(await client.hasBlob("team/app", blob, options())).toBe(true);
  });

  it("links a blob of another repository, and lists no referrers", async () => {
    const { client } = await real();
    const { digest } = await pushTags(client, "team/app", []);
    const blob = describeBytes(Buffer.from("mounted"));
    await client.putBlob("team/app", blob, streamOf(Buffer.from("mounted")), options());
    expect(await client.mountBlob("team/other", blob, "team/app", options())).toBe(true);
    expect(await client.hasBlob("team/other", blob, options())).toBe(true);
    expect(await client.listReferrers("team/app", digest, options())).toBeUndefined();
  });

  it("does not know a repository or a tag that is not there", async () => {
    const { client } = await real();
    expect(await refusalOf(collect(client.listTags("gone", options())))).toMatchObject({
      code: "repository-unknown",
    });
    await copyTo(client, "team/app");
    expect(await client.headManifest("team/app", "gone", options())).toBeUndefined();
  });
});

describe("distribution 3.x", () => {
  it("gives tags and the catalogue by pages, and less where more is asked for than it gives", async () => {
    const registry = await startFixtureRegistry();
    afterwards(() => registry.stop());
    const names = Array.from({ length: 250 }, (_, at) => `n${String(at).padStart(3, "0")}`);
    registry.fault({ do: "list", names });
    registry.fault(
      { do: "status", status: 400, code: "PAGINATION_NUMBER_INVALID", message: "invalid number" },
      { kind: ["catalog", "tags"], path: /n=1000/ },
    );
    const client = clientOf("distribution", registry.host);
    expect(await collect(client.listRepositories(options()))).toEqual(names);
    expect(await collect(client.listTags("app", options()))).toEqual(names);
  });

  it("deletes tags, waits as it says, and goes past tokens that live for a second", async () => {
    const auth = { kind: "token", user: "ci", password: "real-secret" } as const;
    const registry = await startFixtureRegistry({
      auth: { ...auth, lifetimeSeconds: 1, toldLifetimeSeconds: 300 },
    });
    afterwards(() => registry.stop());
    const credential = password("ci", "real-secret");
    const client = clientOf("distribution", registry.host, { credential });
    const slow = registry.fault({ do: "delay", ms: 700 }, { method: "PUT", kind: ["upload", "manifest"] });
    const busy = registry.fault({ do: "throttle", retryAfter: "1" }, { kind: "uploads", times: 1 });
    expect((await copyTo(client, "team/app", 300_000)).run.state).toBe("succeeded");
    expect(busy.count).toBe(1);
    const refused = registry.requests.filter(({ status, path }) => status === 401 && path !== "/v2/");
    expect(refused.length).toBeGreaterThan(0);
    slow.remove();
    registry.fault({ do: "immutable-tags" });
    expect(await refusalOf(client.putManifest("team/app", "v1", emptyImage, options()))).toMatchObject({
      code: "tag-immutable",
    });
    const head = await client.headManifest("team/app", "v1", options());
    await client.deleteManifest("team/app", "v1", options());
    expect(await client.headManifest("team/app", "v1", options())).toBeUndefined();
    expect(await client.headManifest("team/app", head?.digest ?? "", options())).toBeDefined();
  });
});
