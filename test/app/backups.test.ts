// Backups of the database: made, kept in number, and put back at the next start with what was there kept.
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import SqliteDriver from "better-sqlite3";
import { expect, it, onTestFinished, vi } from "vitest";
import { BackupFolder, Backups } from "../../electron/app/backups.ts";
import { readConfig } from "../../electron/app/config.ts";
import { createApp } from "../../electron/app/create-app.ts";
import { silentLog } from "../../electron/app/log.ts";
import { wrapDatabase } from "../../electron/store/database.ts";
import { migrate, migrations } from "../../electron/store/migrate.ts";
import { openStore } from "../../electron/store/open.ts";
import { TestClock, testFolder } from "../store/samples.ts";

function stage() {
  const home = testFolder();
  const clock = new TestClock();
  const file = join(home, "freightliner.db");
  const folder = new BackupFolder({ home, now: clock.now });
  const store = openStore({ file, owner: "test", now: clock.now });
  onTestFinished(() => store.close());
  const backups = new Backups({ store, folder, now: clock.now, log: silentLog });
  return { home, clock, file, folder, store, backups };
}

it("makes one that is for this user only and holds everything, and keeps as many as wanted", async () => {
  const { home, clock, store, backups } = stage();
  store.settings.set("backups", 2);
  store.settings.set("theme", "dark");
  const first = await backups.create();
  const file = join(home, "backups", first.name);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(first).toMatchObject({ size: statSync(file).size, createdAt: clock.time, restoring: false });
  const copy = openStore({ file, owner: "copy", now: clock.now });
  expect(copy.settings.all()).toMatchObject({ theme: "dark" });
  copy.close();
  for (let more = 0; more < 3; more++) {
    clock.time += 1000;
    await backups.create();
  }
  expect(backups.list().map(({ createdAt }) => clock.time - createdAt)).toEqual([0, 1000]);
});

it("is none before it is whole, and what a killed process left is swept away", async () => {
  const { home, clock, folder, store, backups } = stage();
  const names = () => readdirSync(join(home, "backups"));
  // As a process leaves it that is killed in the middle.
  const { file } = folder.begin("");
  writeFileSync(`${file}.part`, "half");
  utimesSync(`${file}.part`, clock.time / 1000, clock.time / 1000);
  writeFileSync(`${file}.part-journal`, "half");
  utimesSync(`${file}.part-journal`, clock.time / 1000, clock.time / 1000);
  expect(backups.list()).toEqual([]);
  expect(() => backups.restore(basename(file))).toThrow("There is no backup");
  clock.time += 300_000;
  const made = await backups.create();
  // Another process might still be at it.
  expect(names().toSorted()).toEqual(
    [`${basename(file)}.part`, `${basename(file)}.part-journal`, made.name].toSorted(),
  );
  clock.time += 400_000;
  store.settings.set("backups", 1);
  backups.open();
  await backups.close();
  expect(names()).toEqual([made.name]);
  const broken = { ...store, backup: () => Promise.reject(new Error("no room")) };
  const failing = new Backups({ store: broken, folder, now: clock.now, log: silentLog });
  await expect(failing.create()).rejects.toThrow("no room");
  expect(names()).toEqual([made.name]);
});

it("makes one a day by itself, and none where none are wanted", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { clock, store, backups } = stage();
  try {
    store.settings.set("backups", 0);
    backups.open();
    store.settings.set("backups", 5);
    const count = async (hours: number) => {
      for (let at = 0; at < hours; at++) {
        clock.time += 3_600_000;
        await vi.advanceTimersByTimeAsync(3_600_000);
      }
      await backups.close().then(() => backups.open());
      return backups.list().length;
    };
    expect(backups.list()).toEqual([]);
    expect(await count(1)).toBe(1);
    expect(await count(22)).toBe(1);
    expect(await count(3)).toBe(2);
  } finally {
    await backups.close();
    vi.useRealTimers();
  }
});

it("puts one back at the next start, and keeps what was there", async () => {
  const home = testFolder();
  const config = readConfig({ home }, { DOCKER_CONFIG: home });
  const start = async () => {
    const app = await createApp({ face: "web", config, log: silentLog });
    return { app, client: app.connectDirect() };
  };
  const one = await start();
  await one.client.call("settings.set", { key: "theme", value: "dark" });
  const { name } = await one.client.call("backups.create", {});
  await one.client.call("settings.set", { key: "theme", value: "light" });
  await expect(one.client.call("backups.restore", { name: "../freightliner.db" })).rejects.toMatchObject({
    code: "not-found",
  });
  await one.client.call("backups.restore", { name });
  const waiting = (await one.client.call("backups.list", {})).backups.filter(({ restoring }) => restoring);
  expect(waiting.map((backup) => backup.name)).toEqual([name]);
  expect((await one.client.call("settings.get", {})).settings.theme).toBe("light");
  await one.app.close();

  const two = await start();
  expect((await two.client.call("settings.get", {})).settings.theme).toBe("dark");
  const kept = (await two.client.call("backups.list", {})).backups.find((one) =>
    one.name.includes("before-restore"),
  );
  await two.client.call("backups.restore", { name: kept?.name ?? "" });
  await two.app.close();

  const three = await start();
  expect((await three.client.call("settings.get", {})).settings.theme).toBe("light");
  await three.app.close();
});

it("refuses a damaged one, and leaves the database as it is where one is damaged meanwhile", async () => {
  const { home, file, folder, store, backups } = stage();
  store.settings.set("theme", "dark");
  const { name } = await backups.create();
  backups.restore(name);
  writeFileSync(join(home, "backups", name), "no database");
  expect(() => backups.restore(name)).toThrow(expect.objectContaining({ code: "store" }));
  expect(() => folder.restoreMarked(file)).toThrow(expect.objectContaining({ code: "store" }));
  expect(existsSync(file)).toBe(true);
  expect(store.settings.all()).toMatchObject({ theme: "dark" });
  expect(folder.restoreMarked(file)).toBeUndefined();
});

it("puts none back below another process, and waits for that one's end", async () => {
  const { file, folder, store, backups } = stage();
  store.settings.set("theme", "dark");
  const { name } = await backups.create();
  store.settings.set("theme", "light");
  backups.restore(name);
  expect(() => folder.restoreMarked(file)).toThrow(expect.objectContaining({ code: "busy" }));
  store.settings.set("density", "roomy");
  expect(store.settings.all()).toMatchObject({ theme: "light", density: "roomy" });
  expect(folder.list().map((one) => [one.name, one.restoring])).toEqual([[name, true]]);
  store.close();
  expect(folder.restoreMarked(file)).toBe(name);
  const restored = openStore({ file, owner: "next", now: Date.now });
  expect(restored.settings.all()).toMatchObject({ theme: "dark" });
  restored.close();
});

it("puts one back in the place of a database that cannot be read, or is not there", async () => {
  const { home, file, folder, store, backups } = stage();
  store.settings.set("theme", "dark");
  const { name } = await backups.create();
  backups.restore(name);
  store.close();
  writeFileSync(file, "no database");
  expect(folder.restoreMarked(file)).toBe(name);
  expect(readdirSync(join(home, "backups")).filter((one) => one.includes("before-restore"))).toHaveLength(1);
  const restored = openStore({ file, owner: "next", now: Date.now });
  expect(restored.settings.all()).toMatchObject({ theme: "dark" });
  const again = await new Backups({ store: restored, folder, now: Date.now, log: silentLog }).create();
  restored.close();
  folder.mark(again.name);
  rmSync(file);
  expect(folder.restoreMarked(file)).toBe(again.name);
  expect(readdirSync(join(home, "backups")).filter((one) => one.includes("before-restore"))).toHaveLength(1);
});

it("makes one before the schema changes", () => {
  const home = testFolder();
  const file = join(home, "freightliner.db");
  const driver = new SqliteDriver(file);
  migrate(wrapDatabase(driver), file, migrations.slice(0, 2));
  driver.close();
  const clock = new TestClock();
  const folder = new BackupFolder({ home, now: clock.now });
  const open = () =>
    openStore({ file, owner: "t", now: clock.now, backupFile: () => folder.begin("-before-update").file });
  open().close();
  open().close();
  const [made] = readdirSync(join(home, "backups"));
  expect(folder.list()).toHaveLength(1);
  const copy = new SqliteDriver(join(home, "backups", made ?? ""), { readonly: true });
  expect(copy.pragma("user_version", { simple: true })).toBe(2);
  copy.close();
});
