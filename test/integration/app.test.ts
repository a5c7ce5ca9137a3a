// The whole program behind its one door, on two real registries: browse, plan, run, pause, resume, restart, verify.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readConfig } from "../../electron/app/config.ts";
import { type App, createApp } from "../../electron/app/create-app.ts";
import { silentLog } from "../../electron/app/log.ts";
import type { ContractClient } from "../../shared/client.ts";
import type { Endpoint } from "../../shared/endpoint.ts";
import type { Run, RunState } from "../../shared/run.ts";
import { countRequests } from "../support/access-log.ts";
import {
  type BuiltImage,
  blobBytesOf,
  buildImage,
  buildLargeImage,
  buildMultiPlatform,
  pushImage,
} from "../support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { digestOf, inspect } from "../support/skopeo.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const password = "correct horse battery";

describe("the program on two real registries", () => {
  let source: RealRegistry;
  let destination: RealRegistry;
  let home: TempFolder;
  let app: App;
  let client: ContractClient;
  let left: Endpoint;
  let right: Endpoint;
  let images: { web: BuiltImage; api: BuiltImage; big: BuiltImage };

  const start = async (): Promise<void> => {
    const config = readConfig({ home: home.path }, { DOCKER_CONFIG: join(home.path, "no-docker") });
    app = await createApp({ face: "web", config, log: silentLog });
    client = app.connectDirect();
  };

  beforeAll(async () => {
    [source, destination, home] = await Promise.all([
      startRealRegistry(),
      startRealRegistry({ user: "mover", password }),
      tempFolder("app"),
    ]);
    images = {
      web: await buildMultiPlatform({
        seed: "web",
        platforms: 2,
        layers: 2,
        layerSize: 200_000,
        sharedLayerSize: 300_000,
      }),
      api: await buildImage({ seed: "api" }),
      big: await buildLargeImage({ seed: "big", totalSize: 160 * 1024 * 1024, layers: 4 }),
    };
    for (const tag of ["v1", "v2", "latest"]) await pushImage(source, images.web, "shop/web", tag);
    await pushImage(source, images.api, "shop/api", "v1");
    await pushImage(source, images.big, "shop/big", "v1");
    await start();
  });
  afterAll(async () => {
    client.close();
    await app.close();
    await Promise.all([source.stop(), destination.stop(), home.remove()]);
  });

  const until = async (runId: string, ...states: RunState[]): Promise<Run> =>
    vi.waitFor(
      async () => {
        const run = await client.call("runs.get", { runId });
        expect(states, `state ${run.state}, error ${JSON.stringify(run.error)}`).toContain(run.state);
        return run;
      },
      { timeout: 60_000, interval: 25 },
    );
  const plan = async (names: string[], more: object = {}): Promise<Run> => {
    const selection = [{ kind: "repositories" as const, names, tags: {} }];
    const run = await client.call("runs.plan", {
      sourceId: left.id,
      destinationId: right.id,
      selection,
      ...more,
    });
    return until(run.id, "planned", "failed");
  };

  it("adds and checks both registries; a wrong password is said at the sign-in step", async () => {
    left = await client.call("endpoints.add", {
      name: "left",
      settings: { kind: "registry", host: source.host },
    });
    right = await client.call("endpoints.add", {
      settings: { kind: "registry", host: destination.host },
      credential: { username: "mover", password: "wrong horse" },
    });
    expect((await client.call("endpoints.check", { id: left.id })).health.state).toBe("ok");
    const refused = await client.call("endpoints.check", { id: right.id });
    expect(refused.health.state).toBe("needs-sign-in");
    expect(refused.health.steps.find((step) => step.name === "sign-in")?.outcome).toBe("failed");
    expect(JSON.stringify(refused)).not.toContain("wrong horse");

    await client.call("endpoints.signIn", { id: right.id, credential: { username: "mover", password } });
    right = await client.call("endpoints.check", { id: right.id });
    expect(right).toMatchObject({
      name: destination.host,
      health: { state: "ok" },
      credential: { source: "entered", username: "mover" },
    });
    const { endpoints } = await client.call("endpoints.list", {});
    expect(endpoints.map((endpoint) => endpoint.id)).toEqual([left.id, right.id]);
  });

  it("tries settings that are not saved, and refuses what is no address", async () => {
    const { steps } = await client.call("endpoints.try", {
      settings: { kind: "registry", host: "127.0.0.1:1" },
    });
    expect(steps.find(({ outcome }) => outcome === "failed")).toMatchObject({
      name: "reachable",
      error: { code: "unreachable" },
    });
    await expect(
      client.call("endpoints.add", { settings: { kind: "registry", host: "no host" } }),
    ).rejects.toMatchObject({ code: "usage" });
    const good = await client.call("endpoints.try", {
      settings: { kind: "registry", host: destination.host },
      credential: { username: "mover", password },
    });
    expect(good.steps.every((step) => step.outcome !== "failed")).toBe(true);
  });

  it("lists, filters, describes and marks", async () => {
    expect(await client.call("repositories.list", { endpointId: left.id })).toEqual({
      names: ["shop/api", "shop/big", "shop/web"],
      total: 3,
      complete: true,
    });
    const filter = { include: ["v*"], exclude: [] };
    expect(await client.call("tags.list", { endpointId: left.id, repository: "shop/web", filter })).toEqual({
      tags: ["v1", "v2"],
      matched: 2,
      total: 3,
    });
    const { details } = await client.call("tags.describe", {
      endpointId: left.id,
      repository: "shop/web",
      tags: ["v1", "gone"],
    });
    expect(details[0]).toMatchObject({
      digest: images.web.digest,
      kind: "index",
      size: blobBytesOf(images.web),
      platforms: ["linux/amd64", "linux/arm64"],
      created: Date.parse("2026-01-15T08:00:00Z"),
      error: null,
    });
    expect(details[1]).toMatchObject({ digest: null, error: "This tag is no longer there." });
    await pushImage(destination, images.api, "shop/web", "v2");
    await pushImage(destination, images.web, "shop/web", "v1");
    const marks = {
      endpointId: left.id,
      repository: "shop/web",
      otherEndpointId: right.id,
      otherRepository: "shop/web",
    };
    expect(await client.call("tags.mark", { ...marks, tags: ["v1", "v2", "latest", "gone"] })).toEqual({
      markers: { v1: "same", v2: "different", latest: "missing" },
    });
    const inspected = await client.call("image.inspect", {
      endpointId: left.id,
      repository: "shop/web",
      reference: "v1",
    });
    expect(inspected.children.map((child) => child.platform)).toEqual(["linux/amd64", "linux/arm64"]);
    expect(inspected.root).toMatchObject({ kind: "index", digest: images.web.digest });
  });

  it("plans exactly what then moves, and judges agree on the digests", async () => {
    const planned = await plan(["shop/web", "shop/api"]);
    expect(planned).toMatchObject({
      state: "planned",
      plan: { images: 4, copy: 2, overwrite: 1, skip: 1, conflict: 0, unreadable: 0 },
    });
    const { images: rows } = await client.call("runs.images", { runId: planned.id });
    expect(rows.map((row) => `${row.sourceRepository}:${row.sourceReference} ${row.action}`)).toEqual([
      "shop/web:latest copy",
      "shop/web:v1 skip",
      "shop/web:v2 overwrite",
      "shop/api:v1 copy",
    ]);

    const heard: string[] = [];
    client.subscribe({
      onEvent: (name) => heard.push(name),
      onProgress: () => client.credit(1),
      onGap: () => heard.push("gap"),
      onClose: () => {},
    });
    await client.call("runs.start", { runId: planned.id });
    const done = await until(planned.id, "succeeded", "failed");
    expect(done.state).toBe("succeeded");
    expect(done.tallies.bytesTransferred).toBe(planned.plan.bytesToTransfer);
    expect(done.tallies).toMatchObject({
      imagesSucceeded: 3,
      imagesSkipped: 1,
      imagesFailed: 0,
      imagesRemaining: 0,
    });
    expect(heard).toContain("image.changed");
    expect(heard).not.toContain("gap");
    for (const [repository, tag, image] of [
      ["shop/web", "latest", images.web],
      ["shop/web", "v2", images.web],
      ["shop/api", "v1", images.api],
    ] as const) {
      expect(await digestOf(destination, repository, tag)).toBe(image.digest);
    }
    expect(await inspect(destination, "shop/web", "latest")).toMatchObject({ Architecture: "amd64" });
    const after = await client.call("runs.images", { runId: planned.id, states: ["succeeded"] });
    expect(after.images.every((row) => row.verified && row.destinationDigest === row.digest)).toBe(true);
    expect(await app.metrics()).toContain('freightliner_images_total{state="succeeded"} 3');
    expect(await app.metrics()).toContain(
      `freightliner_blob_bytes_total{outcome="transferred"} ${done.tallies.bytesTransferred}`,
    );
    expect(await app.readiness()).toEqual({ ready: true, checks: { database: "ok" } });
  });

  it("plans nothing the second time and reads no blob for it", async () => {
    await source.clearAccessLog();
    const planned = await plan(["shop/web", "shop/api"]);
    expect(planned.plan).toMatchObject({ images: 4, skip: 4, bytesToTransfer: 0 });
    expect(countRequests(await source.accessLog(), "GET", /\/(blobs|manifests)\//)).toBe(0);
    await client.call("runs.discard", { runId: planned.id });
    await expect(client.call("runs.get", { runId: planned.id })).rejects.toMatchObject({ code: "not-found" });
  });

  it("leaves out what was unticked", async () => {
    const planned = await plan(["shop/web"], { mapping: { kind: "prefix", prefix: "ticked" } });
    const { images: rows } = await client.call("runs.images", { runId: planned.id });
    const unselectedImageIds = rows.filter((row) => row.sourceReference !== "v1").map((row) => row.id);
    await client.call("runs.start", { runId: planned.id, unselectedImageIds });
    await until(planned.id, "succeeded");
    expect(await digestOf(destination, "ticked/shop/web", "v1")).toBe(images.web.digest);
    await expect(digestOf(destination, "ticked/shop/web", "latest")).rejects.toThrow("manifest unknown");
    const { command } = await client.call("runs.command", { runId: planned.id });
    expect(command).toContain("--prefix ticked");
    expect(command).not.toContain(password);
  });

  it("pauses, survives a restart as paused, resumes, and sends no finished blob twice", async () => {
    await destination.clearAccessLog();
    const planned = await plan(["shop/big"]);
    await client.call("runs.start", { runId: planned.id });
    await vi.waitFor(
      async () => {
        const run = await client.call("runs.get", { runId: planned.id });
        expect(run.tallies.bytesTransferred).toBeGreaterThan(0);
      },
      { timeout: 30_000, interval: 5 },
    );
    const pausing = performance.now();
    const paused = await client.call("runs.pause", { runId: planned.id });
    expect(performance.now() - pausing).toBeLessThan(1000);
    expect(["paused", "succeeded"]).toContain(paused.state);
    await expect(digestOf(destination, "shop/big", "v1")).rejects.toThrow("unknown");

    await client.call("runs.resume", { runId: planned.id });
    await app.close();
    await start();
    const found = await client.call("runs.get", { runId: planned.id });
    expect([found.state, found.stateReason]).toEqual(["paused", "shutdown"]);
    await expect(client.call("repositories.list", { endpointId: right.id })).rejects.toMatchObject({
      code: "unauthorized",
    });
    expect((await client.call("endpoints.list", {})).endpoints[1]?.health.state).toBe("needs-sign-in");
    // Entered passwords live in memory only, so the destination wants one again.
    expect((await client.call("endpoints.list", {})).endpoints[1]?.credential).toMatchObject({
      source: "none",
      username: "mover",
    });
    await client.call("runs.resume", { runId: planned.id });
    expect((await until(planned.id, "paused")).stateReason).toBe("sign-in-needed");
    await client.call("endpoints.signIn", { id: right.id, credential: { username: "mover", password } });
    // It goes on by itself; who asks for it, too, is not turned away.
    await client.call("runs.resume", { runId: planned.id });
    const done = await until(planned.id, "succeeded", "failed");
    expect(done.state).toBe("succeeded");
    await client.call("repositories.list", { endpointId: right.id });
    expect((await client.call("endpoints.list", {})).endpoints[1]?.health.state).toBe("ok");
    expect(await digestOf(destination, "shop/big", "v1")).toBe(images.big.digest);
    const committed = (await destination.accessLog()).filter(
      (line) => line.method === "PUT" && line.status === 201 && line.path.includes("digest="),
    );
    const digests = committed.map((line) => /digest=([^&]+)/.exec(line.path)?.[1]);
    expect(new Set(digests).size).toBe(digests.length);
    expect(digests.length).toBe(5);
  });

  it("verifies an image down to its blobs", async () => {
    const ends = (reference: string) => ({
      source: { endpointId: left.id, repository: "shop/web", reference: "v1" },
      destination: { endpointId: right.id, repository: "shop/web", reference },
    });
    const equal = await client.call("image.verify", ends("latest"));
    expect(equal).toMatchObject({
      equal: true,
      manifests: 3,
      bytes: blobBytesOf(images.web),
      differences: [],
    });
    const missing = await client.call("image.verify", ends("nowhere"));
    expect(missing).toMatchObject({ equal: false, destinationDigest: null });
  });

  it("cancels a run, and retries what is left", async () => {
    const planned = await plan(["shop/big"], { mapping: { kind: "prefix", prefix: "again" } });
    await client.call("runs.start", { runId: planned.id });
    const cancelled = await client.call("runs.cancel", { runId: planned.id });
    expect(cancelled.state).toBe("cancelled");
    await client.call("runs.retryFailed", { runId: planned.id });
    expect((await until(planned.id, "succeeded", "failed")).state).toBe("succeeded");
    expect(await digestOf(destination, "again/shop/big", "v1")).toBe(images.big.digest);
    await client.call("runs.delete", { runId: planned.id });
    const { runs } = await client.call("runs.list", {});
    expect(runs.map((run) => run.id)).not.toContain(planned.id);
  });

  it("says what could not be planned: a missing repository, an unreachable registry, a refused password", async () => {
    const missing = await plan(["shop/none"]);
    expect(missing.plan.unreadable).toBe(1);
    const { images: rows } = await client.call("runs.images", { runId: missing.id });
    expect(rows[0]).toMatchObject({
      sourceReference: null,
      state: "failed",
      error: { code: "repository-unknown", side: "source" },
    });
    expect(rows[0]?.error?.message).toContain("shop/none");

    const gone = await client.call("endpoints.add", { settings: { kind: "registry", host: "127.0.0.1:1" } });
    const selection = [{ kind: "image" as const, repository: "shop/api", reference: "v1" }];
    const dead = await client.call("runs.plan", { sourceId: gone.id, destinationId: right.id, selection });
    expect((await until(dead.id, "failed", "planned")).error).toMatchObject({
      code: "unreachable",
      side: "source",
    });

    await client.call("endpoints.signIn", {
      id: right.id,
      credential: { username: "mover", password: "wrong" },
    });
    const refused = await client.call("runs.plan", { sourceId: left.id, destinationId: right.id, selection });
    expect((await until(refused.id, "failed", "planned")).error).toMatchObject({
      code: "unauthorized",
      side: "destination",
    });
    await client.call("endpoints.signIn", { id: right.id, credential: { username: "mover", password } });
    await client.call("endpoints.remove", { id: gone.id });
  }, 120_000);

  it("copies into an OCI layout folder and back", async () => {
    const folder = join(home.path, "vault");
    const vault = await client.call("endpoints.add", { settings: { kind: "layout", path: folder } });
    const selection = [{ kind: "repositories" as const, names: ["shop/web"], tags: {} }];
    const out = await client.call("runs.plan", { sourceId: left.id, destinationId: vault.id, selection });
    await until(out.id, "planned");
    await client.call("runs.start", { runId: out.id });
    expect((await until(out.id, "succeeded")).tallies.bytesTransferred).toBe(blobBytesOf(images.web));
    expect((await client.call("repositories.list", { endpointId: vault.id })).names).toEqual(["shop/web"]);
    const back = await client.call("runs.plan", {
      sourceId: vault.id,
      destinationId: right.id,
      selection,
      mapping: { kind: "prefix", prefix: "from-vault" },
    });
    await until(back.id, "planned");
    await client.call("runs.start", { runId: back.id });
    await until(back.id, "succeeded");
    const { images: returned } = await client.call("runs.images", { runId: back.id });
    expect(returned.map((row) => row.sourceReference)).toEqual(["latest", "v1", "v2"]);
    expect(await digestOf(destination, "from-vault/shop/web", "v2")).toBe(images.web.digest);
  });

  it("remembers settings and changes endpoints", async () => {
    await client.call("settings.set", { key: "panes.left", value: { endpointId: left.id } });
    expect((await client.call("settings.get", {})).settings).toEqual({
      "panes.left": { endpointId: left.id },
    });
    const renamed = await client.call("endpoints.update", {
      id: left.id,
      name: "Left",
      settings: { ...left.settings, kind: "registry", host: source.host, connections: 4 },
    });
    expect(renamed).toMatchObject({
      name: "Left",
      settings: { connections: 4 },
      health: { state: "unknown" },
    });
    expect((await client.call("repositories.list", { endpointId: left.id, refresh: true })).total).toBe(3);
    const hello = await client.call("app.hello", {});
    expect(hello).toMatchObject({ face: "web" });
  });

  it("uses a temporary endpoint again rather than adding it twice", async () => {
    const settings = { kind: "registry" as const, host: source.host, plainHttp: "always" as const };
    const first = await client.call("endpoints.add", { settings, temporary: true });
    const second = await client.call("endpoints.add", {
      settings,
      temporary: true,
      credential: { username: "u", password: "pppp" },
    });
    expect(second.id).toBe(first.id);
    expect((await client.call("endpoints.list", {})).endpoints.map((endpoint) => endpoint.id)).not.toContain(
      first.id,
    );
    expect(
      (await client.call("endpoints.list", { includeTemporary: true })).endpoints.map(
        (endpoint) => endpoint.id,
      ),
    ).toContain(first.id);
  });

  it("makes sample registries that skopeo reads, and brings them back after a restart", async () => {
    const { endpoints } = await client.call("samples.start", {});
    expect(endpoints).toHaveLength(2);
    expect(endpoints.every((endpoint) => endpoint.sample)).toBe(true);
    const again = await client.call("samples.start", {});
    expect(again.endpoints.map((endpoint) => endpoint.id)).toEqual(endpoints.map((endpoint) => endpoint.id));
    const sample = endpoints[0];
    const host = sample?.settings.kind === "registry" ? sample.settings.host : "";
    client.close();
    await app.close();
    await start();
    const { names } = await client.call("repositories.list", { endpointId: sample?.id ?? "" });
    expect(names.length).toBeGreaterThan(3);
    const repository = names[0] ?? "";
    const { tags } = await client.call("tags.list", { endpointId: sample?.id ?? "", repository });
    const target = { host, url: `http://${host}` };
    expect(await inspect(target, repository, tags[0] ?? "")).toMatchObject({ Os: "linux" });
  });
});
