// Amazon ECR Public.
import type { Provider } from "./provider.ts";

export const ecrPublic: Provider = {
  id: "ecr-public",
  // https://github.com/google/go-containerregistry/issues/1459
  quirks: { mounts: false, parts: "never" },
};
