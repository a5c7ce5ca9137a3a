// One pane: the registry at its head, its repositories, the tags of one of them, and what a copy would take.
import { clsx } from "clsx";
import { type KeyboardEvent, type MouseEvent, useRef, useState } from "react";
import { ContextMenu } from "../../components/context-menu.tsx";
import type { MenuGroups } from "../../components/menu.tsx";
import { SplitGroup, SplitPanel, Splitter } from "../../components/splitter.tsx";
import { EmptyState } from "../../components/states.tsx";
import { type DragOver, useDrag } from "../../state/drag.ts";
import { activate, type Side, updatePane, usePane, usePanes } from "../../state/panes.ts";
import { isSelected, selectOnly } from "../../state/selection.ts";
import { transferText } from "../../text/transfer.ts";
import { pasteText } from "./commands.ts";
import { DropHint } from "./drop-hint.tsx";
import { DropShelf } from "./drop-shelf.tsx";
import { FileDropHint, useFileDrop } from "./files/file-drop.tsx";
import { focusFilter } from "./focus.ts";
import { PaneFoot } from "./pane-foot.tsx";
import { PaneHead } from "./pane-head.tsx";
import { paneMenu } from "./pane-menu.tsx";
import { useRepositories } from "./repositories.ts";
import { RepositoryTree } from "./repository-tree.tsx";
import { TabStrip } from "./tabs/tab-strip.tsx";
import { TagPanel } from "./tag-panel.tsx";
import { useDropPlace } from "./use-drag-row.ts";

/** From this width on, a pane shows its two lists side by side. */
const wide = 860;

export function RegistryPane({
  side,
  onAddRegistry,
}: {
  readonly side: Side;
  readonly onAddRegistry: () => void;
}) {
  const section = useRef<HTMLElement>(null);
  const { endpointId, source } = usePane(side);
  const isActive = usePanes((state) => state.active === side);
  const isOver = useDrag((state) => isWholePane(state.over, side));
  useDropPlace(section, side, () => ({ kind: "registry" }));
  const filesOver = useFileDrop(section, side);

  return (
    <section
      ref={section}
      aria-label={transferText.pane[side]}
      data-region=""
      data-begins={source === "tags" ? "grid" : "tree"}
      onFocusCapture={() => activate(side)}
      onKeyDown={(event) => paneKey(event, side)}
      onPaste={(event) => {
        if (event.target instanceof HTMLInputElement) return;
        event.preventDefault();
        pasteText(side, event.clipboardData.getData("text/plain"));
      }}
      data-active={isActive}
      data-side={side}
      data-drop-over={isOver || undefined}
      className={clsx(
        "relative flex h-full min-w-0 flex-col bg-surface",
        // Above all that lies in the pane, also heads that stay while a list is scrolled.
        isOver &&
          "after:pointer-events-none after:absolute after:inset-0 after:z-20 after:border-2 after:border-accent",
      )}
    >
      <TabStrip side={side} />
      <PaneHead side={side} onAddRegistry={onAddRegistry} />
      {endpointId === undefined ? (
        <EmptyState title={transferText.picker.choose} />
      ) : (
        <PaneBody key={endpointId} side={side} />
      )}
      <PaneFoot side={side} />
      <DropHint side={side} />
      <DropShelf side={side} />
      {filesOver && <FileDropHint />}
    </section>
  );
}

function PaneBody({ side }: { readonly side: Side }) {
  const [groups, setGroups] = useState<MenuGroups>([]);
  const [isWide, setWide] = useState(false);
  const { endpointId, repository } = usePane(side);
  const { data, error } = useRepositories(endpointId);
  const hasNone = error !== null || (data?.complete === true && data.names.length === 0);
  // Side by side the tags cost the tree no rows; but where there is nothing nobody is told to choose.
  const showsTags = repository !== undefined || (isWide && !hasNone);
  return (
    <ContextMenu
      groups={groups}
      region={
        <div
          className="flex min-h-0 flex-1 flex-col"
          onContextMenuCapture={(event) => setGroups(menuFor(event, side))}
        >
          <SplitGroup
            orientation={isWide ? "horizontal" : "vertical"}
            className="min-h-0 flex-1"
            elementRef={(element) => {
              if (element === null) return;
              const observer = new ResizeObserver(([entry]) =>
                setWide((entry?.contentRect.width ?? 0) >= wide),
              );
              observer.observe(element);
              return () => observer.disconnect();
            }}
          >
            <SplitPanel id={`${side}-tree`} defaultSize={isWide ? "28" : "40"} minSize={96}>
              <RepositoryTree side={side} />
            </SplitPanel>
            {showsTags && (
              <>
                <Splitter label={transferText.splitLists} direction={isWide ? "vertical" : "horizontal"} />
                <SplitPanel id={`${side}-tags`} minSize={140}>
                  <TagPanel side={side} />
                </SplitPanel>
              </>
            )}
          </SplitGroup>
        </div>
      }
    />
  );
}

/** What is dragged would go to the registry as a whole, not to one row of the tree. */
function isWholePane(over: DragOver | undefined, side: Side): boolean {
  return over?.side === side && over.drop.allowed && over.target.place.kind === "registry";
}

/** Right button on a row that is not selected: first selects it, as file managers do. */
function menuFor(event: MouseEvent, side: Side): MenuGroups {
  activate(side);
  const element = event.target instanceof Element ? event.target : undefined;
  const tag = element?.closest<HTMLElement>("[data-tag]")?.dataset.tag;
  const path = element?.closest<HTMLElement>("[data-path]")?.dataset.path;
  const pane = usePanes.getState()[side];
  if (tag !== undefined) {
    updatePane(side, {
      source: "tags",
      ...(isSelected(pane.selection, tag) ? {} : { selection: selectOnly([tag]) }),
    });
  } else if (path !== undefined) {
    updatePane(side, { source: "tree", treeFocus: path });
  }
  return paneMenu(side);
}

/** In a filter: down goes to the list below it. */
function fieldKey(event: KeyboardEvent<HTMLElement>, field: HTMLInputElement): void {
  if (event.key !== "ArrowDown" || field.type !== "search") return;
  const list = field.closest("[data-list]")?.querySelector<HTMLElement>('[role="tree"], [role="grid"]');
  const row = list?.querySelector<HTMLElement>('[data-index][tabindex="0"]');
  if (row === null || row === undefined) return;
  event.preventDefault();
  row.focus();
}

/** Keys that mean the same in both lists of a pane. */
function paneKey(event: KeyboardEvent<HTMLElement>, side: Side): void {
  if (event.target instanceof HTMLInputElement) {
    fieldKey(event, event.target);
    return;
  }
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    focusFilter(side);
  } else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
    event.preventDefault();
    openMenuAt(event.target);
  }
}

/** The context menu by keyboard opens below the row that has the focus. */
function openMenuAt(target: EventTarget): void {
  if (!(target instanceof HTMLElement)) return;
  const box = target.getBoundingClientRect();
  target.dispatchEvent(
    new globalThis.MouseEvent("contextmenu", {
      bubbles: true,
      cancelable: true,
      button: 2,
      clientX: box.left + 24,
      clientY: box.bottom,
    }),
  );
}
