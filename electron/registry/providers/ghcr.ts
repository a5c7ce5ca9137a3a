// GitHub Container Registry.
import type { Provider } from "./provider.ts";

export const ghcr: Provider = {
  id: "ghcr",
  // Parts above 4 MiB are refused and several are reported to spoil the blob:
  // https://github.com/oras-project/rust-oci-client/issues/35
  quirks: { parts: "never" },
};
