// Filters kept under a name: the items of the filter menu, and the dialogs that save, rename and delete.
import { Bookmark, Pencil, Save, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { IconButton } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import type { MenuGroups } from "../../../components/menu.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { showToast } from "../../../components/toast.tsx";
import { type Side, usePane } from "../../../state/panes.ts";
import {
  applyFilter,
  deleteFilter,
  renameFilter,
  type SavedFilter,
  saveFilter,
  useSavedFilters,
} from "../../../state/saved-filters.ts";
import { setKinds } from "../../../state/tag-chips.ts";
import { filterText } from "../../../text/tag-filter.ts";
import { FormDialog } from "../dialogs/form-dialog.tsx";

const icon = "size-4";

export function useSavedFilterItems(side: Side): {
  readonly groups: MenuGroups;
  readonly dialogs: ReactNode;
} {
  const [open, setOpen] = useState<"save" | "manage" | undefined>(undefined);
  const { tagFilter, chips } = usePane(side);
  const filters = useSavedFilters();
  const text = filterText.saved;
  const hasFilter = tagFilter.trim() !== "" || setKinds(chips).length > 0;
  const groups: MenuGroups = [
    filters.map((filter) => ({
      id: `saved ${filter.name}`,
      label: filter.name,
      icon: <Bookmark aria-hidden className={icon} />,
      onSelect: () => applyFilter(side, filter),
    })),
    [
      {
        id: "+save",
        label: text.save,
        icon: <Save aria-hidden className={icon} />,
        disabled: !hasFilter,
        onSelect: () => setOpen("save"),
      },
      {
        id: "+manage",
        label: text.manage,
        icon: <Pencil aria-hidden className={icon} />,
        disabled: filters.length === 0,
        onSelect: () => setOpen("manage"),
      },
    ],
  ];
  const close = (): void => setOpen(undefined);
  return {
    groups: groups.filter((group) => group.length > 0),
    dialogs: (
      <>
        {open === "save" && (
          <NameDialog
            title={text.saveTitle}
            start=""
            taken={filters.map(({ name }) => name)}
            onClose={close}
            onName={(name) => saveFilter(name, side)}
          />
        )}
        {open === "manage" && <ManageDialog filters={filters} onClose={close} />}
      </>
    ),
  };
}

function NameDialog({
  title,
  start,
  taken,
  onClose,
  onName,
}: {
  readonly title: string;
  readonly start: string;
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onName: (name: string) => void;
}) {
  const [name, setName] = useState(start);
  const wanted = name.trim().slice(0, 80);
  return (
    <FormDialog
      title={title}
      action={title}
      disabled={wanted === ""}
      onClose={onClose}
      onSubmit={() => {
        onName(wanted);
        onClose();
      }}
    >
      <TextField
        label={filterText.saved.name}
        value={name}
        onValueChange={setName}
        {...(wanted !== start && taken.includes(wanted) ? { hint: filterText.saved.taken } : {})}
      />
    </FormDialog>
  );
}

function ManageDialog({
  filters,
  onClose,
}: {
  readonly filters: readonly SavedFilter[];
  readonly onClose: () => void;
}) {
  const [renaming, setRenaming] = useState<string | undefined>(undefined);
  const text = filterText.saved;
  return (
    <Dialog open width="small" title={text.manageTitle} onOpenChange={(open) => !open && onClose()}>
      {filters.length === 0 && <p className="text-muted">{text.none}</p>}
      <ul className="flex flex-col">
        {filters.map(({ name }) => (
          <li key={name} className="row-base gap-1 border-b border-line/50">
            <span className="min-w-0 flex-1 truncate">{name}</span>
            <IconButton
              label={text.renameOne(name)}
              icon={<Pencil aria-hidden className="size-3.5" />}
              onClick={() => setRenaming(name)}
            />
            <IconButton
              label={text.deleteOne(name)}
              icon={<Trash2 aria-hidden className="size-3.5" />}
              onClick={() => {
                const undo = deleteFilter(name);
                showToast({ title: text.deleted(name), undo });
              }}
            />
          </li>
        ))}
      </ul>
      {renaming !== undefined && (
        <NameDialog
          title={text.renameTitle}
          start={renaming}
          taken={filters.map(({ name }) => name)}
          onClose={() => setRenaming(undefined)}
          onName={(name) => renameFilter(renaming, name)}
        />
      )}
    </Dialog>
  );
}
