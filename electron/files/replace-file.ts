// A file appears whole or not at all: written beside, flushed, then renamed.
import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export interface Replacement {
  readonly path: string;
  /** In the same folder; nothing may have this name. */
  readonly beside: string;
  readonly mode: number;
}

/** It would survive a crash from here on. @throws what `fill` throws, or the file system says. */
export async function replaceFile(
  { path, beside, mode }: Replacement,
  fill: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  try {
    const handle = await open(beside, "wx", mode);
    try {
      await fill(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, path);
  } catch (thrown) {
    // Best effort: what stands in the way of writing may stand in the way of tidying up.
    await rm(beside, { force: true }).catch(() => undefined);
    throw thrown;
  }
  await flushFolder(dirname(path));
}

/**
 * Removes what killed processes left half-written, under names from `start` to ".partial". Only where nobody else writes.
 * @param start a path and the beginning of a name.
 */
export async function sweepPartials(start: string): Promise<void> {
  const folder = dirname(start);
  const names = (await readdir(folder)).filter(
    (name) => name.startsWith(basename(start)) && name.endsWith(".partial"),
  );
  for (const name of names) await rm(join(folder, name), { force: true });
}

/** Makes a rename durable; file systems that cannot do it (Windows) do not need it. */
export async function flushFolder(path: string): Promise<void> {
  try {
    const handle = await open(path, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // Best effort: the content itself was flushed.
  }
}
