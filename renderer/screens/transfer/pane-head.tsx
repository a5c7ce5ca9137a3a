// The head of a pane: which registry it shows, how that is, and reading it anew.
import { ChevronDown, FolderArchive, Plus, RefreshCw, Server } from "lucide-react";
import { useState } from "react";
import { type Endpoint, endpointAddress } from "../../../shared/endpoint.ts";
import { Badge } from "../../components/badge.tsx";
import { IconButton } from "../../components/button.tsx";
import { HealthDot } from "../../components/health-dot.tsx";
import { Menu } from "../../components/menu.tsx";
import { useEndpoint, useEndpoints } from "../../state/endpoints.ts";
import { type Side, showEndpoint, usePane } from "../../state/panes.ts";
import { transferText } from "../../text/transfer.ts";
import { refreshPane } from "./commands.ts";

export function PaneHead({
  side,
  onAddRegistry,
}: {
  readonly side: Side;
  readonly onAddRegistry: () => void;
}) {
  const [refreshing, setRefreshing] = useState(false);
  const refresh = async (): Promise<void> => {
    setRefreshing(true);
    await refreshPane(side);
    setRefreshing(false);
  };
  return (
    <header className="flex h-11 shrink-0 items-center gap-1 border-b border-line px-2">
      <EndpointPicker side={side} onAddRegistry={onAddRegistry} />
      <div className="flex-1" />
      <IconButton
        label={transferText.commands.refresh}
        disabled={refreshing}
        onClick={() => void refresh()}
        icon={<RefreshCw aria-hidden className={refreshing ? "size-3.5 animate-spin" : "size-3.5"} />}
      />
    </header>
  );
}

function EndpointPicker({
  side,
  onAddRegistry,
}: {
  readonly side: Side;
  readonly onAddRegistry: () => void;
}) {
  const { endpointId } = usePane(side);
  const chosen = useEndpoint(endpointId);
  const endpoints = useEndpoints((state) => state.endpoints);
  const text = transferText.picker;
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex h-8 min-w-0 items-center gap-2 rounded-md px-2 hover:bg-hover data-popup-open:bg-hover"
        >
          <span className="hidden-text">{text.label[side]} </span>
          {chosen === undefined ? (
            <span className="text-muted">{text.choose}</span>
          ) : (
            <Chosen endpoint={chosen} />
          )}
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-muted" />
        </button>
      }
      groups={[
        endpoints.map((endpoint) => ({
          id: endpoint.id,
          label: endpoint.name,
          ...hintOf(endpoint),
          icon: <HealthDot health={endpoint.health} />,
          chosen: endpoint.id === endpointId ? text.chosen : undefined,
          onSelect: () => showEndpoint(side, endpoint.id),
        })),
        [
          {
            id: "+add",
            label: text.add,
            icon: <Plus aria-hidden className="size-4" />,
            onSelect: onAddRegistry,
          },
        ],
      ]}
    />
  );
}

/** The address, where the name does not say it already. */
function hintOf({ name, settings }: Endpoint): { readonly hint?: string } {
  const address = endpointAddress(settings);
  return address === name ? {} : { hint: address };
}

function Chosen({ endpoint }: { readonly endpoint: Endpoint }) {
  const Icon = endpoint.settings.kind === "registry" ? Server : FolderArchive;
  const address = endpointAddress(endpoint.settings);
  return (
    <>
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="truncate text-base font-semibold">{endpoint.name}</span>
      <HealthDot health={endpoint.health} />
      {address !== endpoint.name && <span className="min-w-0 truncate text-xs text-muted">{address}</span>}
      {endpoint.sample && <Badge>{transferText.picker.sample}</Badge>}
    </>
  );
}
