// The cells that rows of the transfers tree are made of, in the tree's columns.
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import type { Run } from "../../../shared/run.ts";
import { StatusIcon, type StatusKind, type Tone } from "../../components/badge.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { percentText, triesText } from "../../text/transfers.ts";
import type { Failure } from "./failure.ts";
import { FailureCell } from "./failure-cell.tsx";
import type { RowNumbers } from "./row-numbers.ts";

/**
 * The tree's columns, also of its head: fixed widths, so that nothing jumps when numbers change. Where the tree is
 * narrow the names have the room of the last two numbers, which then stand in the tooltip of the bytes.
 */
export const treeColumns =
  "grid min-w-224 grid-cols-[minmax(12rem,1fr)_6.5rem_5.5rem_7.75rem_4.75rem_5.5rem_3.5rem_2rem_3.25rem] items-center gap-x-2 px-2 " +
  "@max-5xl:min-w-210 @max-5xl:grid-cols-[minmax(17rem,1fr)_6.5rem_5.5rem_7.75rem_4.75rem_5.5rem_3.25rem]";
/** Of the columns that are left out where the tree is narrow. */
export const wideOnly = "@max-5xl:hidden";
/** From the progress to the tries, or from the bytes on. */
export const restOfRow = "col-span-6 @max-5xl:col-span-4";
/** Where it is narrow a trouble takes the progress's place as well, which is in its tooltip then. */
const troubleSpan = "col-span-5 @max-5xl:col-span-4";

export function Cell({
  children,
  className = "",
  span = false,
  title,
}: {
  readonly children?: ReactNode;
  readonly className?: string;
  /** Takes all columns. */
  readonly span?: boolean;
  readonly title?: string | undefined;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a cell of a virtual tree
    // biome-ignore lint/a11y/useFocusableInteractive: the row has the focus
    <span role="gridcell" title={title} className={`${span ? "col-span-full " : "min-w-0 "}${className}`}>
      {children}
    </span>
  );
}

export function Chevron({
  id,
  expanded,
  onToggle,
}: {
  readonly id: string;
  /** Undefined where nothing is below. */
  readonly expanded: boolean | undefined;
  readonly onToggle: (id: string, expanded: boolean) => void;
}) {
  if (expanded === undefined) return <span className="w-5 shrink-0" />;
  return (
    // The row itself says that it is expanded and is toggled by key; this is for the mouse.
    <button
      type="button"
      tabIndex={-1}
      aria-hidden
      onClick={() => onToggle(id, !expanded)}
      className="flex size-5 shrink-0 items-center justify-center rounded-sm text-muted hover:text-text"
    >
      {/* Of this row: one that takes its place must not be seen turning. */}
      <ChevronRight
        key={id}
        className={`size-3.5 transition-transform duration-100 ${expanded ? "rotate-90" : ""}`}
      />
    </button>
  );
}

export function StateCell({
  kind,
  text,
  title = text,
}: {
  readonly kind: StatusKind;
  readonly text: string;
  /** The whole of it, where the text says it in a word. */
  readonly title?: string;
}) {
  return (
    <Cell className="flex items-center gap-1.5" title={title}>
      <StatusIcon kind={kind} />
      <span className="truncate text-xs">{text}</span>
    </Cell>
  );
}

/** What was not sent, and how it came that it need not be. */
export interface Savings {
  readonly text: string;
  readonly title: string;
}

export function NumberCells({
  label,
  numbers,
  tone,
  tries,
  savings,
  trouble,
}: {
  readonly label: string;
  readonly numbers: RowNumbers;
  readonly tone: Tone;
  readonly tries: number;
  readonly savings?: Savings;
  /** Said in the place of bytes, speed and time, which do not change while it lasts. */
  readonly trouble?: string | undefined;
}) {
  const small = "text-right text-xs text-muted truncate";
  return (
    <>
      <Cell className={`flex items-center gap-2 ${trouble === undefined ? "" : wideOnly}`}>
        <ProgressBar label={label} fraction={numbers.fraction ?? 0} tone={tone} className="flex-1" />
        <span className="w-9 text-right text-xs whitespace-nowrap">{percentText(numbers.fraction)}</span>
      </Cell>
      {trouble === undefined ? (
        <>
          <Cell className={small} title={bytesTitle(numbers.exact, savings, tries)}>
            {numbers.bytes}
          </Cell>
          <Cell className={small}>{numbers.speed}</Cell>
          <Cell className={small}>{numbers.left}</Cell>
          <Cell className={`${small} ${wideOnly}`} title={savings?.title}>
            {savings?.text}
          </Cell>
          <Cell className={`${small} ${wideOnly}`}>{tries > 1 ? tries : ""}</Cell>
        </>
      ) : (
        <Cell
          className={`${troubleSpan} truncate text-xs text-warn`}
          title={[percentText(numbers.fraction), trouble].filter((line) => line !== "").join("\n")}
        >
          {trouble}
        </Cell>
      )}
    </>
  );
}

function bytesTitle(exact: string, savings: Savings | undefined, tries: number): string {
  const more = [savings?.title ?? "", tries > 1 ? triesText(tries) : ""];
  return [exact, ...more].filter((line) => line !== "").join("\n");
}

export function FailureCells({
  run,
  failure,
  focused,
}: {
  readonly run: Run;
  readonly failure: Failure;
  readonly focused: boolean;
}) {
  return (
    <Cell className={restOfRow}>
      <FailureCell run={run} failure={failure} tabIndex={focused ? 0 : -1} />
    </Cell>
  );
}
