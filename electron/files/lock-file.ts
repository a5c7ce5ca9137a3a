// One at a time: in this process by a queue, between processes by a file.
import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { FreightlinerError } from "../../shared/errors.ts";
import { isDead } from "./dead-process.ts";
import { errnoOf, ioError, isMissing } from "./errors.ts";

/** Milliseconds after which a lock is somebody's who died: what is done within one takes a second at most. */
const staleMs = 30_000;

export interface LockOptions {
  readonly path: string;
  readonly mode: number;
  /** For the errors. */
  readonly operation: string;
  readonly signal: AbortSignal;
  /** Milliseconds to wait for a lock that stays. */
  readonly patienceMs?: number | undefined;
}

const queues = new Map<string, Promise<unknown>>();

/** @throws FreightlinerError `busy` where another process keeps the lock; `io`; the signal's reason. */
export async function withLock<T>(options: LockOptions, work: () => Promise<T>): Promise<T> {
  const before = queues.get(options.path) ?? Promise.resolve();
  const mine = before.then(() => withLockFile(options, work));
  const settled = mine.catch(() => undefined);
  queues.set(options.path, settled);
  try {
    return await mine;
  } finally {
    if (queues.get(options.path) === settled) queues.delete(options.path);
  }
}

async function withLockFile<T>(options: LockOptions, work: () => Promise<T>): Promise<T> {
  const { path, operation, signal, patienceMs = 60_000 } = options;
  const content = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() });
  const deadline = performance.now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    if (await tryTake(options, content)) break;
    await removeStale(options);
    if (performance.now() > deadline)
      throw new FreightlinerError({
        code: "busy",
        operation,
        message: `${path} is kept by another process; remove it where none is at work.`,
      });
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

async function tryTake({ path, mode, operation }: LockOptions, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: "wx", mode });
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === "EEXIST") return false;
    throw ioError(operation, path, thrown);
  }
}

async function removeStale({ path, operation }: LockOptions): Promise<void> {
  try {
    const content = await readFile(path, "utf8");
    const age = Date.now() - (await stat(path)).mtimeMs;
    if (age < staleMs && !isAbandoned(content)) return;
    // Renamed first: of several who find it stale one gets it. Where that was no longer the stale one, it is given back.
    const aside = `${path}.${randomUUID()}`;
    await rename(path, aside);
    if ((await readFile(aside, "utf8")) !== content) await link(aside, path);
    await rm(aside, { force: true });
  } catch (thrown) {
    // Somebody else was faster, in either direction: the next try shows who.
    if (!isMissing(thrown) && errnoOf(thrown) !== "EEXIST") throw ioError(operation, path, thrown);
  }
}

/** True where the lock names a process of this machine that is gone. */
function isAbandoned(content: string): boolean {
  const [, pid, host] = /"pid":(\d+),"host":"([^"]*)"/.exec(content) ?? [];
  return host === hostname() && isDead(Number(pid));
}
