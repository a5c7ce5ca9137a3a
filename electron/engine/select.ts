// Resolves a selection to single images: reads listings only where a pattern asks for them, and maps names.

import { isDigest } from "../../shared/digest.ts";
import { compileGlobs } from "../../shared/glob.ts";
import { isAttachmentTag } from "../../shared/reference.ts";
import type { JobSpec, PlanWarning } from "../../shared/run.ts";
import { compileTagRule, mapRepository, type SelectionItem, type TagRule } from "../../shared/selection.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { GatheredDestination, Selected, SelectedImage } from "./selected.ts";
import { isOfOneRepository } from "./side-errors.ts";

export interface SelectRequest {
  readonly spec: JobSpec;
  readonly source: EndpointSide;
  readonly signal: AbortSignal;
  readonly warn: (warning: PlanWarning) => void;
  /** Told of each destination repository before its images come, as often as it is met. */
  readonly gathered?: (destination: GatheredDestination) => void;
}

/**
 * The images of a selection in stable order, each once.
 * Held in memory only where two of them could land on one reference; else they stream.
 * @throws what ends the planning: a catalog that cannot be read, a side that lets nobody in.
 */
export async function* select(request: SelectRequest): AsyncGenerator<Selected> {
  const { selection, mapping } = request.spec;
  if (selection.length === 1 && mapping.kind !== "into") {
    yield* selectAll(request);
    return;
  }
  const all: Selected[] = [];
  const sources = new Map<string, string>();
  const collisions = new Map<string, [string, string]>();
  for await (const one of selectAll(request)) {
    const source = sourceKey(one);
    const target = targetKey(one);
    const earlier = sources.get(target);
    if (earlier === source) continue;
    if (earlier === undefined) sources.set(target, source);
    else if (!collisions.has(target)) collisions.set(target, [earlier, source]);
    all.push(one);
  }
  for (const one of all) {
    const pair = one.kind === "image" ? collisions.get(targetKey(one)) : undefined;
    if (pair === undefined || one.kind !== "image") yield one;
    else yield { ...one, collidesWith: pair[0] === sourceKey(one) ? pair[1] : pair[0] };
  }
}

function sourceKey(one: Selected): string {
  if (one.kind !== "image") return one.sourceRepository;
  return `${one.sourceRepository}${isDigest(one.sourceReference) ? "@" : ":"}${one.sourceReference}`;
}

function targetKey(one: Selected): string {
  // An unreadable repository lands nowhere; it only stands once in the plan.
  if (one.kind !== "image") return `unreadable ${one.sourceRepository}`;
  return `${one.destinationRepository} ${one.destinationTag ?? one.sourceReference}`;
}

async function* selectAll(request: SelectRequest): AsyncGenerator<Selected> {
  for (const item of request.spec.selection) {
    if (item.kind === "image") yield selectOne(item, request.spec);
    else {
      for await (const repository of repositoriesOf(item, request))
        yield* selectTags(repository, item.tags, request);
    }
  }
}

function selectOne(item: Extract<SelectionItem, { kind: "image" }>, spec: JobSpec): SelectedImage {
  return {
    kind: "image",
    sourceRepository: item.repository,
    sourceReference: item.reference,
    destinationRepository: item.destinationRepository ?? mapRepository(item.repository, spec.mapping),
    destinationTag: item.destinationTag ?? (isDigest(item.reference) ? undefined : item.reference),
  };
}

/** Names as given; where there are patterns (or neither) also what the catalog has for them. */
async function* repositoriesOf(
  item: Extract<SelectionItem, { kind: "repositories" }>,
  request: SelectRequest,
): AsyncGenerator<string> {
  const excluded = item.exclude.length === 0 ? undefined : compileGlobs(item.exclude, []);
  const seen = new Set<string>();
  const isNew = (name: string): boolean => {
    if (seen.has(name) || excluded?.matches(name) === true) return false;
    seen.add(name);
    return true;
  };
  for (const name of item.names) if (isNew(name)) yield name;
  if (item.names.length > 0 && item.include.length === 0) return;
  const included = compileGlobs(item.include, []);
  const pages = listed(request, "list-repositories", (endpoint, options) =>
    endpoint.listRepositories(options),
  );
  for await (const page of pages) {
    for (const name of page) if (included.matches(name) && isNew(name)) yield name;
  }
}

async function* selectTags(
  repository: string,
  rule: TagRule,
  request: SelectRequest,
): AsyncGenerator<Selected> {
  const destinationRepository = mapRepository(repository, request.spec.mapping);
  const image = (tag: string): SelectedImage => ({
    kind: "image",
    sourceRepository: repository,
    sourceReference: tag,
    destinationRepository,
    destinationTag: tag,
  });
  const matcher = compileTagRule(rule);
  const seen = new Set<string>();
  for (const tag of rule.names) {
    if (seen.has(tag) || !matcher.matches(tag)) continue;
    seen.add(tag);
    yield image(tag);
  }
  if (rule.names.length > 0 && rule.include.length === 0) return;
  const attachments = new Set<string>();
  try {
    const pages = listed(request, "list-tags", (endpoint, options) => endpoint.listTags(repository, options));
    for await (const page of pages) {
      for (const tag of page) {
        if (isAttachmentTag(tag)) attachments.add(tag);
        if (seen.has(tag) || !matcher.matches(tag)) continue;
        seen.add(tag);
        yield image(tag);
      }
    }
  } catch (error) {
    if (!isOfOneRepository(error, request.source)) throw error;
    yield { kind: "unreadable", sourceRepository: repository, destinationRepository, error };
  }
  if (attachments.size > 0) {
    const text = `${repository} holds ${attachments.size} signatures or attestations under digest tags, which are not copied.`;
    request.warn({ code: "attachments-left", text });
  }
}

/**
 * Pages of a listing. What fails on a later page is read again from the start, as no registry promises that a page can be
 * asked for twice; who takes the names leaves out those that it has seen.
 */
async function* listed(
  request: SelectRequest,
  operation: string,
  open: (
    endpoint: EndpointSide["endpoint"],
    options: { readonly signal: AbortSignal },
  ) => AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly string[]> {
  const { source, signal } = request;
  let pages: AsyncIterator<readonly string[]> | undefined;
  let taken = 0;
  const next = (): Promise<IteratorResult<readonly string[]>> =>
    source.ask(operation, signal, async (endpoint, options) => {
      try {
        if (pages !== undefined) return await pages.next();
        pages = open(endpoint, options)[Symbol.asyncIterator]();
        return await throughPages(pages, taken + 1);
      } catch (error) {
        pages = undefined;
        throw error;
      }
    });
  try {
    for (let page = await next(); page.done !== true; page = await next()) {
      taken++;
      yield page.value;
      signal.throwIfAborted();
    }
  } finally {
    await pages?.return?.();
  }
}

/** The names of the first pages as one; what moved between them since an earlier reading is not lost that way. */
async function throughPages(
  pages: AsyncIterator<readonly string[]>,
  count: number,
): Promise<IteratorResult<readonly string[]>> {
  const names: string[] = [];
  for (let read = 0; read < count; read++) {
    const page = await pages.next();
    if (page.done === true) return read === 0 ? page : { done: false, value: names };
    for (const name of page.value) names.push(name);
  }
  return { done: false, value: names };
}
