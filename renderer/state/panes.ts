// What each of the two panes shows: registry, repository, open folders, filters; remembered by the engine.

import { z } from "zod";
import { create } from "zustand";
import { type TagSort, tagSortSchema } from "../../shared/contract.ts";
import { nothingSelected, type TagSelection } from "./selection.ts";
import { setSetting, useSettings } from "./settings.ts";
import { noChips, type TagChips, tagChipsSchema } from "./tag-chips.ts";

export const paneSides = ["left", "right"] as const;
export type Side = (typeof paneSides)[number];
export function otherSide(side: Side): Side {
  return side === "left" ? "right" : "left";
}

export type { TagSort };

/** Which tags the comparison of the two panes leaves in sight. */
export const comparedParts = ["all", "differences", "missing", "different"] as const;
export type CompareOnly = (typeof comparedParts)[number];

export interface Pane {
  readonly endpointId: string | undefined;
  readonly repository: string | undefined;
  readonly expanded: ReadonlySet<string>;
  /** The tree row that has, or last had, the focus: a path, or "" for the whole registry. */
  readonly treeFocus: string;
  readonly treeFilter: string;
  readonly tagFilter: string;
  readonly chips: TagChips;
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
  chips: noChips,
  tagSort: "name",
  selection: nothingSelected,
  anchor: 0,
  tagFocus: 0,
  source: "tree",
  typed: [],
};

export interface PanesState {
  readonly left: Pane;
  readonly right: Pane;
  /** The pane that has, or last had, the focus. */
  readonly active: Side;
  /** While it is on, both panes go to the same repositories. */
  readonly compare: { readonly on: boolean; readonly only: CompareOnly };
}

export const usePanes = create<PanesState>(() => ({
  left: emptyPane,
  right: emptyPane,
  active: "left",
  compare: { on: false, only: "all" },
}));

export function usePane(side: Side): Pane {
  return usePanes((state) => state[side]);
}

export function updatePane(side: Side, change: Partial<Pane>): void {
  usePanes.setState((state) => ({ [side]: { ...state[side], ...change } }) as Pick<PanesState, Side>);
  if (rememberedParts.some((part) => part in change)) remember();
}

export function activate(side: Side): void {
  if (usePanes.getState().active !== side) usePanes.setState({ active: side });
}

/** Shows another registry: what was chosen in the last one is left behind. */
export function showEndpoint(side: Side, endpointId: string): void {
  if (usePanes.getState()[side].endpointId === endpointId) return;
  updatePane(side, { ...emptyPane, endpointId, tagSort: sortOf(endpointId) });
}

/** How the tags of a registry were ordered last. */
function sortOf(endpointId: string): TagSort {
  const kept = keptSorts.safeParse(useSettings.getState().values[sortsKey]);
  return (kept.success ? kept.data[endpointId] : undefined) ?? "name";
}

/** Another order shows other rows under the focus; it is kept for the registry. */
export function sortTags(side: Side, tagSort: TagSort): void {
  const { endpointId } = usePanes.getState()[side];
  updatePane(side, { tagSort, tagFocus: 0, anchor: 0 });
  if (endpointId === undefined) return;
  const kept = keptSorts.safeParse(useSettings.getState().values[sortsKey]);
  setSetting(sortsKey, { ...(kept.success ? kept.data : {}), [endpointId]: tagSort });
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
      : {
          selection: nothingSelected,
          anchor: 0,
          tagFocus: 0,
          tagFilter: "",
          chips: noChips,
          source: "tree" as const,
        }),
  });
  if (same || !usePanes.getState().compare.on) return;
  const other = usePanes.getState()[otherSide(side)];
  if (other.endpointId !== undefined && other.repository !== repository)
    showRepository(otherSide(side), repository);
}

/** Each pane shows what the other one showed. */
export function swapPanes(): void {
  usePanes.setState(({ left, right }) => ({ left: right, right: left }));
  remember();
}

/** Shows in the other pane the place that this one shows. */
export function mirrorPath(side: Side): void {
  const { repository, treeFocus } = usePanes.getState()[side];
  const to = otherSide(side);
  if (repository !== undefined) showRepository(to, repository);
  else updatePane(to, { treeFocus, expanded: new Set([...foldersAbove(treeFocus), treeFocus]) });
}

/** Compares both panes; the other one goes to the repository that the active one shows. */
export function setCompare(compare: Partial<PanesState["compare"]>): void {
  usePanes.setState((state) => ({
    compare: { ...state.compare, ...compare },
    left: { ...state.left, selection: nothingSelected, anchor: 0, tagFocus: 0 },
    right: { ...state.right, selection: nothingSelected, anchor: 0, tagFocus: 0 },
  }));
  const { active, compare: now, ...panes } = usePanes.getState();
  const from = panes[active].repository === undefined ? otherSide(active) : active;
  const other = panes[otherSide(from)];
  if (now.on && panes[from].repository !== undefined && other.endpointId !== undefined) mirrorPath(from);
}

/** `a/b/c` → `a`, `a/b`. */
function foldersAbove(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** A new filter shows other rows, so that the selection starts anew. */
export function filterTags(side: Side, tagFilter: string): void {
  updatePane(side, { tagFilter, ...fromTheTop });
}

export function setChips(side: Side, chips: TagChips): void {
  updatePane(side, { chips, ...fromTheTop });
}

const fromTheTop = { selection: nothingSelected, anchor: 0, tagFocus: 0 } as const;

const key = "panes";
const sortsKey = "tagSorts";
const keptSorts = z.record(z.string(), tagSortSchema);
const rememberedParts = [
  "endpointId",
  "repository",
  "expanded",
  "typed",
  "tagFilter",
  "chips",
  "tagSort",
] as const;
export const rememberedPane = z.object({
  endpointId: z.string().optional(),
  repository: z.string().optional(),
  expanded: z.array(z.string()).max(5000).default([]),
  typed: z.array(z.string()).max(500).default([]),
  tagFilter: z.string().max(2000).default(""),
  chips: tagChipsSchema.default(noChips),
  tagSort: tagSortSchema.default("name"),
});
const remembered = z.object({ left: rememberedPane, right: rememberedPane });

/** Keeps what both panes show. */
export function remember(): void {
  const { left, right } = usePanes.getState();
  setSetting(key, { left: plainPane(left), right: plainPane(right) });
}

/** A pane as it is kept. */
export function plainPane(pane: Pane): z.input<typeof rememberedPane> {
  const { endpointId, repository, expanded, typed, tagFilter, chips, tagSort } = pane;
  return {
    ...(endpointId === undefined ? {} : { endpointId }),
    ...(repository === undefined ? {} : { repository }),
    expanded: [...expanded].slice(0, 5000),
    typed: [...typed],
    ...(tagFilter === "" ? {} : { tagFilter }),
    ...(Object.keys(chips).length === 0 ? {} : { chips }),
    ...(tagSort === "name" ? {} : { tagSort }),
  };
}

export function restored(value: z.output<typeof rememberedPane>, known: readonly string[]): Pane {
  if (value.endpointId === undefined || !known.includes(value.endpointId)) return emptyPane;
  return {
    ...emptyPane,
    endpointId: value.endpointId,
    repository: value.repository,
    expanded: new Set(value.expanded),
    typed: value.typed,
    tagFilter: value.tagFilter,
    chips: value.chips,
    tagSort: value.tagSort,
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
