// Real processes on one database with overlapping work: nothing is done twice, and who dies is replaced.
import { join } from "node:path";
import SqliteDriver from "better-sqlite3";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Run } from "../../shared/run.ts";
import type { AccessLogLine } from "../support/access-log.ts";
import { buildBundles } from "../support/build.ts";
import { type BuiltHost, startBuiltHost } from "../support/built-host.ts";
import { readJson } from "../support/cli.ts";
import { type BuiltImage, buildImage, buildLayer, pushImage } from "../support/image-builder.ts";
import { type RunningProcess, startProcess } from "../support/processes.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { digestOf } from "../support/skopeo.ts";
import { type SlowProxy, startSlowProxy } from "../support/slow-proxy.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const repositories = ["team/a", "team/b", "team/c"];
const tags = ["v1", "v2", "v3", "v4", "v5"];
const slow = 400_000;

/** Every write that the registry confirmed: blobs as `repository@digest`, manifests as `repository:reference`. */
function writes(lines: readonly AccessLogLine[]): string[] {
  return lines.flatMap(({ method, path, status }) => {
    if (method !== "PUT" || status !== 201) return [];
    const manifest = /^\/v2\/(.+)\/manifests\/([^/?]+)/.exec(path);
    if (manifest !== null) return [`${manifest[1]}:${manifest[2]}`];
    const upload = /^\/v2\/(.+)\/blobs\/uploads\/.*[?&]digest=([^&]+)/.exec(path);
    return upload === null ? [] : [`${upload[1]}@${decodeURIComponent(upload[2] ?? "")}`];
  });
}

function twice(written: readonly string[]): string[] {
  return written.filter((one, at) => written.indexOf(one) !== at);
}

describe("several processes on one database", () => {
  let source: RealRegistry;
  let destination: RealRegistry;
  let proxy: SlowProxy;
  let home: TempFolder;
  const images = new Map<string, BuiltImage>();

  beforeAll(async () => {
    await buildBundles("cli", "host", "client");
    source = await startRealRegistry();
    proxy = await startSlowProxy({ port: source.port });
    for (const repository of repositories) {
      const shared = await buildLayer({ seed: repository, size: 300_000 });
      for (const tag of tags) {
        const seed = `${repository}:${tag}`;
        const image = await buildImage({ seed, baseLayers: [shared], layers: 1, layerSize: 200_000 });
        await pushImage(source, image, repository, tag);
        images.set(`${repository}:${tag}`, image);
      }
    }
  }, 120_000);
  afterAll(async () => {
    await proxy.close();
    await source.stop();
  });
  beforeEach(async () => {
    destination = await startRealRegistry();
    home = await tempFolder("several");
    proxy.setSpeed(slow);
    const [there, folder] = [destination, home];
    onTestFinished(async () => {
      await there.stop();
      await folder.remove();
    });
  });

  const words = (...more: readonly string[]): string[] => [
    ...["replicate", "--source", proxy.host, "--destination", destination.host, "--json"],
    ...repositories.flatMap((repository) => ["--repository", repository]),
    ...more,
  ];
  const cli = (...args: readonly string[]): RunningProcess => {
    const process = startProcess({ home: home.path, args });
    onTestFinished(async () => void (await process.stop()));
    return process;
  };
  const startHost = async (): Promise<BuiltHost> => {
    const host = await startBuiltHost(home.path);
    onTestFinished(async () => {
      host.client.close();
      await host.process.stop();
    });
    return host;
  };
  const database = <T>(work: (driver: SqliteDriver.Database) => T): T => {
    const driver = new SqliteDriver(join(home.path, "freightliner.db"));
    try {
      return work(driver);
    } finally {
      driver.close();
    }
  };
  const states = (): unknown[] =>
    database((driver) => driver.prepare("SELECT state FROM runs ORDER BY id").pluck().all());
  const arrived = async (count: number): Promise<void> =>
    expect
      .poll(async () => writes(await destination.accessLog()).length, { timeout: 60_000, interval: 50 })
      .toBeGreaterThanOrEqual(count);
  const expectAllThereOnce = async (): Promise<void> => {
    expect(twice(writes(await destination.accessLog()))).toEqual([]);
    for (const [name, image] of images) {
      const [repository = "", tag = ""] = name.split(":");
      expect(await digestOf(destination, repository, tag), name).toBe(image.digest);
    }
  };
  const over = async (host: BuiltHost, id: string): Promise<Run> => {
    await expect
      .poll(async () => (await host.client.call("runs.get", { runId: id })).state, {
        timeout: 60_000,
        interval: 100,
      })
      .toBe("succeeded");
    return host.client.call("runs.get", { runId: id });
  };

  it("R011 two command lines with the same work share it: no blob, manifest or tag is written twice", async () => {
    const both = [cli(...words()), cli(...words())];
    await expect.poll(() => states(), { timeout: 60_000, interval: 50 }).toEqual(["running", "running"]);
    await arrived(4);
    proxy.setSpeed(0);
    const ends = await Promise.all(both.map((one) => one.ended));
    const results = ends.map((end) => readJson(end, 0));
    await expectAllThereOnce();
    const copied = results.map((result) => result.images.copied);
    expect(copied.reduce((sum, count) => sum + count, 0)).toBe(images.size);
    expect(Math.min(...copied)).toBeGreaterThan(0);
    for (const result of results) expect(result.images).toMatchObject({ total: images.size, failed: 0 });
  });

  it("R008 a host goes on with the run of a command line that was killed, and sends nothing again", async () => {
    const host = await startHost();
    const killed = cli(...words());
    await arrived(5);
    await killed.kill9();
    proxy.setSpeed(0);
    const { runs } = await host.client.call("runs.list", {});
    const run = await over(host, runs[0]?.id ?? "");
    expect(run.tallies).toMatchObject({ imagesFailed: 0, imagesRemaining: 0 });
    await expectAllThereOnce();
  });

  it("R010 one host pauses, adjusts, resumes and cancels what another one works on", async () => {
    const [one, two] = [await startHost(), await startHost()];
    const endpoints = await Promise.all(
      [proxy.host, destination.host].map((host) =>
        one.client.call("endpoints.add", { settings: { kind: "registry", host, plainHttp: "always" } }),
      ),
    );
    const planned = await one.client.call("runs.plan", {
      sourceId: endpoints[0]?.id ?? "",
      destinationId: endpoints[1]?.id ?? "",
      selection: [{ kind: "repositories", names: repositories, tags: {} }],
    });
    const runId = planned.id;
    const state = (of: BuiltHost, expected: string) =>
      expect
        .poll(async () => (await of.client.call("runs.get", { runId })).state, {
          timeout: 30_000,
          interval: 50,
        })
        .toBe(expected);
    await state(one, "planned");
    await one.client.call("runs.start", { runId });
    await arrived(2);

    expect(await two.client.call("runs.pause", { runId })).toMatchObject({
      state: "paused",
      stateReason: "user",
    });
    await state(one, "paused");
    const adjusted = await two.client.call("runs.adjust", { runId, parallelImages: 2, bandwidth: 150_000 });
    expect(adjusted.spec.options).toMatchObject({ parallelImages: 2, bandwidth: 150_000 });
    await two.client.call("runs.resume", { runId });
    await state(one, "running");
    // Now the second host works on it, with a limit that keeps it busy for long; the first one sees to that.
    await one.client.call("runs.adjust", { runId, bandwidth: 100_000 });
    expect(await one.client.call("runs.cancel", { runId })).toMatchObject({ state: "cancelled" });
    await state(two, "cancelled");
    proxy.setSpeed(0);
    await two.client.call("runs.adjust", { runId, bandwidth: null }).catch((error: unknown) => {
      expect(error).toMatchObject({ code: "illegal-transition" });
    });
    await one.client.call("runs.retryFailed", { runId });
    await one.client.call("runs.adjust", { runId, bandwidth: null });
    await over(two, runId);
    await expectAllThereOnce();
  });

  it("R011 a due job runs once where two hosts find it, and never in a command line", async () => {
    proxy.setSpeed(0);
    const first = await startHost();
    const endpoints = await Promise.all(
      [proxy.host, destination.host].map((host) =>
        first.client.call("endpoints.add", { settings: { kind: "registry", host, plainHttp: "always" } }),
      ),
    );
    const job = await first.client.call("jobs.save", {
      name: "nightly",
      spec: {
        sourceId: endpoints[0]?.id ?? "",
        destinationId: endpoints[1]?.id ?? "",
        selection: [{ kind: "repositories", names: repositories, tags: {} }],
      },
      schedule: { cron: "0 2 * * *", timeZone: "Europe/Vienna" },
    });
    await first.stop();
    database((driver) => driver.prepare("UPDATE saved_jobs SET next_run_at = 1").run());
    expect((await cli("runs", "--json").ended).code).toBe(0);
    expect(states()).toEqual([]);

    const hosts = await Promise.all([startHost(), startHost()]);
    await expect.poll(() => states(), { timeout: 60_000, interval: 50 }).toEqual(["succeeded"]);
    const found = await hosts[0].client.call("jobs.get", { jobId: job.id });
    const { runs, total } = await hosts[1].client.call("runs.list", {});
    expect(total).toBe(1);
    expect(found).toMatchObject({ lastRunId: runs[0]?.id, note: null });
    expect(found.nextRunAt ?? 0).toBeGreaterThan(Date.now());
    await expectAllThereOnce();
  });
});
