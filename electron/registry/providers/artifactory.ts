// JFrog Artifactory.
import type { Provider } from "./provider.ts";

export const artifactory: Provider = {
  id: "artifactory",
  quirks: {},
};
