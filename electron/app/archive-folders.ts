// The folders of the data folder that archives are unpacked into: one for each file, gone when nobody works in it.
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "../files/errors.ts";
import { ArchiveWork } from "../layout/archive-work.ts";
import type { Log } from "./log.ts";

function archivesFolder(home: string): string {
  return join(home, "archives");
}

/** The same for the same path, so that an interrupted copy into it is gone on with. */
export function workFolderOf(home: string, path: string): string {
  return join(archivesFolder(home), createHash("sha256").update(path).digest("hex").slice(0, 32));
}

/** Removes what processes that were killed left; never what waits to be packed. */
export async function tidyArchives(home: string, log: Pick<Log, "error">): Promise<void> {
  const root = archivesFolder(home);
  try {
    for (const name of await readdir(root)) await new ArchiveWork(join(root, name)).leave();
  } catch (error) {
    // Most never opened an archive; and what cannot be tidied now is looked at by the next start.
    if (!isMissing(error)) log.error({ err: error }, "folders of archives could not be tidied");
  }
}
