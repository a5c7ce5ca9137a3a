// The commands of the Inspect and Compare drawers, as they are known from the start.
import type { CommandDescription } from "../../commands/description.ts";
import { compareText, inspectText } from "../../text/inspect.ts";

const { group } = inspectText;

export const inspectCommands = [
  { id: "inspect.copy-digest", title: inspectText.copyDigest, group, place: "inspect" },
  { id: "inspect.copy-reference", title: inspectText.copyReference, group, place: "inspect" },
  { id: "inspect.compare", title: inspectText.compareWith, group, place: "inspect" },
  { id: "compare.swap", title: compareText.swap, group, place: "compare" },
  { id: "compare.copy-over", title: compareText.copyOver, group, place: "compare" },
] as const satisfies readonly CommandDescription[];
