// One row of the transfers tree: a run, an image or a blob, or the place of one that is on its way.
import { ChevronRight, ShieldCheck } from "lucide-react";
import { memo, type ReactNode } from "react";
import { progressKey } from "../../../shared/contract.ts";
import { shortDigest } from "../../../shared/digest.ts";
import type { Run, RunBlob, RunImage } from "../../../shared/run.ts";
import { StatusIcon, type StatusKind, type Tone } from "../../components/badge.tsx";
import { Button, IconButton } from "../../components/button.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useProgress } from "../../state/progress.ts";
import { useStandstill } from "../../state/retries.ts";
import { explainError } from "../../text/errors.ts";
import {
  blobKindText,
  blobStateText,
  countText,
  failedText,
  imageStateText,
  imagesText,
  percentText,
  resultText,
  runName,
  runStateText,
  runStateTitle,
  transfersText,
} from "../../text/transfers.ts";
import { endsText } from "../plan/plan-sums.ts";
import { type Failure, imageFailure, runFailure, troubleText } from "./failure.ts";
import { FailureCell } from "./failure-cell.tsx";
import { blobNumbers, imageNumbers, type RowNumbers, runNumbers } from "./row-numbers.ts";
import { buttonActions, commandRun } from "./run-actions.tsx";
import type { TransferRow } from "./run-rows.ts";
import { blobStatus, imageStatus, runStatus } from "./statuses.ts";

/** The tree's columns, also of its head: fixed widths, so that nothing jumps when numbers change. */
export const treeColumns =
  "grid grid-cols-[minmax(14rem,1fr)_7rem_6.5rem_7.25rem_5.25rem_5.5rem_2rem_3.25rem] items-center gap-x-2";

export interface RowHandlers {
  readonly onFocus: (id: string) => void;
  readonly onToggle: (id: string, expanded: boolean) => void;
  readonly onRemove: (run: Run) => void;
}

interface RowProps extends RowHandlers {
  readonly row: TransferRow;
  readonly index: number;
  readonly top: number;
  readonly focused: boolean;
}

export const TransferRowView = memo(function TransferRowView(props: RowProps) {
  const { row, index, top, focused } = props;
  const expanded = row.kind === "run" || (row.kind === "image" && row.expandable) ? row.expanded : undefined;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of a virtual tree
    <div
      role="row"
      aria-level={row.level}
      aria-posinset={row.posInSet}
      aria-setsize={row.setSize}
      aria-rowindex={index + 2}
      aria-selected={focused}
      {...(expanded === undefined ? {} : { "aria-expanded": expanded })}
      data-index={index}
      data-row={row.id}
      tabIndex={focused ? 0 : -1}
      onFocus={() => props.onFocus(row.id)}
      onDoubleClick={({ target, currentTarget }) => {
        if (expanded === undefined || !(target instanceof Node) || !currentTarget.contains(target)) return;
        if (!(target instanceof Element && target.closest("button") !== null))
          props.onToggle(row.id, !expanded);
      }}
      className={`${treeColumns} absolute inset-x-0 h-(--row) px-2 text-sm -outline-offset-2 hover:bg-hover aria-selected:bg-accent-soft`}
      style={{ top }}
    >
      <Cells {...props} expanded={expanded} />
    </div>
  );
});

function Cells(props: RowProps & { readonly expanded: boolean | undefined }): ReactNode {
  const { row } = props;
  switch (row.kind) {
    case "run":
      return <RunCells {...props} run={row.run} />;
    case "image":
      return <ImageCells {...props} run={row.run} image={row.image} />;
    case "blob":
      return <BlobCells run={row.run} blob={row.blob} />;
    case "hole":
    case "loading":
      return (
        <Cell span className="pl-11 text-xs text-muted">
          {transfersText.loading}
        </Cell>
      );
    case "error":
      return (
        <Cell span className="truncate pl-11 text-xs text-bad" title={row.error.message}>
          {explainError(row.error).sentence}
        </Cell>
      );
  }
}

function Cell({
  children,
  className = "",
  span = false,
  title,
}: {
  readonly children?: ReactNode;
  readonly className?: string;
  /** Takes all columns. */
  readonly span?: boolean;
  readonly title?: string;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a cell of a virtual tree
    // biome-ignore lint/a11y/useFocusableInteractive: the row has the focus
    <span role="gridcell" title={title} className={`${span ? "col-span-8 " : "min-w-0 "}${className}`}>
      {children}
    </span>
  );
}

function Chevron({
  id,
  expanded,
  onToggle,
}: { readonly id: string; readonly expanded: boolean | undefined } & Pick<RowHandlers, "onToggle">) {
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
      <ChevronRight className={`size-3.5 transition-transform duration-100 ${expanded ? "rotate-90" : ""}`} />
    </button>
  );
}

function StateCell({
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

function NumberCells({
  label,
  numbers,
  tone,
  tries,
  trouble,
}: {
  /** Said in the place of bytes, speed and time, which do not change while it lasts. */
  readonly trouble?: string | undefined;
  readonly label: string;
  readonly numbers: RowNumbers;
  readonly tone: Tone;
  readonly tries: number;
}) {
  const small = "text-right text-xs text-muted truncate";
  return (
    <>
      <Cell className="flex items-center gap-2">
        <ProgressBar label={label} fraction={numbers.fraction ?? 0} tone={tone} className="flex-1" />
        <span className="w-9 text-right text-xs whitespace-nowrap">{percentText(numbers.fraction)}</span>
      </Cell>
      {trouble === undefined ? (
        <>
          <Cell className={small}>{numbers.bytes}</Cell>
          <Cell className={small}>{numbers.speed}</Cell>
          <Cell className={small}>{numbers.left}</Cell>
          <Cell className={small}>{tries > 1 ? tries : ""}</Cell>
        </>
      ) : (
        <Cell className="col-span-4 truncate text-xs text-warn" title={trouble}>
          {trouble}
        </Cell>
      )}
    </>
  );
}

function FailureCells({
  run,
  failure,
  focused,
}: {
  readonly run: Run;
  readonly failure: Failure;
  readonly focused: boolean;
}) {
  return (
    <Cell className="col-span-5">
      <FailureCell run={run} failure={failure} tabIndex={focused ? 0 : -1} />
    </Cell>
  );
}

function RunCells({
  run,
  row,
  expanded,
  focused,
  onToggle,
  onRemove,
}: RowProps & { readonly run: Run; readonly expanded: boolean | undefined }) {
  const progress = useProgress(progressKey.run(run.id));
  const standstill = useStandstill(run);
  const status = standstill === undefined ? runStatus(run) : ({ kind: "warn", tone: "warn" } as const);
  const state = standstill === undefined ? runStateText(run) : transfersText.tryingAgain;
  const failure = runFailure(run);
  const name = runName(run);
  return (
    <>
      <Cell className="flex items-center gap-1" title={`${name}, ${imagesText(run)}`}>
        <Chevron id={row.id} expanded={expanded} onToggle={onToggle} />
        <span className="min-w-0 truncate font-medium">{name}</span>
        <span className="ml-1.5 shrink-0 text-xs text-muted">
          {countText(run)}
          <span className="hidden-text"> images</span>
        </span>
      </Cell>
      <StateCell kind={status.kind} text={state} title={runStateTitle(run)} />
      {failure !== undefined ? (
        <FailureCells run={run} failure={failure} focused={focused} />
      ) : run.state === "failed" ? (
        <Cell className="col-span-5 flex items-center gap-2 text-xs">
          <span className="truncate text-bad">{failedText(run)}</span>
          <Button
            size="small"
            tabIndex={focused ? 0 : -1}
            onClick={() => void commandRun("runs.retryFailed", run.id, transfersText.retryFailed)}
          >
            {transfersText.retryFailed}
          </Button>
        </Cell>
      ) : run.state === "succeeded" ? (
        <Cell className="col-span-5 truncate text-xs text-muted">{resultText(run)}</Cell>
      ) : (
        <NumberCells
          label={name}
          numbers={runNumbers(run, progress)}
          tone={status.tone}
          tries={0}
          trouble={standstill === undefined ? undefined : troubleText(run, standstill)}
        />
      )}
      <Cell className="flex justify-end">
        {buttonActions(run, onRemove).map((action) => (
          <IconButton
            key={action.id}
            label={action.label}
            icon={action.icon}
            tabIndex={focused ? 0 : -1}
            onClick={action.onSelect}
          />
        ))}
      </Cell>
    </>
  );
}

function ImageCells({
  run,
  image,
  row,
  expanded,
  focused,
  onToggle,
}: RowProps & { readonly run: Run; readonly image: RunImage; readonly expanded: boolean | undefined }) {
  const progress = useProgress(progressKey.image(run.id, image.id));
  const status = imageStatus(image);
  const failure = imageFailure(run, image);
  const title = endsText(image);
  return (
    <>
      <Cell className="flex items-center gap-1 pl-5" title={title}>
        <Chevron id={row.id} expanded={expanded} onToggle={onToggle} />
        <span className="truncate font-mono text-xs">{title}</span>
        {image.verified && (
          <span
            role="img"
            aria-label={transfersText.verified}
            title={transfersText.verified}
            className="ml-1 shrink-0 text-ok"
          >
            <ShieldCheck aria-hidden className="size-3.5" />
          </span>
        )}
      </Cell>
      <StateCell kind={status.kind} text={imageStateText(image)} />
      {failure !== undefined ? (
        <FailureCells run={run} failure={failure} focused={focused} />
      ) : image.state === "skipped" ? (
        <Cell className="col-span-5 truncate text-xs text-muted" title={image.reason}>
          {image.reason}
        </Cell>
      ) : (
        <NumberCells
          label={title}
          numbers={imageNumbers(image, progress)}
          tone={status.tone}
          tries={image.attempts}
        />
      )}
    </>
  );
}

function BlobCells({ run, blob }: { readonly run: Run; readonly blob: RunBlob }) {
  const progress = useProgress(progressKey.blob(run.id, blob.repository, blob.digest));
  const numbers = blobNumbers(blob, progress);
  const moving = progress !== undefined && blob.state === "waiting";
  const status = blobStatus(moving ? { ...blob, state: "transferring" } : blob);
  const text = blobStateText(moving ? { ...blob, state: "transferring" } : blob);
  const short = shortDigest(blob.digest);
  return (
    <>
      <Cell className="flex items-center gap-2 pl-16" title={`${blob.digest}\n${blob.mediaType}`}>
        <span className="shrink-0 font-mono text-xs">{short}</span>
        <span className="truncate text-2xs text-muted">{blobKindText(blob.mediaType)}</span>
      </Cell>
      <StateCell kind={status.kind} text={text} />
      <NumberCells label={short} numbers={numbers} tone={status.tone} tries={0} />
    </>
  );
}
