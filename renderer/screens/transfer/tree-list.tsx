// The rows of the repository tree: virtual, with roving focus, keyboard travel and drag and drop.
import { autoScrollForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import { type KeyboardEvent, useEffect, useMemo, useRef } from "react";
import { isTyped, TypeAhead } from "../../components/type-ahead.ts";
import { moveByKey, useVirtualRows } from "../../components/virtual-rows.ts";
import { type Side, updatePane, usePane, usePanes } from "../../state/panes.ts";
import { transferText } from "../../text/transfer.ts";
import { openRow, setExpanded } from "./tree-actions.ts";
import { TreeItem } from "./tree-item.tsx";
import { parentIndex, siblingFolders, type TreeRow } from "./tree-rows.ts";

export function TreeList({
  side,
  rows,
  missingIn,
}: {
  readonly side: Side;
  readonly rows: readonly TreeRow[];
  /** The registry of the other pane, where it does not have this repository. */
  readonly missingIn: (repository: string) => string | undefined;
}) {
  const pane = usePane(side);
  // The list is drawn again at every step of scrolling: rows are found without going through all.
  const indexes = useMemo(() => new Map(rows.map((row, index) => [row.path, index])), [rows]);
  const focus = indexes.get(pane.treeFocus) ?? 0;
  const list = useVirtualRows({ count: rows.length, focus, keyOf: (index) => rows[index]?.path ?? index });
  const typeAhead = useRef(new TypeAhead());
  const { scroller } = list;

  useEffect(() => {
    if (scroller.current === null) return;
    return autoScrollForElements({ element: scroller.current });
  }, [scroller]);

  // Shown from elsewhere (a menu, an arrival, the last session): its row comes into view.
  const shown = pane.repository === undefined ? -1 : (indexes.get(pane.repository) ?? -1);
  const { scrollTo } = list;
  const seen = useRef<string | undefined>(undefined);
  useEffect(() => {
    // Once per repository: folders that open and close above it must not move the list.
    if (shown < 0 || seen.current === pane.repository) return;
    seen.current = pane.repository;
    scrollTo(shown);
    return scroller.current === null ? undefined : onFirstResize(scroller.current, () => scrollTo(shown));
  }, [shown, pane.repository, scroller, scrollTo]);

  const focusRow = (index: number): void => {
    const row = rows[index];
    if (row === undefined) return;
    list.wantFocus();
    updatePane(side, { treeFocus: row.path, source: "tree" });
  };
  const keyDown = (event: KeyboardEvent): void => {
    const moved = moveByKey(event.key, focus, rows.length, list.pageRows);
    const row = rows[focus];
    if (!isTyped(event)) typeAhead.current.reset();
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (moved !== undefined) {
      event.preventDefault();
      focusRow(moved);
    } else if (act(event.key, { side, rows, focus, focusRow })) {
      event.preventDefault();
    } else if (isTyped(event)) {
      const found = typeAhead.current.next(event.key, {
        now: performance.now(),
        from: focus,
        count: rows.length,
        label: (index) => rows[index]?.label,
      });
      if (found !== undefined) focusRow(found);
    }
  };
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={transferText.tree.label}
      tabIndex={-1}
      onKeyDown={keyDown}
      onFocus={(event) => {
        // A screen reader's cursor focuses rows without a key or a click of ours.
        const path = event.target instanceof HTMLElement ? event.target.dataset.path : undefined;
        if (path !== undefined && path !== pane.treeFocus)
          updatePane(side, { treeFocus: path, source: "tree" });
      }}
      className="min-h-0 flex-1 overflow-y-auto outline-none"
    >
      <div role="none" className="relative" style={{ height: list.height }}>
        {list.drawn.map(({ item, slot }) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <TreeItem
              key={slot}
              row={row}
              side={side}
              missingIn={row.kind === "repository" ? missingIn(row.path) : undefined}
              index={item.index}
              top={list.top(item)}
              focused={item.index === focus}
              current={pane.source === "tree" && item.index === focus}
              shown={row.kind === "repository" && row.path === pane.repository}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The first tags that are shown take their room from the tree: the row goes on being in sight then. */
function onFirstResize(element: HTMLElement, then: () => void): () => void {
  const before = element.clientHeight;
  const observer = new ResizeObserver(() => {
    if (element.clientHeight === before) return;
    observer.disconnect();
    then();
  });
  observer.observe(element);
  const timer = setTimeout(() => observer.disconnect(), 500);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}

interface Action {
  readonly side: Side;
  readonly rows: readonly TreeRow[];
  readonly focus: number;
  readonly focusRow: (index: number) => void;
}

/** Keys that do something to the focused row; false for other keys. */
function act(key: string, { side, rows, focus, focusRow }: Action): boolean {
  const row = rows[focus];
  if (row === undefined) return false;
  switch (key) {
    case "ArrowRight":
      if (row.expandable && !row.expanded) setExpanded(side, row.path, true);
      else if ((rows[focus + 1]?.level ?? 0) > row.level) focusRow(focus + 1);
      return true;
    case "ArrowLeft":
      if (row.expandable && row.expanded) setExpanded(side, row.path, false);
      else focusRow(parentIndex(rows, focus));
      return true;
    case "Enter":
    case " ":
      openRow(side, row);
      return true;
    case "*": {
      const { expanded } = usePanes.getState()[side];
      updatePane(side, { expanded: new Set([...expanded, ...siblingFolders(rows, focus)]) });
      return true;
    }
    default:
      return false;
  }
}
