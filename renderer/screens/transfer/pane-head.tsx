// The head of a pane: which registry and repository it shows, places to come back to, and reading it anew.
import { Plus, RefreshCw } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../components/button.tsx";
import type { Side } from "../../state/panes.ts";
import { newTab, useTabs } from "../../state/tabs.ts";
import { placesText } from "../../text/places.ts";
import { transferText } from "../../text/transfer.ts";
import { refreshPane } from "./commands.ts";
import { Breadcrumb } from "./path/breadcrumb.tsx";
import { EndpointPicker } from "./path/endpoint-picker.tsx";
import { PlacesMenu } from "./path/places-menu.tsx";

export function PaneHead({
  side,
  onAddRegistry,
}: {
  readonly side: Side;
  readonly onAddRegistry: () => void;
}) {
  const [refreshing, setRefreshing] = useState(false);
  const alone = useTabs((state) => state[side].tabs.length === 1);
  const refresh = async (): Promise<void> => {
    setRefreshing(true);
    await refreshPane(side);
    setRefreshing(false);
  };
  return (
    <header className="flex h-11 shrink-0 items-center gap-1 border-b border-line px-2">
      <EndpointPicker side={side} onAddRegistry={onAddRegistry} />
      <Breadcrumb side={side} />
      <PlacesMenu side={side} />
      {alone && (
        <IconButton
          label={placesText.newTab}
          icon={<Plus aria-hidden className="size-3.5 text-muted" />}
          onClick={() => newTab(side)}
        />
      )}
      <IconButton
        label={transferText.commands.refresh}
        disabled={refreshing}
        onClick={() => void refresh()}
        icon={
          <RefreshCw aria-hidden className={refreshing ? "size-3.5 animate-spin" : "size-3.5 text-muted"} />
        }
      />
    </header>
  );
}
