// The lock of a file: one at a time, given back, taken from the dead only.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { withLock } from "../../electron/files/lock-file.ts";
import { tempFolder } from "../support/temp.ts";

const { signal } = new AbortController();

function lock(path: string) {
  return { path, mode: 0o644, operation: "lock-index", signal };
}

async function lockPath(): Promise<string> {
  const folder = await tempFolder("lock");
  onTestFinished(() => folder.remove());
  return join(folder.path, "index.json.lock");
}

it("lets one in at a time and leaves nothing behind", async () => {
  const path = await lockPath();
  let inside = 0;
  const order: number[] = [];
  await Promise.all(
    [1, 2, 3].map((turn) =>
      withLock(lock(path), async () => {
        inside += 1;
        expect(inside).toBe(1);
        expect(existsSync(path)).toBe(true);
        await sleep(5);
        order.push(turn);
        inside -= 1;
      }),
    ),
  );
  expect(order).toEqual([1, 2, 3]);
  expect(existsSync(path)).toBe(false);
});

it("is given back by work that fails", async () => {
  const path = await lockPath();
  await expect(withLock(lock(path), () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(await withLock(lock(path), () => Promise.resolve("next"))).toBe("next");
});

it("waits for another process, is told when that never ends, and stops with the signal", async () => {
  const path = await lockPath();
  const other = JSON.stringify({ pid: 1, host: "elsewhere", token: "x" });
  writeFileSync(path, other);
  const work = () => Promise.resolve("done");
  await expect(withLock({ ...lock(path), patienceMs: 80 }, work)).rejects.toMatchObject({ code: "busy" });
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("stopped")), 20);
  await expect(withLock({ ...lock(path), signal: stop.signal }, work)).rejects.toThrow("stopped");
  expect(readFileSync(path, "utf8")).toBe(other);
});

it("is taken from a process of this machine that is gone, and from one that is silent for long", async () => {
  const path = await lockPath();
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  writeFileSync(path, JSON.stringify({ pid: gone, host: hostname(), token: "x" }));
  expect(await withLock({ ...lock(path), patienceMs: 500 }, () => Promise.resolve("taken"))).toBe("taken");
  writeFileSync(path, JSON.stringify({ pid: 1, host: "elsewhere", token: "x" }));
  utimesSync(path, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
  expect(await withLock({ ...lock(path), patienceMs: 500 }, () => Promise.resolve("taken"))).toBe("taken");
});

it("that was lost in the meantime is left to its new owner", async () => {
  const path = await lockPath();
  await withLock(lock(path), async () => writeFileSync(path, "somebody else's"));
  expect(readFileSync(path, "utf8")).toBe("somebody else's");
});
