// CNCF distribution (docker-registry, registry:2 and registry:3), which most others are measured by.
import type { Provider } from "./provider.ts";

/**
 * Known without a word here: 2.8 deletes digests only and answers 400 DIGEST_INVALID to a tag (v2.8.3
 * registry/handlers/manifests.go), gives all tags at once, takes back a session whose offset it doubts, answers 500 about
 * a blob whose link a killed process left empty; 3.x answers 400 to more names than it gives on a page.
 */
export const distribution: Provider = {
  id: "distribution",
  quirks: {},
};
