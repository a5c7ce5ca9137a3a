// A whole listing of one side as a list of distinct names.
import { type PagesRequest, pagesOf } from "./pages.ts";

/** In the order served. @throws what listing throws. */
export async function collectNames(request: PagesRequest): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const page of pagesOf(request)) for (const name of page) names.add(name);
  return [...names];
}
