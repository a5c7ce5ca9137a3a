// Opening: new files, damaged files, newer files, foreign files, unreadable rows.
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import SqliteDriver from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { wrapDatabase } from "../../electron/store/database.ts";
import { migrate, migrations, schemaVersion } from "../../electron/store/migrate.ts";
import { openStore } from "../../electron/store/open.ts";
import { endpoint, queuedRun, TestClock, testFolder, testStore } from "./samples.ts";

const now = new TestClock().now;

function onFile<T>(file: string, work: (driver: SqliteDriver.Database) => T): T {
  const driver = new SqliteDriver(file);
  try {
    return work(driver);
  } finally {
    driver.close();
  }
}

describe("a new database", () => {
  it("R007 is for this user only, in WAL, at the newest schema", () => {
    const { file, store } = testStore();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
    expect(store.quarantined).toBeNull();
    expect(store.integrity()).toBe("ok");
    onFile(file, (driver) => {
      expect(driver.pragma("journal_mode", { simple: true })).toBe("wal");
      expect(driver.pragma("user_version", { simple: true })).toBe(migrations.length);
      const loose = driver
        .prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND schema = 'main'")
        .pluck()
        .all();
      expect(loose.filter((name) => !String(name).startsWith("sqlite_"))).toEqual([]);
    });
  });

  it("leaves the mode of a folder that was there before", () => {
    const folder = join(testFolder(), "shared");
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    openStore({ file: join(folder, "runs.db"), owner: "test", now }).close();
    expect(statSync(folder).mode & 0o777).toBe(0o755);
  });

  it("cannot be made below a file", () => {
    const blocked = join(testFolder(), "file");
    writeFileSync(blocked, "");
    expect(() => openStore({ file: join(blocked, "runs.db"), owner: "test", now })).toThrow(
      expect.objectContaining({ code: "store" }),
    );
  });

  it("keeps what was written when it is opened again", () => {
    const { store, other } = testStore();
    store.endpoints.insert(endpoint("one"));
    const { id } = queuedRun(store);
    store.close();
    const again = other("again");
    expect(again.endpoints.list()).toEqual([endpoint("one")]);
    expect(again.runs.get(id).state).toBe("queued");
  });
});

describe("a file that cannot be used", () => {
  it("R012 is moved aside where it is damaged, and never deleted", () => {
    const file = join(testFolder(), "runs.db");
    writeFileSync(file, "this was a database once");
    const store = openStore({ file, owner: "test", now });
    expect(store.quarantined).toMatch(/runs\.db\.corrupt-2026-01-01T00-00-00\.000Z$/);
    expect(readFileSync(String(store.quarantined), "utf8")).toBe("this was a database once");
    expect(store.runs.list({ offset: 0, limit: 1 }).total).toBe(0);
    store.close();
    writeFileSync(file, "and again");
    const second = openStore({ file, owner: "test", now });
    expect(second.quarantined).toMatch(/-2$/);
    second.close();
  });

  it("R007 R012 is moved aside where a page inside is damaged", () => {
    const { file, store } = testStore();
    for (let count = 0; count < 50; count += 1) queuedRun(store);
    store.close();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096 * 2, 4096 * 6);
    writeFileSync(file, bytes);
    const next = openStore({ file, owner: "next", now });
    expect(next.quarantined).not.toBeNull();
    next.close();
  });

  it("is left alone where it is a newer program's", () => {
    const { file, store } = testStore();
    store.close();
    onFile(file, (driver) => driver.pragma("user_version = 99"));
    expect(() => openStore({ file, owner: "test", now })).toThrow(
      expect.objectContaining({ code: "configuration", message: expect.stringContaining("schema 99") }),
    );
    expect(onFile(file, (driver) => driver.pragma("user_version", { simple: true }))).toBe(99);
  });

  it("is left alone where it is another program's", () => {
    const file = join(testFolder(), "history.db");
    onFile(file, (driver) => driver.exec("CREATE TABLE visits (url TEXT)"));
    expect(() => openStore({ file, owner: "test", now })).toThrow(
      expect.objectContaining({ code: "configuration", message: expect.stringContaining("history.db") }),
    );
  });

  it("is told as a store error when a binary is missing", () => {
    const file = join(testFolder(), "runs.db");
    const nativeBinding = join(testFolder(), "missing.node");
    expect(() => openStore({ file, nativeBinding, owner: "test", now })).toThrow(
      expect.objectContaining({ code: "store" }),
    );
  });
});

describe("migrations", () => {
  it("run one after the other, and a failing one changes nothing", () => {
    const driver = new SqliteDriver(":memory:");
    const database = wrapDatabase(driver);
    const steps = [
      "CREATE TABLE one (a INTEGER) STRICT;",
      "CREATE TABLE two (b INTEGER) STRICT; SELECT nonsense;",
    ];
    expect(() => migrate(database, "test", steps)).toThrow(expect.objectContaining({ code: "store" }));
    expect(schemaVersion(database)).toBe(1);
    migrate(database, "test", [steps[0] ?? "", "CREATE TABLE two (b INTEGER) STRICT;"]);
    expect(schemaVersion(database)).toBe(2);
    database.close();
  });
});

describe("a row that cannot be read", () => {
  it("R012 stays in its table, is left out of lists, and is told", () => {
    const { store, file } = testStore();
    store.endpoints.insert(endpoint("good"));
    store.endpoints.insert(endpoint("bad"));
    store.settings.set("theme", "dark");
    store.settings.set("broken", 1);
    const runs = Array.from({ length: 4 }, () => queuedRun(store));
    const bad = runs[2]?.id ?? "";
    const badSpec = runs[1]?.id ?? "";
    expect(store.parked()).toEqual([]);
    onFile(file, (driver) => {
      driver.prepare("UPDATE endpoints SET settings = '{\"kind\":\"submarine\"}' WHERE id = 'bad'").run();
      driver.prepare("UPDATE runs SET plan = '{' WHERE id = ?").run(bad);
      driver
        .prepare("UPDATE jobs SET spec = '{}' WHERE id = (SELECT job_id FROM runs WHERE id = ?)")
        .run(badSpec);
      driver.prepare("UPDATE settings SET value = 'x' WHERE key = 'broken'").run();
    });
    const readable = [runs[3]?.id, runs[0]?.id];
    expect(store.endpoints.list().map((row) => row.id)).toEqual(["good"]);
    expect(store.settings.all()).toEqual({ theme: "dark" });
    expect(store.runs.list({ offset: 0, limit: 2 }).runs.map((run) => run.id)).toEqual(readable);
    expect(store.runs.list({ offset: 0, limit: 2 }).total).toBe(2);
    expect(store.runs.queued().map((run) => run.id)).toEqual(readable.toReversed());
    expect(() => store.runs.get(bad)).toThrow(expect.objectContaining({ code: "store" }));
    expect(() => store.endpoints.get("bad")).toThrow(expect.objectContaining({ code: "store" }));
    expect(
      store
        .parked()
        .map((row) => `${row.table}/${row.id}`)
        .toSorted(),
    ).toEqual(["endpoints/bad", "settings/broken", `runs/${bad}`, `runs/${badSpec}`].toSorted());
    expect(onFile(file, (driver) => driver.prepare("SELECT count(*) FROM runs").pluck().get())).toBe(4);
  });

  it("of an image or a blob names itself", () => {
    const { store, file } = testStore();
    const { id } = queuedRun(store);
    const [image] = store.runs.images(id, { offset: 0, limit: 1 }).images;
    onFile(file, (driver) =>
      driver.exec("UPDATE blobs SET expected = 'somehow'; UPDATE images SET platforms = '7'"),
    );
    expect(() => store.runs.images(id, { offset: 0, limit: 1 })).toThrow("images cannot be read");
    expect(() => store.runs.blobs(id, image?.id ?? 0)).toThrow("blobs cannot be read");
  });
});
