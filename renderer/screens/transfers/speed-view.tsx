// The chart beside the transfers: all of them, or the chosen one before all, with its numbers in words.
import { useEffect, useState } from "react";
import { progressKey } from "../../../shared/contract.ts";
import type { Run } from "../../../shared/run.ts";
import { formatSpeed } from "../../../shared/units.ts";
import { type SpeedSeries, ThroughputChart } from "../../components/throughput-chart.tsx";
import { onSample, samplesOf } from "../../state/speed-samples.ts";
import { type SpeedSummary, summarise } from "../../state/throughput.ts";
import { runName, transfersText } from "../../text/transfers.ts";

const words = transfersText.chart;

function seriesOf(runId: string | undefined): readonly SpeedSeries[] {
  const all = samplesOf(progressKey.total);
  if (runId === undefined) return [{ values: all, color: "--color-accent", filled: true }];
  return [
    { values: all, color: "--color-muted", filled: false },
    { values: samplesOf(progressKey.run(runId)), color: "--color-accent", filled: true },
  ];
}

/** @param run the chosen one; undefined shows all together. */
export function SpeedView({ run }: { readonly run: Run | undefined }) {
  const runId = run?.id;
  const [series, setSeries] = useState(() => seriesOf(runId));
  useEffect(() => {
    setSeries(seriesOf(runId));
    return onSample(() => setSeries(seriesOf(runId)));
  }, [runId]);

  const main = summarise(series.at(-1)?.values ?? []);
  const name = run === undefined ? words.all : runName(run);
  return (
    <section
      aria-label={words.title}
      className="hidden h-full w-60 shrink-0 flex-col border-l border-line bg-surface px-3 py-2 min-[1200px]:flex min-[1440px]:w-68"
    >
      <ThroughputChart
        label={`${words.title}, ${words.window}. ${name}: ${summaryText(main)}`}
        series={series}
      />
      <div className="flex flex-col gap-0.5 pt-1 text-2xs text-muted">
        <div className="flex items-center gap-1.5">
          <span aria-hidden className="size-2 shrink-0 rounded-sm bg-accent" />
          <span className="min-w-0 truncate font-medium text-text">{name}</span>
          {run !== undefined && (
            <>
              <span aria-hidden className="ml-2 h-0.5 w-3 shrink-0 bg-muted" />
              <span className="shrink-0">{words.all}</span>
            </>
          )}
        </div>
        {main.idle ? <div className="h-8">{words.idle}</div> : <Figures speeds={main} />}
      </div>
    </section>
  );
}

function Figures({ speeds }: { readonly speeds: SpeedSummary }) {
  const figures = [
    [words.now, speeds.now],
    [words.average, speeds.average],
    [words.peak, speeds.peak],
  ] as const;
  return (
    <dl className="grid h-8 grid-cols-3 gap-1">
      {figures.map(([label, value]) => (
        <div key={label} className="min-w-0">
          <dt className="leading-4">{label}</dt>
          <dd className="truncate text-xs leading-4 text-text">{formatSpeed(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function summaryText({ now, average, peak, idle }: SpeedSummary): string {
  if (idle) return words.idle;
  return `${words.now} ${formatSpeed(now)} · ${words.average} ${formatSpeed(average)} · ${words.peak} ${formatSpeed(peak)}`;
}
