// One layer in full: its command, digest, media type in words, and where else it is known to lie.
import { ArrowUpRight } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { useEndpoints } from "../../state/endpoints.ts";
import { closeDrawer, showScreen } from "../../state/navigation.ts";
import { showEndpoint, showRepository, usePanes } from "../../state/panes.ts";
import { inspectText } from "../../text/inspect.ts";
import { mediaTypeText } from "../../text/media-types.ts";
import type { LayerRow } from "./layer-rows.ts";

const text = inspectText.layers;
const firstPlaces = 8;

export interface Place {
  readonly endpointId: string;
  readonly repository: string;
}

export function LayerDetails({ row, places }: { readonly row: LayerRow; readonly places: readonly Place[] }) {
  const { layer, step } = row;
  return (
    <section
      aria-label={text.details}
      className="flex max-h-56 shrink-0 flex-col gap-2 overflow-y-auto rounded-md bg-sunken p-3 text-xs"
    >
      {step !== undefined && step.command !== "" && (
        <div className="flex items-start gap-1">
          <code data-selectable className="min-w-0 flex-1 font-mono break-words whitespace-pre-wrap">
            {step.command}
          </code>
          <CopyButton label={inspectText.copy} text={step.command} />
        </div>
      )}
      {layer !== undefined && (
        <>
          <div className="flex items-center gap-1">
            <code data-selectable className="min-w-0 truncate font-mono text-muted" title={layer.digest}>
              {layer.digest}
            </code>
            <CopyButton label={inspectText.copyDigest} text={layer.digest} />
          </div>
          <p className="text-muted" title={layer.mediaType}>
            {mediaTypeText(layer.mediaType)}
          </p>
          <Places key={layer.digest} places={places} />
        </>
      )}
    </section>
  );
}

function Places({ places }: { readonly places: readonly Place[] }) {
  const endpoints = useEndpoints((state) => state.endpoints);
  const [all, setAll] = useState(false);
  const named = places.flatMap((place) => {
    const endpoint = endpoints.find(({ id }) => id === place.endpointId);
    return endpoint === undefined ? [] : [{ ...place, name: `${endpoint.name} / ${place.repository}` }];
  });
  const shown = all ? named : named.slice(0, firstPlaces);
  return (
    <div>
      <h3 className="font-medium" title={text.elsewhereHint}>
        {text.elsewhere}
      </h3>
      {named.length === 0 && <p className="text-muted">{text.nowhere}</p>}
      <ul className="flex flex-wrap gap-1 pt-1">
        {shown.map((place) => (
          <li key={place.name}>
            <Button
              size="small"
              variant="quiet"
              icon={<ArrowUpRight aria-hidden className="size-3" />}
              title={inspectText.show(place.name)}
              onClick={() => showPlace(place)}
            >
              {place.name}
            </Button>
          </li>
        ))}
        {shown.length < named.length && (
          <li>
            <Button size="small" variant="quiet" onClick={() => setAll(true)}>
              {text.more(named.length - shown.length)}
            </Button>
          </li>
        )}
      </ul>
    </div>
  );
}

function showPlace({ endpointId, repository }: Place): void {
  const { left, right, active } = usePanes.getState();
  const side = left.endpointId === endpointId ? "left" : right.endpointId === endpointId ? "right" : active;
  showEndpoint(side, endpointId);
  showRepository(side, repository);
  closeDrawer();
  showScreen("transfer");
}
