// Filters kept under a name, for any repository; in the settings.
import { z } from "zod";
import { type Side, updatePane, usePanes } from "./panes.ts";
import { nothingSelected } from "./selection.ts";
import { setSetting, useSettings } from "./settings.ts";
import { tagChipsSchema } from "./tag-chips.ts";

const key = "savedFilters";
const savedFilterSchema = z.object({
  name: z.string().min(1).max(80),
  text: z.string().max(2000).default(""),
  chips: tagChipsSchema.default({}),
});
export type SavedFilter = z.output<typeof savedFilterSchema>;
const listSchema = z.array(savedFilterSchema).max(200);

const none: readonly SavedFilter[] = [];

export function savedFilters(): readonly SavedFilter[] {
  const kept = listSchema.safeParse(useSettings.getState().values[key] ?? none);
  return kept.success ? kept.data : none;
}

export function useSavedFilters(): readonly SavedFilter[] {
  const value = useSettings((state) => state.values[key]);
  const kept = listSchema.safeParse(value ?? none);
  return kept.success ? kept.data : none;
}

function write(filters: readonly SavedFilter[]): void {
  setSetting(key, filters);
}

/** Keeps what a pane filters by; one of the same name is replaced. */
export function saveFilter(name: string, side: Side): void {
  const { tagFilter, chips } = usePanes.getState()[side];
  const others = savedFilters().filter((filter) => filter.name !== name);
  write([...others, { name, text: tagFilter, chips }]);
}

export function renameFilter(from: string, to: string): void {
  const others = savedFilters().filter(({ name }) => name === from || name !== to);
  write(others.map((filter) => (filter.name === from ? { ...filter, name: to } : filter)));
}

/** Returns how to bring it back, at its old place. */
export function deleteFilter(name: string): () => void {
  const before = savedFilters();
  const at = before.findIndex((filter) => filter.name === name);
  const gone = before[at];
  write(before.filter((filter) => filter.name !== name));
  return () => {
    const now = savedFilters();
    if (gone !== undefined && !now.some((filter) => filter.name === name))
      write([...now.slice(0, at), gone, ...now.slice(at)]);
  };
}

export function applyFilter(side: Side, filter: SavedFilter): void {
  updatePane(side, {
    tagFilter: filter.text,
    chips: filter.chips,
    selection: nothingSelected,
    anchor: 0,
    tagFocus: 0,
  });
}
