// The tags of two repositories against each other, by HEAD on both sides: nothing is pulled.
import type { ComparedTags } from "../../shared/compare.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { isAttachmentTag } from "../../shared/reference.ts";
import type { TagRule } from "../../shared/selection.ts";
import { compileTagRule } from "../../shared/tag-matching.ts";
import { collectNames } from "./collect-names.ts";
import { CreationDates } from "./creation-dates.ts";
import { EndpointSide } from "./endpoint-side.ts";
import type { Hosts } from "./hosts.ts";
import { forEachAtMost } from "./in-order.ts";
import type { Clock, ImageSource, Journal } from "./ports.ts";

const parallelTags = 16;

export interface CompareTagsRequest {
  readonly source: ImageSource;
  readonly sourceRepository: string;
  readonly destination: ImageSource;
  readonly destinationRepository: string;
  /** The source's tags that are compared; at the destination what falls under its names and patterns. */
  readonly rule: TagRule;
  readonly hosts: Hosts;
  readonly clock: Clock;
  readonly journal: Pick<Journal, "manifestFacts" | "rememberManifest">;
}

interface End {
  readonly side: EndpointSide;
  readonly repository: string;
  readonly signal: AbortSignal;
}

/**
 * Attachments are left out: they belong to their images. A repository that one side does not have has no tags there.
 * @throws `repository-unknown` where neither side has it; what listing and HEAD throw.
 */
export async function compareTags(request: CompareTagsRequest, signal: AbortSignal): Promise<ComparedTags> {
  const { hosts, clock, journal, rule } = request;
  const source: End = {
    side: new EndpointSide({ side: "source", endpoint: request.source, hosts, clock }),
    repository: request.sourceRepository,
    signal,
  };
  const destination: End = {
    side: new EndpointSide({ side: "destination", endpoint: request.destination, hosts, clock }),
    repository: request.destinationRepository,
    signal,
  };
  const [ours, theirs] = await Promise.all([tagsOf(source), tagsOf(destination)]);
  if (ours instanceof FreightlinerError && theirs instanceof FreightlinerError) throw ours;
  const atSource = ours instanceof FreightlinerError ? [] : ours;
  const atDestination = theirs instanceof FreightlinerError ? [] : theirs;
  const compiled = compileTagRule(rule);
  const dates = new CreationDates({ source: source.side, journal, signal }, source.repository);
  const selected = await compiled.select(atSource, { now: clock.now(), datesOf: dates.of });
  for (const error of dates.failures.values()) throw error;

  const known = new Set(atSource);
  const wanted = selected.filter((tag) => known.has(tag));
  const extra = atDestination.filter((tag) => !known.has(tag) && compiled.matchesName(tag));
  return {
    ...(await compared(wanted, new Set(atDestination), { source, destination })),
    extra: await withDigests(extra, destination),
  };
}

/** The error where the repository is not there. */
async function tagsOf({ side, repository, signal }: End): Promise<readonly string[] | FreightlinerError> {
  try {
    const tags = await collectNames({
      source: side,
      signal,
      operation: "list-tags",
      open: (endpoint, options) => endpoint.listTags(repository, options),
    });
    return tags.filter((tag) => !isAttachmentTag(tag));
  } catch (error) {
    if (error instanceof FreightlinerError && error.code === "repository-unknown") return error;
    throw error;
  }
}

async function compared(
  tags: readonly string[],
  atDestination: ReadonlySet<string>,
  { source, destination }: { readonly source: End; readonly destination: End },
): Promise<Omit<ComparedTags, "extra">> {
  const rows = new Map<string, { readonly ours: string | undefined; readonly theirs: string | undefined }>();
  await forEachAtMost(tags, parallelTags, async (tag) => {
    const [ours, theirs] = await Promise.all([
      digestOf(source, tag),
      atDestination.has(tag) ? digestOf(destination, tag) : undefined,
    ]);
    rows.set(tag, { ours, theirs });
  });
  const missing: ComparedTags["missing"] = [];
  const different: ComparedTags["different"] = [];
  let same = 0;
  for (const tag of tags) {
    const { ours, theirs } = rows.get(tag) ?? {};
    // A tag that went while it was looked at is on neither list.
    if (ours === undefined) continue;
    if (theirs === undefined) missing.push({ tag, sourceDigest: ours });
    else if (ours === theirs) same++;
    else different.push({ tag, sourceDigest: ours, destinationDigest: theirs });
  }
  return { missing, different, same };
}

async function withDigests(tags: readonly string[], side: End): Promise<ComparedTags["extra"]> {
  const digests = new Map<string, string>();
  await forEachAtMost(tags, parallelTags, async (tag) => {
    const digest = await digestOf(side, tag);
    if (digest !== undefined) digests.set(tag, digest);
  });
  return tags.map((tag) => ({ tag, destinationDigest: digests.get(tag) ?? null }));
}

async function digestOf({ side, repository, signal }: End, tag: string): Promise<string | undefined> {
  const head = await side.ask("head-manifest", signal, (endpoint, options) =>
    endpoint.headManifest(repository, tag, options),
  );
  return head?.digest;
}
