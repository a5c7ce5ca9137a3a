// Only some platforms of an image: the plain manifest of one, or a new, smaller index whose bytes depend on the old ones alone.
import { z } from "zod";
import { type Descriptor, type Platform, parseManifest } from "../../shared/descriptor.ts";
import { digestAlgorithm } from "../../shared/digest.ts";
import { matchesPlatform, parsePlatform } from "../../shared/platform.ts";
import type { Manifest } from "./ports.ts";
import { digestOf } from "./verify.ts";

/** BuildKit's attestations name the child that they are about: https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
const aboutAnnotation = "vnd.docker.reference.digest";

const indexJson = z.custom<{ readonly manifests: readonly unknown[] }>(
  (json) => typeof json === "object" && json !== null && "manifests" in json && Array.isArray(json.manifests),
);

/** What of an index is written. `missing` are the platforms asked for that it does not have. */
export type PlatformChoice =
  | { readonly kind: "none" }
  | { readonly kind: "whole"; readonly missing: readonly string[] }
  | { readonly kind: "child"; readonly child: Descriptor; readonly missing: readonly string[] }
  | { readonly kind: "index"; readonly root: Manifest; readonly missing: readonly string[] };

/**
 * @param index a verified index.
 * @param wanted at least one platform, as text.
 * @throws FreightlinerError `protocol` where the index contradicts itself.
 */
export function choosePlatforms(index: Manifest, wanted: readonly string[], what: string): PlatformChoice {
  const text = new TextDecoder().decode(index.bytes);
  const parsed = parseManifest(text, index.mediaType, what);
  const entries = parsed.kind === "index" ? parsed.manifests : [];
  const asked = [...new Set(wanted)].map((one) => ({ text: one, platform: parsePlatform(one) }));
  const chosen = entries.filter((entry) => asked.some(({ platform }) => isOf(entry, platform)));
  const [first] = chosen;
  if (first === undefined) return { kind: "none" };
  const missing = asked
    .filter(({ platform }) => !chosen.some((entry) => isOf(entry, platform)))
    .map((one) => one.text);
  const digests = new Set<string>(chosen.map((entry) => entry.digest));
  if (asked.length === 1 && digests.size === 1) return { kind: "child", child: first, missing };
  const isKept = (entry: Descriptor): boolean =>
    chosen.includes(entry) || digests.has(entry.annotations?.[aboutAnnotation] ?? "");
  if (entries.every(isKept)) return { kind: "whole", missing };
  return { kind: "index", root: smaller(index, text, entries.map(isKept)), missing };
}

function isOf(entry: Descriptor, platform: Platform): boolean {
  return matchesPlatform(platform, entry.platform);
}

/** Every field stays as it was, in its order; only entries are left out. */
function smaller(index: Manifest, text: string, kept: readonly boolean[]): Manifest {
  const json = indexJson.parse(JSON.parse(text));
  const manifests = json.manifests.filter((_, at) => kept[at] === true);
  // A spread keeps the place of a key that is set again.
  const bytes = new TextEncoder().encode(JSON.stringify({ ...json, manifests }));
  const digest = digestOf(bytes, digestAlgorithm(index.digest));
  return { digest, mediaType: index.mediaType, size: bytes.length, bytes };
}
