// Chooses the registry of a pane; registries of one group stand together, each with its colour.
import { ChevronDown, FolderArchive, Palette, Plus, Server } from "lucide-react";
import { type Endpoint, endpointAddress } from "../../../../shared/endpoint.ts";
import { Badge } from "../../../components/badge.tsx";
import { HealthDot } from "../../../components/health-dot.tsx";
import { Menu, type MenuGroups, type MenuItem } from "../../../components/menu.tsx";
import { useEndpoint, useEndpoints } from "../../../state/endpoints.ts";
import { type Side, showEndpoint, usePane } from "../../../state/panes.ts";
import { type MarkColour, type RegistryMark, useRegistryMarks } from "../../../state/places.ts";
import { placesText } from "../../../text/places.ts";
import { transferText } from "../../../text/transfer.ts";
import { openTransferDialog } from "../dialogs/open.ts";

export function EndpointPicker({
  side,
  onAddRegistry,
}: {
  readonly side: Side;
  readonly onAddRegistry: () => void;
}) {
  const { endpointId, repository } = usePane(side);
  const chosen = useEndpoint(endpointId);
  const endpoints = useEndpoints((state) => state.endpoints);
  const marks = useRegistryMarks();
  const text = transferText.picker;
  const item = (endpoint: Endpoint): MenuItem => ({
    id: endpoint.id,
    label: endpoint.name,
    ...hintOf(endpoint, marks[endpoint.id]),
    icon: (
      <span className="flex items-center gap-0.5">
        <ColourMark mark={marks[endpoint.id]} />
        <HealthDot health={endpoint.health} />
      </span>
    ),
    chosen: endpoint.id === endpointId ? text.chosen : undefined,
    onSelect: () => showEndpoint(side, endpoint.id),
  });
  const last: MenuItem[] = [
    {
      id: "+add",
      label: text.add,
      icon: <Plus aria-hidden className="size-4" />,
      onSelect: onAddRegistry,
    },
  ];
  if (chosen !== undefined)
    last.push({
      id: "+mark",
      label: placesText.group.open,
      icon: <Palette aria-hidden className="size-4" />,
      onSelect: () => openTransferDialog({ kind: "mark", endpointId: chosen.id }),
    });
  const groups: MenuGroups = [...grouped(endpoints, marks).map((group) => group.map(item)), last];
  return (
    <Menu
      align="start"
      groups={groups}
      trigger={
        <button
          type="button"
          className={`flex h-8 min-w-24 items-center gap-2 rounded-md px-2 hover:bg-hover data-popup-open:bg-hover ${repository === undefined ? "max-w-104" : "max-w-72"}`}
        >
          <span className="hidden-text">{text.label[side]} </span>
          {chosen === undefined ? (
            <span className="text-muted">{text.choose}</span>
          ) : (
            <Chosen endpoint={chosen} mark={marks[chosen.id]} brief={repository !== undefined} />
          )}
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-muted" />
        </button>
      }
    />
  );
}

/** Those without a group first, then each group by its name. */
function grouped(
  endpoints: readonly Endpoint[],
  marks: Readonly<Record<string, RegistryMark>>,
): readonly (readonly Endpoint[])[] {
  const groups = new Map<string, Endpoint[]>([["", []]]);
  for (const endpoint of endpoints) {
    const name = marks[endpoint.id]?.group ?? "";
    groups.set(name, [...(groups.get(name) ?? []), endpoint]);
  }
  return [...groups]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([, members]) => members)
    .filter((members) => members.length > 0);
}

/** The group, and the address where the name does not say it already. */
function hintOf({ name, settings }: Endpoint, mark: RegistryMark | undefined): { readonly hint?: string } {
  const address = endpointAddress(settings);
  const parts = [mark?.group ?? "", address === name ? "" : address].filter((part) => part !== "");
  return parts.length === 0 ? {} : { hint: parts.join(" · ") };
}

export const markLook: Readonly<Record<MarkColour, string>> = {
  blue: "bg-info",
  green: "bg-ok",
  amber: "bg-warn",
  red: "bg-bad",
};

/** A bar in the registry's colour; its name is in the title. */
function ColourMark({ mark }: { readonly mark: RegistryMark | undefined }) {
  if (mark?.colour === undefined) return null;
  const title = [placesText.group.colours[mark.colour], mark.group].filter(Boolean).join(" · ");
  return (
    <span
      role="img"
      aria-label={title}
      title={title}
      className={`h-4 w-1 shrink-0 rounded-sm ${markLook[mark.colour]}`}
    />
  );
}

function Chosen({
  endpoint,
  mark,
  brief,
}: {
  readonly endpoint: Endpoint;
  readonly mark: RegistryMark | undefined;
  /** Leaves its room to the path. */
  readonly brief: boolean;
}) {
  const Icon = endpoint.settings.kind === "registry" ? Server : FolderArchive;
  const address = endpointAddress(endpoint.settings);
  return (
    <>
      <ColourMark mark={mark} />
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="min-w-0 truncate text-base font-semibold">{endpoint.name}</span>
      <HealthDot health={endpoint.health} />
      {!brief && address !== endpoint.name && (
        // The name is what the registry is known by: the address gives way first.
        <span className="min-w-0 shrink-20 truncate text-xs text-muted">{address}</span>
      )}
      {!brief && endpoint.sample && <Badge>{transferText.picker.sample}</Badge>}
    </>
  );
}
