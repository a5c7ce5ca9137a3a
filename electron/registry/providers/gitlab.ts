// GitLab Container Registry: a distribution of its own behind GitLab's tokens; lists by GitLab's API.
import { listGitlabRepositories } from "./gitlab-api.ts";
import type { Provider } from "./provider.ts";

export const gitlab: Provider = {
  id: "gitlab",
  quirks: {
    // https://docs.gitlab.com/user/packages/container_registry/ : the token comes from the web host.
    tokenHost: "gitlab.com",
    // https://docs.gitlab.com/user/packages/container_registry/protected_container_tags/
    forbidsStandingTags: true,
  },
  listRepositories: listGitlabRepositories,
};
