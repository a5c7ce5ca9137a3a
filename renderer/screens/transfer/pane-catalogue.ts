// The commands of the panes, as they are known from the start; they act on the pane that has the focus.
import type { CommandDescription } from "../../commands/description.ts";
import { placesText } from "../../text/places.ts";
import { transferText } from "../../text/transfer.ts";

const text = transferText.commands;
const { needs } = text;
const copy = { group: text.group, place: "transfer" } as const;
const select = { group: text.selection, place: "transfer" } as const;

export const paneCommands = [
  { ...copy, id: "panes.copyToOther", title: text.copyToOther, keys: "F5", needs: needs.source },
  { ...copy, id: "panes.copyTo", title: text.copyToAny, keys: "Shift+F5", needs: needs.source },
  { ...copy, id: "panes.copy", title: text.copy, keys: "Mod+C", needs: needs.source },
  { ...copy, id: "panes.copyReference", title: text.copyReference, keys: "Mod+Shift+C", needs: needs.source },
  { ...copy, id: "panes.copyDigest", title: text.copyDigest, needs: needs.tag },
  { ...copy, id: "panes.copyPull", title: text.copyPull, needs: needs.tag },
  { ...copy, id: "panes.copySkopeo", title: text.copySkopeo, needs: needs.tag },
  { ...copy, id: "panes.delete", title: text.deleteTag, keys: "Delete", needs: needs.tag },
  { ...copy, id: "panes.inspect", title: text.inspect, keys: "F3", needs: needs.tag },
  { ...copy, id: "panes.compareTag", title: text.compare, keys: "Shift+F3", needs: needs.tag },
  { ...copy, id: "panes.web", title: text.web, needs: needs.web },
  { ...copy, id: "panes.refresh", title: text.refresh, keys: "Mod+R" },
  { ...copy, id: "panes.compareMode", title: text.compareMode, keys: "Alt+C" },
  { ...select, id: "panes.selectAll", title: text.selectAll, needs: needs.tags },
  { ...select, id: "panes.selectNone", title: text.selectNone, needs: needs.tags },
  { ...select, id: "panes.invert", title: text.invert, keys: "Mod+I", needs: needs.tags },
  { ...select, id: "panes.byPattern", title: text.byPattern, keys: "Alt+P", needs: needs.tags },
  { ...select, id: "panes.selectMissing", title: text.selectMissing, needs: needs.tags },
  { ...copy, id: "panes.other", title: text.otherPane, keys: "Alt+O" },
  { ...copy, id: "panes.filter", title: text.focusFilter, keys: "Mod+F" },
  { ...copy, id: "panes.editPath", title: placesText.editPath, keys: "Mod+L" },
  { ...copy, id: "panes.swap", title: placesText.swap, keys: "Mod+U" },
  { ...copy, id: "panes.mirror", title: placesText.mirror, keys: "Alt+M", needs: needs.tags },
  { ...copy, id: "panes.pin", title: placesText.pin, keys: "Mod+D" },
  { ...copy, id: "panes.newTab", title: placesText.newTab, keys: "Alt+T" },
  { ...copy, id: "panes.closeTab", title: placesText.closeTab, keys: "Alt+W" },
  { ...copy, id: "panes.reopenTab", title: placesText.reopenTab, keys: "Alt+Shift+T" },
  { ...copy, id: "panes.nextTab", title: placesText.nextTab, keys: "Alt+PageDown" },
  { ...copy, id: "panes.previousTab", title: placesText.previousTab, keys: "Alt+PageUp" },
] as const satisfies readonly CommandDescription[];

export type PaneCommandId = (typeof paneCommands)[number]["id"];
