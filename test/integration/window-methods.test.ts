// What the window asks beside runs, through the one door and on two real registries.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readConfig } from "../../electron/app/config.ts";
import { type App, createApp } from "../../electron/app/create-app.ts";
import { silentLog } from "../../electron/app/log.ts";
import type { ContractClient } from "../../shared/client.ts";
import type { CheckStep } from "../../shared/endpoint.ts";
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

  it("checks in steps, each told as it ends, and looks at the certificate", async () => {
    const secure = await startRealRegistry({ tls: true });
    try {
      const told: { attempt: string; step: CheckStep }[] = [];
      client.subscribe({
        onEvent: (name, data) => {
          if (name === "check.step") told.push(data as (typeof told)[number]);
        },
        onProgress: () => {},
        onGap: () => {},
        onClose: () => {},
      });
      const settings = { kind: "registry", host: secure.host } as const;
      const check = async (more: object, attempt?: string) =>
        (await client.call("endpoints.try", { settings: { ...settings, ...more }, attempt })).steps;
      const named = (steps: readonly CheckStep[], name: string) => steps.find((step) => step.name === name);

      const untrusted = await check({}, "first");
      expect(untrusted.map(({ name, outcome }) => `${name} ${outcome}`).slice(0, 4)).toEqual([
        "dns skipped",
        "reachable passed",
        "tls failed",
        "registry skipped",
      ]);
      await vi.waitFor(() => expect(told.map(({ step }) => step)).toEqual(untrusted));
      expect(new Set(told.map(({ attempt }) => attempt))).toEqual(new Set(["first"]));
      // Made for two days, so it ends soon.
      const trusted = named(await check({ caFile: secure.certificateFile }), "tls");
      expect(trusted).toMatchObject({
        outcome: "warning",
        text: /^TLS 1\.3, certificate by localhost; it ends in 1 day\.$/,
      });
      const unchecked = named(await check({ insecureSkipVerify: true }), "tls");
      expect(unchecked).toMatchObject({ outcome: "warning", text: /not checked/ });
      const plain = (await client.call("endpoints.check", { id: sourceId, attempt: "second" })).health.steps;
      expect(named(plain, "tls")?.text).toMatch(/^Plain HTTP/);
      expect(named(plain, "referrers")?.outcome).toBe("warning");
      await vi.waitFor(() => expect(told.filter(({ attempt }) => attempt === "second")).toHaveLength(9));
    } finally {
      await secure.stop();
    }
  });

  it("writes and deletes nothing where the endpoint is read-only", async () => {
    await pushImage(destination, await buildImage({ seed: "kept" }), "kept", "v1");
    await pushImage(source, await buildImage({ seed: "new" }), "new", "v1");
    const settings = { kind: "registry", host: destination.host } as const;
    const spec = {
      sourceId,
      destinationId,
      selection: [{ kind: "image" as const, repository: "new", reference: "v1" }],
    };
    const { id: runId } = await client.call("runs.plan", spec);
    await expect.poll(async () => (await client.call("runs.get", { runId })).state).toBe("planned");
    await client.call("endpoints.update", { id: destinationId, settings: { ...settings, readOnly: true } });
    const refused = { code: "forbidden", message: expect.stringContaining(`"${destination.host}"`) };
    await expect(client.call("runs.plan", spec)).rejects.toMatchObject(refused);
    await expect(client.call("runs.start", { runId })).rejects.toMatchObject(refused);
    const at = { endpointId: destinationId, repository: "kept", reference: "v1" };
    await expect(client.call("image.delete", at)).rejects.toMatchObject(refused);
    expect((await client.call("image.inspect", at)).root.kind).toBe("image");
    const back = { ...spec, sourceId: destinationId, destinationId: sourceId };
    expect((await client.call("runs.plan", back)).state).toBe("planning");
    await client.call("endpoints.update", { id: destinationId, settings: { ...settings, readOnly: false } });
    expect((await client.call("runs.start", { runId })).state).toMatch(/queued|running/);
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
