// Azure Container Registry.
import type { Provider } from "./provider.ts";

export const acr: Provider = {
  id: "acr",
  // Clients keep to 16 MiB, as larger bodies are reported to be refused (protocol.md 2.8, 10).
  quirks: { largestPart: 16 * 1024 * 1024 },
};
