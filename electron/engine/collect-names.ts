// A whole listing of one side, read again from its start where it fails on the way.
import type { EndpointSide } from "./endpoint-side.ts";
import type { CallOptions, ImageSource } from "./ports.ts";

/** Distinct names in the order served. @throws what listing throws. */
export async function collectNames<E extends ImageSource>(
  side: EndpointSide<E>,
  operation: "list-repositories" | "list-tags",
  open: (endpoint: E, options: CallOptions) => AsyncIterable<readonly string[]>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return side.ask(operation, signal, async (endpoint, options) => {
    const names = new Set<string>();
    for await (const page of open(endpoint, options)) for (const name of page) names.add(name);
    return [...names];
  });
}
