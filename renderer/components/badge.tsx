// A small labelled mark, and a state said by icon, colour and text at once.
import { clsx } from "clsx";
import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CircleSlash,
  TriangleAlert,
} from "lucide-react";
import type { ComponentType, ReactNode } from "react";

export type Tone = "neutral" | "ok" | "warn" | "bad" | "info" | "accent";

const soft: Readonly<Record<Tone, string>> = {
  neutral: "bg-hover text-muted",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  info: "bg-info-soft text-info",
  accent: "bg-accent-soft text-accent-strong",
};
const toneText: Readonly<Record<Tone, string>> = {
  neutral: "text-muted",
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
  info: "text-info",
  accent: "text-accent",
};

export function Badge({
  tone = "neutral",
  children,
  className,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <span
      className={clsx(
        "inline-flex h-4.5 shrink-0 items-center gap-1 rounded-sm px-1.5 text-2xs font-medium",
        soft[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}

export type StatusKind = "ok" | "bad" | "warn" | "active" | "waiting" | "paused" | "off";

const kinds: Readonly<
  Record<
    StatusKind,
    {
      readonly icon: ComponentType<{ readonly className?: string; readonly "aria-hidden"?: boolean }>;
      readonly tone: Tone;
    }
  >
> = {
  ok: { icon: CircleCheck, tone: "ok" },
  bad: { icon: CircleAlert, tone: "bad" },
  warn: { icon: TriangleAlert, tone: "warn" },
  active: { icon: CircleDot, tone: "accent" },
  waiting: { icon: CircleDashed, tone: "neutral" },
  paused: { icon: CirclePause, tone: "warn" },
  off: { icon: CircleSlash, tone: "neutral" },
};

/** The icon of a state. `label` is read aloud; leave it out only where the same text stands beside it. */
export function StatusIcon({
  kind,
  label,
  className,
}: {
  readonly kind: StatusKind;
  readonly label?: string;
  readonly className?: string;
}) {
  const { icon: Icon, tone } = kinds[kind];
  return (
    <span
      className={clsx("inline-flex shrink-0", toneText[tone], className)}
      {...(label === undefined ? {} : { role: "img", "aria-label": label, title: label })}
    >
      <Icon aria-hidden className="size-3.5" />
    </span>
  );
}
