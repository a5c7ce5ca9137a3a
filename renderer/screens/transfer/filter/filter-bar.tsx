// The chips of a pane's filter in a row of their own, where there is any.
import { clsx } from "clsx";
import { ListFilterPlus } from "lucide-react";
import { IconButton } from "../../../components/button.tsx";
import { Menu, type MenuGroups } from "../../../components/menu.tsx";
import { type Side, setChips, usePane } from "../../../state/panes.ts";
import { type ChipKind, chipKinds, noChips, setKinds } from "../../../state/tag-chips.ts";
import { filterText } from "../../../text/tag-filter.ts";
import { Chip } from "./chip.tsx";
import { useSavedFilterItems } from "./saved-filters.tsx";

interface Editing {
  /** The chip whose editor is open. */
  readonly editing: ChipKind | undefined;
  readonly onEditing: (kind: ChipKind | undefined) => void;
}

export function FilterChips({ side, editing, onEditing }: Editing & { readonly side: Side }) {
  const { chips } = usePane(side);
  const kinds = chipKinds.filter((kind) => chips[kind] !== undefined || kind === editing);
  if (kinds.length === 0) return null;
  return (
    <ul aria-label={filterText.bar} className="flex shrink-0 flex-wrap items-center gap-1.5 px-3 pb-2">
      {kinds.map((kind) => (
        <li key={kind} className="flex max-w-full min-w-0">
          <Chip
            kind={kind}
            chips={chips}
            open={editing === kind}
            onOpenChange={(open) => onEditing(open ? kind : undefined)}
            onChips={(next) => setChips(side, next)}
          />
        </li>
      ))}
      {setKinds(chips).length > 1 && (
        <li>
          <button
            type="button"
            onClick={() => setChips(side, noChips)}
            className="h-6 rounded-md px-1.5 text-xs text-muted hover:bg-hover hover:text-text"
          >
            {filterText.clearAll}
          </button>
        </li>
      )}
    </ul>
  );
}

/** The button that adds a chip, and what is kept under a name. */
export function FilterMenu({ side, onEditing }: Pick<Editing, "onEditing"> & { readonly side: Side }) {
  const { chips } = usePane(side);
  const saved = useSavedFilterItems(side);
  const groups: MenuGroups = [
    chipKinds.map((kind) => ({
      id: kind,
      label: filterText.kinds[kind],
      // The menu gives the focus back when it closes; the editor takes it after that.
      onSelect: () => setTimeout(() => onEditing(kind), 0),
    })),
    ...saved.groups,
  ];
  return (
    <>
      <Menu
        groups={groups}
        trigger={
          <IconButton
            label={filterText.add}
            icon={
              <ListFilterPlus
                aria-hidden
                className={clsx("size-3.5", setKinds(chips).length > 0 && "text-accent")}
              />
            }
          />
        }
      />
      {saved.dialogs}
    </>
  );
}
