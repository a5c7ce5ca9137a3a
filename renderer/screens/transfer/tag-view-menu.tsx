// The menu of the tag table's look: what it is ordered by, and which columns it has.
import { Settings2 } from "lucide-react";
import { IconButton } from "../../components/button.tsx";
import { Menu } from "../../components/menu.tsx";
import { type Side, sortTags, usePane } from "../../state/panes.ts";
import { columns, type SideColumn, showColumn, useColumnChoice } from "../../state/tag-columns.ts";
import { transferText } from "../../text/transfer.ts";
import { isDescending, keyOfSort, sortKeys, sortOf } from "./tag-sort.ts";

const choosable = columns.filter((column): column is SideColumn => column !== "tag");

export function TagViewMenu({ side }: { readonly side: Side }) {
  const { endpointId = "", tagSort } = usePane(side);
  const choice = useColumnChoice(endpointId);
  const text = transferText.tags;
  const key = keyOfSort(tagSort);
  const descending = isDescending(tagSort);
  return (
    <Menu
      trigger={<IconButton label={text.view} icon={<Settings2 aria-hidden className="size-3.5" />} />}
      groups={[
        [
          ...sortKeys.map((each) => ({
            id: each,
            label: text.sortBy[each],
            chosen: each === key ? text.chosen : undefined,
            // Of versions, dates and sizes the highest is what people look for.
            onSelect: () => sortTags(side, sortOf(each, each === key ? descending : each !== "name")),
          })),
          {
            id: "reverse",
            label: text.descending,
            chosen: descending ? text.chosen : undefined,
            onSelect: () => sortTags(side, sortOf(key, !descending)),
          },
        ],
        choosable.map((column) => ({
          id: `column ${column}`,
          label: text.columns[column],
          chosen: choice.shown.includes(column) ? text.chosenColumn : undefined,
          onSelect: () => showColumn(endpointId, column, !choice.shown.includes(column)),
        })),
      ]}
    />
  );
}
