// The selection of tags as a value: some by name, or all but some, so that "select all 100,000" stays small.

export type TagSelection =
  | { readonly mode: "set"; readonly ids: ReadonlySet<string> }
  /** Everything that the filter lets through, less these. */
  | { readonly mode: "all"; readonly except: ReadonlySet<string> };

export const nothingSelected: TagSelection = { mode: "set", ids: new Set() };
export const everythingSelected: TagSelection = { mode: "all", except: new Set() };

export function isSelected(selection: TagSelection, id: string): boolean {
  return selection.mode === "all" ? !selection.except.has(id) : selection.ids.has(id);
}

/** How many of `total` are selected. */
export function selectedCount(selection: TagSelection, total: number): number {
  return selection.mode === "all" ? Math.max(0, total - selection.except.size) : selection.ids.size;
}

export function selectOnly(ids: Iterable<string>): TagSelection {
  return { mode: "set", ids: new Set(ids) };
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Turns one on or off and leaves the others. */
export function toggle(selection: TagSelection, id: string): TagSelection {
  return selection.mode === "all"
    ? { mode: "all", except: toggled(selection.except, id) }
    : { mode: "set", ids: toggled(selection.ids, id) };
}

/** Adds a range, as Ctrl+Shift does. */
export function selectAlso(selection: TagSelection, ids: Iterable<string>): TagSelection {
  if (selection.mode === "set") return { mode: "set", ids: new Set([...selection.ids, ...ids]) };
  const except = new Set(selection.except);
  for (const id of ids) except.delete(id);
  return { mode: "all", except };
}

/** Takes these out of it. */
export function selectLess(selection: TagSelection, ids: Iterable<string>): TagSelection {
  if (selection.mode === "all") return { mode: "all", except: new Set([...selection.except, ...ids]) };
  const left = new Set(selection.ids);
  for (const id of ids) left.delete(id);
  return { mode: "set", ids: left };
}

/** What is selected is not, and the other way round; as a query it stays as small as it was. */
export function inverted(selection: TagSelection): TagSelection {
  return selection.mode === "all"
    ? { mode: "set", ids: selection.except }
    : { mode: "all", except: selection.ids };
}
