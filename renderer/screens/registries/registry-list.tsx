// The list of registries: a grid with a roving focus, in groups where it is asked for, one context menu for all rows.
// biome-ignore-all lint/a11y/useSemanticElements: a grid of groups with a row as the focus
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on rows; heads are read with them
import { type KeyboardEvent, type MouseEvent, useRef } from "react";
import type { Endpoint } from "../../../shared/endpoint.ts";
import { ContextMenu } from "../../components/context-menu.tsx";
import { isTyped, TypeAhead } from "../../components/type-ahead.ts";
import { moveByKey } from "../../components/virtual-rows.ts";
import { useRegistryMarks } from "../../state/places.ts";
import { openRegistryDialog } from "../../state/registry-dialogs.ts";
import { registriesText } from "../../text/registries.ts";
import { markLook } from "../transfer/path/endpoint-picker.tsx";
import type { RegistryGroup } from "./order-registries.ts";
import { registryMenu } from "./registry-actions.tsx";
import { RegistryRow, registryColumns } from "./registry-row.tsx";

const pageRows = 10;

export function RegistryList(props: {
  readonly groups: readonly RegistryGroup[];
  readonly grouped: boolean;
  readonly chosen: Endpoint;
  readonly onChoose: (id: string) => void;
}) {
  const { groups, grouped, chosen, onChoose } = props;
  const marks = useRegistryMarks();
  const scroller = useRef<HTMLDivElement>(null);
  const typeAhead = useRef(new TypeAhead());
  const rows = groups.flatMap(({ members }) => members);
  const focus = rows.findIndex(({ id }) => id === chosen.id);

  const goTo = (index: number): void => {
    const id = rows[index]?.id;
    const row = scroller.current?.querySelector(`[data-id="${id}"]`);
    if (row instanceof HTMLElement) row.focus();
  };
  const keyDown = (event: KeyboardEvent<HTMLElement>): void => {
    // Keys of a row's own button are its own.
    if (event.target instanceof Element && event.target.closest("button") !== null) return;
    const to =
      moveByKey(event.key, focus, rows.length, pageRows) ?? typed(event, typeAhead.current, rows, focus);
    if (to !== undefined) goTo(to);
    else if (event.key === "Enter") openRegistryDialog({ kind: "edit", id: chosen.id });
    else if (event.key === "F2") openRegistryDialog({ kind: "rename", id: chosen.id });
    else if (event.key === "Delete") openRegistryDialog({ kind: "remove", id: chosen.id });
    else return;
    event.preventDefault();
  };
  const menu = (event: MouseEvent<HTMLElement>): void => {
    const row = event.target instanceof Element ? event.target.closest("[data-id]") : null;
    const id = row?.getAttribute("data-id");
    if (id !== null && id !== undefined) onChoose(id);
  };
  const starts = startsOf(groups);
  return (
    <ContextMenu
      groups={registryMenu(chosen)}
      region={
        <div
          role="grid"
          aria-label={registriesText.list}
          aria-rowcount={rows.length + 1}
          ref={scroller}
          onKeyDown={keyDown}
          onContextMenu={menu}
          className="h-full min-h-0 overflow-y-auto bg-surface"
        >
          <div
            role="row"
            aria-rowindex={1}
            className={`${registryColumns} sticky top-0 z-1 h-6.5 border-b border-line bg-sunken text-2xs text-muted`}
          >
            <span role="columnheader" className="col-span-4 pl-9">
              {registriesText.columns.name}
            </span>
            <span role="columnheader">{registriesText.columns.signIn}</span>
            <span role="columnheader" className="col-span-2">
              {registriesText.columns.health}
            </span>
          </div>
          {groups.map((group, at) => (
            <div role="rowgroup" key={group.key} aria-label={nameOf(group)}>
              {grouped && <GroupHead group={group} />}
              {group.members.map((endpoint, place) => (
                <RegistryRow
                  key={endpoint.id}
                  endpoint={endpoint}
                  mark={marks[endpoint.id]?.colour}
                  index={(starts[at] ?? 0) + place}
                  focused={endpoint.id === chosen.id}
                  onFocus={onChoose}
                />
              ))}
            </div>
          ))}
        </div>
      }
    />
  );
}

function typed(
  event: KeyboardEvent,
  typeAhead: TypeAhead,
  rows: readonly Endpoint[],
  from: number,
): number | undefined {
  if (!isTyped(event)) return undefined;
  return typeAhead.next(event.key, {
    now: event.timeStamp,
    from,
    count: rows.length,
    label: (index) => rows[index]?.name,
  });
}

/** The place of each group's first row among all rows. */
function startsOf(groups: readonly RegistryGroup[]): readonly number[] {
  let next = 0;
  return groups.map(({ members }) => {
    const start = next;
    next += members.length;
    return start;
  });
}

function nameOf({ name }: RegistryGroup): string {
  return name === "" ? registriesText.noGroup : name;
}

function GroupHead({ group }: { readonly group: RegistryGroup }) {
  return (
    <div aria-hidden className="flex h-7 items-center gap-2 border-b border-line bg-canvas px-2 text-xs">
      <span
        className={`h-4 w-1 rounded-sm ${group.colour === undefined ? "bg-line-strong" : markLook[group.colour]}`}
      />
      <span className="font-medium">{nameOf(group)}</span>
      <span className="text-muted">{group.members.length}</span>
    </div>
  );
}
