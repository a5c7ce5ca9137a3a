// Google's registries through the real client: signing in, listing below a project, deleting what has tags, whole uploads.
import { generateKeyPairSync, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { google as googleProvider } from "../../../electron/registry/providers/google.ts";
import type { ProviderContext } from "../../../electron/registry/providers/provider.ts";
import { parseImageReference } from "../../../shared/reference.ts";
import { clock } from "../../credentials/cloud/stage.ts";
import { harness, image } from "../../engine/harness.ts";
import { putImage } from "../../engine/images.ts";
import { planBetween, runBetween } from "../../engine/over-http.ts";
import { TestAuthority } from "../../support/certificates.ts";
import { tempFolder } from "../../support/temp.ts";
import { cloudEnvironment } from "../../support/vendors/cloud-environment.ts";
import { type GoogleOptions, type GoogleStandIn, startGoogle } from "../../support/vendors/google.ts";
import { startGoogleMetadata } from "../../support/vendors/google-identity.ts";
import { startHttpServer } from "../../support/vendors/http-server.ts";
import { startNameProxy } from "../../support/vendors/name-proxy.ts";
import { collect, options } from "../scripted-server.ts";
import { type CloudClientInput, cloudClient } from "./cloud-stage.ts";
import { copyBack, copyTo, refusalOf } from "./stand-ins.ts";

interface Stage {
  readonly standIn: GoogleStandIn;
  readonly accessTokens: Set<string>;
}

/** A machine of Google's with a registry: tokens of the metadata server are good there. */
async function google(input: Omit<GoogleOptions, "accessTokens"> = {}): Promise<Stage> {
  const metadata = await startGoogleMetadata();
  const accessTokens = new Set(["metadata-token-1"]);
  const standIn = await startGoogle({ accessTokens, ...input });
  onTestFinished(async () => {
    await metadata.stop();
    await standIn.stop();
  });
  cloudEnvironment({
    GCE_METADATA_HOST: metadata.host,
    METADATA_SERVER_DETECTION: "assume-present",
    GOOGLE_CLOUD_PROJECT: "acme-images",
  });
  return { standIn, accessTokens };
}

function clientOf({ standIn }: Stage, input: Partial<CloudClientInput> = {}) {
  return cloudClient(standIn.host, { provider: "google", ...input });
}

describe("Google Artifact Registry", () => {
  it("takes an image by whole uploads with the machine's identity, and gives it back", async () => {
    const stage = await google();
    const registry = clientOf(stage);
    const copied = await copyTo(registry, "acme-images/images/app", 3_000_000);
    expect(copied.run).toMatchObject({ state: "succeeded" });
    expect(await copyBack(registry, "acme-images/images/app", copied)).toMatchObject({ state: "succeeded" });
    expect(stage.standIn.registry.requests.some((request) => request.startsWith("PATCH"))).toBe(false);
  });

  it("lists what lies below the project of the identity", async () => {
    const stage = await google();
    const registry = clientOf(stage);
    const names = ["acme-images/app", "acme-images/team/api", "acme-images/team/api/debug", "elsewhere/app"];
    for (const name of names) await copyTo(registry, name);
    expect((await collect(registry.listRepositories(options()))).sort()).toEqual(names.slice(0, 3));
  });

  it("lists the Docker repositories of the place that the host names, page by page", async () => {
    const stage = await google({
      repositories: { "europe-west3": ["base", "images", "unused"], "us-east1": ["other"] },
      pageSize: 2,
    });
    const proxy = await startNameProxy(() => stage.standIn.host);
    onTestFinished(() => proxy.stop());
    const registry = clientOf(stage);
    for (const name of ["acme-images/base/debian", "acme-images/images/app", "acme-images/other/app"])
      await copyTo(registry, name);
    const named = cloudClient("europe-west3-docker.pkg.dev", {
      provider: "google",
      apiUrl: stage.standIn.apiUrl,
      settings: { proxy: proxy.url },
      credentials: {
        get: async () => ({
          kind: "password",
          username: "oauth2accesstoken",
          password: "metadata-token-1",
        }),
      },
    });
    expect((await collect(named.listRepositories(options()))).sort()).toEqual([
      "acme-images/base/debian",
      "acme-images/images/app",
    ]);
    expect(stage.standIn.api.asked.map(({ url }) => `${url.pathname}${url.search}`)).toEqual([
      "/v1/projects/acme-images/locations/europe-west3/repositories?pageSize=1000",
      "/v1/projects/acme-images/locations/europe-west3/repositories?pageSize=1000&pageToken=after-2",
    ]);
  });

  /** A client under the name of a place, whose API is the stand-in's. */
  async function namedClient({ standIn }: Stage) {
    const proxy = await startNameProxy(() => standIn.host);
    onTestFinished(() => proxy.stop());
    const { apiUrl } = standIn;
    const settings = { proxy: proxy.url };
    return cloudClient("europe-west3-docker.pkg.dev", { provider: "google", apiUrl, settings });
  }

  it("shows no token to an API over plain http on another machine", async () => {
    await google();
    const asked: string[] = [];
    const context = {
      host: "europe-west3-docker.pkg.dev",
      settings: { plainHttp: "auto", apiUrl: "http://api.corp.example" },
      credentials: {
        get: async () => ({ kind: "password", username: "oauth2accesstoken", password: "metadata-token-1" }),
      },
      api: {
        ask: async ({ url }: { url: URL }) => {
          asked.push(url.href);
          return { status: 200, headers: {}, url, json: {} };
        },
      },
    } as unknown as ProviderContext;
    const listed = googleProvider.listRepositories?.(context, options().signal);
    if (listed === undefined) throw new Error("it lists nothing");
    expect(await refusalOf(collect(listed))).toMatchObject({
      code: "configuration",
      message: expect.stringContaining("over plain http at api.corp.example"),
    });
    expect(asked).toEqual([]);
  });

  it("reads on past pages without repositories or without Docker's", async () => {
    const stage = await google({
      repositories: { "europe-west3": ["base"] },
      pageSize: 1,
      beginsEmpty: true,
    });
    const named = await namedClient(stage);
    await copyTo(named, "acme-images/base/debian");
    expect(await collect(named.listRepositories(options()))).toEqual(["acme-images/base/debian"]);
    const tokens = stage.standIn.api.asked.map(({ url }) => url.searchParams.get("pageToken"));
    expect(tokens).toEqual([null, "after-0", "after-1"]);
  });

  it("ends where the API names the same page again, and says so where it is asked too often", async () => {
    const stage = await google({ repositories: { "europe-west3": ["base"] }, pageSize: 1, circles: true });
    const named = await namedClient(stage);
    expect(await collect(named.listRepositories(options()))).toEqual([]);
    expect(stage.standIn.api.asked).toHaveLength(2);
    stage.standIn.throttle("api", 1);
    expect(await refusalOf(collect(named.listRepositories(options())))).toMatchObject({
      code: "rate-limited",
    });
  });

  it.each([
    ["_json_key", "utf8"],
    ["_json_key_base64", "base64"],
  ] as const)("takes a service account's key as the password of %s", async (username, encoding) => {
    // Only Google itself could tell that it signs nothing.
    const key = JSON.stringify({
      type: "service_account",
      project_id: "acme-images",
      client_email: "ci@acme-images.iam.gserviceaccount.com",
      private_key: "a key of the test",
    });
    const stage = await google({ key });
    const password = Buffer.from(key).toString(encoding);
    const registry = clientOf(stage, {
      credentials: { get: async () => ({ kind: "password", username, password }) },
    });
    const copied = await copyTo(registry, "acme-images/images/app");
    expect(copied.run).toMatchObject({ state: "succeeded" });
    expect(await copyBack(registry, "acme-images/images/app", copied)).toMatchObject({ state: "succeeded" });
    expect(await collect(registry.listRepositories(options()))).toEqual(["acme-images/images/app"]);
  });

  it("lists by the token for which a service account's key signs, over the registry's own network", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const account = "ci@acme-images.iam.gserviceaccount.com";
    const key = JSON.stringify({ project_id: "acme-images", client_email: account, private_key: privateKey });
    await using folder = await tempFolder("google-key");
    const authority = await TestAuthority.make(folder.path);
    const server = await authority.issue("google", { names: "DNS:oauth2.googleapis.com" });
    const certificate = { cert: readFileSync(server.cert), key: readFileSync(server.key) };
    const service = await startHttpServer(({ body }) => {
      const assertion = new URLSearchParams(body).get("assertion") ?? "";
      const [head = "", claims = "", signature = ""] = assertion.split(".");
      const signed = Buffer.from(`${head}.${claims}`);
      if (!verify("RSA-SHA256", signed, publicKey, Buffer.from(signature, "base64url")))
        return { status: 401 };
      const said = JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
      const meant = said.iss === account && said.aud === "https://oauth2.googleapis.com/token";
      return meant && said.exp > Date.now() / 1000
        ? { json: { access_token: "of-the-account", expires_in: 3600 } }
        : { status: 400 };
    }, certificate);
    onTestFinished(() => service.stop());
    const stage = await google({ key, repositories: { "europe-west3": ["base"] } });
    stage.accessTokens.add("of-the-account");
    const proxy = await startNameProxy((name) =>
      name === "oauth2.googleapis.com" ? service.host : stage.standIn.host,
    );
    onTestFinished(() => proxy.stop());
    const registry = cloudClient("europe-west3-docker.pkg.dev", {
      provider: "google",
      apiUrl: stage.standIn.apiUrl,
      settings: { proxy: proxy.url, caFile: authority.cert },
      credentials: { get: async () => ({ kind: "password", username: "_json_key", password: key }) },
    });
    await copyTo(registry, "acme-images/base/debian");
    expect(await collect(registry.listRepositories(options()))).toEqual(["acme-images/base/debian"]);
    expect(proxy.hosts).toContain("oauth2.googleapis.com");
  });

  it("says that the repository is missing, which nobody but its owner makes", async () => {
    const stage = await google({ made: ["acme-images/images"] });
    const registry = clientOf(stage);
    const { h, run } = await copyTo(registry, "acme-images/gone/app");
    expect(run).toMatchObject({ state: "failed" });
    expect(h.rows(run)[0]?.error).toMatchObject({
      code: "repository-unknown",
      message: expect.stringContaining('Repository "acme-images/gone" not found'),
    });
    expect((await copyTo(registry, "acme-images/images/app")).run).toMatchObject({ state: "succeeded" });
  });

  it("tells a tag that stands and may not move from a failure", async () => {
    const registry = clientOf(await google({ immutable: true }));
    const repository = "acme-images/images/app";
    expect((await copyTo(registry, repository)).run).toMatchObject({ state: "succeeded" });
    // The same again is no write at all.
    expect((await copyTo(registry, repository)).run).toMatchObject({ state: "succeeded" });
    const { h, run } = await copyTo(registry, repository, 50_000);
    expect(run).toMatchObject({ state: "failed" });
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "tag-immutable" });
  });

  it("waits where it is asked too often", async () => {
    const stage = await google();
    const registry = clientOf(stage);
    expect((await copyTo(registry, "acme-images/images/app")).run).toMatchObject({ state: "succeeded" });
    stage.standIn.throttle("registry", 3);
    expect((await copyTo(registry, "acme-images/images/two")).run).toMatchObject({ state: "succeeded" });
    expect(stage.standIn.registry.requests.filter((request) => request.endsWith(" 429"))).toHaveLength(3);
  });

  it("says that nothing can be listed where no project is known", async () => {
    const stage = await google();
    const anonymous = clientOf(stage, {
      credentials: {
        get: async () => ({ kind: "password", username: "_json_key", password: "no key at all" }),
      },
    });
    expect(await refusalOf(collect(anonymous.listRepositories(options())))).toMatchObject({
      code: expect.stringMatching(/^(unsupported|unauthorized)$/),
    });
  });

  it("takes the tags of a digest away before the digest", async () => {
    const stage = await google();
    const registry = clientOf(stage);
    const repository = "acme-images/images/app";
    await copyTo(registry, repository);
    const manifest = await registry.getManifest(repository, "v1", options());
    for (const tag of ["v2", "v3"]) await registry.putManifest(repository, tag, manifest, options());
    await registry.deleteManifest(repository, "v3", options());
    expect(await registry.headManifest(repository, "v2", options())).toBeDefined();
    await registry.deleteManifest(repository, manifest.digest, options());
    expect(await registry.headManifest(repository, manifest.digest, options())).toBeUndefined();
    const deleted = stage.standIn.registry.requests
      .filter((request) => request.startsWith("DELETE") && request.includes("/manifests/"))
      .map((request) =>
        parseImageReference(
          request
            .split(" ")[1]
            ?.replace("/v2/", "x.example/")
            .replace("/manifests/", request.includes("sha256") ? "@" : ":") ?? "",
        ),
      );
    expect(deleted.map(({ tag, digest }) => tag ?? digest)).toEqual(["v3", "v1", "v2", manifest.digest]);
    expect(await refusalOf(registry.deleteManifest(repository, manifest.digest, options()))).toMatchObject({
      code: expect.stringMatching(/unknown$/),
    });
  });

  it("S005 goes on where the access token is refused in the middle of a run", async () => {
    const stage = await google();
    const time = clock();
    const registry = clientOf(stage, { now: time.now });
    expect((await copyTo(registry, "acme-images/images/app")).run).toMatchObject({ state: "succeeded" });
    stage.accessTokens.clear();
    stage.accessTokens.add("metadata-token-2");
    stage.standIn.tokens.clear();
    time.turn(60_000);
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v9", layers: [["nine", 70_000]] });
    const selection = [
      { ...image("app", "v9"), destinationRepository: "acme-images/images/app" },
    ] as ReturnType<typeof image>[];
    const planned = await planBetween(h, { destination: registry }, { selection });
    expect(await runBetween(h, { destination: registry }, planned)).toMatchObject({ state: "succeeded" });
  });
});
