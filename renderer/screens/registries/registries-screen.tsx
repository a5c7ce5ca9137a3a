// The Registries screen: the saved registries and folders as a list, and all about the chosen one beside it.
import { Download, Plus, RefreshCw, Server } from "lucide-react";
import { useMemo, useState } from "react";
import type { Endpoint } from "../../../shared/endpoint.ts";
import { useCommands } from "../../commands/registry.ts";
import { Button } from "../../components/button.tsx";
import { RememberedSplit } from "../../components/remembered-split.tsx";
import { SplitPanel, Splitter } from "../../components/splitter.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { chooseRegistry, useChosenRegistry } from "../../state/chosen-registry.ts";
import { loadEndpoints, useEndpoints } from "../../state/endpoints.ts";
import { useRegistryMarks } from "../../state/places.ts";
import { checkEndpoint } from "../../state/registries.ts";
import { openRegistryDialog } from "../../state/registry-dialogs.ts";
import { setSetting, useSettings } from "../../state/settings.ts";
import { registriesText } from "../../text/registries.ts";
import { MarkDialog } from "../transfer/dialogs/mark-dialog.tsx";
import { useTransferDialog } from "../transfer/dialogs/open.ts";
import { arrange, type RegistryView, registrySorts } from "./order-registries.ts";
import { RegistryDetails } from "./registry-details.tsx";
import { RegistryList } from "./registry-list.tsx";
import { RegistryToolbar } from "./registry-toolbar.tsx";
import { useRegistryCommands } from "./use-registry-commands.ts";

const viewKey = "registries.view";

/** Sort and groups are kept; what was searched is not. */
function useView(): readonly [RegistryView, (change: Partial<RegistryView>) => void] {
  const [search, setSearch] = useState("");
  const kept = useSettings(({ values }) => values[viewKey]);
  const { sort, grouped } = (typeof kept === "object" && kept !== null ? kept : {}) as Partial<RegistryView>;
  const view: RegistryView = {
    search,
    sort: registrySorts.find((each) => each === sort) ?? "name",
    grouped: grouped === true,
  };
  const change = ({ search: wanted, ...rest }: Partial<RegistryView>): void => {
    if (wanted !== undefined) setSearch(wanted);
    if (Object.keys(rest).length > 0)
      setSetting(viewKey, { sort: view.sort, grouped: view.grouped, ...rest });
  };
  return [view, change];
}

export function RegistriesScreen() {
  const { endpoints, error } = useEndpoints();
  const marks = useRegistryMarks();
  const [view, change] = useView();
  const chosenId = useChosenRegistry(({ id }) => id);
  const mark = useTransferDialog(({ dialog }) => (dialog?.kind === "mark" ? dialog.endpointId : undefined));
  const { search, sort, grouped } = view;
  const groups = useMemo(
    () => arrange(endpoints, marks, { search, sort, grouped }),
    [endpoints, marks, search, sort, grouped],
  );
  const rows = groups.flatMap(({ members }) => members);
  const chosen = rows.find(({ id }) => id === chosenId) ?? rows[0];
  useRegistryCommands(chosen);
  useCommands(() => ({ "registries.checkAll": { run: () => checkAll(endpoints) } }), [endpoints]);

  return (
    <section aria-label={registriesText.title} className="flex h-full min-h-0 flex-col bg-surface">
      <RegistryToolbar view={view} onChange={change} endpoints={endpoints} shown={rows.length}>
        <Button
          size="bar"
          icon={<RefreshCw aria-hidden className="size-3.5" />}
          disabled={endpoints.length === 0}
          onClick={() => checkAll(endpoints)}
        >
          {registriesText.checkAll}
        </Button>
        <ImportButton />
        <Button
          size="bar"
          variant="primary"
          icon={<Plus aria-hidden className="size-3.5" />}
          onClick={() => openRegistryDialog({ kind: "add" })}
        >
          {registriesText.add}
        </Button>
      </RegistryToolbar>
      {error !== undefined && endpoints.length === 0 ? (
        <ErrorState
          error={error}
          action={{ label: registriesText.reload, onSelect: () => void loadEndpoints() }}
        />
      ) : chosen !== undefined ? (
        <RememberedSplit name="registries" orientation="horizontal" className="min-h-0 flex-1">
          <SplitPanel id="list" minSize={380} defaultSize="58%">
            <RegistryList groups={groups} grouped={grouped} chosen={chosen} onChoose={chooseRegistry} />
          </SplitPanel>
          <Splitter label={registriesText.detailsWidth} direction="vertical" />
          <SplitPanel id="details" minSize={340}>
            <RegistryDetails key={chosen.id} endpoint={chosen} />
          </SplitPanel>
        </RememberedSplit>
      ) : (
        <NoRegistries searched={endpoints.length > 0} onClear={() => change({ search: "" })} />
      )}
      {mark !== undefined && <MarkDialog key={mark} endpointId={mark} />}
    </section>
  );
}

function checkAll(endpoints: readonly Endpoint[]): void {
  for (const endpoint of endpoints) void checkEndpoint(endpoint);
}

function ImportButton() {
  return (
    <Button
      size="bar"
      icon={<Download aria-hidden className="size-3.5" />}
      onClick={() => openRegistryDialog({ kind: "import" })}
    >
      {registriesText.import.button}
    </Button>
  );
}

function NoRegistries({ searched, onClear }: { readonly searched: boolean; readonly onClear: () => void }) {
  if (searched)
    return (
      <EmptyState title={registriesText.noMatch}>
        <Button size="small" onClick={onClear}>
          {registriesText.clearSearch}
        </Button>
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<Server aria-hidden className="size-6" />}
      title={registriesText.empty.title}
      text={registriesText.empty.text}
    >
      <Button
        size="bar"
        icon={<Plus aria-hidden className="size-3.5" />}
        onClick={() => openRegistryDialog({ kind: "add" })}
      >
        {registriesText.add}
      </Button>
      <ImportButton />
    </EmptyState>
  );
}
