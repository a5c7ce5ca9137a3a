// The buttons of a report: keep it as a file, copy its summary, look at its log, run it again.
import { ClipboardList, Download, RotateCcw, ScrollText } from "lucide-react";
import type { Run } from "../../../shared/run.ts";
import { Button } from "../../components/button.tsx";
import { Menu } from "../../components/menu.tsx";
import { useBytes } from "../../state/formats.ts";
import { copyText } from "../../state/history.ts";
import { closeDrawer, openDrawer } from "../../state/navigation.ts";
import { planAgain } from "../../state/plan.ts";
import { historyText, reportText, summaryText } from "../../text/history.ts";
import { ruleText } from "../../text/rules.ts";
import { exportItems } from "./history-actions.tsx";

const icon = "size-3.5";

export function ReportActions({ run }: { readonly run: Run }) {
  const bytes = useBytes();
  return (
    <div className="flex items-center gap-2">
      <Button
        size="small"
        variant="quiet"
        icon={<ScrollText aria-hidden className={icon} />}
        onClick={() => openDrawer({ kind: "log", runId: run.id })}
      >
        {reportText.log}
      </Button>
      <Button
        size="small"
        variant="quiet"
        icon={<ClipboardList aria-hidden className={icon} />}
        onClick={() =>
          void copyText(summaryText(run, { bytes, what: ruleText(run.spec) }), reportText.summaryCopied)
        }
      >
        {reportText.copySummary}
      </Button>
      <Button
        size="small"
        icon={<RotateCcw aria-hidden className={icon} />}
        onClick={() => {
          closeDrawer();
          void planAgain(run);
        }}
      >
        {reportText.runAgain}
      </Button>
      <Menu
        trigger={
          <Button size="small" icon={<Download aria-hidden className={icon} />}>
            {historyText.exportMenu}
          </Button>
        }
        groups={[exportItems(run)]}
      />
    </div>
  );
}
