// Result files appear whole or not at all: written beside, synced, then renamed.
import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { FreightlinerError } from "../../shared/errors.ts";
import { makeWithParents } from "../app/data-folder.ts";

/** A text in pieces is never held whole. @throws FreightlinerError `io` that names the file. */
export async function writeFileAtomic(
  file: string,
  text: string | AsyncIterable<string>,
  what: string,
): Promise<void> {
  const target = resolve(file);
  const beside = `${target}.${randomUUID()}.part`;
  try {
    makeWithParents(dirname(target), 0o777);
    const handle = await open(beside, "wx", 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, target);
  } catch (cause) {
    // Best effort: what stands in the way of writing may stand in the way of tidying up, and is told below.
    await rm(beside, { force: true }).catch(() => undefined);
    throw new FreightlinerError({
      code: "io",
      operation: "write-file",
      message: `The ${what} ${target} could not be written.`,
      cause,
    });
  }
}
