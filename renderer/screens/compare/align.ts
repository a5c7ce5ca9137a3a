// Two lists of layers side by side: what is the same stands on one line, in the order that both have.
import type { InspectedManifest } from "../../../shared/contract.ts";
import type { ImageConfig } from "../inspect/image-config.ts";
import { shellText } from "../inspect/image-config.ts";

type Layer = InspectedManifest["layers"][number];
export interface AlignedLayer {
  readonly source: Layer | undefined;
  readonly destination: Layer | undefined;
}

/** By the longest common run of digests; layers are few (127 at most in most registries). */
export function alignLayers(
  source: readonly Layer[],
  destination: readonly Layer[],
): readonly AlignedLayer[] {
  const lengths = commonLengths(source, destination);
  const rows: AlignedLayer[] = [];
  let [from, to] = [0, 0];
  while (from < source.length || to < destination.length) {
    const [mine, other] = [source[from], destination[to]];
    if (mine !== undefined && mine.digest === other?.digest) {
      rows.push({ source: mine, destination: other });
      from++;
      to++;
    } else if (
      other === undefined ||
      (mine !== undefined && at(lengths, from + 1, to) >= at(lengths, from, to + 1))
    ) {
      rows.push({ source: mine, destination: undefined });
      from++;
    } else {
      rows.push({ source: undefined, destination: other });
      to++;
    }
  }
  return rows;
}

/** `[i][j]`: how many layers the rests from i and from j have in common, in order. */
function commonLengths(source: readonly Layer[], destination: readonly Layer[]): readonly Uint16Array[] {
  const lengths = Array.from({ length: source.length + 1 }, () => new Uint16Array(destination.length + 1));
  for (let from = source.length - 1; from >= 0; from--)
    for (let to = destination.length - 1; to >= 0; to--) {
      const row = lengths[from];
      if (row === undefined) continue;
      row[to] =
        source[from]?.digest === destination[to]?.digest
          ? at(lengths, from + 1, to + 1) + 1
          : Math.max(at(lengths, from + 1, to), at(lengths, from, to + 1));
    }
  return lengths;
}

function at(lengths: readonly Uint16Array[], from: number, to: number): number {
  return lengths[from]?.[to] ?? 0;
}

export type DiffState = "same" | "changed" | "added" | "removed";
export interface ConfigDifference {
  readonly name: string;
  readonly source: string | undefined;
  readonly destination: string | undefined;
  readonly state: DiffState;
}

/** Every setting of two configurations by name; `names` gives the words for those that are no variable or label. */
export function diffConfigs(
  source: ImageConfig,
  destination: ImageConfig,
  names: { readonly [K in Single]: string },
): readonly ConfigDifference[] {
  const [from, to] = [flat(source, names), flat(destination, names)];
  return [...new Set([...from.keys(), ...to.keys()])].map((name) => {
    const [mine, other] = [from.get(name), to.get(name)];
    return { name, source: mine, destination: other, state: stateOf(mine, other) };
  });
}

const singles = [
  "created",
  "author",
  "platform",
  "entrypoint",
  "cmd",
  "user",
  "workingDir",
  "stopSignal",
  "ports",
  "volumes",
] as const;
type Single = (typeof singles)[number];

function flat(config: ImageConfig, names: { readonly [K in Single]: string }): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const key of singles) {
    const value = config[key];
    const text = value === null || typeof value === "string" ? value : shellText(value);
    if (text !== null && text !== "") values.set(names[key], text);
  }
  for (const { name, value } of config.env) values.set(`ENV ${name}`, value);
  for (const { name, value } of config.labels) values.set(`LABEL ${name}`, value);
  return values;
}

function stateOf(source: string | undefined, destination: string | undefined): DiffState {
  if (source === destination) return "same";
  if (source === undefined) return "added";
  return destination === undefined ? "removed" : "changed";
}
