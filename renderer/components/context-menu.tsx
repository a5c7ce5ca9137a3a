// One context menu for a whole region: what it acts on is set before it opens, so that a list needs one, not one per row.
import { ContextMenu as Base } from "@base-ui/react/context-menu";
import type { ReactElement } from "react";
import { type MenuGroups, MenuItems, menuPopupLook } from "./menu.tsx";

export function ContextMenu({
  region,
  groups,
  disabled = false,
}: {
  /** The element that the menu belongs to; its onContextMenu runs first. */
  readonly region: ReactElement;
  readonly groups: MenuGroups;
  readonly disabled?: boolean;
}) {
  return (
    <Base.Root disabled={disabled}>
      <Base.Trigger render={region} />
      <Base.Portal>
        <Base.Positioner className="z-60">
          <Base.Popup className={menuPopupLook}>
            <MenuItems groups={groups} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
