// One row of the repository tree.
import { clsx } from "clsx";
import {
  Boxes,
  ChevronRight,
  CircleDashed,
  Folder,
  FolderOpen,
  type LucideIcon,
  Package,
} from "lucide-react";
import { memo, useEffect, useRef } from "react";
import { useDrag } from "../../state/drag.ts";
import { type Side, updatePane, usePanes } from "../../state/panes.ts";
import { formatCount } from "../../text/common.ts";
import { missingText, repositoriesText, transferText } from "../../text/transfer.ts";
import { treePayload } from "./commands.ts";
import type { Target } from "./drop-spec.ts";
import { openRow, setExpanded } from "./tree-actions.ts";
import type { TreeRow } from "./tree-rows.ts";
import { useDragSource, useDropPlace } from "./use-drag-row.ts";

export interface TreeItemProps {
  readonly row: TreeRow;
  readonly side: Side;
  readonly index: number;
  readonly top: number;
  /** The one row that Tab reaches. */
  readonly focused: boolean;
  /** What a copy command would take. */
  readonly current: boolean;
  /** The registry of the other pane, where it does not have this repository. */
  readonly missingIn: string | undefined;
  /** Its tags are shown beside or below. */
  readonly shown: boolean;
}

export const TreeItem = memo(function TreeItem(props: TreeItemProps) {
  const { row, side, index, top, focused, shown } = props;
  const element = useRef<HTMLDivElement>(null);
  const over = useDrag((state) => state.over?.side === side && isRow(state.over.target.place, row));
  useDragSource(element, side, () => treePayload(usePanes.getState()[side], row.path));
  useDropPlace(element, side, () => placeOf(row));
  useSpring(over && row.expandable && !row.expanded, () => setExpanded(side, row.path, true));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of all its rows
    <div
      ref={element}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.setSize}
      aria-selected={shown}
      aria-description={describe(props)}
      {...(row.expandable ? { "aria-expanded": row.expanded } : {})}
      tabIndex={focused ? 0 : -1}
      data-index={index}
      data-path={row.path}
      data-drop-over={over || undefined}
      onClick={() => {
        updatePane(side, { treeFocus: row.path, source: "tree" });
        openRow(side, row);
      }}
      className={clsx(
        "row-base absolute inset-x-1 contain-strict gap-1.5 rounded-md pr-3 text-sm",
        lookOf(props, over),
      )}
      style={{ top, paddingLeft: 6 + Math.max(0, row.level - 2) * 16 }}
    >
      <Content {...props} />
    </div>
  );
});

function Content({ row, side, shown, missingIn }: TreeItemProps) {
  const comparing = usePanes((state) => state.compare.on);
  const Icon = iconOf(row);
  const tint = shown ? "text-accent" : row.kind === "folder" ? "text-warn" : "text-muted";
  return (
    <>
      <span
        aria-hidden
        onClick={(event) => {
          if (!row.expandable) return;
          event.stopPropagation();
          setExpanded(side, row.path, !row.expanded);
        }}
        className="flex size-4 shrink-0 items-center justify-center text-muted"
      >
        {row.expandable && (
          <ChevronRight
            // Of this row: one that takes its place must not be seen turning.
            key={row.path}
            className={clsx("size-3.5 transition-transform duration-100", row.expanded && "rotate-90")}
          />
        )}
      </span>
      <Icon aria-hidden className={clsx("size-4 shrink-0", tint)} />
      <span className={clsx("min-w-0 flex-1 truncate", row.kind === "registry" && "font-medium")}>
        {row.label}
      </span>
      {missingIn !== undefined && (
        <span title={missingText(missingIn)} className="flex shrink-0 items-center gap-1.5 text-xs text-info">
          {comparing && transferText.marker.missing}
          <CircleDashed aria-hidden className="size-3.5" />
        </span>
      )}
      {row.kind !== "repository" && (
        <span aria-hidden className="shrink-0 text-xs text-muted">
          {formatCount(row.count)}
        </span>
      )}
    </>
  );
}

function lookOf({ shown, current }: TreeItemProps, over: boolean): string {
  if (over) return "bg-accent-soft outline-2 outline-accent";
  if (shown) return "bg-accent-soft text-text";
  return current ? "bg-hover" : "hover:bg-hover";
}

function iconOf(row: TreeRow): LucideIcon {
  if (row.kind === "registry") return Boxes;
  if (row.kind === "repository") return Package;
  return row.expanded ? FolderOpen : Folder;
}

/** Said after the name: how many repositories, or that the other side does not have it. */
function describe({ row, missingIn }: TreeItemProps): string | undefined {
  if (row.kind !== "repository") return repositoriesText(row.count);
  return missingIn === undefined ? undefined : missingText(missingIn);
}

function placeOf(row: TreeRow): Target["place"] {
  if (row.kind === "registry") return { kind: "registry" };
  return row.kind === "folder"
    ? { kind: "folder", path: row.path }
    : { kind: "repository", repository: row.path };
}

/** True where a drag over this place is a drag over this row. The registry's row stands for the whole pane. */
function isRow(place: Target["place"], row: TreeRow): boolean {
  if (place.kind === "repository") return place.repository === row.path;
  return place.kind === "folder" && place.path === row.path;
}

/** A drag that rests on a closed folder opens it. */
const springMs = 600;

function useSpring(resting: boolean, open: () => void): void {
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    if (!resting) return;
    const timer = setTimeout(() => latest.current(), springMs);
    return () => clearTimeout(timer);
  }, [resting]);
}
