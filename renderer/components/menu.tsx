// Menus from a button and the items that every menu, also a context menu, is made of.
import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  /** A second, quieter line. */
  readonly hint?: string;
  /** Marked as the one that is chosen now; the text is read aloud. */
  readonly chosen?: string | undefined;
  /** Shown at the right, as people read it: "Ctrl+C". */
  readonly shortcut?: string;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  readonly onSelect: () => void;
}
/** A menu is groups of items with a line between the groups. */
export type MenuGroups = readonly (readonly MenuItem[])[];

export const menuPopupLook =
  "z-60 min-w-48 rounded-lg border border-line bg-raised p-1 text-sm text-text shadow-pop outline-none " +
  "transition-opacity duration-75 data-ending-style:opacity-0";

export function Menu({
  trigger,
  groups,
  align = "end",
}: {
  readonly trigger: ReactElement;
  readonly groups: MenuGroups;
  readonly align?: "start" | "end";
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-60">
          <Base.Popup className={menuPopupLook}>
            <MenuItems groups={groups} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** The items themselves; Base UI's context menu takes the same ones. */
export function MenuItems({ groups }: { readonly groups: MenuGroups }) {
  return groups.map((group, index) => (
    <div key={group[0]?.id ?? index}>
      {index > 0 && <Base.Separator className="mx-1 my-1 h-px bg-line" />}
      {group.map((item) => (
        <Base.Item
          key={item.id}
          onClick={item.onSelect}
          disabled={item.disabled ?? false}
          className={`flex min-h-7 items-center gap-2 rounded-sm px-2 py-0.5 outline-none data-disabled:opacity-50 data-highlighted:bg-accent-soft ${item.danger === true ? "text-bad" : ""}`}
        >
          <span className="flex size-4 items-center justify-center text-muted">{item.icon}</span>
          <span className="min-w-0 flex-1">
            {item.label}
            {item.hint !== undefined && (
              <span className="block truncate text-xs text-muted">{item.hint}</span>
            )}
          </span>
          {item.chosen !== undefined && (
            <>
              <Check aria-hidden className="size-3.5 text-accent" />
              <span className="hidden-text">({item.chosen})</span>
            </>
          )}
          {item.shortcut !== undefined && <span className="pl-6 text-xs text-muted">{item.shortcut}</span>}
        </Base.Item>
      ))}
    </div>
  ));
}
