// Tabs of each pane: the active one is the pane itself (state/panes.ts), the others wait here as they were left.
import { z } from "zod";
import { create } from "zustand";
import {
  emptyPane,
  type Pane,
  paneSides,
  plainPane,
  rememberedPane,
  remember as rememberPanes,
  restored,
  type Side,
  usePanes,
} from "./panes.ts";
import { setSetting, useSettings } from "./settings.ts";

export interface Tab {
  readonly id: number;
  /** As it was left; of the active tab it is out of date. */
  readonly pane: Pane;
}
interface PaneTabs {
  readonly tabs: readonly Tab[];
  readonly active: number;
  /** The last closed ones, the newest last. */
  readonly closed: readonly Pane[];
}
interface TabsState {
  readonly left: PaneTabs;
  readonly right: PaneTabs;
}

const mostClosed = 20;
let nextId = 1;
const oneTab = (): PaneTabs => {
  const id = nextId++;
  return { tabs: [{ id, pane: emptyPane }], active: id, closed: [] };
};

export const useTabs = create<TabsState>(() => ({ left: oneTab(), right: oneTab() }));

/** The tabs of a pane with what each shows now. */
export function currentTabs(side: Side): readonly Tab[] {
  const { tabs, active } = useTabs.getState()[side];
  return tabs.map((tab) => (tab.id === active ? { ...tab, pane: usePanes.getState()[side] } : tab));
}

function setTabs(side: Side, next: PaneTabs): void {
  useTabs.setState(side === "left" ? { left: next } : { right: next });
}

function put(side: Side, next: PaneTabs, shown: Pane): void {
  setTabs(side, next);
  usePanes.setState({ ...(side === "left" ? { left: shown } : { right: shown }), active: side });
  rememberPanes();
  remember();
}

/** Opens a tab beside the active one and shows it. */
export function newTab(side: Side, pane: Pane = duplicate(usePanes.getState()[side])): void {
  const tabs = currentTabs(side);
  const { active, closed } = useTabs.getState()[side];
  const id = nextId++;
  const at = tabs.findIndex((tab) => tab.id === active) + 1;
  put(side, { tabs: [...tabs.slice(0, at), { id, pane }, ...tabs.slice(at)], active: id, closed }, pane);
}

/** The same registry, at its top. */
function duplicate({ endpointId, typed, tagSort }: Pane): Pane {
  return { ...emptyPane, endpointId, typed, tagSort };
}

export function showTab(side: Side, id: number): void {
  const tabs = currentTabs(side);
  const wanted = tabs.find((tab) => tab.id === id);
  const { active, closed } = useTabs.getState()[side];
  if (wanted === undefined || id === active) return;
  put(side, { tabs, active: id, closed }, wanted.pane);
}

/** Goes to the next (1) or the last (-1) tab, round and round. */
export function stepTab(side: Side, step: 1 | -1): void {
  const { tabs, active } = useTabs.getState()[side];
  const at = tabs.findIndex((tab) => tab.id === active);
  const next = tabs[(at + step + tabs.length) % tabs.length];
  if (next !== undefined) showTab(side, next.id);
}

/** The last tab of a pane stays. */
export function closeTab(side: Side, id: number): void {
  const tabs = currentTabs(side);
  const at = tabs.findIndex((tab) => tab.id === id);
  const gone = tabs[at];
  if (gone === undefined || tabs.length === 1) return;
  const { active, closed } = useTabs.getState()[side];
  const left = tabs.filter((tab) => tab.id !== id);
  const shown = id === active ? (left[Math.min(at, left.length - 1)] ?? gone) : undefined;
  const next = { tabs: left, active: shown?.id ?? active, closed: [...closed, gone.pane].slice(-mostClosed) };
  put(side, next, shown?.pane ?? usePanes.getState()[side]);
}

export function reopenTab(side: Side): void {
  const { closed, ...rest } = useTabs.getState()[side];
  const pane = closed.at(-1);
  if (pane === undefined) return;
  setTabs(side, { ...rest, closed: closed.slice(0, -1) });
  newTab(side, pane);
}

/** With the panes, their tabs change sides. */
export function swapTabs(): void {
  useTabs.setState(({ left, right }) => ({ left: right, right: left }));
  remember();
}

const key = "tabs";
const keptTabs = z.object({
  panes: z.array(rememberedPane).min(1).max(50),
  active: z.number().int().nonnegative(),
});
const keptSchema = z.object({ left: keptTabs, right: keptTabs });

function remember(): void {
  const of = (side: Side): z.input<typeof keptTabs> => {
    const tabs = currentTabs(side);
    const { active } = useTabs.getState()[side];
    return {
      panes: tabs.slice(0, 50).map(({ pane }) => plainPane(pane)),
      active: Math.max(
        0,
        tabs.slice(0, 50).findIndex((tab) => tab.id === active),
      ),
    };
  };
  setSetting(key, { left: of("left"), right: of("right") });
}

/** True once tabs were opened in this session: the screen may have been left and come back to. */
export function tabsAreOpen(): boolean {
  return paneSides.some((side) => useTabs.getState()[side].tabs.length > 1);
}

/** Opens the tabs of the last session; the active ones are what the panes show already. */
export function restoreTabs(endpointIds: readonly string[]): void {
  const parsed = keptSchema.safeParse(useSettings.getState().values[key]);
  if (!parsed.success) return;
  for (const side of paneSides) {
    const { panes, active } = parsed.data[side];
    const tabs = panes.map((pane) => ({ id: nextId++, pane: restored(pane, endpointIds) }));
    const shown = tabs[Math.min(active, tabs.length - 1)];
    const kept = tabs.filter((tab) => tab === shown || tab.pane.endpointId !== undefined);
    if (shown !== undefined) setTabs(side, { tabs: kept, active: shown.id, closed: [] });
  }
}
