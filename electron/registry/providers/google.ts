// Google Artifact Registry, and the gcr.io names that it serves.
import type { Provider } from "./provider.ts";

export const google: Provider = {
  id: "google",
  // Documented as one request only: https://cloud.google.com/artifact-registry/docs/reference/docker-api
  quirks: { parts: "never" },
};
