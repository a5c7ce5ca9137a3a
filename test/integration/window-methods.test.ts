// What the window asks beside runs, through the one door and on two real registries.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../electron/app/config.ts";
import { type App, createApp } from "../../electron/app/create-app.ts";
import { silentLog } from "../../electron/app/log.ts";
import type { ContractClient } from "../../shared/client.ts";
import {
  blobsOf,
  buildImage,
  buildMultiPlatform,
  linuxAmd64,
  linuxArm64,
  pushImage,
} from "../support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

describe("the window's methods on two real registries", () => {
  let source: RealRegistry;
  let destination: RealRegistry;
  let home: TempFolder;
  let app: App;
  let client: ContractClient;
  let sourceId: string;
  let destinationId: string;

  beforeAll(async () => {
    [source, destination] = await Promise.all([startRealRegistry(), startRealRegistry()]);
    home = await tempFolder("window");
    const config = readConfig({ home: home.path }, { DOCKER_CONFIG: home.path });
    app = await createApp({ face: "cli", config, log: silentLog });
    client = app.connectDirect();
    const add = async (host: string) =>
      (await client.call("endpoints.add", { settings: { kind: "registry", host } })).id;
    [sourceId, destinationId] = [await add(source.host), await add(destination.host)];
  });
  afterAll(async () => {
    await app.close();
    await Promise.all([source.stop(), destination.stop(), home.remove()]);
  });

  it("shows a configuration, and where a copied image's blobs lie", async () => {
    const image = await buildImage({ seed: "app", layerSize: 200_000 });
    await pushImage(source, image, "team/app", "v1");
    const at = { endpointId: sourceId, repository: "team/app", reference: "v1" };
    const config = await client.call("image.config", at);
    expect(JSON.parse(config.text)).toMatchObject({ os: "linux", rootfs: { type: "layers" } });
    const { root } = await client.call("image.inspect", at);
    expect(root.config).toEqual({ digest: config.digest, mediaType: config.mediaType, size: config.size });

    const selection = [{ kind: "image" as const, repository: "team/app", reference: "v1" }];
    const { id: runId } = await client.call("runs.plan", { sourceId, destinationId, selection });
    const state = async () => (await client.call("runs.get", { runId })).state;
    await expect.poll(state, { timeout: 20_000 }).toBe("planned");
    await client.call("runs.start", { runId });
    await expect.poll(state, { timeout: 20_000 }).toBe("succeeded");
    const digests = blobsOf(image).map((blob) => blob.digest);
    const { locations } = await client.call("blobs.locations", { digests });
    expect(new Set(locations.map((one) => `${one.endpointId} ${one.repository} ${one.digest}`))).toEqual(
      new Set(digests.map((digest) => `${destinationId} team/app ${digest}`)),
    );
    await expect
      .poll(async () => (await client.call("throughput.get", {})).bytesPerSecond.reduce((a, b) => a + b, 0), {
        timeout: 5000,
      })
      .toBeGreaterThan(200_000);
    const { runs } = await client.call("runs.list", { text: "TEAM/app", endpointId: sourceId });
    expect(runs.map(({ id }) => id)).toEqual([runId]);
    expect(await client.call("runs.clear", {})).toEqual({ removed: 1 });
    expect((await client.call("runs.list", {})).total).toBe(0);
  });

  it("shows of an index the first image's configuration", async () => {
    const index = await buildMultiPlatform({ seed: "multi", platforms: [linuxAmd64, linuxArm64] });
    await pushImage(source, index, "team/multi", "v1");
    const { text } = await client.call("image.config", {
      endpointId: sourceId,
      repository: "team/multi",
      reference: "v1",
    });
    expect(JSON.parse(text)).toMatchObject({ architecture: "amd64" });
  });

  it("sorts and filters tags by what their images are", async () => {
    for (const [tag, layerSize, platform] of [
      ["v1.0.0", 5000, linuxAmd64],
      ["v1.10.0", 100, linuxArm64],
      ["v1.9.0", 1000, linuxAmd64],
    ] as const)
      await pushImage(
        source,
        await buildImage({ seed: tag, layerSize, layers: 1, platform }),
        "team/sorted",
        tag,
      );
    const list = async (query: object) =>
      (await client.call("tags.list", { endpointId: sourceId, repository: "team/sorted", ...query })).tags;
    expect(await list({ sort: "version-descending" })).toEqual(["v1.10.0", "v1.9.0", "v1.0.0"]);
    expect(await list({ sort: "size" })).toEqual(["v1.10.0", "v1.9.0", "v1.0.0"]);
    expect(await list({ facts: { platforms: ["linux/amd64"], largest: 5000 } })).toEqual(["v1.9.0"]);
    const against = { endpointId: destinationId, repository: "team/sorted" };
    expect(await list({ against: { ...against, markers: ["missing"] } })).toHaveLength(3);
  });
});
