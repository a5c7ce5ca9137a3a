// The keys of the list of transfers, for its commands and as menus show them.
import { displayKeys, isMac } from "../../commands/keys.ts";

export const runKeys = {
  toggle: "Space",
  drop: "Delete",
  open: "Enter",
  up: "Alt+Up",
  down: "Alt+Down",
  top: "Mod+Up",
  bottom: "Mod+Down",
} as const;

export function shownKeys(name: keyof typeof runKeys): string {
  return displayKeys(runKeys[name], isMac());
}
