// What can be done with a run that ended: one list for its menus.
import {
  FileJson,
  FileSpreadsheet,
  FileText,
  GitCompareArrows,
  RotateCcw,
  ScrollText,
  Terminal,
  Trash2,
} from "lucide-react";
import type { Run } from "../../../shared/run.ts";
import type { MenuGroups, MenuItem } from "../../components/menu.tsx";
import { copyRunCommand, exportReport, removeRunLater } from "../../state/history.ts";
import { openDrawer } from "../../state/navigation.ts";
import { planAgain } from "../../state/plan.ts";
import { historyText } from "../../text/history.ts";

const icon = "size-3.5";

export function exportItems(run: Run): readonly MenuItem[] {
  const { json, csv, html } = historyText.export;
  return [
    {
      id: "json",
      label: json,
      icon: <FileJson aria-hidden className={icon} />,
      onSelect: () => void exportReport(run, "json"),
    },
    {
      id: "csv",
      label: csv,
      icon: <FileSpreadsheet aria-hidden className={icon} />,
      onSelect: () => void exportReport(run, "csv"),
    },
    {
      id: "html",
      label: html,
      icon: <FileText aria-hidden className={icon} />,
      onSelect: () => void exportReport(run, "html"),
    },
  ];
}

export function runMenu(run: Run, onChanges: (run: Run) => void): MenuGroups {
  return [
    [
      {
        id: "report",
        label: historyText.openReport,
        icon: <ScrollText aria-hidden className={icon} />,
        shortcut: "Enter",
        onSelect: () => openDrawer({ kind: "report", runId: run.id }),
      },
      {
        id: "again",
        label: historyText.runAgain,
        icon: <RotateCcw aria-hidden className={icon} />,
        onSelect: () => void planAgain(run),
      },
      {
        id: "changes",
        label: historyText.whatChanged,
        icon: <GitCompareArrows aria-hidden className={icon} />,
        onSelect: () => onChanges(run),
      },
    ],
    exportItems(run),
    [
      {
        id: "command",
        label: historyText.copyCommand,
        icon: <Terminal aria-hidden className={icon} />,
        onSelect: () => void copyRunCommand(run),
      },
      {
        id: "log",
        label: historyText.log,
        icon: <FileText aria-hidden className={icon} />,
        onSelect: () => openDrawer({ kind: "log", runId: run.id }),
      },
    ],
    [
      {
        id: "remove",
        label: historyText.remove,
        icon: <Trash2 aria-hidden className={icon} />,
        shortcut: "Del",
        danger: true,
        onSelect: () => removeRunLater(run),
      },
    ],
  ];
}

/** For several that are selected. */
export function manyRunsMenu(count: number, onRemove: () => void): MenuGroups {
  return [
    [
      {
        id: "remove",
        label: historyText.removeMany(count),
        icon: <Trash2 aria-hidden className={icon} />,
        shortcut: "Del",
        danger: true,
        onSelect: onRemove,
      },
    ],
  ];
}
