// Makes the folders that the program keeps its data in, for this user only.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { FreightlinerError } from "../../shared/errors.ts";

/**
 * Makes the folder and its parents where they are missing (mode 0700).
 * @throws FreightlinerError `configuration` that names the folder.
 */
export function makeFolder(path: string): void {
  try {
    makeWithParents(path, 0o700);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FreightlinerError({
      code: "configuration",
      operation: "make-folder",
      message: `The folder "${path}" cannot be made: ${why}. Choose another with --home or FREIGHTLINER_HOME.`,
      cause,
    });
  }
}

/**
 * Node's own recursive mkdir never returns below a file system that answers ENOENT to every mkdir, such as /proc.
 * @throws what the file system says.
 */
export function makeWithParents(path: string, mode: number): void {
  if (make(path, mode)) return;
  const parent = dirname(path);
  if (parent === path) throw new Error(`${path} does not exist`);
  makeWithParents(parent, mode);
  if (!make(path, mode)) throw new Error(`${parent} takes no new folder`);
}

/** False where the parent is missing. */
function make(path: string, mode: number): boolean {
  try {
    mkdirSync(path, { mode });
    return true;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === "EEXIST") return true;
    if (code === "ENOENT") return false;
    throw thrown;
  }
}
