// What a locked vault gave out: not in the memory of the process any more, and a run that needs it waits.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Endpoint } from "../../shared/endpoint.ts";
import { buildBundles } from "../support/build.ts";
import { type BuiltHost, startBuiltHost } from "../support/built-host.ts";
import { canaryUser, leaksOf } from "../support/canaries.ts";
import { type BuiltImage, buildImage, pushImage } from "../support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { digestOf } from "../support/skopeo.ts";
import { type SlowProxy, startSlowProxy } from "../support/slow-proxy.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const password = "canary-locked-6b1e0f";
const passphrase = "canary-passphrase-19c4d7";

let source: RealRegistry;
let slow: SlowProxy;
let guarded: RealRegistry;
let home: TempFolder;
let heaps: TempFolder;
let host: BuiltHost;
let from: Endpoint;
let to: Endpoint;
const images: BuiltImage[] = [];

beforeAll(async () => {
  await buildBundles("host", "client");
  [source, guarded, home, heaps] = await Promise.all([
    startRealRegistry(),
    startRealRegistry({ user: canaryUser, password }),
    tempFolder("locked"),
    tempFolder("locked-heaps"),
  ]);
  slow = await startSlowProxy({ port: source.port });
  for (let at = 0; at < 6; at++) {
    const image = await buildImage({ seed: `locked ${at}`, layers: 1, layerSize: 100_000 });
    await pushImage(source, image, "team/app", `v${at}`);
    images.push(image);
  }
  host = await startBuiltHost(home.path, {
    NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${heaps.path}`,
  });
  const { client } = host;
  client.subscribe({ onEvent: () => {}, onProgress: () => {}, onGap: () => {}, onClose: () => {} });
  await client.call("secrets.choose", { place: "vault", passphrase });
  const registry = (at: string) => ({ kind: "registry" as const, host: at });
  from = await client.call("endpoints.add", { settings: registry(slow.host) });
  const credential = { username: canaryUser, password };
  to = await client.call("endpoints.add", { settings: registry(guarded.host), credential });
}, 120_000);
afterAll(async () => {
  await host?.stop();
  await slow?.close();
  await Promise.all([source.stop(), guarded.stop(), home.remove(), heaps.remove()]);
});

/** All strings that V8 still holds, after it collected what nobody does. */
async function heapOf(): Promise<string> {
  const before = new Set(await readdir(heaps.path));
  host.process.signal("SIGUSR2");
  let text = "";
  await expect
    .poll(
      async () => {
        const fresh = (await readdir(heaps.path)).find((name) => !before.has(name));
        text = fresh === undefined ? "" : await readFile(join(heaps.path, fresh), "utf8");
        return isWhole(text);
      },
      { timeout: 60_000, interval: 200 },
    )
    .toBe(true);
  return text;
}

function isWhole(text: string): boolean {
  return text.trimEnd().endsWith("]}") || text.trimEnd().endsWith("]\n}");
}

const leaks = async (): Promise<readonly string[]> =>
  leaksOf({ password, passphrase }, [{ where: "heap", text: await heapOf() }]);
const until = (runId: string, state: string): Promise<void> =>
  expect
    .poll(
      async () => {
        const run = await host.client.call("runs.get", { runId });
        return `${run.state} ${run.stateReason}`;
      },
      { timeout: 30_000, interval: 25 },
    )
    .toBe(state);

it("R009 S007 is gone with the lock, and the run that works with it waits until it is opened", async () => {
  const { client } = host;
  const { id: runId } = await client.call("runs.plan", {
    sourceId: from.id,
    destinationId: to.id,
    selection: [{ kind: "repositories", names: ["team/app"], tags: {} }],
  });
  await until(runId, "planned null");
  slow.setSpeed(60_000);
  await client.call("runs.start", { runId });
  await until(runId, "running null");
  await expect
    .poll(async () => (await client.call("runs.get", { runId })).tallies.bytesTransferred, {
      timeout: 20_000,
    })
    .toBeGreaterThan(0);
  // The snapshot shows what is held; without this the one behind the lock would prove nothing.
  expect((await leaks()).join()).toMatch(/^password: heap/);

  await client.call("secrets.lock", {});
  await until(runId, "paused secrets-locked");
  expect((await client.call("runs.get", { runId })).tallies.imagesSucceeded).toBeLessThan(images.length);
  expect(await leaks()).toEqual([]);

  slow.setSpeed(0);
  await client.call("secrets.unlock", { passphrase });
  await until(runId, "succeeded null");
  for (const [at, { digest }] of images.entries())
    expect(await digestOf(guarded, "team/app", `v${at}`)).toBe(digest);
}, 180_000);
