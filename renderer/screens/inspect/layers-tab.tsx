// The layers of an image as proportional bars with the command that made each; the chosen one in full below.
import { useState } from "react";
import type { InspectedManifest } from "../../../shared/contract.ts";
import { shortDigest } from "../../../shared/digest.ts";
import { Bytes } from "../../components/bytes.tsx";
import { EmptyState } from "../../components/states.tsx";
import { Switch } from "../../components/switch.tsx";
import { moveByKey, useVirtualRows } from "../../components/virtual-rows.ts";
import { useBytes } from "../../state/formats.ts";
import type { ImageAt } from "../../state/navigation.ts";
import { inspectText } from "../../text/inspect.ts";
import { readImageConfig } from "./image-config.ts";
import { LayerDetails } from "./layer-details.tsx";
import { type LayerRow, layerRows } from "./layer-rows.ts";
import { useImageConfig, useLocations } from "./read-image.ts";

const text = inspectText.layers;
const columns = "grid grid-cols-[2rem_minmax(0,1fr)_9rem_5.5rem_9.5rem] items-center gap-x-3";

export function LayersTab({
  image,
  manifest,
}: {
  readonly image: ImageAt;
  readonly manifest: InspectedManifest;
}) {
  const bytes = useBytes();
  const config = useImageConfig(manifest.config === null ? undefined : image);
  const history = readImageConfig(config.data?.text ?? "")?.history ?? [];
  const all = layerRows(manifest.layers, history);
  const [withSteps, setWithSteps] = useState(false);
  const rows = withSteps ? all : all.filter(({ layer }) => layer !== undefined);
  const [chosen, setChosen] = useState(0);
  const focus = Math.min(chosen, rows.length - 1);
  const locations = useLocations(manifest.layers.map(({ digest }) => digest)).data?.locations ?? [];
  const elsewhere = locations.filter(
    (place) => place.endpointId !== image.endpointId || place.repository !== image.repository,
  );
  const known = new Set(elsewhere.map(({ digest }) => digest));
  const knownBytes = manifest.layers.reduce(
    (sum, { digest, size }) => sum + (known.has(digest) ? size : 0),
    0,
  );
  const total = manifest.layers.reduce((sum, { size }) => sum + size, 0);

  if (manifest.layers.length === 0)
    return <EmptyState title={text.none} text={manifest.kind === "index" ? text.noneHint : undefined} />;
  const row = rows[focus];
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2">
      <div className="flex items-center gap-3 text-xs">
        <span>{text.summary(manifest.layers.length, bytes(total))}</span>
        {knownBytes > 0 && <span className="text-muted">{text.elsewhereBytes(bytes(knownBytes))}</span>}
        {all.length > manifest.layers.length && (
          <Switch label={text.steps} checked={withSteps} onCheckedChange={setWithSteps} className="ml-auto" />
        )}
      </div>
      <LayerList rows={rows} focus={focus} onFocus={setChosen} />
      {row !== undefined && (
        <LayerDetails row={row} places={elsewhere.filter(({ digest }) => digest === row.layer?.digest)} />
      )}
    </div>
  );
}

function LayerList({
  rows,
  focus,
  onFocus,
}: {
  readonly rows: readonly LayerRow[];
  readonly focus: number;
  readonly onFocus: (index: number) => void;
}) {
  const list = useVirtualRows({ count: rows.length, focus });
  return (
    <div className="flex min-h-24 flex-1 flex-col rounded-md border border-line">
      <div aria-hidden className={`${columns} h-6 border-b border-line bg-sunken px-2 text-2xs text-muted`}>
        <span className="text-right">{text.number}</span>
        <span>{text.command}</span>
        <span />
        <span className="text-right">{text.size}</span>
        <span>{text.digest}</span>
      </div>
      <div
        role="listbox"
        aria-label={text.list}
        tabIndex={-1}
        ref={list.scroller}
        onKeyDown={(event) => {
          const to = moveByKey(event.key, focus, rows.length, list.pageRows);
          if (to === undefined) return;
          event.preventDefault();
          list.wantFocus();
          onFocus(to);
        }}
        className="min-h-0 flex-1 overflow-y-auto"
      >
        <div role="presentation" className="relative" style={{ height: list.height }}>
          {list.items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the list
              <div
                key={row.key}
                role="option"
                aria-selected={item.index === focus}
                aria-posinset={item.index + 1}
                aria-setsize={rows.length}
                data-index={item.index}
                tabIndex={item.index === focus ? 0 : -1}
                onClick={() => onFocus(item.index)}
                className={`${columns} absolute inset-x-0 h-(--row) px-2 -outline-offset-2 hover:bg-hover aria-selected:bg-accent-soft`}
                style={{ top: list.top(item) }}
              >
                <LayerCells row={row} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function LayerCells({ row }: { readonly row: LayerRow }) {
  const command = row.step?.command ?? "";
  return (
    <>
      <span className="text-right text-xs text-muted">{row.number ?? ""}</span>
      <span className="truncate font-mono text-xs" title={command}>
        {command === "" ? <span className="font-sans text-muted">{text.unknownCommand}</span> : command}
      </span>
      {/* Drawn like a meter; the size beside it says the same. */}
      <span aria-hidden className="h-2 overflow-hidden rounded-sm bg-hover">
        <span
          className="block h-full min-w-px bg-accent forced-colors:bg-[Highlight]"
          style={{ width: `${row.share * 100}%` }}
        />
      </span>
      <span className="text-right text-xs">
        {row.layer === undefined ? (
          <span className="text-muted">{text.noLayer}</span>
        ) : (
          <Bytes value={row.layer.size} />
        )}
      </span>
      <code className="truncate font-mono text-2xs text-muted">
        {row.layer === undefined ? "" : shortDigest(row.layer.digest).replace("sha256:", "")}
      </code>
    </>
  );
}
