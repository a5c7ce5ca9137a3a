// The commands of the Transfers screen, as they are known from the start; most act on the rows that are chosen.
import type { CommandDescription } from "../../commands/description.ts";
import { transfersText as text } from "../../text/transfers.ts";
import { runKeys } from "./run-keys.ts";

const { needs } = text;
const list = { group: text.group, place: "transfers" } as const;
const row = { ...list, needs: needs.row } as const;

export const transferCommands = [
  { ...row, id: "transfers.pause", title: text.pause },
  { ...row, id: "transfers.resume", title: text.resume },
  { ...row, id: "transfers.toggle", title: text.toggle, keys: runKeys.toggle },
  { ...row, id: "transfers.drop", title: text.drop, keys: runKeys.drop },
  { ...row, id: "transfers.cancel", title: text.cancel },
  { ...row, id: "transfers.retryFailed", title: text.retryFailed },
  { ...row, id: "transfers.openReport", title: text.openReport },
  { ...row, id: "transfers.showLog", title: text.showLog },
  { ...row, id: "transfers.move-up", title: text.moveUp, keys: runKeys.up },
  { ...row, id: "transfers.move-down", title: text.moveDown, keys: runKeys.down },
  { ...row, id: "transfers.move-top", title: text.moveToTop, keys: runKeys.top },
  { ...row, id: "transfers.move-bottom", title: text.moveToBottom, keys: runKeys.bottom },
  { ...row, id: "transfers.raisePriority", title: text.raise },
  { ...row, id: "transfers.lowerPriority", title: text.lower },
  { ...list, id: "transfers.clearDone", title: text.clearDone, needs: needs.done },
  { ...list, id: "transfers.clearFailed", title: text.clearFailed, needs: needs.failed },
  { ...list, id: "transfers.search", title: text.searchCommand, keys: "Mod+F" },
  { ...list, id: "transfers.focusList", title: text.focusList },
] as const satisfies readonly CommandDescription[];

export type TransferCommandId = (typeof transferCommands)[number]["id"];
