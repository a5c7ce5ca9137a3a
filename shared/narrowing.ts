// Tags narrowed by age and to the newest N, by version or by creation date.
import type { Latest } from "./selection.ts";
import type { Versions } from "./versions.ts";

/**
 * Milliseconds since 1970; null where an image does not say when it was created, which counts as older than all others.
 * A tag that is missing could not be read: it is left out, and whoever answers keeps why.
 */
export type CreationDates = ReadonlyMap<string, number | null>;

export interface Dating {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Asked only for tags that still matter; the same tag may be asked for again. */
  readonly datesOf: (tags: readonly string[]) => Promise<CreationDates>;
}

export interface Dated {
  readonly versions: Versions;
  readonly dating: Dating;
}

export interface Narrowing {
  readonly newerThanSeconds?: number | undefined;
  readonly latest?: Latest | undefined;
  /** Whether a pre-release counts as a version where there are releases. */
  readonly prereleasesCount: (tag: string) => boolean;
}

/** What is left of the tags, in their order. */
export async function narrow(
  tags: readonly string[],
  narrowing: Narrowing,
  { versions, dating }: Dated,
): Promise<readonly string[]> {
  const { newerThanSeconds, latest } = narrowing;
  const oldest = newerThanSeconds === undefined ? undefined : dating.now - newerThanSeconds * 1000;
  const younger = (some: readonly string[]) =>
    oldest === undefined ? Promise.resolve(some) : youngerThan(some, oldest, dating);
  if (latest === undefined) return younger(tags);
  if (latest.by === "created") return newestCreated(await younger(tags), latest.count, { versions, dating });
  const ranked = versionsThatCount(tags, versions, narrowing.prereleasesCount).toSorted(
    (a, b) => versions.compare(b, a) || byName(b, a),
  );
  const chosen = new Set(await firstThat(ranked, latest.count, younger));
  return tags.filter((tag) => chosen.has(tag));
}

async function youngerThan(
  tags: readonly string[],
  oldest: number,
  dating: Dating,
): Promise<readonly string[]> {
  const dates = await dating.datesOf(tags);
  return tags.filter((tag) => (dates.get(tag) ?? Number.NEGATIVE_INFINITY) >= oldest);
}

/** Tags whose dates are asked for at once, at least. */
const leastPortion = 4;

/** The first `count` that pass, asked for in portions so that the dates of the rest are never read. */
async function firstThat(
  ranked: readonly string[],
  count: number,
  pass: (some: readonly string[]) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let at = 0; at < ranked.length && found.length < count; ) {
    const portion = ranked.slice(at, at + Math.max(count - found.length, leastPortion));
    at += portion.length;
    found.push(...(await pass(portion)));
  }
  return found.slice(0, count);
}

/** Pre-releases are passed over, unless they were asked for or the patterns found nothing else (`*-alpine`). */
function versionsThatCount(
  tags: readonly string[],
  versions: Versions,
  prereleasesCount: (tag: string) => boolean,
): readonly string[] {
  const found = tags.filter((tag) => versions.of(tag) !== undefined);
  const counted = found.filter((tag) => prereleasesCount(tag) || !versions.isPrerelease(tag));
  return counted.length > 0 ? counted : found;
}

/** Equal and unknown dates are told apart by version, then by name. */
async function newestCreated(
  tags: readonly string[],
  count: number,
  { versions, dating }: Dated,
): Promise<readonly string[]> {
  if (tags.length <= count) return tags;
  const dates = await dating.datesOf(tags);
  const date = (tag: string): number => dates.get(tag) ?? 0;
  const known = (tag: string): number => Number(dates.get(tag) !== null);
  const ranked = tags
    .filter((tag) => dates.has(tag))
    .toSorted((a, b) => known(b) - known(a) || date(b) - date(a) || versions.compare(b, a) || byName(b, a));
  const chosen = new Set(ranked.slice(0, count));
  return tags.filter((tag) => chosen.has(tag));
}

const collator = new Intl.Collator("en", { numeric: true });

function byName(one: string, other: string): number {
  return collator.compare(one, other) || (one < other ? -1 : Number(one !== other));
}
