// Takes over registries that docker's and podman's configuration name: which, where from, and how their password is kept.
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import type { MethodResult } from "../../../shared/contract.ts";
import type { Endpoint } from "../../../shared/endpoint.ts";
import { toFreightlinerError } from "../../../shared/errors.ts";
import { call } from "../../api/client.ts";
import { Badge, StatusIcon } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../components/states.tsx";
import { showToast } from "../../components/toast.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { type Importable, importEndpoints } from "../../state/registries.ts";
import { commonText } from "../../text/common.ts";
import { registriesText } from "../../text/registries.ts";
import { kindWords } from "../../text/registry-kinds.ts";
import { KindIcon } from "./kind-look.tsx";
import { kindOfHost } from "./registry-kind.ts";

const text = registriesText.import;
type Answer = MethodResult<"endpoints.importable">;

export function ImportDialog({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void;
  readonly onAdded?: ((endpoint: Endpoint) => void) | undefined;
}) {
  const found = useQuery({
    queryKey: ["endpoints.importable"],
    queryFn: ({ signal }) => call("endpoints.importable", {}, signal),
    // Somebody may have signed in with docker a moment ago.
    gcTime: 0,
    staleTime: 0,
  });
  /** By file and address; all that are new until something else is chosen. */
  const [without, setWithout] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const fresh = firstOfEach(found.data?.found ?? []);
  const chosen = fresh.filter((entry) => !without.has(entry.address));
  const add = async (): Promise<void> => {
    setBusy(true);
    const added = await importEndpoints(chosen);
    if (added.length > 0) showToast({ title: text.done(added.length), tone: "ok" });
    for (const endpoint of added) onAdded?.(endpoint);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title}
      description={text.lead}
      foot={
        <>
          <Button onClick={onClose}>{registriesText.cancel}</Button>
          <Button variant="primary" disabled={chosen.length === 0 || busy} onClick={() => void add()}>
            {text.submit(chosen.length)}
          </Button>
        </>
      }
    >
      {found.isPending ? (
        <LoadingRows label={text.looking} rows={4} />
      ) : found.error !== null ? (
        <ErrorState
          error={toFreightlinerError(found.error, "endpoints.importable")}
          action={{ label: commonText.retry, onSelect: () => void found.refetch() }}
        />
      ) : (
        <Found answer={found.data} fresh={fresh} without={without} onWithout={setWithout} />
      )}
    </Dialog>
  );
}

/** What is not added yet, each address once: docker's file and podman's may both name it. */
function firstOfEach(found: readonly Importable[]): readonly Importable[] {
  return found.filter(
    (entry, index) =>
      entry.endpointId === null && found.findIndex(({ address }) => address === entry.address) === index,
  );
}

function Found({
  answer: { found, problems },
  fresh,
  without,
  onWithout,
}: {
  readonly answer: Answer;
  readonly fresh: readonly Importable[];
  readonly without: ReadonlySet<string>;
  readonly onWithout: (without: ReadonlySet<string>) => void;
}) {
  const toggle = (address: string, on: boolean): void => {
    const next = new Set(without);
    if (on) next.delete(address);
    else next.add(address);
    onWithout(next);
  };
  const left = fresh.filter(({ address }) => without.has(address)).length;
  return (
    <div className="flex flex-col gap-3">
      {found.length === 0 && (
        <EmptyState
          icon={<Download aria-hidden className="size-6" />}
          title={text.nothing}
          text={text.nothingText}
        />
      )}
      {fresh.length > 1 && (
        <Checkbox
          label={text.all}
          checked={left === 0}
          indeterminate={left > 0 && left < fresh.length}
          onCheckedChange={(on) => onWithout(new Set(on ? [] : fresh.map(({ address }) => address)))}
        />
      )}
      {found.length > 0 && (
        <ul aria-label={text.list} className="rounded-md border border-line">
          {found.map((entry) => (
            <Entry
              key={`${entry.file} ${entry.address}`}
              entry={entry}
              choosable={fresh.includes(entry)}
              checked={!without.has(entry.address)}
              onChange={(on) => toggle(entry.address, on)}
            />
          ))}
        </ul>
      )}
      {problems.length > 0 && (
        <section aria-label={text.problems} className="flex flex-col gap-1 text-xs">
          {problems.map((problem) => (
            <p key={problem.file} className="flex gap-2">
              <StatusIcon kind="warn" label={text.problems} className="pt-0.5" />
              <span data-selectable className="min-w-0 break-words">
                <span className="font-mono">{problem.file}</span>
                <span className="block text-muted">{problem.text}</span>
              </span>
            </p>
          ))}
        </section>
      )}
    </div>
  );
}

function Entry(props: {
  readonly entry: Importable;
  readonly choosable: boolean;
  readonly checked: boolean;
  readonly onChange: (on: boolean) => void;
}) {
  const { entry, choosable } = props;
  const kind = kindOfHost(entry.address);
  const who = entry.username === null ? "" : ` ${text.as(entry.username)}`;
  return (
    <li className="flex items-center gap-3 border-b border-line px-3 py-2 text-sm last:border-b-0">
      <Checkbox
        label={text.add(entry.address)}
        labelHidden
        disabled={!choosable}
        checked={choosable && props.checked}
        onCheckedChange={props.onChange}
      />
      <KindIcon kind={kind} />
      <span className="min-w-0 flex-1">
        <span className="block truncate">
          <span className="font-medium">{entry.address}</span>
          <span className="ml-2 text-xs text-muted">{kindWords[kind].name}</span>
        </span>
        <span className="block truncate text-xs text-muted" title={entry.file}>
          {text.secrets[entry.credential]}
          {who} · {text.from[entry.from]}: {entry.file}
        </span>
      </span>
      {!choosable && <Badge>{text.added}</Badge>}
    </li>
  );
}
