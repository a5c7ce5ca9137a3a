// One build at a time in a checkout: a lock file with the builder's process id, taken over from one that died.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./node-version.mjs";

const folder = join(root, "node_modules", ".cache", "freightliner");
const lock = join(folder, "build.lock");
const waitMs = 180_000;

/**
 * @template T
 * @param {(waited: boolean) => Promise<T>} work told whether somebody else built meanwhile
 * @returns {Promise<T>}
 */
export async function whileLocked(work) {
  mkdirSync(folder, { recursive: true });
  const started = Date.now();
  let waited = false;
  while (!tryLock()) {
    waited = true;
    if (Date.now() - started > waitMs) {
      throw new Error(
        `Another build holds ${lock} for more than three minutes; remove the file if none runs.`,
      );
    }
    await sleep(100);
  }
  try {
    return await work(waited);
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (isAbandoned()) takeAway();
    return false;
  }
}

function isAbandoned() {
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    // Empty: its owner is just about to write its number, or died in that instant.
    if (!(pid > 0)) return Date.now() - statSync(lock).mtimeMs > 10_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/** By renaming, so that of two that find it abandoned only one takes it away. */
function takeAway() {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    rmSync(aside);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}
