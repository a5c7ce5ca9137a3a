// Which ends of runs are told by the operating system, and in which words: the rules of the setting `notifications`.
import type { Run, RunState } from "./run.ts";
import type { SettingValue } from "./settings.ts";
import { formatDuration } from "./units.ts";

export type NoticeKind = "succeeded" | "failed" | "signInNeeded";
export type NoticeRules = SettingValue<"notifications">;

export interface RunNotice {
  readonly kind: NoticeKind;
  readonly run: Run;
}

/** What is shown: one of a kind, however many runs it is about. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly title: string;
  readonly text: string;
  /** Newest last; a click on the notice goes there. */
  readonly runIds: readonly string[];
}

/**
 * Whether the change of a run is told. `before` is the state that was known, undefined at the first sight of a run:
 * what had ended before the window came is no news.
 */
export function noticeOf(
  before: RunState | undefined,
  run: Run,
  rules: NoticeRules,
  focused: boolean,
): RunNotice | undefined {
  if (before === undefined || before === run.state || (focused && rules.quietWhileFocused)) return undefined;
  const kind = kindOf(run);
  if (kind === undefined || !rules[kind] || isTooShort(kind, run, rules)) return undefined;
  return { kind, run };
}

function kindOf(run: Run): NoticeKind | undefined {
  switch (run.state) {
    case "succeeded":
      return "succeeded";
    case "failed":
      // A plan that cannot be made is shown where the person planned it; a scheduled one has nobody watching.
      return run.startedAt === null && run.jobId === null ? undefined : "failed";
    case "paused":
      return run.stateReason === "sign-in-needed" || run.stateReason === "secrets-locked"
        ? "signInNeeded"
        : undefined;
    default:
      return undefined;
  }
}

/** Somebody who started a short run still looks at it. What a saved job could not do is told in any case. */
function isTooShort(kind: NoticeKind, run: Run, rules: NoticeRules): boolean {
  if (kind === "signInNeeded" || (kind === "failed" && run.jobId !== null)) return false;
  return lengthOf(run) < rules.shortest * 1000;
}

function lengthOf({ startedAt, finishedAt, tallies }: Run): number {
  return startedAt === null || finishedAt === null ? tallies.activeMs : finishedAt - startedAt;
}

/** One notice per kind: several that came together are one. What needs a person comes first. */
export function groupNotices(notices: readonly RunNotice[]): readonly Notice[] {
  return (["signInNeeded", "failed", "succeeded"] as const).flatMap((kind) => {
    const runs = notices.filter((notice) => notice.kind === kind).map(({ run }) => run);
    const [only] = runs;
    if (only === undefined) return [];
    const words = runs.length === 1 ? wordsOfOne(kind, only) : wordsOfMany(kind, runs);
    return [{ kind, ...words, runIds: runs.map(({ id }) => id) }];
  });
}

type Words = Pick<Notice, "title" | "text">;

function nameOf({ source, destination }: Run): string {
  return `${source.name} → ${destination.name}`;
}

function count(images: number): string {
  return `${images} ${images === 1 ? "image" : "images"}`;
}

function wordsOfOne(kind: NoticeKind, run: Run): Words {
  const { imagesSucceeded, imagesSkipped, imagesFailed } = run.tallies;
  const name = nameOf(run);
  switch (kind) {
    case "succeeded":
      return {
        title: "Transfer done",
        text: `${name}: ${count(imagesSucceeded + imagesSkipped)} in ${formatDuration(lengthOf(run))}`,
      };
    case "failed":
      return {
        title: "Transfer failed",
        text:
          imagesFailed > 0
            ? `${name}: ${count(imagesFailed)} could not be copied, ${count(imagesSucceeded + imagesSkipped)} done`
            : `${name}${run.error === null ? "" : `: ${run.error.message}`}`,
      };
    case "signInNeeded":
      return { title: "Sign-in needed", text: `${name} waits until somebody signs in.` };
  }
}

function wordsOfMany(kind: NoticeKind, runs: readonly Run[]): Words {
  const names = [...new Set(runs.map(nameOf))];
  const more = names.length > 3 ? `, and ${names.length - 3} more` : "";
  const text = `${names.slice(0, 3).join(", ")}${more}`;
  switch (kind) {
    case "succeeded":
      return { title: `${runs.length} transfers done`, text };
    case "failed":
      return { title: `${runs.length} transfers failed`, text };
    case "signInNeeded":
      return { title: `${runs.length} transfers need a sign-in`, text };
  }
}

/** Said when the last transfer has ended and the setting `afterQueue` asks for it. */
export const queueEndedNotice = {
  title: "All transfers have ended",
  text: "Nothing waits or runs any more.",
} as const;

/** True for what still waits or runs; paused ones wait for a person. */
export function isUnderWay(state: RunState): boolean {
  return state === "queued" || state === "running";
}
