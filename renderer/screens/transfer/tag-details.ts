// Digest, size, date, platforms and markers of tags: asked only for rows on screen, in batches, and kept.
import { create } from "zustand";
import type { TagDetail, TagMarker } from "../../../shared/contract.ts";
import { call } from "../../api/client.ts";
import { onGap } from "../../api/live.ts";

/** The most that one call may ask for (shared/contract.ts). */
const batch = 100;
/** A call that failed is not repeated before this, so that scrolling does not hammer a registry that is down. */
const pauseAfterErrorMs = 5000;
/** Beyond this many kept rows the oldest are forgotten. */
const mostKept = 20_000;

interface Facts {
  /** Counts changes: rows listen to their own entry, the maps are changed in place. */
  readonly version: number;
  readonly details: Map<string, TagDetail>;
  readonly markers: Map<string, TagMarker>;
}

export const useTagFacts = create<Facts>(() => ({ version: 0, details: new Map(), markers: new Map() }));

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
let pausedUntil = 0;

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

async function ask(
  keyOf: (tag: string) => string,
  known: ReadonlyMap<string, unknown>,
  tags: readonly string[],
  read: (tags: string[]) => Promise<void>,
): Promise<void> {
  if (Date.now() < pausedUntil) return;
  const missing = tags.filter((tag) => !known.has(keyOf(tag)) && !asked.has(keyOf(tag)));
  for (let start = 0; start < missing.length; start += batch) {
    const part = missing.slice(start, start + batch);
    for (const tag of part) asked.add(keyOf(tag));
    try {
      await read(part);
      changed();
    } catch {
      // The list itself shows what is wrong with the registry; the cells stay empty and are asked for again later.
      pausedUntil = Date.now() + pauseAfterErrorMs;
      setTimeout(changed, pauseAfterErrorMs);
    } finally {
      for (const tag of part) asked.delete(keyOf(tag));
    }
  }
}

/** Reads what is not known yet about these tags. */
export function describeTags(place: Place, tags: readonly string[]): Promise<void> {
  const { details } = useTagFacts.getState();
  const keyOf = (tag: string): string => detailKey(place, tag);
  return ask(keyOf, details, tags, async (part) => {
    const answer = await call("tags.describe", { ...place, tags: part });
    for (const detail of answer.details) keep(details, keyOf(detail.tag), detail);
  });
}

/** Compares these tags with the same ones in the other place. */
export function markTags(place: Place, other: Place, tags: readonly string[]): Promise<void> {
  const { markers } = useTagFacts.getState();
  const keyOf = (tag: string): string => markerKey(place, other, tag);
  return ask(keyOf, markers, tags, async (part) => {
    const answer = await call("tags.mark", {
      ...place,
      otherEndpointId: other.endpointId,
      otherRepository: other.repository,
      tags: part,
    });
    for (const [tag, marker] of Object.entries(answer.markers)) keep(markers, keyOf(tag), marker);
  });
}

/** Forgets what is known about one tag of a place, on whichever side of a comparison it stands. */
export function forgetTag(place: Place, tag: string): void {
  const { details, markers } = useTagFacts.getState();
  const own = detailKey(place, tag);
  const other = ` ${place.endpointId}/${place.repository}`;
  details.delete(own);
  for (const key of [...markers.keys()]) {
    if (key.startsWith(`${own} `) || (key.endsWith(other) && key.includes(`:${tag} `))) markers.delete(key);
  }
  changed();
}

/** Forgets everything about a place (undefined: about all). */
export function forgetFacts(place?: Place): void {
  const { details, markers } = useTagFacts.getState();
  const part = place === undefined ? "" : `${place.endpointId}/${place.repository}`;
  for (const map of [details, markers]) {
    for (const key of [...map.keys()]) {
      if (place === undefined || key.startsWith(`${part}:`) || key.endsWith(` ${part}`)) map.delete(key);
    }
  }
  pausedUntil = 0;
  changed();
}

onGap(() => forgetFacts());
