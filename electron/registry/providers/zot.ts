// zot: the protocol as it is written.
import type { Provider } from "./provider.ts";

/**
 * Known without a word here: 404 for a `last` that is no tag (project-zot/zot pkg/api/routes.go, ListTags), `Range: 0-0`
 * of an upload without bytes, 416 for a part out of order, OCI-Tag of a tag that came with a digest.
 */
export const zot: Provider = {
  id: "zot",
  quirks: {},
};
