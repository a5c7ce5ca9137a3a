// zot.
import type { Provider } from "./provider.ts";

export const zot: Provider = {
  id: "zot",
  quirks: {},
};
