// The commands of the Jobs screen, as they are known from the start.
import type { CommandDescription } from "../../commands/description.ts";
import { jobsText } from "../../text/jobs.ts";

const { group } = jobsText;

export const jobCommands = [
  { id: "jobs.import", title: jobsText.import, group, place: "jobs" },
  { id: "jobs.export", title: jobsText.export, group, place: "jobs", needs: jobsText.noneYet },
] as const satisfies readonly CommandDescription[];
