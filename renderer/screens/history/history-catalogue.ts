// The commands of History and of an open report, as they are known from the start.
import type { CommandDescription } from "../../commands/description.ts";
import { historyText } from "../../text/history.ts";

const { group } = historyText;

export const historyCommands = [
  { id: "history.clear", title: historyText.clearTitle, group, place: "history" },
  ...(["json", "csv", "html"] as const).map((format) => ({
    id: `report.${format}` as const,
    title: historyText.export[format],
    group,
    place: "report" as const,
  })),
] as const satisfies readonly CommandDescription[];
