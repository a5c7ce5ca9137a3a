// Harbor.
import type { Provider } from "./provider.ts";

export const harbor: Provider = {
  id: "harbor",
  quirks: {},
};
