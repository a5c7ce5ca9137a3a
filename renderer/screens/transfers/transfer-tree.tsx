// Runs, images and blobs as one virtual tree with columns: fold, unfold and command by mouse or keyboard.
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useState } from "react";
import { isFinished, type Run } from "../../../shared/run.ts";
import { ContextMenu } from "../../components/context-menu.tsx";
import { moveByKey, useVirtualRows } from "../../components/virtual-rows.ts";
import { loadBlobs, loadImages, setExpanded, useRuns } from "../../state/runs.ts";
import { transfersText } from "../../text/transfers.ts";
import { runMenu } from "./run-actions.tsx";
import { buildRows, parentIndex, type TransferRow } from "./run-rows.ts";
import { TransferRowView, treeColumns } from "./transfer-row.tsx";

const blobRefreshMs = 1000;

export function TransferTree({
  runs,
  onRemove,
  onFocusedRun,
}: {
  readonly runs: readonly Run[];
  readonly onRemove: (run: Run) => void;
  readonly onFocusedRun: (runId: string) => void;
}) {
  const { images, blobs, expanded } = useRuns();
  const rows = useMemo(() => buildRows({ runs, images, blobs, expanded }), [runs, images, blobs, expanded]);
  const [focusId, setFocusId] = useState<string>();
  const focus = Math.max(
    0,
    rows.findIndex((row) => row.id === focusId),
  );
  const list = useVirtualRows({ count: rows.length, focus });
  const shown = list.items.flatMap((item) => rows[item.index] ?? []);
  useReading(shown);

  const onFocus = useCallback(
    (id: string) => {
      setFocusId(id);
      onFocusedRun(id.split("/")[0] ?? id);
    },
    [onFocusedRun],
  );
  const goTo = (index: number): void => {
    const row = rows[index];
    if (row === undefined) return;
    onFocus(row.id);
    list.wantFocus();
  };
  const keyDown = (event: KeyboardEvent<HTMLElement>): void => {
    // A row's dialog is its child in React, though not in the page.
    if (!isInside(event)) return;
    // Keys of a button inside a row are the button's own.
    if (event.target instanceof HTMLButtonElement && (event.key === "Enter" || event.key === " ")) return;
    const to = moveByKey(event.key, focus, rows.length, list.pageRows) ?? foldByKey(event.key, rows, focus);
    if (to === undefined) {
      const row = rows[focus];
      if (event.key === "Delete" && row?.kind === "run" && isFinished(row.run.state)) onRemove(row.run);
      return;
    }
    event.preventDefault();
    if (to !== focus) goTo(to);
  };
  const focusedRun = runOf(rows[focus]);
  const menu = (event: MouseEvent<HTMLElement>): void => {
    if (!isInside(event)) return;
    const id =
      event.target instanceof Element
        ? event.target.closest("[data-row]")?.getAttribute("data-row")
        : undefined;
    if (id !== null && id !== undefined) onFocus(id);
  };

  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <ContextMenu
        disabled={focusedRun === undefined}
        groups={focusedRun === undefined ? [] : runMenu(focusedRun, onRemove)}
        region={
          <div
            role="treegrid"
            aria-label={transfersText.tree}
            aria-rowcount={rows.length + 1}
            tabIndex={-1}
            onKeyDown={keyDown}
            onContextMenu={menu}
            ref={list.scroller}
            className="min-h-0 flex-1 overflow-auto"
          >
            <TreeHead />
            <div role="presentation" className="relative min-w-220" style={{ height: list.height }}>
              {list.items.map((item) => {
                const row = rows[item.index];
                return row === undefined ? null : (
                  <TransferRowView
                    key={row.id}
                    row={row}
                    index={item.index}
                    top={item.start}
                    focused={item.index === focus}
                    onFocus={onFocus}
                    onToggle={setExpanded}
                    onRemove={onRemove}
                  />
                );
              })}
            </div>
          </div>
        }
      />
    </div>
  );
}

function isInside(event: { readonly currentTarget: HTMLElement; readonly target: EventTarget }): boolean {
  return event.target instanceof Node && event.currentTarget.contains(event.target);
}

function runOf(row: TransferRow | undefined): Run | undefined {
  return row === undefined || row.kind === "loading" ? undefined : row.run;
}

/** Right unfolds or goes to the first child, left folds or goes to the parent, Enter and Space toggle. */
function foldByKey(key: string, rows: readonly TransferRow[], focus: number): number | undefined {
  const row = rows[focus];
  if (row === undefined) return undefined;
  const foldable = row.kind === "run" || (row.kind === "image" && row.expandable);
  const expanded = foldable && row.expanded;
  switch (key) {
    case "ArrowRight":
      if (foldable && expanded) return Math.min(rows.length - 1, focus + 1);
      if (foldable) setExpanded(row.id, true);
      return focus;
    case "ArrowLeft":
      if (!expanded) return parentIndex(rows, focus);
      setExpanded(row.id, false);
      return focus;
    case "Enter":
    case " ":
      if (foldable) setExpanded(row.id, !expanded);
      return focus;
    default:
      return undefined;
  }
}

/** Reads pages of images as their rows come into sight, and the blobs of moving images again and again. */
function useReading(shown: readonly TransferRow[]): void {
  const wanted = shown.flatMap((row) => (row.kind === "hole" ? [`${row.run.id} ${row.index}`] : [])).join();
  useEffect(() => {
    for (const hole of wanted === "" ? [] : wanted.split(",")) {
      const [runId = "", index] = hole.split(" ");
      void loadImages(runId, Number(index));
    }
  }, [wanted]);

  const moving = shown
    .flatMap((row) =>
      row.kind === "image" && row.expanded && row.image.state === "running"
        ? [`${row.run.id} ${row.image.id}`]
        : [],
    )
    .join();
  useEffect(() => {
    if (moving === "") return;
    const timer = setInterval(() => {
      if (document.hidden) return;
      for (const image of moving.split(",")) {
        const [runId = "", imageId] = image.split(" ");
        void loadBlobs(runId, Number(imageId));
      }
    }, blobRefreshMs);
    return () => clearInterval(timer);
  }, [moving]);
}

function TreeHead() {
  const { columns } = transfersText;
  const right = "text-right";
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: the head of a virtual tree
    // biome-ignore-start lint/a11y/useFocusableInteractive: a head without commands is not gone to
    <div
      role="row"
      aria-rowindex={1}
      className={`${treeColumns} sticky top-0 z-10 h-6 min-w-220 border-b border-line bg-sunken px-2 text-2xs text-muted`}
    >
      <span role="columnheader" className="pl-6">
        {columns.what}
      </span>
      <span role="columnheader">{columns.state}</span>
      <span role="columnheader">{columns.progress}</span>
      <span role="columnheader" className={right}>
        {columns.bytes}
      </span>
      <span role="columnheader" className={right}>
        {columns.speed}
      </span>
      <span role="columnheader" className={right}>
        {columns.left}
      </span>
      <span role="columnheader" className={right}>
        {columns.attempts}
      </span>
      <span role="columnheader">
        <span className="hidden-text">{transfersText.more}</span>
      </span>
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: a head without commands is not gone to
    // biome-ignore-end lint/a11y/useSemanticElements: the head of a virtual tree
  );
}
