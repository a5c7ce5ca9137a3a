// Links of the form freightliner://copy?from=…&to=…: they open a plan and never start one.
import { z } from "zod";
import { FreightlinerError } from "./errors.ts";
import { isHost, parseImageReference } from "./reference.ts";

/** A host alone, or an image; judged here, as anybody's page may hold a link (blocker S009). */
function isEnd(text: string): boolean {
  if (!text.includes("/")) return isHost(text);
  try {
    return parseImageReference(text).host !== "";
  } catch {
    // It says what is wrong with a name; here it is the link that is wrong.
    return false;
  }
}

const endSchema = z.string().min(1).max(1024).refine(isEnd, "expected host or host/repository[:tag|@digest]");

/** References as typed on a command line: `host/repository[:tag|@digest]`, or `host` for a whole registry. */
export const deepLinkSchema = z.object({
  from: endSchema,
  to: endSchema,
});
export type DeepLink = z.infer<typeof deepLinkSchema>;

export const deepLinkScheme = "freightliner";

/** @throws FreightlinerError `usage` that names the link and what was expected. */
export function parseDeepLink(text: string): DeepLink {
  // The operating system hands over `freightliner://copy?…`; some add a slash after the host.
  const query = text.length > 4096 ? null : /^freightliner:(?:\/\/)?copy\/?\?([^#]*)$/i.exec(text);
  const link = deepLinkSchema.safeParse(query === null ? undefined : parametersOf(query[1] ?? ""));
  if (link.success) return link.data;
  throw new FreightlinerError({
    code: "usage",
    operation: "open-link",
    message: `"${text.slice(0, 200)}" is not a link of Freightliner: expected freightliner://copy?from=host/repository:tag&to=host/repository.`,
  });
}

/** The first of each name; undefined where an escape cannot be read. */
function parametersOf(query: string): Readonly<Record<string, string>> | undefined {
  const found: Record<string, string> = {};
  for (const pair of query.split("&")) {
    const [name = "", ...value] = pair.split("=");
    if ((name !== "from" && name !== "to") || name in found) continue;
    try {
      found[name] = decodeURIComponent(value.join("=").replaceAll("+", " "));
    } catch {
      return undefined;
    }
  }
  return found;
}
