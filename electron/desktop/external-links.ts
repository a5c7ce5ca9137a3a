// Links that leave the program: https only, and the address is shown and confirmed first.
import type { ElectronParts } from "./electron-parts.ts";

/** The address as it will be opened, or undefined for what must never reach the operating system (file:, smb:, ms-…). */
export function externalAddress(address: string): URL | undefined {
  if (address.length > 2_048 || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === "https:" && url.username === "" && url.password === "" ? url : undefined;
}

/** Opens a link in the user's browser. What may not be opened is left alone without a word. */
export async function openExternally(
  address: string,
  { dialog, shell }: Pick<ElectronParts, "dialog" | "shell">,
): Promise<void> {
  const url = externalAddress(address);
  if (url === undefined) return;
  const { response } = await dialog.showMessageBox({
    type: "question",
    message: `Open ${url.host} in your browser?`,
    detail: url.href,
    buttons: ["Open", "Cancel"],
    defaultId: 1,
    cancelId: 1,
  });
  if (response === 0) await shell.openExternal(url.href);
}
