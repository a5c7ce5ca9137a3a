// Quay.
import type { Provider } from "./provider.ts";

export const quay: Provider = {
  id: "quay",
  // quay/quay endpoints/v2/v2auth.py: a scope with any other action is a malformed request.
  quirks: { asksForDelete: false, pageSize: 100 },
};
