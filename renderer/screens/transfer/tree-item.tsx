// One row of the repository tree.
import { clsx } from "clsx";
import { Boxes, ChevronRight, Folder, FolderOpen, Package } from "lucide-react";
import { memo, useEffect, useRef } from "react";
import { useDrag } from "../../state/drag.ts";
import { type Side, updatePane, usePanes } from "../../state/panes.ts";
import { formatCount } from "../../text/common.ts";
import { repositoriesText } from "../../text/transfer.ts";
import { treePayload } from "./commands.ts";
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
  /** Its tags are shown beside or below. */
  readonly shown: boolean;
}

export const TreeItem = memo(function TreeItem(props: TreeItemProps) {
  const { row, side, index, top, focused, current, shown } = props;
  const element = useRef<HTMLDivElement>(null);
  const over = useDrag((state) => state.over?.side === side && isPlace(state.over.target.place, row));
  useDragSource(element, side, () => treePayload(usePanes.getState()[side], row.path));
  useDropPlace(element, side, () =>
    row.kind === "registry"
      ? { kind: "registry" }
      : row.kind === "folder"
        ? { kind: "folder", path: row.path }
        : { kind: "repository", repository: row.path },
  );
  useSpring(over && row.expandable && !row.expanded, () => setExpanded(side, row.path, true));
  const Icon =
    row.kind === "registry"
      ? Boxes
      : row.kind === "repository"
        ? Package
        : row.expanded
          ? FolderOpen
          : Folder;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of all its rows
    <div
      ref={element}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.setSize}
      aria-selected={shown}
      {...(row.kind === "repository" ? {} : { "aria-description": repositoriesText(row.count) })}
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
        "row-base absolute inset-x-1 gap-1.5 rounded-md pr-3 text-sm",
        over
          ? "bg-accent-soft outline-2 outline-accent"
          : shown
            ? "bg-accent-soft text-text"
            : current
              ? "bg-hover"
              : "hover:bg-hover",
      )}
      style={{ top, paddingLeft: 6 + Math.max(0, row.level - 2) * 16 }}
    >
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
            className={clsx("size-3.5 transition-transform duration-100", row.expanded && "rotate-90")}
          />
        )}
      </span>
      <Icon
        aria-hidden
        className={clsx(
          "size-4 shrink-0",
          shown ? "text-accent" : row.kind === "folder" ? "text-warn" : "text-muted",
        )}
      />
      <span className={clsx("min-w-0 flex-1 truncate", row.kind === "registry" && "font-medium")}>
        {row.label}
      </span>
      {row.kind !== "repository" && (
        <span aria-hidden className="shrink-0 text-xs text-muted">
          {formatCount(row.count)}
        </span>
      )}
    </div>
  );
});

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

function isPlace(
  place:
    | { readonly kind: "registry" }
    | { readonly kind: "repository"; readonly repository: string }
    | { readonly kind: "folder"; readonly path: string },
  row: TreeRow,
): boolean {
  if (place.kind === "repository") return place.repository === row.path;
  return place.kind === "folder" && place.path === row.path;
}
