// Digest, size, date, platforms and markers of tags: asked only for rows on screen, in batches, and kept.
import { create } from "zustand";
import type { TagDetail, TagMarker } from "../../../shared/contract.ts";
import { type FreightlinerError, toFreightlinerError } from "../../../shared/errors.ts";
import { call } from "../../api/client.ts";
import { onGap } from "../../api/live.ts";

/** The most that one call may ask for (shared/contract.ts). */
const batch = 100;
/** A call that failed is not repeated before this, so that scrolling does not hammer a registry that is down. */
const pauseAfterErrorMs = 5000;
/** Beyond this many kept rows the oldest are forgotten. */
const mostKept = 20_000;

/** `unknown`: the comparison failed; it is tried again later. */
export type ShownMarker = TagMarker | "unknown";

interface Facts {
  /** Counts changes: rows listen to their own entry, the maps are changed in place. */
  readonly version: number;
  readonly details: Map<string, TagDetail>;
  readonly markers: Map<string, ShownMarker>;
  /** How many things belong to the image behind a tag: signatures, SBOMs, attestations. */
  readonly attachments: Map<string, number | "unknown">;
}

export const useTagFacts = create<Facts>(() => ({
  version: 0,
  details: new Map(),
  markers: new Map(),
  attachments: new Map(),
}));

export interface Place {
  readonly endpointId: string;
  readonly repository: string;
}

export function detailKey(place: Place, tag: string): string {
  return `${place.endpointId}/${place.repository}:${tag}`;
}
export function markerKey(place: Place, other: Place, tag: string): string {
  return `${detailKey(place, tag)} ${other.endpointId}/${other.repository}`;
}

const asked = new Set<string>();
/** Details whose call failed: shown, and asked for again. */
const failures = new Set<string>();
const pausedUntil = new Map<string, number>();

function changed(): void {
  useTagFacts.setState(({ version }) => ({ version: version + 1 }));
}

function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= mostKept) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}

interface Question {
  /** What is paused for a while after a failure: one registry, or a pair of them. */
  readonly scope: string;
  readonly keyOf: (tag: string) => string;
  readonly isKnown: (key: string) => boolean;
  readonly read: (tags: string[]) => Promise<void>;
  readonly failed: (tag: string, error: FreightlinerError) => void;
}

async function ask(tags: readonly string[], question: Question): Promise<void> {
  const { scope, keyOf, isKnown, read, failed } = question;
  if (Date.now() < (pausedUntil.get(scope) ?? 0)) return;
  const missing = tags.filter((tag) => !isKnown(keyOf(tag)) && !asked.has(keyOf(tag)));
  for (let start = 0; start < missing.length; start += batch) {
    const part = missing.slice(start, start + batch);
    for (const tag of part) asked.add(keyOf(tag));
    try {
      await read(part);
    } catch (thrown) {
      const error = toFreightlinerError(thrown, "describe-tags");
      for (const tag of part) failed(tag, error);
      pausedUntil.set(scope, Date.now() + pauseAfterErrorMs);
      setTimeout(changed, pauseAfterErrorMs);
    } finally {
      for (const tag of part) asked.delete(keyOf(tag));
    }
    changed();
  }
}

/** Reads what is not known yet about these tags; a failure is shown in their rows and tried again later. */
export function describeTags(place: Place, tags: readonly string[]): Promise<void> {
  const { details } = useTagFacts.getState();
  const keyOf = (tag: string): string => detailKey(place, tag);
  return ask(tags, {
    scope: place.endpointId,
    keyOf,
    isKnown: (key) => details.has(key) && !failures.has(key),
    read: async (part) => {
      const answer = await call("tags.describe", { ...place, tags: part });
      for (const detail of answer.details) {
        failures.delete(keyOf(detail.tag));
        keep(details, keyOf(detail.tag), detail);
      }
    },
    failed: (tag, error) => {
      failures.add(keyOf(tag));
      keep(details, keyOf(tag), unreadable(tag, error));
    },
  });
}

function unreadable(tag: string, error: FreightlinerError): TagDetail {
  return {
    tag,
    digest: null,
    mediaType: null,
    kind: null,
    size: null,
    created: null,
    platforms: [],
    error: error.message,
  };
}

/** Compares these tags with the same ones in the other place. */
export function markTags(place: Place, other: Place, tags: readonly string[]): Promise<void> {
  const { markers } = useTagFacts.getState();
  const keyOf = (tag: string): string => markerKey(place, other, tag);
  return ask(tags, {
    scope: `${place.endpointId} ${other.endpointId}`,
    keyOf,
    isKnown: (key) => markers.has(key) && markers.get(key) !== "unknown",
    read: async (part) => {
      const answer = await call("tags.mark", {
        ...place,
        otherEndpointId: other.endpointId,
        otherRepository: other.repository,
        tags: part,
      });
      for (const [tag, marker] of Object.entries(answer.markers)) keep(markers, keyOf(tag), marker);
    },
    failed: (tag) => keep(markers, keyOf(tag), "unknown"),
  });
}

/** Counts what belongs to these tags, one after another: the registry is asked several times for each. */
export async function countAttachments(
  place: Place,
  tags: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { attachments } = useTagFacts.getState();
  for (const tag of tags) {
    const key = detailKey(place, tag);
    if (attachments.has(key)) continue;
    try {
      const found = await call("image.attachments", { ...place, reference: tag }, signal);
      keep(attachments, key, found.attachments.length);
    } catch {
      if (signal.aborted) return;
      // The row says that it is not known; the inspect drawer says why.
      keep(attachments, key, "unknown");
    }
    changed();
  }
}

/** Forgets what is known about one tag of a place, on whichever side of a comparison it stands. */
export function forgetTag(place: Place, tag: string): void {
  const { details, markers, attachments } = useTagFacts.getState();
  const own = detailKey(place, tag);
  attachments.delete(own);
  const other = ` ${place.endpointId}/${place.repository}`;
  details.delete(own);
  for (const key of [...markers.keys()]) {
    if (key.startsWith(`${own} `) || (key.endsWith(other) && key.includes(`:${tag} `))) markers.delete(key);
  }
  changed();
}

/** Forgets everything about a place (undefined: about all). */
export function forgetFacts(place?: Place): void {
  const { details, markers, attachments } = useTagFacts.getState();
  const part = place === undefined ? "" : `${place.endpointId}/${place.repository}`;
  for (const map of [details, markers, attachments]) {
    for (const key of [...map.keys()]) {
      if (place === undefined || key.startsWith(`${part}:`) || key.endsWith(` ${part}`)) map.delete(key);
    }
  }
  pausedUntil.clear();
  changed();
}

onGap(() => forgetFacts());
