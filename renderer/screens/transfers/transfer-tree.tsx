// Runs, images and blobs as one virtual tree with columns: fold, select and command by mouse or keyboard.
import { autoScrollForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import { type MouseEvent, useEffect, useMemo } from "react";
import { isFinished, type Run } from "../../../shared/run.ts";
import { ContextMenu } from "../../components/context-menu.tsx";
import { useVirtualRows } from "../../components/virtual-rows.ts";
import { focusRow, runIdOf, useRunSelection } from "../../state/run-selection.ts";
import { setExpanded, useRuns } from "../../state/runs.ts";
import { transfersText } from "../../text/transfers.ts";
import { imageItems } from "./image-menu.tsx";
import { treeColumns, wideOnly } from "./row-cells.tsx";
import { openReport, runMenu } from "./run-actions.tsx";
import { type TransferRow, TransferRows } from "./run-rows.ts";
import { expandedOf, type RowHandlers, TransferRowView } from "./transfer-row.tsx";
import { treeKeyDown } from "./tree-keys.ts";
import { useReading } from "./use-reading.ts";

const headHeight = 24;

/** A double click or Enter: the report of a run that is over, else what is below. */
function openRow(row: TransferRow): void {
  const expanded = expandedOf(row);
  if (row.kind === "run" && isFinished(row.run.state)) openReport(row.run);
  else if (expanded !== undefined) setExpanded(row.id, !expanded);
}

/** @param runs in the order in which they are shown. */
export function TransferTree({ runs }: { readonly runs: readonly Run[] }) {
  const images = useRuns((state) => state.images);
  const blobs = useRuns((state) => state.blobs);
  const expanded = useRuns((state) => state.expanded);
  const rows = useMemo(
    () => new TransferRows({ runs, images, blobs, expanded }),
    [runs, images, blobs, expanded],
  );
  const { focusId, selected } = useRunSelection();
  // Where the focused row is gone, its run or the first row can be gone to.
  const known = rows.indexOf(focusId);
  const focus = Math.max(0, known < 0 ? rows.indexOf(runIdOf(focusId ?? "")) : known);
  const keyOf = (index: number): string | number => rows.at(index)?.id ?? index;
  const list = useVirtualRows({ count: rows.count, focus, stickyTop: headHeight, keyOf });
  const shown = list.items.flatMap((item) => rows.at(item.index) ?? []);
  useReading(shown);
  const { scroller } = list;
  useEffect(
    () => (scroller.current === null ? undefined : autoScrollForElements({ element: scroller.current })),
    [scroller],
  );

  const runIds = useMemo(() => runs.map(({ id }) => id), [runs]);
  const handlers = useMemo<RowHandlers>(
    () => ({
      onFocus: (id) => focusRow(id, "keep"),
      onPress: (id, event) => focusRow(id, howOf(event), runIds),
      onToggle: setExpanded,
      onOpen: openRow,
    }),
    [runIds],
  );
  const chosen = chosenRuns(runs, selected, rows.at(focus));
  const menu = (event: MouseEvent<HTMLElement>): void => {
    if (!event.currentTarget.contains(event.target as Node)) return;
    const id =
      event.target instanceof Element ? event.target.closest("[data-row]")?.getAttribute("data-row") : null;
    // What is selected already is meant together; anything else is meant alone.
    if (id !== null && id !== undefined) focusRow(id, selected.has(runIdOf(id)) ? "keep" : "only");
  };

  return (
    <div className="@container flex min-h-0 min-w-0 flex-1 flex-col">
      <ContextMenu
        disabled={chosen.length === 0}
        groups={[imageItems(rows.at(focus)), ...runMenu(chosen)].filter((group) => group.length > 0)}
        region={
          <div
            role="treegrid"
            aria-label={transfersText.tree}
            aria-rowcount={rows.count + 1}
            aria-multiselectable
            data-transfers
            tabIndex={-1}
            onKeyDown={(event) =>
              treeKeyDown(event, {
                rows,
                focus,
                pageRows: list.pageRows,
                runs,
                wantFocus: list.wantFocus,
                open: openRow,
              })
            }
            onContextMenu={menu}
            ref={scroller}
            className="min-h-0 flex-1 overflow-auto"
          >
            <TreeHead />
            <div
              role="presentation"
              className="relative min-w-224 @max-5xl:min-w-210"
              style={{ height: list.height }}
            >
              {list.drawn.map(({ item, slot }) => {
                const row = rows.at(item.index);
                return row === undefined ? null : (
                  <TransferRowView
                    key={slot}
                    row={row}
                    index={item.index}
                    top={list.top(item)}
                    focused={item.index === focus}
                    selected={row.kind === "run" ? selected.has(row.id) : row.id === focusId}
                    {...handlers}
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

function howOf(event: MouseEvent): "only" | "toggle" | "range" {
  if (event.shiftKey) return "range";
  return event.ctrlKey || event.metaKey ? "toggle" : "only";
}

/** The runs that a command means: the selected ones that are shown, or the one of the focused row. */
function chosenRuns(
  runs: readonly Run[],
  selected: ReadonlySet<string>,
  focused: TransferRow | undefined,
): readonly Run[] {
  const chosen = runs.filter(({ id }) => selected.has(id));
  if (chosen.length > 0 || focused === undefined) return chosen;
  return runs.filter(({ id }) => id === runIdOf(focused.id));
}

function TreeHead() {
  const { columns } = transfersText;
  const numbers = [columns.bytes, columns.speed, columns.left];
  const numbersWhereWide = [columns.saved, columns.attempts];
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: the head of a virtual tree
    // biome-ignore-start lint/a11y/useFocusableInteractive: a head without commands is not gone to
    <div
      role="row"
      aria-rowindex={1}
      className={`${treeColumns} sticky top-0 z-10 h-6 border-b border-line bg-sunken text-2xs text-muted`}
    >
      <span role="columnheader" className="pl-6">
        {columns.what}
      </span>
      <span role="columnheader">{columns.state}</span>
      <span role="columnheader">{columns.progress}</span>
      {numbers.map((name) => (
        <span key={name} role="columnheader" className="text-right">
          {name}
        </span>
      ))}
      {numbersWhereWide.map((name) => (
        <span key={name} role="columnheader" className={`text-right ${wideOnly}`}>
          {name}
        </span>
      ))}
      <span role="columnheader">
        <span className="hidden-text">{transfersText.more}</span>
      </span>
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: a head without commands is not gone to
    // biome-ignore-end lint/a11y/useSemanticElements: the head of a virtual tree
  );
}
