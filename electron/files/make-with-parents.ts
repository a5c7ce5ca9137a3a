// Makes a folder with its parents, on every file system there is.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "./errors.ts";

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
    if (errnoOf(thrown) === "EEXIST") return true;
    if (errnoOf(thrown) === "ENOENT") return false;
    throw thrown;
  }
}
