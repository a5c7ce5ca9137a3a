// The virtual table of tags: roving focus, selection by mouse and keyboard, details for the rows on screen.
// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of rows at their own places cannot be a <table>
import { autoScrollForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import {
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { showError } from "../../components/toast.tsx";
import { isTyped, TypeAhead } from "../../components/type-ahead.ts";
import { moveByKey, useVirtualRows, type VirtualRows } from "../../components/virtual-rows.ts";
import { otherSide, type Side, updatePane, usePane, usePanes } from "../../state/panes.ts";
import {
  everythingSelected,
  isSelected,
  nothingSelected,
  selectAlso,
  selectOnly,
  toggle,
} from "../../state/selection.ts";
import { fittingColumns, useColumnChoice } from "../../state/tag-columns.ts";
import { transferText } from "../../text/transfer.ts";
import { columnVariables } from "./column-look.ts";
import { inspectTag } from "./tag-actions.ts";
import { countAttachments, describeTags, markTags, type Place, useTagFacts } from "./tag-details.ts";
import { headHeight, TagHead } from "./tag-head.tsx";
import { listKey, type TagList } from "./tag-list.ts";
import { type TagPages, tagPageSize, tagsBetween } from "./tag-pages.ts";
import { TagRow } from "./tag-row.tsx";

export interface TagTableProps {
  readonly side: Side;
  readonly list: TagList;
  readonly tags: TagPages;
  /** The pages that are on screen. */
  readonly onPages: (pages: readonly number[]) => void;
}

export function TagTable({ side, list, tags, onPages }: TagTableProps) {
  const pane = usePane(side);
  const focus = Math.min(pane.tagFocus, tags.matched - 1);
  const rows = useVirtualRows({ count: tags.matched, focus, stickyTop: headHeight });
  const other = useOtherPlace(side, list);
  usePagesOnScreen(rows, onPages);
  useTopOfNewList(rows, `${list.sort} ${listKey(list)}`);
  const choice = useColumnChoice(list.endpointId);
  const width = useWidth(rows);
  const fitting = useMemo(() => fittingColumns(choice, width), [choice, width]);
  const widths = useMemo(() => columnVariables(choice.widths), [choice.widths]);
  useFactsOnScreen({ rows, tags, list, other, counts: fitting.includes("attachments") });
  useAutoScroll(rows);
  const keyDown = useTableKeys({ side, list, tags, rows, focus });

  return (
    <div
      ref={rows.scroller}
      role="grid"
      aria-label={transferText.tags.label}
      aria-rowcount={tags.matched + 1}
      aria-multiselectable
      tabIndex={-1}
      onKeyDown={keyDown}
      onFocus={(event) => {
        // A screen reader's cursor focuses rows without a key or a click of ours.
        const index = event.target instanceof HTMLElement ? event.target.dataset.index : undefined;
        if (index !== undefined && Number(index) !== focus) updatePane(side, { tagFocus: Number(index) });
      }}
      onClick={(event) => clickRow(event, side, list)}
      onDoubleClick={(event) => {
        const tag = tagAt(event.target);
        if (tag !== undefined) inspectTag(side, tag);
      }}
      style={widths}
      className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto outline-none"
    >
      <TagHead
        side={side}
        endpointId={list.endpointId}
        compared={other !== undefined}
        columns={fitting}
        widths={choice.widths}
      />
      <div role="rowgroup" className="relative" style={{ height: rows.height }}>
        {rows.drawn.map(({ item, slot }) => {
          const tag = tags.at(item.index);
          return (
            <TagRow
              key={slot}
              side={side}
              index={item.index}
              top={rows.top(item)}
              tag={tag}
              endpointId={list.endpointId}
              repository={list.repository}
              otherEndpointId={other?.endpointId}
              columns={fitting}
              focused={item.index === focus}
              selected={tag !== undefined && isSelected(pane.selection, tag)}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The same repository at the other pane's registry; undefined where there is nothing to compare with. */
function useOtherPlace(side: Side, list: TagList): Place | undefined {
  const otherId = usePanes((state) => state[otherSide(side)].endpointId);
  return otherId === undefined || otherId === list.endpointId
    ? undefined
    : { endpointId: otherId, repository: list.repository };
}

/** Another filter or order shows another list: it begins at its top. */
function useTopOfNewList({ scroller }: VirtualRows, key: string): void {
  const shown = useRef(key);
  useLayoutEffect(() => {
    if (shown.current === key) return;
    shown.current = key;
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  }, [scroller, key]);
}

const flyByMs = 40;

function usePagesOnScreen(rows: VirtualRows, onPages: (pages: readonly number[]) => void): void {
  const pages = [...new Set(rows.items.map((item) => Math.floor(item.index / tagPageSize)))].join(" ");
  useEffect(() => {
    if (pages === "") return;
    // Rows that only fly by while scrolling are not read.
    const timer = setTimeout(() => onPages(pages.split(" ").map(Number)), flyByMs);
    return () => clearTimeout(timer);
  }, [pages, onPages]);
}

/** Time that rows must stay on screen before their details are asked for. */
const settleMs = 90;

function useFactsOnScreen({
  rows,
  tags,
  list,
  other,
  counts,
}: {
  readonly rows: VirtualRows;
  readonly tags: TagPages;
  readonly list: TagList;
  readonly other: Place | undefined;
  /** Attachments are counted too. */
  readonly counts: boolean;
}): void {
  const version = useTagFacts((state) => state.version);
  const shown = rows.items
    .map((item) => tags.at(item.index))
    .filter((tag) => tag !== undefined)
    .join(" ");
  const { endpointId, repository } = list;
  const otherId = other?.endpointId;
  // biome-ignore lint/correctness/useExhaustiveDependencies(version): facts that were forgotten are asked for again
  useEffect(() => {
    if (shown === "") return;
    const timer = setTimeout(() => {
      const names = shown.split(" ");
      const place = { endpointId, repository };
      if (otherId !== undefined) void markTags(place, { endpointId: otherId, repository }, names);
      void describeTags(place, names);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [shown, endpointId, repository, otherId, version]);
  useEffect(() => {
    if (shown === "" || !counts) return;
    const gone = new AbortController();
    const timer = setTimeout(
      () => void countAttachments({ endpointId, repository }, shown.split(" "), gone.signal),
      settleMs,
    );
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [shown, endpointId, repository, counts]);
}

/** The width that the columns share. */
function useWidth({ scroller }: VirtualRows): number {
  const [width, setWidth] = useState(640);
  useLayoutEffect(() => {
    if (scroller.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const now = entry?.contentRect.width ?? 0;
      if (now > 0) setWidth(now);
    });
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [scroller]);
  return width;
}

function useAutoScroll({ scroller }: VirtualRows): void {
  useEffect(() => {
    if (scroller.current === null) return;
    return autoScrollForElements({ element: scroller.current });
  }, [scroller]);
}

/** Selects from the anchor to a row; reads the tags between where they are not known. */
function selectRange(side: Side, list: TagList, index: number, keepOthers: boolean): void {
  const { anchor, selection } = usePanes.getState()[side];
  tagsBetween(list, anchor, index).then(
    (range) => updatePane(side, { selection: keepOthers ? selectAlso(selection, range) : selectOnly(range) }),
    (thrown: unknown) => showError(transferText.tags.label, thrown),
  );
}

function tagAt(target: EventTarget): string | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-tag]") : null;
  return row?.dataset.tag;
}

function clickRow(event: MouseEvent, side: Side, list: TagList): void {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tag]") : null;
  const tag = row?.dataset.tag;
  if (row === null || tag === undefined) return;
  const index = Number(row.dataset.index);
  const { selection } = usePanes.getState()[side];
  const command = event.ctrlKey || event.metaKey;
  if (event.shiftKey) {
    updatePane(side, { tagFocus: index, source: "tags" });
    selectRange(side, list, index, command);
  } else {
    updatePane(side, {
      tagFocus: index,
      anchor: index,
      source: "tags",
      selection: command ? toggle(selection, tag) : selectOnly([tag]),
    });
  }
}

interface TableKeys {
  readonly side: Side;
  readonly list: TagList;
  readonly tags: TagPages;
  readonly rows: VirtualRows;
  readonly focus: number;
}

function useTableKeys({ side, list, tags, rows, focus }: TableKeys): (event: KeyboardEvent) => void {
  const typeAhead = useRef(new TypeAhead());
  const moveTo = (
    index: number,
    event: { readonly shiftKey: boolean; readonly ctrlKey: boolean; readonly metaKey: boolean },
  ): void => {
    rows.wantFocus();
    const tag = tags.at(index);
    if (event.shiftKey) {
      updatePane(side, { tagFocus: index, source: "tags" });
      selectRange(side, list, index, false);
    } else if (event.ctrlKey || event.metaKey) {
      updatePane(side, { tagFocus: index, source: "tags" });
    } else {
      updatePane(side, {
        tagFocus: index,
        anchor: index,
        source: "tags",
        selection: tag === undefined ? nothingSelected : selectOnly([tag]),
      });
    }
  };
  return (event) => {
    const moved = moveByKey(event.key, focus, tags.matched, rows.pageRows);
    if (!isTyped(event)) typeAhead.current.reset();
    if (moved !== undefined) {
      event.preventDefault();
      moveTo(moved, event);
    } else if (actOnRow(event, { side, list, tags, rows, focus })) {
      event.preventDefault();
    } else if (isTyped(event)) {
      const found = typeAhead.current.next(event.key, {
        now: performance.now(),
        from: focus,
        count: tags.matched,
        label: tags.at,
      });
      if (found !== undefined) moveTo(found, { shiftKey: false, ctrlKey: false, metaKey: false });
    }
  };
}

/** Keys that select or copy; false for other keys. */
function actOnRow(event: KeyboardEvent, { side, tags, focus }: TableKeys): boolean {
  const pane = usePanes.getState()[side];
  const tag = tags.at(focus);
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
    updatePane(side, { selection: everythingSelected, source: "tags" });
    return true;
  }
  switch (event.key) {
    case " ":
      if (tag !== undefined) {
        updatePane(side, { selection: toggle(pane.selection, tag), anchor: focus, source: "tags" });
      }
      return true;
    case "Escape":
      updatePane(side, { selection: nothingSelected, source: "tree" });
      return true;
    case "Enter":
      if (tag !== undefined) inspectTag(side, tag);
      return true;
    default:
      return false;
  }
}
