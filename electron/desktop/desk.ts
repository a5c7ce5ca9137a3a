// The desktop's part of the contract, made of Electron's: folders, deep links, updates.
import { FreightlinerError } from "../../shared/errors.ts";
import type { Desk } from "../app/desk.ts";
import type { ElectronParts } from "./electron-parts.ts";
import type { LinkInbox } from "./links.ts";
import type { Updates } from "./updates.ts";

export interface DeskOptions {
  readonly shell: Pick<ElectronParts["shell"], "openPath">;
  readonly links: LinkInbox;
  readonly updates: Updates;
}

export function makeDesk({ shell, links, updates }: DeskOptions): Desk {
  return {
    openFolder: (folder) => openFolder(shell, folder),
    takeLinks: () => links.take(),
    updates,
  };
}

/** @throws FreightlinerError `io` with what the operating system said. */
export async function openFolder(shell: DeskOptions["shell"], folder: string): Promise<void> {
  const problem = await shell.openPath(folder);
  if (problem === "") return;
  throw new FreightlinerError({
    code: "io",
    operation: "open-folder",
    message: `The folder ${folder} could not be opened: ${problem}`,
  });
}
