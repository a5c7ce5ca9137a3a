// Temporary folders that are removed after the test (or, at the latest, with the test process).
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const living = new Set<string>();
const removeAll = (): void => {
  for (const folder of living) rmSync(folder, { recursive: true, force: true });
};
process.once("exit", removeAll);
// That is how a test runner ends its workers, and it says no "exit". Who else listens ends the process in its own way.
process.once("SIGTERM", () => {
  removeAll();
  if (process.listenerCount("SIGTERM") === 0) process.kill(process.pid, "SIGTERM");
});

export interface TempFolder {
  readonly path: string;
  remove(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A new empty folder; remove it with `remove()` or hold it with `await using`. */
export async function tempFolder(name = "test"): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), `freightliner-${name}-`));
  living.add(path);
  const remove = async (): Promise<void> => {
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    living.delete(path);
  };
  return { path, remove, [Symbol.asyncDispose]: remove };
}
