// The Report drawer: a run with the digests of both sides.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { toFreightlinerError } from "../../../shared/errors.ts";
import type { Run } from "../../../shared/run.ts";
import { call } from "../../api/client.ts";
import { useCommands } from "../../commands/registry.ts";
import { StatusIcon } from "../../components/badge.tsx";
import { Bytes } from "../../components/bytes.tsx";
import { Drawer } from "../../components/drawer.tsx";
import { ErrorState, LoadingRows } from "../../components/states.tsx";
import { When } from "../../components/when.tsx";
import { exportReport } from "../../state/history.ts";
import { closeDrawer, useNavigation } from "../../state/navigation.ts";
import { useRuns } from "../../state/runs.ts";
import { commonText } from "../../text/common.ts";
import { historyText, reportText, runStateWord, savedBytes, tookText } from "../../text/history.ts";
import { ruleText } from "../../text/rules.ts";
import { runName } from "../../text/transfers.ts";
import { ReportActions } from "./report-actions.tsx";
import { ReportImages } from "./report-images.tsx";
import { runKind } from "./run-kind.ts";

export function ReportDrawer() {
  const drawer = useNavigation((state) => state.drawer);
  const runId = drawer?.kind === "report" ? drawer.runId : undefined;
  // What was shown stays while the drawer slides away.
  const last = useRef<string>(undefined);
  if (runId !== undefined) last.current = runId;
  const shown = runId ?? last.current;
  const live = useRuns((state) => state.runs.find(({ id }) => id === shown));
  const query = useQuery({
    queryKey: ["runs.get", shown],
    queryFn: ({ signal }) => call("runs.get", { runId: shown ?? "" }, signal),
    enabled: shown !== undefined,
  });
  const run = live ?? query.data;
  // A run that goes on while its report is open: what it adds up to is read again when it changes its state.
  const state = live?.state;
  const { refetch } = query;
  useEffect(() => {
    if (state !== undefined) void refetch();
  }, [state, refetch]);
  const open = runId !== undefined;
  useCommands(
    () =>
      open && run !== undefined
        ? {
            "report.json": { run: () => void exportReport(run, "json") },
            "report.csv": { run: () => void exportReport(run, "csv") },
            "report.html": { run: () => void exportReport(run, "html") },
          }
        : {},
    [open, run],
  );
  if (shown === undefined) return null;
  return (
    <Drawer
      open={open}
      onOpenChange={(next) => !next && closeDrawer()}
      width="wide"
      title={run === undefined ? reportText.title : runName(run)}
      description={run === undefined ? reportText.title : ruleText(run.spec)}
      actions={run === undefined ? undefined : <ReportActions run={run} />}
    >
      {run !== undefined ? (
        <div key={run.id} className="flex min-h-0 flex-1 flex-col gap-4">
          <Totals run={run} />
          <ReportImages run={run} />
        </div>
      ) : query.isError ? (
        <ErrorState
          error={toFreightlinerError(query.error, "runs.get")}
          action={{ label: commonText.retry, onSelect: () => void query.refetch() }}
        />
      ) : (
        <LoadingRows label={reportText.loading} />
      )}
    </Drawer>
  );
}

function Totals({ run }: { readonly run: Run }) {
  const { facts } = reportText;
  const { tallies } = run;
  return (
    <div className="flex shrink-0 flex-col gap-2">
      <dl className="flex flex-wrap gap-x-8 gap-y-2 text-sm">
        <Fact name={facts.state}>
          <span className="flex items-center gap-1.5">
            <StatusIcon kind={runKind(run).kind} />
            {runStateWord(run)}
          </span>
        </Fact>
        <Fact name={facts.started}>{run.startedAt === null ? "–" : <When at={run.startedAt} />}</Fact>
        <Fact name={facts.took}>{tookText(run)}</Fact>
        <Fact name={facts.images}>{historyText.imagesTitle(tallies)}</Fact>
        <Fact name={facts.moved}>
          <Bytes value={tallies.bytesTransferred} />
        </Fact>
        <Fact name={facts.saved}>
          <Bytes value={savedBytes(run)} />
        </Fact>
      </dl>
      {run.error !== null && (
        <p data-selectable role="alert" className="text-xs text-bad">
          {run.error.message}
        </p>
      )}
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-2xs text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
