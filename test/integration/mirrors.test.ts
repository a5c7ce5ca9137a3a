// Sources read through their mirrors, on real registries: what they have comes from them, all else from the registry itself.
import { mkdir, open, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readConfig } from "../../electron/app/config.ts";
import { type App, createApp } from "../../electron/app/create-app.ts";
import { silentLog } from "../../electron/app/log.ts";
import type { ContractClient } from "../../shared/client.ts";
import type { Endpoint, Mirror } from "../../shared/endpoint.ts";
import type { Run } from "../../shared/run.ts";
import { serve } from "../registry/scripted-server.ts";
import { freePort } from "../support/child.ts";
import { type BuiltImage, blobsOf, buildImage, pushImage } from "../support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { blobFile } from "../support/registry-files.ts";
import { digestOf } from "../support/skopeo.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const owner = { user: "owner", password: "correct horse battery" };
const reader = { user: "reader", password: "mirror word" };
const mirrorAt = (host: string, more: Partial<Mirror> = {}): Mirror => ({
  location: `${host}/cache`,
  ...{ plainHttp: true, insecureSkipVerify: false, pull: "all" },
  ...more,
});

describe("a source with mirrors", () => {
  let origin: RealRegistry;
  let mirror: RealRegistry;
  let target: RealRegistry;
  let docker: TempFolder;
  let home: TempFolder;
  let app: App;
  let client: ContractClient;
  let number = 0;

  beforeAll(async () => {
    [origin, mirror, target, docker] = await Promise.all([
      startRealRegistry(owner),
      startRealRegistry(reader),
      startRealRegistry(),
      tempFolder("docker"),
    ]);
    const auth = Buffer.from(`${reader.user}:${reader.password}`).toString("base64");
    await writeFile(join(docker.path, "config.json"), JSON.stringify({ auths: { [mirror.host]: { auth } } }));
  });
  afterAll(async () => {
    await Promise.all([origin, mirror, target].map((one) => one?.stop()));
    await docker?.remove();
  });
  beforeEach(async () => {
    home = await tempFolder("mirrors");
    const config = readConfig({ home: home.path, retryFor: 2_000 }, { DOCKER_CONFIG: docker.path });
    app = await createApp({ face: "web", config, log: silentLog });
    client = app.connectDirect();
    number += 1;
  });
  afterEach(async () => {
    client.close();
    await app.close();
    await home.remove();
  });

  /** Copies shop/<name>:v1 through the mirrors and waits for its end. Both access logs hold that alone. */
  async function copy(name: string, mirrors: readonly Mirror[]): Promise<Run> {
    const left = await client.call("endpoints.add", {
      settings: { kind: "registry", host: origin.host, mirrors: [...mirrors] },
      credential: { username: owner.user, password: owner.password },
      remember: false,
    });
    const right = await client.call("endpoints.add", { settings: { kind: "registry", host: target.host } });
    await Promise.all([origin.clearAccessLog(), mirror.clearAccessLog()]);
    const { id } = await client.call("runs.plan", {
      sourceId: left.id,
      destinationId: right.id,
      selection: [{ kind: "repositories", names: [`shop/${name}`], tags: {} }],
    });
    const reach = async (...states: string[]) =>
      vi.waitFor(
        async () => {
          const run = await client.call("runs.get", { runId: id });
          expect(states, JSON.stringify(run.error)).toContain(run.state);
          return run;
        },
        { timeout: 60_000, interval: 25 },
      );
    await reach("planned", "failed");
    await client.call("runs.start", { runId: id });
    return reach("succeeded", "failed");
  }

  const bodies = async (server: RealRegistry) =>
    (await server.accessLog())
      .filter(
        ({ method, status, path }) =>
          method === "GET" && status === 200 && /\/(blobs|manifests)\//.test(path),
      )
      .map(({ path }) => path);
  const imageOf = (): Promise<BuiltImage> => buildImage({ seed: `mirrored-${number}`, layerSize: 150_000 });

  it("takes manifests and blobs from the mirror that has them, signed in by the mirror's own name", async () => {
    const image = await imageOf();
    await pushImage(origin, image, "shop/whole", "v1");
    await pushImage(mirror, image, "cache/shop/whole", "v1");
    const run = await copy("whole", [mirrorAt(mirror.host)]);
    expect(run).toMatchObject({ state: "succeeded" });
    expect(await digestOf(target, "shop/whole", "v1")).toBe(image.digest);
    expect(await bodies(origin)).toEqual([]);
    expect((await bodies(mirror)).length).toBeGreaterThanOrEqual(image.blobs.length + 1);
    // Nothing was ever written to the mirror, or asked of it by another name.
    expect((await mirror.accessLog()).filter(({ method }) => method !== "GET" && method !== "HEAD")).toEqual(
      [],
    );
  });

  it("goes on to the next mirror and to the registry itself where one is down or lacks something", async () => {
    const image = await imageOf();
    await pushImage(origin, image, "shop/part", "v1");
    await pushImage(mirror, image, "cache/shop/part", "v1");
    const [, layer] = blobsOf(image);
    if (layer === undefined) throw new Error("no layer");
    // The mirror has the manifest, and has lost a layer.
    await unlink(blobFile(mirror, layer.digest));
    const down = mirrorAt(`127.0.0.1:${await freePort()}`);
    const run = await copy("part", [down, mirrorAt(mirror.host)]);
    expect(run).toMatchObject({ state: "succeeded" });
    expect(await digestOf(target, "shop/part", "v1")).toBe(image.digest);
    expect(await bodies(origin)).toEqual([`/v2/shop/part/blobs/${layer.digest}`]);
  });

  it("does not take wrong bytes: the blob then comes from the registry itself", async () => {
    const image = await imageOf();
    await pushImage(origin, image, "shop/wrong", "v1");
    await pushImage(mirror, image, "cache/shop/wrong", "v1");
    const layer = blobsOf(image)[1];
    if (layer === undefined) throw new Error("no layer");
    const file = await open(blobFile(mirror, layer.digest), "r+");
    await file.write(Buffer.from("evil"), 0, 4, 100);
    await file.close();
    const run = await copy("wrong", [mirrorAt(mirror.host)]);
    expect(run).toMatchObject({ state: "succeeded" });
    expect(await digestOf(target, "shop/wrong", "v1")).toBe(image.digest);
    expect(await bodies(origin)).toEqual([`/v2/shop/wrong/blobs/${layer.digest}`]);
  });

  it("asks the registry for tags where the mirror is for digests, and the mirror for the rest", async () => {
    const [image, stale] = await Promise.all([imageOf(), buildImage({ seed: "stale" })]);
    await pushImage(origin, image, "shop/digests", "v1");
    await pushImage(mirror, image, "cache/shop/digests", "older");
    // Behind the times: its tag still says what the registry's said before.
    await pushImage(mirror, stale, "cache/shop/digests", "v1");
    const run = await copy("digests", [mirrorAt(mirror.host, { pull: "digest-only" })]);
    expect(run).toMatchObject({ state: "succeeded" });
    expect(await digestOf(target, "shop/digests", "v1")).toBe(image.digest);
    expect((await bodies(mirror)).filter((path) => path.includes("/blobs/"))).toHaveLength(
      image.blobs.length,
    );
    expect((await bodies(origin)).filter((path) => path.includes("/blobs/"))).toEqual([]);
  });

  it("never shows the registry's sign-in to a mirror", async () => {
    const image = await imageOf();
    await pushImage(origin, image, "shop/secret", "v1");
    const curious = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": 'Basic realm="give it to me"' }).end();
    });
    const run = await copy("secret", [mirrorAt(curious.host)]);
    expect(run).toMatchObject({ state: "succeeded" });
    expect(curious.asked.length).toBeGreaterThan(0);
    expect(curious.asked.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });

  it("offers what registries.conf says of a host, and what is wrong with its files", async () => {
    const folder = join(home.path, "conf");
    await mkdir(folder);
    const file = join(folder, "registries.conf");
    await writeFile(
      file,
      `[[registry]]\nlocation = "${origin.host}"\n[[registry.mirror]]\nlocation = "${mirror.host}/cache"\ninsecure = true\n`,
    );
    const environment = {
      DOCKER_CONFIG: docker.path,
      CONTAINERS_REGISTRIES_CONF: file,
      HTTPS_PROXY: "http://u:SECRET@proxy.example:3128",
    };
    const config = readConfig({ home: join(home.path, "second") }, environment);
    const second = await createApp({ face: "cli", config, log: silentLog });
    try {
      const other = second.connectDirect();
      const hints = await other.call("endpoints.hints", { host: origin.host });
      expect(hints).toMatchObject({
        mirrors: [mirrorAt(mirror.host)],
        blocked: false,
        provider: null,
        proxy: null,
      });
      const known: Pick<Endpoint, "credential"> = await other.call("endpoints.hints", { host: mirror.host });
      expect(known.credential).toMatchObject({ source: "docker-config", username: reader.user });
      const far = await other.call("endpoints.hints", { host: "registry-1.docker.io" });
      expect(far).toMatchObject({ provider: "docker-hub", proxy: "http://proxy.example:3128" });
      await writeFile(file, "[[registry]]\nlocation = 7\n");
      const broken = await other.call("endpoints.hints", { host: origin.host });
      expect(broken.problems).toEqual([{ file, text: expect.stringContaining("registry.0.location") }]);
      expect(JSON.stringify([hints, far, broken])).not.toMatch(/SECRET|mirror word/);
      await expect(other.call("endpoints.hints", { host: "no host" })).rejects.toMatchObject({
        code: "usage",
      });
      other.close();
    } finally {
      await second.close();
    }
  });
});
