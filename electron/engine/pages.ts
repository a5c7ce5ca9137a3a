// Listings page by page, in the source's slots and tried again.
import type { EndpointSide } from "./endpoint-side.ts";
import type { CallOptions, ImageSource } from "./ports.ts";

export interface PagesRequest {
  readonly source: EndpointSide;
  readonly signal: AbortSignal;
  readonly operation: "list-repositories" | "list-tags";
  readonly open: (endpoint: ImageSource, options: CallOptions) => AsyncIterable<readonly string[]>;
}

/**
 * Pages of a listing. What fails on a later page is read again from the start, as no registry promises that a page can be
 * asked for twice; who takes the names leaves out those that it has seen.
 */
export async function* pagesOf(request: PagesRequest): AsyncGenerator<readonly string[]> {
  const { source, signal, operation, open } = request;
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
