// Sonatype Nexus.
import type { Provider } from "./provider.ts";

export const nexus: Provider = {
  id: "nexus",
  quirks: {},
};
