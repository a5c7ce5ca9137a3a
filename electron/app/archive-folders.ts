// The folders of the data folder that archives are unpacked into: gone with their endpoint, and when nothing came of them.
import { readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { EndpointSettings } from "../../shared/endpoint.ts";
import type { Log } from "./log.ts";

/** Milliseconds; a younger folder may be one that another process just unpacks. */
const abandonedAfter = 24 * 3_600_000;

export function archivesFolder(home: string): string {
  return join(home, "archives");
}

/** Nothing where the layout is a folder of somebody else's, still in use, or was opened for writing: then it is no mere copy. */
export async function removeArchiveOf(
  home: string,
  removed: EndpointSettings,
  left: readonly EndpointSettings[],
): Promise<void> {
  if (removed.kind !== "layout" || removed.readOnly !== true) return;
  const folder = dirname(removed.path);
  const isUsed = left.some((one) => one.kind === "layout" && one.path === removed.path);
  if (dirname(folder) === archivesFolder(home) && !isUsed) await rm(folder, { recursive: true, force: true });
}

/** Removes what processes that were killed left half unpacked. */
export async function tidyArchives(home: string, now: number, log: Pick<Log, "error">): Promise<void> {
  try {
    const root = archivesFolder(home);
    for (const name of await readdir(root)) {
      const folder = join(root, name);
      if (now - (await stat(folder)).mtimeMs < abandonedAfter) continue;
      const inside = await readdir(folder);
      if (inside.every((entry) => entry.endsWith(".partial")))
        await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    // Most never opened an archive; and what cannot be tidied now is looked at by the next start.
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT"))
      log.error({ err: error }, "folders of archives could not be tidied");
  }
}
