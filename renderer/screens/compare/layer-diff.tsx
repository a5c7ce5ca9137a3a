// Layers of two images in two columns; what both have stands on one line.
import type { InspectedManifest } from "../../../shared/contract.ts";
import { shortDigest } from "../../../shared/digest.ts";
import { Bytes } from "../../components/bytes.tsx";
import { compareText } from "../../text/inspect.ts";
import { alignLayers } from "./align.ts";

type Layers = InspectedManifest["layers"];

export function LayerDiff({
  source,
  destination,
}: {
  readonly source: Layers;
  readonly destination: Layers;
}) {
  const rows = alignLayers(source, destination);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by key
    <div className="min-h-0 flex-1 overflow-y-auto rounded-md border border-line" tabIndex={0}>
      <table className="w-full table-fixed text-xs" aria-label={compareText.layersLabel}>
        <thead className="sticky top-0 bg-sunken text-2xs text-muted">
          <tr>
            <th scope="col" className="h-6 px-3 text-left font-normal">
              {compareText.sides.source}
            </th>
            <th scope="col" className="w-36 px-3 text-left font-normal">
              {compareText.columns.where}
            </th>
            <th scope="col" className="px-3 text-left font-normal">
              {compareText.sides.destination}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => {
            const state =
              row.source === undefined ? "destination" : row.destination === undefined ? "source" : "both";
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: an image may have one layer twice
              <tr key={at} className="h-(--row) border-t border-line">
                <Cell layer={row.source} />
                <td className={`px-3 ${state === "both" ? "text-muted" : "text-warn"}`}>
                  {state === "both" ? "=" : state === "source" ? "←" : "→"} {compareText.at[state]}
                </td>
                <Cell layer={row.destination} />
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ layer }: { readonly layer: Layers[number] | undefined }) {
  if (layer === undefined) return <td className="bg-sunken px-3 text-muted">–</td>;
  return (
    <td className="px-3" title={layer.digest}>
      <span className="flex justify-between gap-3">
        <code data-selectable className="truncate font-mono">
          {shortDigest(layer.digest)}
        </code>
        <Bytes className="shrink-0" value={layer.size} />
      </span>
    </td>
  );
}
