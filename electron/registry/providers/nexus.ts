// Sonatype Nexus: every registry of it has a port, a host or a path of its own, and the protocol's catalogue.
import type { Provider } from "./provider.ts";

/**
 * Known without a word here: null among tags (containers/skopeo#2409), lists without a Link (renovatebot/renovate#18447),
 * links to its inner path (sonatype/nexus-public#1011), a realm of `null://` (sonatype/nexus-public#580).
 */
export const nexus: Provider = {
  id: "nexus",
  quirks: {},
};
