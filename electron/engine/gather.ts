// What one destination repository gets: the tags of its sources read and chosen, renamed, and told apart.
import { isDigest } from "../../shared/digest.ts";
import { type FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import { mapTag } from "../../shared/mapping.ts";
import { isAttachmentTag, joinReference } from "../../shared/reference.ts";
import type { JobSpec, PlanWarning } from "../../shared/run.ts";
import type { TagRule } from "../../shared/selection.ts";
import { compileTagRule } from "../../shared/tag-matching.ts";
import { CreationDates } from "./creation-dates.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { forEachAtMost } from "./in-order.ts";
import { pagesOf } from "./pages.ts";
import type { Clock, Journal } from "./ports.ts";
import type { Route, RouteGroup } from "./routes.ts";
import type {
  GatheredDestination,
  GatheredSource,
  RepositoryListing,
  Selected,
  SelectedImage,
} from "./selected.ts";
import { isOfOneRepository } from "./side-errors.ts";

/** Sources of one destination repository whose tags are read side by side. */
const parallelRoutes = 4;

export interface GatherRequest {
  readonly spec: JobSpec;
  readonly source: EndpointSide;
  readonly journal: Pick<Journal, "manifestFacts" | "rememberManifest">;
  readonly clock: Pick<Clock, "now">;
  readonly signal: AbortSignal;
}

export interface Gathered {
  readonly destination: GatheredDestination;
  /** Images that no other of the plan can collide with unless they say so, and what could not be read. */
  readonly selected: readonly Selected[];
  readonly warnings: readonly PlanWarning[];
}

/** @throws what ends the planning. */
export async function gather(group: RouteGroup, request: GatherRequest): Promise<Gathered> {
  const followed = new Map<Route, RouteFindings>();
  await forEachAtMost(group.routes, parallelRoutes, async (route) => {
    followed.set(route, await followRoute(route, request));
  });
  const found = group.routes.flatMap((route) => followed.get(route) ?? []);
  const sources = found.map((each) => each.gathered);
  return {
    destination: {
      destinationRepository: group.destinationRepository,
      sources,
      complete: sources.every((source) => source.listing?.complete === true),
    },
    selected: toldApart(found.flatMap((each) => each.selected)),
    warnings: found.flatMap((each) => each.warnings),
  };
}

interface RouteFindings {
  readonly gathered: GatheredSource;
  readonly selected: readonly Selected[];
  readonly warnings: readonly PlanWarning[];
}

async function followRoute(route: Route, request: GatherRequest): Promise<RouteFindings> {
  const { sourceRepository } = route;
  const rules = route.claims.flatMap((claim) => (claim.kind === "rule" ? [claim.rule] : []));
  const needsList = rules.some((rule) => compileTagRule(rule).needsList);
  const list = needsList ? await readList(sourceRepository, request) : undefined;
  const dates = new CreationDates(request, sourceRepository);
  const listing: RepositoryListing | undefined = list && {
    complete: list.error === undefined,
    attachmentTags: new Set(list.tags.filter(isAttachmentTag)),
  };
  const images = await imagesOf(route, { list, listing, dates }, request);
  const selected = [...unreadableOf(route, list, dates, images), ...images];
  const gathered = { sourceRepository, rules, tags: list?.tags, listing };
  return { gathered, selected, warnings: warningsOf(route, { listing, dates }, request) };
}

interface TagList {
  /** Each once, in the order served; as far as the list was read. */
  readonly tags: readonly string[];
  readonly error: FreightlinerError | undefined;
}

async function readList(repository: string, { source, signal }: GatherRequest): Promise<TagList> {
  const tags = new Set<string>();
  const pages = pagesOf({
    source,
    signal,
    operation: "list-tags",
    open: (endpoint, options) => endpoint.listTags(repository, options),
  });
  try {
    for await (const page of pages) for (const tag of page) tags.add(tag);
    return { tags: [...tags], error: undefined };
  } catch (error) {
    if (!isOfOneRepository(error, source)) throw error;
    return { tags: [...tags], error };
  }
}

interface Reading {
  readonly list: TagList | undefined;
  readonly listing: RepositoryListing | undefined;
  readonly dates: CreationDates;
}

async function imagesOf(
  route: Route,
  { list, listing, dates }: Reading,
  { spec, clock }: GatherRequest,
): Promise<readonly Selected[]> {
  const dating = { now: clock.now(), datesOf: dates.of };
  const images: Selected[] = [];
  const add = (reference: string, destinationTag?: string): void => {
    images.push(imageOf(route, { reference, destinationTag, listing }, spec));
  };
  for (const claim of route.claims) {
    if (claim.kind === "image") add(claim.reference, claim.destinationTag);
    else {
      const tags = list === undefined || isTooShort(list, claim.rule) ? [] : list.tags;
      for (const tag of await compileTagRule(claim.rule).select(tags, dating)) add(tag);
    }
  }
  return images;
}

/** The newest of half a list are not the newest. */
function isTooShort(list: TagList, rule: TagRule): boolean {
  const counts = rule.latest !== undefined || rule.sets.some((set) => set.latest !== undefined);
  return list.error !== undefined && counts;
}

function imageOf(
  { sourceRepository, destinationRepository }: Route,
  image: {
    readonly reference: string;
    readonly destinationTag: string | undefined;
    readonly listing: RepositoryListing | undefined;
  },
  { renameTags }: JobSpec,
): Selected {
  const { reference, listing } = image;
  const common = { sourceRepository, sourceReference: reference, destinationRepository };
  try {
    const renamed = isDigest(reference) ? undefined : mapTag(reference, renameTags);
    const destinationTag = image.destinationTag ?? renamed;
    return { kind: "image", ...common, destinationTag, ...(listing === undefined ? {} : { listing }) };
  } catch (error) {
    return { kind: "unreadable", ...common, error: toFreightlinerError(error, "map-tag") };
  }
}

/** What stands in the plan so that nothing is lost silently: a list that broke off, tags whose needed date cannot be read. */
function* unreadableOf(
  { sourceRepository, destinationRepository }: Route,
  list: TagList | undefined,
  dates: CreationDates,
  images: readonly Selected[],
): Generator<Selected> {
  const common = { kind: "unreadable", sourceRepository, destinationRepository } as const;
  if (list?.error !== undefined) yield { ...common, error: list.error };
  if (dates.failures.size === 0) return;
  const selected = new Set(images.map((image) => image.sourceReference));
  for (const [tag, error] of dates.failures)
    if (!selected.has(tag)) yield { ...common, sourceReference: tag, error };
}

function warningsOf(
  { sourceRepository }: Route,
  { listing, dates }: Pick<Reading, "listing" | "dates">,
  { spec }: GatherRequest,
): readonly PlanWarning[] {
  const warnings: PlanWarning[] = [];
  const left = spec.options.attachments ? 0 : (listing?.attachmentTags.size ?? 0);
  if (left > 0) {
    const text = `${sourceRepository} holds ${left} signatures or attestations under digest tags, which are not copied.`;
    warnings.push({ code: "attachments-left", text });
  }
  if (dates.undated > 0) {
    const text = `${sourceRepository} has ${dates.undated} images that do not say when they were created; they count as the oldest.`;
    warnings.push({ code: "no-creation-date", text });
  }
  return warnings;
}

/** Each source once; two sources of one destination reference name each other. */
function toldApart(all: readonly Selected[]): readonly Selected[] {
  const landed = new Map<string, string>();
  const collisions = new Map<string, readonly [string, string]>();
  const distinct = all.filter((one) => {
    if (one.kind === "unreadable") return true;
    const [target, source] = [targetOf(one), sourceOf(one)];
    const earlier = landed.get(target);
    if (earlier === undefined) landed.set(target, source);
    else if (earlier !== source && !collisions.has(target)) collisions.set(target, [earlier, source]);
    return earlier !== source;
  });
  if (collisions.size === 0) return distinct;
  const seen = new Set<string>();
  return distinct.flatMap((one) => {
    const pair = one.kind === "image" ? collisions.get(targetOf(one)) : undefined;
    if (pair === undefined || one.kind === "unreadable") return [one];
    const source = sourceOf(one);
    const key = `${targetOf(one)} ${source}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ ...one, collidesWith: pair[0] === source ? pair[1] : pair[0] }];
  });
}

function sourceOf(image: SelectedImage): string {
  return joinReference(image.sourceRepository, image.sourceReference);
}

function targetOf(image: SelectedImage): string {
  return image.destinationTag ?? image.sourceReference;
}
