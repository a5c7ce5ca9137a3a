// The chart of the speed: all transfers, or the chosen one before all, over a window of time, with its numbers in words.
import { useEffect, useState } from "react";
import { progressKey } from "../../../shared/contract.ts";
import type { Run } from "../../../shared/run.ts";
import { Segmented } from "../../components/segmented.tsx";
import { type SpeedSeries, ThroughputChart } from "../../components/throughput-chart.tsx";
import { useSpeed } from "../../state/formats.ts";
import { loadSpeeds, onSample, samplesOf } from "../../state/speed-samples.ts";
import {
  type SpeedSummary,
  type Speeds,
  type SpeedWindow,
  speedWindows,
  summarise,
  thinned,
} from "../../state/throughput.ts";
import { runName, transfersText } from "../../text/transfers.ts";

const words = transfersText.chart;

interface Sight {
  readonly series: readonly SpeedSeries[];
  readonly summary: SpeedSummary;
}

function look(runId: string | undefined, seconds: SpeedWindow): Sight {
  const of = (key: string): Speeds => samplesOf(key, seconds);
  const all = of(progressKey.total);
  if (runId === undefined)
    return {
      series: [{ values: thinned(all), color: "--color-accent", filled: true }],
      summary: summarise(all),
    };
  const own = of(progressKey.run(runId));
  return {
    series: [
      { values: thinned(all), color: "--color-muted", filled: false },
      { values: thinned(own), color: "--color-accent", filled: true },
    ],
    summary: summarise(own),
  };
}

/** @param run the chosen one; undefined shows all together. */
export function SpeedView({
  run,
  withWindows = false,
}: {
  readonly run: Run | undefined;
  /** Lets the window of time be chosen; else it is the last minute. */
  readonly withWindows?: boolean;
}) {
  const runId = run?.id;
  const [seconds, setSeconds] = useState<SpeedWindow>(60);
  const [sight, setSight] = useState(() => look(runId, seconds));
  useEffect(() => {
    const take = (): void => setSight(look(runId, seconds));
    take();
    const read = (): void => {
      if (document.hidden) return;
      void loadSpeeds(undefined);
      if (runId !== undefined) void loadSpeeds(runId);
    };
    const stop = onSample(take);
    read();
    document.addEventListener("visibilitychange", read);
    return () => {
      stop();
      document.removeEventListener("visibilitychange", read);
    };
  }, [runId, seconds]);

  const speed = useSpeed();
  const { series, summary } = sight;
  const name = run === undefined ? words.all : runName(run);
  return (
    <section aria-label={words.title} className="flex h-full min-h-0 min-w-0 flex-col">
      {withWindows && (
        <div className="flex items-center justify-between pb-1">
          <h3 className="text-xs font-medium">{words.title}</h3>
          <Segmented
            label={words.window}
            value={String(seconds)}
            options={speedWindows.map((window) => ({ value: String(window), label: words.windows[window] }))}
            onValueChange={(value) =>
              setSeconds(speedWindows.find((window) => String(window) === value) ?? 60)
            }
          />
        </div>
      )}
      <ThroughputChart
        label={`${words.title}, ${words.last[seconds]}. ${name}: ${summaryText(summary, speed)}`}
        series={series}
        seconds={seconds}
        text={speed}
      />
      <div className="flex flex-col gap-0.5 pt-1 text-2xs text-muted">
        <div className="flex items-center gap-1.5">
          <span aria-hidden className="size-2 shrink-0 rounded-sm bg-accent" />
          <span title={name} className="min-w-0 truncate font-medium text-text">
            {name}
          </span>
          {run !== undefined && (
            <>
              <span aria-hidden className="ml-2 h-0.5 w-3 shrink-0 bg-muted" />
              <span className="shrink-0">{words.all}</span>
            </>
          )}
        </div>
        {summary.idle ? <div className="h-8">{words.idle}</div> : <Figures speeds={summary} />}
      </div>
    </section>
  );
}

function Figures({ speeds }: { readonly speeds: SpeedSummary }) {
  const speed = useSpeed();
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
          <dd className="truncate text-xs leading-4 text-text">{speed(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function summaryText(
  { now, average, peak, idle }: SpeedSummary,
  speed: (bytesPerSecond: number) => string,
): string {
  if (idle) return words.idle;
  return `${words.now} ${speed(now)} · ${words.average} ${speed(average)} · ${words.peak} ${speed(peak)}`;
}
