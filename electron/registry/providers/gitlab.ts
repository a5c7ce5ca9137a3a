// GitLab Container Registry.
import type { Provider } from "./provider.ts";

export const gitlab: Provider = {
  id: "gitlab",
  // https://docs.gitlab.com/user/packages/container_registry/ : the token comes from the web host.
  quirks: { tokenHost: "gitlab.com" },
};
