// One pane: the registry at its head, its repositories, the tags of one of them, and what a copy would take.
import { clsx } from "clsx";
import { type KeyboardEvent, type MouseEvent, useRef, useState } from "react";
import { ContextMenu } from "../../components/context-menu.tsx";
import type { MenuGroups } from "../../components/menu.tsx";
import { SplitGroup, SplitPanel, Splitter } from "../../components/splitter.tsx";
import { EmptyState } from "../../components/states.tsx";
import { type DragOver, useDrag } from "../../state/drag.ts";
import { activate, otherSide, type Side, updatePane, usePane, usePanes } from "../../state/panes.ts";
import { isSelected, selectOnly } from "../../state/selection.ts";
import { transferText } from "../../text/transfer.ts";
import { copyToClipboard, copyToOther, paste } from "./commands.ts";
import { DropHint } from "./drop-hint.tsx";
import { PaneFoot } from "./pane-foot.tsx";
import { PaneHead } from "./pane-head.tsx";
import { paneMenu } from "./pane-menu.tsx";
import { RepositoryTree } from "./repository-tree.tsx";
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
  const { endpointId } = usePane(side);
  const isActive = usePanes((state) => state.active === side);
  const isOver = useDrag((state) => isWholePane(state.over, side));
  useDropPlace(section, side, () => ({ kind: "registry" }));

  return (
    <section
      ref={section}
      aria-label={transferText.pane[side]}
      onFocusCapture={() => activate(side)}
      onKeyDown={(event) => paneKey(event, side)}
      data-active={isActive}
      data-side={side}
      data-drop-over={isOver || undefined}
      className={clsx(
        "relative flex h-full min-w-0 flex-col bg-surface",
        isOver && "outline-2 -outline-offset-2 outline-accent",
      )}
    >
      <PaneHead side={side} onAddRegistry={onAddRegistry} />
      {endpointId === undefined ? (
        <EmptyState title={transferText.picker.choose} />
      ) : (
        <PaneBody key={endpointId} side={side} />
      )}
      <PaneFoot side={side} />
      <DropHint side={side} />
    </section>
  );
}

function PaneBody({ side }: { readonly side: Side }) {
  const [groups, setGroups] = useState<MenuGroups>([]);
  const [isWide, setWide] = useState(false);
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
            <Splitter label={transferText.splitLists} direction={isWide ? "vertical" : "horizontal"} />
            <SplitPanel id={`${side}-tags`} minSize={140}>
              <TagPanel side={side} />
            </SplitPanel>
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

/** The list of a pane that a copy would take from. */
function focusList(section: Element | null | undefined, side: Side): void {
  const { source } = usePanes.getState()[side];
  const role = source === "tags" ? "grid" : "tree";
  section?.querySelector<HTMLElement>(`[role="${role}"] [tabindex="0"]`)?.focus();
}

function focusFilter(section: Element, side: Side): void {
  const { source } = usePanes.getState()[side];
  const filters = section.querySelectorAll<HTMLElement>('input[type="search"]');
  filters[source === "tags" ? filters.length - 1 : 0]?.focus();
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
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "F5" && !command && !event.shiftKey) {
    event.preventDefault();
    copyToOther(side);
  } else if (command && event.key.toLowerCase() === "c" && !event.shiftKey) {
    event.preventDefault();
    copyToClipboard(side);
  } else if (command && event.key.toLowerCase() === "v") {
    event.preventDefault();
    paste(side);
  } else if (event.key === "F6") {
    event.preventDefault();
    const other = event.currentTarget.ownerDocument.querySelector(`[data-side="${otherSide(side)}"]`);
    focusList(other, otherSide(side));
  } else if (event.key === "/" || (command && event.key.toLowerCase() === "f")) {
    event.preventDefault();
    focusFilter(event.currentTarget, side);
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
