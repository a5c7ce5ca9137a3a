// One writer of a file of secrets at a time: in this process by a queue, between processes by a file beside it.
import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { boxError } from "./secret-box.ts";

/** Milliseconds after which a lock is somebody's who died: a change takes a passphrase's second at most. */
const staleMs = 30_000;
/** Milliseconds to wait for a lock that stays. */
const patienceMs = 60_000;

const queues = new Map<string, Promise<unknown>>();

/** @throws FreightlinerError `busy` where another process keeps the lock; `io`; the signal's reason. */
export async function withFileLock<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const before = queues.get(path) ?? Promise.resolve();
  const mine = before.then(() => withLockFile(path, signal, work));
  const settled = mine.catch(() => undefined);
  queues.set(path, settled);
  try {
    return await mine;
  } finally {
    if (queues.get(path) === settled) queues.delete(path);
  }
}

async function withLockFile<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const content = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() });
  const deadline = performance.now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    if (await tryTake(path, content)) break;
    await removeStale(path);
    if (performance.now() > deadline)
      throw boxError(
        "busy",
        "lock-secrets",
        `${path} is kept by another process; remove it where none is at work.`,
      );
    await sleep(10 + Math.random() * 20, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  try {
    return await work();
  } finally {
    await giveBack(path, content);
  }
}

/** Only our own: a lock that was kept too long may be somebody else's by now. */
async function giveBack(path: string, content: string): Promise<void> {
  const current = await readFile(path, "utf8").catch(() => "");
  if (current === content) await rm(path, { force: true });
}

async function tryTake(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: "wx", mode: 0o600 });
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === "EEXIST") return false;
    throw fileError("lock-secrets", path, thrown);
  }
}

async function removeStale(path: string): Promise<void> {
  try {
    const content = await readFile(path, "utf8");
    const age = Date.now() - (await stat(path)).mtimeMs;
    if (age < staleMs && !isDead(content)) return;
    // Renamed first: of several who find it stale one gets it. Where that was no longer the stale one, it is given back.
    const aside = `${path}.${randomUUID()}`;
    await rename(path, aside);
    if ((await readFile(aside, "utf8")) !== content) await link(aside, path);
    await rm(aside, { force: true });
  } catch (thrown) {
    // Somebody else was faster, in either direction: the next try shows who.
    if (!["ENOENT", "EEXIST"].includes(errnoOf(thrown) ?? "")) throw fileError("lock-secrets", path, thrown);
  }
}

/** True where the lock names a process of this machine that is gone. */
function isDead(content: string): boolean {
  const match = /"pid":(\d+),"host":"([^"]*)"/.exec(content);
  if (match === null || match[2] !== hostname()) return false;
  const pid = Number(match[1]);
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return errnoOf(thrown) === "ESRCH";
  }
}

export function errnoOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string"
    ? thrown.code
    : undefined;
}

/** What the file system said, as code `io`. */
export function fileError(operation: string, path: string, thrown: unknown): Error {
  return boxError("io", operation, `${path} cannot be used (${errnoOf(thrown) ?? "unknown"}).`, thrown);
}
