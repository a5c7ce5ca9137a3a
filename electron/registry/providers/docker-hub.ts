// Docker Hub: names of two parts, a listing and deletes by the API of its web site.
import { FreightlinerError } from "../../../shared/errors.ts";
import { deleteHubTag, listHubRepositories } from "./docker-hub-api.ts";
import type { Provider } from "./provider.ts";

export const dockerHub: Provider = {
  id: "docker-hub",
  quirks: {
    // https://github.com/distribution/reference normalize.go; https://distribution.github.io/distribution/spec/auth/token/
    apiHost: "registry-1.docker.io",
    tokenHost: "auth.docker.io",
    // https://github.com/docker/hub-feedback/issues/2466 ; today its words say so as well: kimai/kimai#5791
    forbidsStandingTags: true,
  },
  repositoryName: hubName,
  listRepositories: listHubRepositories,
  deleteManifest: deleteHubTag,
};

/**
 * A name of one part is an official image: https://github.com/distribution/reference normalize.go. More than two parts do
 * not exist: https://github.com/goharbor/harbor src/pkg/reg/adapter/dockerhub (RepositoryPathComponentTypeOnlyTwo).
 */
function hubName(repository: string): string {
  const parts = repository.split("/");
  if (parts.length === 1) return `library/${repository}`;
  if (parts.length === 2) return repository;
  throw new FreightlinerError({
    code: "invalid-reference",
    operation: "parse-reference",
    message: `"${repository.slice(0, 300)}" has ${parts.length} parts, and names on Docker Hub have two: namespace/name. Map the name to a shorter one.`,
  });
}
