// The commands of an open plan, as they are known from the start.
import type { CommandDescription } from "../../commands/description.ts";
import { planText } from "../../text/plan.ts";

const { group } = planText;

export const planCommands = [
  { id: "plan.start", title: planText.start, group, place: "plan", keys: "Mod+Enter" },
  { id: "plan.saveAsJob", title: planText.saveJob, group, place: "plan" },
  { id: "plan.copyCommand", title: planText.copyCommand, group, place: "plan" },
  { id: "plan.saveSyncFile", title: planText.syncFile, group, place: "plan" },
  { id: "plan.keep", title: planText.keep, group, place: "plan" },
  { id: "plan.cancel", title: planText.cancel, group, place: "plan" },
] as const satisfies readonly CommandDescription[];
