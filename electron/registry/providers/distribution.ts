// CNCF distribution (docker-registry).
import type { Provider } from "./provider.ts";

export const distribution: Provider = {
  id: "distribution",
  quirks: {},
};
