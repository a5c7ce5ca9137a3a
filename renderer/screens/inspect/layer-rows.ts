// Layers with the steps that made them: a step that made no layer is a row without a size.
import type { InspectedManifest } from "../../../shared/contract.ts";
import type { HistoryStep } from "./image-config.ts";

export interface LayerRow {
  readonly key: string;
  /** From 1; undefined for a step without a layer. */
  readonly number: number | undefined;
  readonly layer: InspectedManifest["layers"][number] | undefined;
  /** Undefined where the configuration does not say it. */
  readonly step: HistoryStep | undefined;
  /** Of the largest layer, 0 to 1: the length of its bar. */
  readonly share: number;
}

export function layerRows(
  layers: InspectedManifest["layers"],
  history: readonly HistoryStep[],
): readonly LayerRow[] {
  const largest = Math.max(1, ...layers.map(({ size }) => size));
  const steps = history.filter(({ empty }) => !empty);
  // A history of another length belongs to other layers: nothing is better than the wrong command.
  const known = steps.length === layers.length;
  const rowOf = (index: number, step: HistoryStep | undefined): LayerRow => ({
    key: `layer ${index}`,
    number: index + 1,
    layer: layers[index],
    step,
    share: (layers[index]?.size ?? 0) / largest,
  });
  if (!known) return layers.map((_, index) => rowOf(index, undefined));
  let next = 0;
  return history.map((step, index) =>
    step.empty
      ? { key: `step ${index}`, number: undefined, layer: undefined, step, share: 0 }
      : rowOf(next++, step),
  );
}

/** Bytes of config and layers, each digest once. */
export function bytesOf(manifests: readonly InspectedManifest[]): number {
  return sum(blobsOf(manifests).values());
}

/** Bytes of blobs that more than one of the manifests has. */
export function sharedBytesOf(manifests: readonly InspectedManifest[]): number {
  const uses = new Map<string, number>();
  for (const manifest of manifests)
    for (const digest of blobsOf([manifest]).keys()) uses.set(digest, (uses.get(digest) ?? 0) + 1);
  const all = blobsOf(manifests);
  return sum([...uses].filter(([, count]) => count > 1).map(([digest]) => all.get(digest) ?? 0));
}

export function blobsOf(manifests: readonly InspectedManifest[]): ReadonlyMap<string, number> {
  return new Map(
    manifests
      .flatMap(({ config, layers }) => (config === null ? layers : [config, ...layers]))
      .map(({ digest, size }) => [digest, size]),
  );
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
