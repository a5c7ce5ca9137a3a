// The wired program when something around it fails: samples that cannot start, a database that fails in mid-work.
import { existsSync, readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { readConfig } from "../../electron/app/config.ts";
import { createApp } from "../../electron/app/create-app.ts";
import { newEndpointId } from "../../electron/app/endpoint-id.ts";
import { EventHub } from "../../electron/app/event-hub.ts";
import { type Log, silentLog } from "../../electron/app/log.ts";
import { RunQueue, type RunQueueOptions } from "../../electron/app/run-queue.ts";
import { openStore } from "../../electron/store/open.ts";
import { tempFolder } from "../support/temp.ts";

function recordingLog(): { readonly log: Log; readonly errors: string[] } {
  const errors: string[] = [];
  const error = (_fields: object, message: string): void => void errors.push(message);
  return { log: { ...silentLog, error } as Log, errors };
}

describe("createApp", () => {
  it("R001 starts where its samples cannot, and says so in the log", async () => {
    await using home = await tempFolder("app");
    const store = openStore({ file: join(home.path, "freightliner.db"), owner: "test", now: Date.now });
    store.endpoints.insert({
      id: newEndpointId(),
      name: "Sample staging",
      settings: {
        kind: "registry",
        host: "127.0.0.1:1",
        plainHttp: "always",
        insecureSkipVerify: false,
        trustedTokenHosts: [],
        connections: 8,
      },
      sample: true,
      temporary: false,
      username: null,
      health: { state: "unknown", checkedAt: null, steps: [] },
      capabilities: null,
    });
    store.close();
    await writeFile(join(home.path, "samples"), "a file where a folder should be");
    const { log, errors } = recordingLog();
    const app = await createApp({ face: "web", config: readConfig({ home: home.path }, {}), log });
    const { endpoints } = await app.connectDirect().call("endpoints.list", {});
    expect(endpoints.map((endpoint) => endpoint.name)).toEqual(["Sample staging"]);
    expect(errors).toEqual(["the sample registries did not start"]);
    await app.close();
  });
});

describe("what keeps the data folder tidy", () => {
  const start = async (home: string) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const config = readConfig({ home }, { DOCKER_CONFIG: home });
    const { log, errors } = recordingLog();
    const app = await createApp({ face: "web", config, log });
    const backups = () => existsSync(join(home, "backups"));
    return { app, backups, errors };
  };

  it("waits until the window had its first moment", async () => {
    await using home = await tempFolder("app");
    try {
      const { app, backups } = await start(home.path);
      vi.advanceTimersByTime(1_000);
      expect(backups()).toBe(false);
      vi.advanceTimersByTime(2_000);
      expect(backups()).toBe(true);
      await app.close();
      expect(readdirSync(join(home.path, "backups"))).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("does not begin after the end", async () => {
    await using home = await tempFolder("app");
    try {
      const { app, backups, errors } = await start(home.path);
      await app.close();
      vi.advanceTimersByTime(10_000);
      expect(backups()).toBe(false);
      expect(errors).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("the run queue", () => {
  it("R001 survives a heartbeat that fails, and tries again", async () => {
    await using home = await tempFolder("queue");
    await mkdir(home.path, { recursive: true });
    const store = openStore({ file: join(home.path, "freightliner.db"), owner: "test", now: Date.now });
    const { log, errors } = recordingLog();
    vi.useFakeTimers();
    // Only what a heartbeat touches; no run is planned here.
    const options = { store, log, hub: new EventHub(), takesAny: true } as unknown as RunQueueOptions;
    const queue = new RunQueue(options);
    queue.open();
    store.close();
    vi.advanceTimersByTime(store.leaseMs);
    vi.useRealTimers();
    expect(errors).toEqual(["a heartbeat failed", "a heartbeat failed", "a heartbeat failed"]);
    await queue.close();
  });
});
