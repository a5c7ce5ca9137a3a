// What can be done with a saved job: one list for its menu and its row.
import {
  CalendarClock,
  Copy,
  Download,
  History,
  Pencil,
  Play,
  Terminal,
  TextCursorInput,
  Trash2,
} from "lucide-react";
import type { SavedJob } from "../../../shared/job.ts";
import type { MenuGroups } from "../../components/menu.tsx";
import { duplicateJob, exportJobs, runJob } from "../../state/jobs.ts";
import { showScreen } from "../../state/navigation.ts";
import { copyOwnCommand, jobCommand } from "../../state/own-commands.ts";
import { commandsText } from "../../text/commands.ts";
import { jobsText } from "../../text/jobs.ts";
import type { AskAbout } from "./job-dialogs.tsx";

const icon = "size-3.5";

export function jobMenu(job: SavedJob, onAsk: (about: AskAbout) => void): MenuGroups {
  return [
    [
      {
        id: "run",
        label: jobsText.runNow,
        icon: <Play aria-hidden className={icon} />,
        onSelect: () => void runJob(job),
      },
      {
        id: "history",
        label: jobsText.history,
        icon: <History aria-hidden className={icon} />,
        onSelect: () => showScreen("history", { jobId: job.id }),
      },
    ],
    [
      {
        id: "edit",
        label: jobsText.edit,
        icon: <Pencil aria-hidden className={icon} />,
        shortcut: "Enter",
        onSelect: () => onAsk({ kind: "edit", job }),
      },
      {
        id: "schedule",
        label: jobsText.schedule,
        icon: <CalendarClock aria-hidden className={icon} />,
        onSelect: () => onAsk({ kind: "schedule", job }),
      },
      {
        id: "rename",
        label: jobsText.rename,
        icon: <TextCursorInput aria-hidden className={icon} />,
        shortcut: "F2",
        onSelect: () => onAsk({ kind: "rename", job }),
      },
      {
        id: "duplicate",
        label: jobsText.duplicate,
        icon: <Copy aria-hidden className={icon} />,
        onSelect: () => void duplicateJob(job),
      },
      {
        id: "export",
        label: jobsText.export,
        icon: <Download aria-hidden className={icon} />,
        onSelect: () => void exportJobs([job]),
      },
      {
        id: "command",
        label: commandsText.copyAsCommand,
        icon: <Terminal aria-hidden className={icon} />,
        onSelect: () => void copyOwnCommand(() => jobCommand(job)),
      },
    ],
    [
      {
        id: "remove",
        label: jobsText.remove,
        icon: <Trash2 aria-hidden className={icon} />,
        shortcut: "Del",
        danger: true,
        onSelect: () => onAsk({ kind: "remove", job }),
      },
    ],
  ];
}
