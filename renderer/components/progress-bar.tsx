// A thin bar: how much of a whole is there, or that it is not known yet.
import { clsx } from "clsx";
import type { Tone } from "./badge.tsx";

const fill: Readonly<Record<Tone, string>> = {
  neutral: "bg-line-strong",
  ok: "bg-ok",
  warn: "bg-warn",
  bad: "bg-bad",
  info: "bg-info",
  accent: "bg-accent",
};

export function ProgressBar({
  label,
  fraction,
  tone = "accent",
  className,
}: {
  /** What the bar is about, for screen readers. */
  readonly label: string;
  /** 0 to 1; undefined where the whole is not known. */
  readonly fraction: number | undefined;
  readonly tone?: Tone;
  readonly className?: string;
}) {
  const percent = fraction === undefined ? undefined : Math.floor(fraction * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === undefined ? {} : { "aria-valuenow": percent })}
      className={clsx("h-1.5 min-w-0 overflow-hidden rounded-full bg-line", className)}
    >
      {fraction === undefined ? (
        <div className={clsx("h-full w-1/3 animate-pulse rounded-full", fill[tone])} />
      ) : (
        <div className={clsx("h-full rounded-full", fill[tone])} style={{ width: `${fraction * 100}%` }} />
      )}
    </div>
  );
}
