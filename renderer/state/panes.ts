// What each of the two panes shows: registry, repository, open folders, filters; remembered by the engine.

import { z } from "zod";
import { create } from "zustand";
import { nothingSelected, type TagSelection } from "./selection.ts";
import { setSetting, useSettings } from "./settings.ts";

export const paneSides = ["left", "right"] as const;
export type Side = (typeof paneSides)[number];
export function otherSide(side: Side): Side {
  return side === "left" ? "right" : "left";
}

export type TagSort = "name" | "name-descending";

export interface Pane {
  readonly endpointId: string | undefined;
  readonly repository: string | undefined;
  readonly expanded: ReadonlySet<string>;
  /** The tree row that has, or last had, the focus: a path, or "" for the whole registry. */
  readonly treeFocus: string;
  readonly treeFilter: string;
  readonly tagFilter: string;
  readonly tagSort: TagSort;
  readonly selection: TagSelection;
  /** The tag that a Shift range starts from. */
  readonly anchor: number;
  /** The tag row that has, or last had, the focus. */
  readonly tagFocus: number;
  /** Which of the two lists a copy command takes from. */
  readonly source: "tree" | "tags";
  /** Names typed by hand, for registries that do not list their repositories. */
  readonly typed: readonly string[];
}

export const emptyPane: Pane = {
  endpointId: undefined,
  repository: undefined,
  expanded: new Set(),
  treeFocus: "",
  treeFilter: "",
  tagFilter: "",
  tagSort: "name",
  selection: nothingSelected,
  anchor: 0,
  tagFocus: 0,
  source: "tree",
  typed: [],
};

interface PanesState {
  readonly left: Pane;
  readonly right: Pane;
  /** The pane that has, or last had, the focus. */
  readonly active: Side;
}

export const usePanes = create<PanesState>(() => ({ left: emptyPane, right: emptyPane, active: "left" }));

export function usePane(side: Side): Pane {
  return usePanes((state) => state[side]);
}

export function updatePane(side: Side, change: Partial<Pane>): void {
  usePanes.setState((state) => ({ [side]: { ...state[side], ...change } }) as Pick<PanesState, Side>);
  if ("endpointId" in change || "repository" in change || "expanded" in change || "typed" in change)
    remember();
}

export function activate(side: Side): void {
  if (usePanes.getState().active !== side) usePanes.setState({ active: side });
}

/** Shows another registry: what was chosen in the last one is left behind. */
export function showEndpoint(side: Side, endpointId: string): void {
  if (usePanes.getState()[side].endpointId === endpointId) return;
  updatePane(side, { ...emptyPane, endpointId });
}

/** Shows the tags of a repository and opens the folders on the way to it. */
export function showRepository(side: Side, repository: string): void {
  const pane = usePanes.getState()[side];
  const same = pane.repository === repository;
  updatePane(side, {
    repository,
    treeFocus: repository,
    expanded: new Set([...pane.expanded, ...foldersAbove(repository)]),
    ...(same
      ? {}
      : { selection: nothingSelected, anchor: 0, tagFocus: 0, tagFilter: "", source: "tree" as const }),
  });
}

/** `a/b/c` → `a`, `a/b`. */
function foldersAbove(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** A new filter shows other rows, so that the selection starts anew. */
export function filterTags(side: Side, tagFilter: string): void {
  updatePane(side, { tagFilter, selection: nothingSelected, anchor: 0, tagFocus: 0 });
}

const key = "panes";
const rememberedPane = z.object({
  endpointId: z.string().optional(),
  repository: z.string().optional(),
  expanded: z.array(z.string()).max(5000).default([]),
  typed: z.array(z.string()).max(500).default([]),
});
const remembered = z.object({ left: rememberedPane, right: rememberedPane });

function remember(): void {
  const { left, right } = usePanes.getState();
  const of = ({ endpointId, repository, expanded, typed }: Pane): z.input<typeof rememberedPane> => ({
    ...(endpointId === undefined ? {} : { endpointId }),
    ...(repository === undefined ? {} : { repository }),
    expanded: [...expanded].slice(0, 5000),
    typed: [...typed],
  });
  setSetting(key, { left: of(left), right: of(right) });
}

function restored(value: z.output<typeof rememberedPane>, known: readonly string[]): Pane {
  if (value.endpointId === undefined || !known.includes(value.endpointId)) return emptyPane;
  return {
    ...emptyPane,
    endpointId: value.endpointId,
    repository: value.repository,
    expanded: new Set(value.expanded),
    typed: value.typed,
    treeFocus: value.repository ?? "",
  };
}

/**
 * Puts a registry into every pane that has none (or one that was removed): what was remembered, else the first
 * one that the other pane does not show.
 */
export function fillPanes(endpointIds: readonly string[]): void {
  const { left, right } = usePanes.getState();
  const unset = left.endpointId === undefined && right.endpointId === undefined;
  const parsed = remembered.safeParse(useSettings.getState().values[key]);
  const start =
    unset && parsed.success
      ? { left: restored(parsed.data.left, endpointIds), right: restored(parsed.data.right, endpointIds) }
      : { left: checked(left, endpointIds), right: checked(right, endpointIds) };
  const leftPane = withEndpoint(start.left, endpointIds, start.right.endpointId);
  const rightPane = withEndpoint(start.right, endpointIds, leftPane.endpointId);
  if (leftPane !== left || rightPane !== right) usePanes.setState({ left: leftPane, right: rightPane });
}

function checked(pane: Pane, known: readonly string[]): Pane {
  return pane.endpointId === undefined || known.includes(pane.endpointId) ? pane : emptyPane;
}

function withEndpoint(pane: Pane, known: readonly string[], taken: string | undefined): Pane {
  if (pane.endpointId !== undefined) return pane;
  const free = known.find((id) => id !== taken);
  return free === undefined ? pane : { ...emptyPane, endpointId: free };
}
