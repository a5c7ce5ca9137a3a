// Saved passwords in a vault, with real registries: what needs them waits while it is locked, the rest goes on.
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readConfig } from "../../electron/app/config.ts";
import { type App, createApp } from "../../electron/app/create-app.ts";
import { createLog } from "../../electron/app/log.ts";
import type { ContractClient } from "../../shared/client.ts";
import type { Endpoint } from "../../shared/endpoint.ts";
import type { Run, RunState } from "../../shared/run.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const password = "canary-registry-0d4e91";
const passphrase = "canary-passphrase-7a2b1c";

interface Kept {
  readonly secrets: Readonly<Record<string, string>>;
}

describe("R009 a vault that is locked", () => {
  let source: RealRegistry;
  let guarded: RealRegistry;
  let open: RealRegistry;
  let home: TempFolder;
  let app: App;
  let client: ContractClient;
  let from: Endpoint;
  let needsVault: Endpoint;
  let needsNothing: Endpoint;
  const logFile = (): string => join(home.path, "logs", "test.log");

  const start = async (env: NodeJS.ProcessEnv = {}): Promise<void> => {
    env.DOCKER_CONFIG = join(home.path, "no-docker");
    const config = readConfig({ home: home.path }, env);
    const log = createLog({ level: "debug", destination: logFile() });
    app = await createApp({ face: "web", config, log });
    client = app.connectDirect();
  };
  const stop = async (): Promise<void> => {
    client.close();
    await app.close();
  };
  const registry = (host: string) => ({ kind: "registry" as const, host });

  beforeAll(async () => {
    [source, guarded, open, home] = await Promise.all([
      startRealRegistry(),
      startRealRegistry({ user: "mover", password }),
      startRealRegistry(),
      tempFolder("vault"),
    ]);
    for (let at = 0; at < 5; at++)
      await pushImage(source, await buildImage({ seed: `vault ${at}` }), "team/app", `v${at}`);
    await start();
    from = await client.call("endpoints.add", { settings: registry(source.host) });
    needsNothing = await client.call("endpoints.add", { settings: registry(open.host) });
    await client.call("secrets.choose", { place: "vault", passphrase });
    needsVault = await client.call("endpoints.add", {
      settings: registry(guarded.host),
      credential: { username: "mover", password },
    });
  });
  afterAll(async () => {
    await stop();
    await Promise.all([source.stop(), guarded.stop(), open.stop(), home.remove()]);
  });

  const until = (runId: string, ...states: RunState[]): Promise<Run> =>
    vi.waitFor(
      async () => {
        const run = await client.call("runs.get", { runId });
        expect(states, `state ${run.state}, error ${JSON.stringify(run.error)}`).toContain(run.state);
        return run;
      },
      { timeout: 30_000, interval: 25 },
    );
  const plan = async (to: Endpoint, tag: string): Promise<Run> => {
    const run = await client.call("runs.plan", {
      sourceId: from.id,
      destinationId: to.id,
      selection: [{ kind: "repositories", names: ["team/app"], tags: { include: [tag] } }],
    });
    return until(run.id, "planned", "failed");
  };

  it("S007 keeps the password in the vault and nowhere else", async () => {
    expect(needsVault.credential).toMatchObject({ source: "saved", username: "mover", problem: null });
    expect(await client.call("secrets.status", {})).toMatchObject({
      place: "vault",
      locked: false,
      vaultExists: true,
      saved: 1,
      problem: null,
    });
    for (const file of ["vault.json", "freightliner.db", "freightliner.db-wal", "logs/test.log"]) {
      const content = (await readFile(join(home.path, file))).toString("latin1");
      expect(content.includes(password), file).toBe(false);
      expect(content.includes(passphrase), file).toBe(false);
    }
  });

  it("keeps only what needs it waiting, and lets that go on when it is unlocked", async () => {
    const waits = await plan(needsVault, "v0");
    const goesOn = await plan(needsNothing, "v0");
    await stop();
    await start();
    expect(await client.call("secrets.status", {})).toMatchObject({ place: "vault", locked: true, saved: 1 });
    const { endpoints } = await client.call("endpoints.list", {});
    const problems = new Map(endpoints.map(({ id, credential }) => [id, credential.problem]));
    expect(problems.get(needsVault.id)).toMatch(/vault is locked/i);
    expect(problems.get(needsNothing.id)).toBeNull();

    await client.call("runs.start", { runId: waits.id });
    await client.call("runs.start", { runId: goesOn.id });
    const paused = await until(waits.id, "paused", "failed", "succeeded");
    expect(paused).toMatchObject({
      state: "paused",
      stateReason: "secrets-locked",
      error: { code: "locked" },
    });
    expect(paused.tallies.imagesFailed).toBe(0);
    expect((await until(goesOn.id, "succeeded", "failed")).state).toBe("succeeded");
    // A plan that needs it fails at once and as a whole.
    expect(await plan(needsVault, "v1")).toMatchObject({ state: "failed", error: { code: "locked" } });

    await expect(client.call("secrets.unlock", { passphrase: "canary-not-it-33" })).rejects.toMatchObject({
      code: "unauthorized",
    });
    expect((await client.call("runs.get", { runId: waits.id })).state).toBe("paused");
    expect((await client.call("secrets.unlock", { passphrase })).locked).toBe(false);
    expect((await until(waits.id, "succeeded", "failed")).state).toBe("succeeded");
    expect((await client.call("endpoints.check", { id: needsVault.id })).health.state).toBe("ok");
  });

  it("goes on at the next start where the passphrase stands in the environment or a file", async () => {
    for (const [at, env] of [
      [2, { FREIGHTLINER_VAULT_PASSPHRASE: passphrase }],
      [3, { FREIGHTLINER_VAULT_PASSPHRASE_FILE: join(home.path, "passphrase") }],
    ] as const) {
      const run = await plan(needsVault, `v${at}`);
      await stop();
      await start();
      await client.call("runs.start", { runId: run.id });
      expect((await until(run.id, "paused", "succeeded")).stateReason).toBe("secrets-locked");
      await stop();
      await writeFile(join(home.path, "passphrase"), `${passphrase}\n`, { mode: 0o600 });
      const given: NodeJS.ProcessEnv = { ...env };
      await start(given);
      // No helper, browser or tool that is started inherits it.
      expect(given.FREIGHTLINER_VAULT_PASSPHRASE).toBeUndefined();
      expect((await until(run.id, "succeeded", "failed")).state).toBe("succeeded");
    }
  });

  it("loses with a registry the password that was saved for it and for its proxy, also while it is locked", async () => {
    const kept = async (): Promise<readonly string[]> =>
      Object.keys((JSON.parse(await readFile(join(home.path, "vault.json"), "utf8")) as Kept).secrets);
    const before = await kept();
    const credential = { username: "mover", password };
    const add = () =>
      client.call("endpoints.add", {
        settings: { ...registry(guarded.host), proxy: "http://127.0.0.1:1" },
        credential,
      });
    const gone = await add();
    await client.call("endpoints.signInProxy", { id: gone.id, credential });
    expect((await kept()).length).toBe(before.length + 2);
    await client.call("secrets.lock", {});
    await client.call("endpoints.remove", { id: gone.id });
    expect(await kept()).toEqual(before);
    await client.call("secrets.unlock", { passphrase });

    // Where that is not possible, the registry is gone all the same, and what stays is said.
    const stays = await add();
    await mkdir(join(home.path, "vault.json.lock"));
    await expect(client.call("endpoints.remove", { id: stays.id })).rejects.toMatchObject({
      code: "io",
      message: expect.stringMatching(/was removed, but its saved password was not: .*vault\.json/),
    });
    await rmdir(join(home.path, "vault.json.lock"));
    const { endpoints } = await client.call("endpoints.list", {});
    expect(endpoints.map(({ id }) => id)).not.toContain(stays.id);
  });

  it("S014 writes each change to the log, and never what was typed", async () => {
    await client.call("secrets.lock", {});
    expect((await client.call("secrets.status", {})).locked).toBe(true);
    await client.call("secrets.unlock", { passphrase });
    await client.call("secrets.lockAfter", { minutes: 5 });
    const next = "canary-next-passphrase-8c";
    await client.call("secrets.changePassphrase", { passphrase, next });
    await expect(client.call("secrets.choose", { place: "clear" })).rejects.toMatchObject({ code: "usage" });
    await client.call("secrets.choose", { place: "clear", acceptClear: true });
    await client.call("secrets.choose", { place: "memory" });
    const written = await readFile(logFile(), "utf8");
    const audit = written
      .split("\n")
      .filter((line) => line.includes('"audit":"secrets"'))
      .map((line) => JSON.parse(line) as { action: string; code?: string; to?: string })
      .map(({ action, code, to }) => [action, to, code].filter((part) => part !== undefined).join(" "));
    expect(audit.slice(-7)).toEqual([
      "lock",
      "unlock",
      "lock-after",
      "change-passphrase",
      "choose clear usage",
      "choose clear",
      "choose memory",
    ]);
    for (const secret of [password, passphrase, next, "canary-not-it-33"])
      expect(written.includes(secret), secret).toBe(false);
  });

  it("cannot be told to keep secrets in clear by way of the settings", async () => {
    const set = client.call("settings.set", { key: "secretStorage", value: { place: "clear" } });
    await expect(set).rejects.toMatchObject({ code: "usage" });
    await expect(client.call("settings.set", { key: "secretStorage", value: null })).rejects.toMatchObject({
      code: "usage",
    });
    expect((await client.call("secrets.status", {})).place).toBe("memory");
  });
});
