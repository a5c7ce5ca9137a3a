// The path of a pane's repository, segment by segment; it can be edited as text.
import { ChevronRight, PencilLine } from "lucide-react";
import { create } from "zustand";
import { IconButton } from "../../../components/button.tsx";
import { type Side, updatePane, usePane, usePanes } from "../../../state/panes.ts";
import { placesText } from "../../../text/places.ts";
import { PathField } from "./path-field.tsx";

/** The pane whose path is being edited. */
const usePathEditing = create<{ readonly side: Side | undefined }>(() => ({ side: undefined }));

export function editPath(side: Side | undefined): void {
  usePathEditing.setState({ side });
}

export function Breadcrumb({ side }: { readonly side: Side }) {
  const { repository } = usePane(side);
  const editing = usePathEditing((state) => state.side === side);
  if (editing) return <PathField side={side} start={repository ?? ""} onDone={() => editPath(undefined)} />;
  const segments = repository?.split("/") ?? [];
  return (
    <nav aria-label={placesText.pathLabel[side]} className="flex min-w-0 flex-1 items-center gap-0.5 text-sm">
      <ol className="flex min-w-0 items-center gap-0.5">
        {segments.map((segment, index) => {
          const path = segments.slice(0, index + 1).join("/");
          const last = index === segments.length - 1;
          return (
            <li key={path} className={`flex items-center gap-0.5 ${last ? "min-w-0" : "min-w-4"}`}>
              <ChevronRight aria-hidden className="size-3 shrink-0 text-muted" />
              <button
                type="button"
                {...(last ? { "aria-current": "location" as const } : {})}
                onClick={() => goUp(side, path)}
                className={`min-w-0 truncate rounded-sm px-1 py-0.5 hover:bg-hover ${last ? "font-medium" : "text-muted"}`}
              >
                {segment}
              </button>
            </li>
          );
        })}
      </ol>
      <IconButton
        label={placesText.editPath}
        icon={<PencilLine aria-hidden className="size-3.5 text-muted" />}
        onClick={() => editPath(side)}
      />
    </nav>
  );
}

/** The tree goes to that row, and a copy takes it. */
function goUp(side: Side, path: string): void {
  const { expanded } = usePanes.getState()[side];
  updatePane(side, { treeFocus: path, source: "tree", expanded: new Set([...expanded, path]) });
}
