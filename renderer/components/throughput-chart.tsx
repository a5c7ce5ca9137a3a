// The throughput of a window of time as an area, drawn by uPlot; the same in words for those who do not see it.
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { axisTop, type Speeds, type SpeedWindow } from "../state/throughput.ts";

export interface SpeedSeries {
  /** Oldest first, evenly over the window; null is a gap. */
  readonly values: Speeds;
  /** A colour token of theme.css. */
  readonly color: "--color-accent" | "--color-muted";
  /** The main series is filled. */
  readonly filled: boolean;
}

/** What stands at the start and in the middle of the time axis. */
const timeWords: Readonly<Record<SpeedWindow, readonly [string, string]>> = {
  60: ["60 s", "30 s"],
  300: ["5 min", "2.5 min"],
  3600: ["1 h", "30 min"],
};
const axisFont = "11px system-ui, sans-serif";

/** A canvas does not understand `light-dark()`: the colour that the page computes from the token is asked for. */
function tokenColor(root: HTMLElement, token: string, alpha: number): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  root.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return alpha === 1 ? color : color.replace(/^rgb\(([^)]+)\)$/, `rgba($1, ${alpha})`);
}

/** The colours of the theme that holds: asking for one lays the page out, and a chart is drawn every second. */
class TokenColors {
  readonly #root: HTMLElement;
  readonly #known = new Map<string, string>();

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  of(token: string, alpha = 1): string {
    const key = `${token} ${alpha}`;
    const color = this.#known.get(key) ?? tokenColor(this.#root, token, alpha);
    this.#known.set(key, color);
    return color;
  }

  /** Another theme holds. */
  forget(): void {
    this.#known.clear();
  }
}

function makeChart(
  root: HTMLElement,
  colors: TokenColors,
  series: readonly SpeedSeries[],
  window: SpeedWindow,
  text: (bytesPerSecond: number) => string,
): uPlot {
  const line = (): string => colors.of("--color-line");
  const muted = (): string => colors.of("--color-muted");
  const options: uPlot.Options = {
    width: Math.max(1, root.clientWidth),
    height: Math.max(1, root.clientHeight),
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, range: () => [-window, 0] },
      y: { range: (_, __, max) => [0, axisTop(max ?? 0)] },
    },
    axes: [
      {
        size: 20,
        gap: 2,
        font: axisFont,
        stroke: muted,
        grid: { show: false },
        ticks: { show: false },
        splits: () => [-window, -window / 2, 0],
        values: () => [...timeWords[window], "now"],
      },
      {
        size: 66,
        gap: 4,
        font: axisFont,
        stroke: muted,
        grid: { stroke: line, width: 1 },
        ticks: { show: false },
        splits: (plot) => {
          const top = plot.scales.y?.max ?? 0;
          return [0, top / 2, top];
        },
        values: (_, splits) => splits.map((value) => (value === 0 ? "" : text(value))),
      },
    ],
    series: [
      {},
      ...series.map(({ color, filled }) => ({
        stroke: () => colors.of(color),
        width: filled ? 1.5 : 1,
        points: { show: false },
        spanGaps: false,
        ...(filled ? { fill: () => colors.of(color, 0.16) } : {}),
      })),
    ],
  };
  return new uPlot(options, dataOf(series, window), root);
}

function dataOf(series: readonly SpeedSeries[], window: SpeedWindow): uPlot.AlignedData {
  const length = series[0]?.values.length ?? 0;
  const step = window / Math.max(1, length - 1);
  const times = Array.from({ length }, (_, index) => (index - length + 1) * step);
  return [times, ...series.map(({ values }) => [...values])];
}

export function ThroughputChart({
  label,
  series,
  seconds,
  text,
}: {
  readonly label: string;
  readonly series: readonly SpeedSeries[];
  /** Of the whole window. */
  readonly seconds: SpeedWindow;
  /** A speed as this person wants to read it. */
  readonly text: (bytesPerSecond: number) => string;
}) {
  const root = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const newest = useRef(series);
  newest.current = series;
  const shape = series.map(({ color }) => color).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another window or number of lines needs another chart
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const colors = new TokenColors(element);
    const plot = makeChart(element, colors, newest.current, seconds, text);
    chart.current = plot;
    const resized = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientHeight > 0)
        plot.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    resized.observe(element);
    const redraw = (): void => {
      colors.forget();
      plot.redraw(false);
    };
    const themed = new MutationObserver(redraw);
    themed.observe(document.documentElement, { attributes: true });
    const system = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) =>
      matchMedia(query),
    );
    for (const query of system) query.addEventListener("change", redraw);
    return () => {
      resized.disconnect();
      themed.disconnect();
      for (const query of system) query.removeEventListener("change", redraw);
      plot.destroy();
      chart.current = undefined;
    };
  }, [shape, seconds, text]);

  useEffect(() => {
    if (!document.hidden) chart.current?.setData(dataOf(series, seconds));
  }, [series, seconds]);

  return <div ref={root} role="img" aria-label={label} className="min-h-0 min-w-0 flex-1 overflow-hidden" />;
}
