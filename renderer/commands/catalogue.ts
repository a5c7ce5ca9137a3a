// Every command of the window, in the order in which the palette, the shortcut sheet and Settings list them.
import { historyCommands } from "../screens/history/history-catalogue.ts";
import { inspectCommands } from "../screens/inspect/inspect-catalogue.ts";
import { jobCommands } from "../screens/jobs/job-catalogue.ts";
import { planCommands } from "../screens/plan/plan-catalogue.ts";
import { registryCommands } from "../screens/registries/registry-catalogue.ts";
import { secretCommands } from "../screens/settings/secret-catalogue.ts";
import { paneCommands } from "../screens/transfer/pane-catalogue.ts";
import { transferCommands } from "../screens/transfers/transfer-catalogue.ts";
import type { CommandDescription } from "./description.ts";
import { windowCommands } from "./window-catalogue.ts";

const all = [
  ...windowCommands,
  ...paneCommands,
  ...planCommands,
  ...inspectCommands,
  ...transferCommands,
  ...jobCommands,
  ...historyCommands,
  ...registryCommands,
  ...secretCommands,
] as const;

export type CommandId = (typeof all)[number]["id"];

export const catalogue: readonly CommandDescription[] = all;
