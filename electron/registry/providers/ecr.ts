// Amazon ECR, private.
import type { Provider } from "./provider.ts";

export const ecr: Provider = {
  id: "ecr",
  // The Range of its answers is unreliable (https://github.com/aws/containers-roadmap/issues/2831), and a 201 to a
  // part ends the session (regclient blob.go).
  quirks: { parts: "never" },
};
