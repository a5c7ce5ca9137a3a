// Harbor: projects that have to be there first, repositories and tags by its API.
import { createHarborProject, deleteHarborManifest, listHarborRepositories } from "./harbor-api.ts";
import type { Provider } from "./provider.ts";

export const harbor: Provider = {
  id: "harbor",
  quirks: {},
  // goharbor/harbor src/server/registry/catalog.go: the catalogue itself is for administrators.
  listRepositories: listHarborRepositories,
  createRepository: createHarborProject,
  deleteManifest: deleteHarborManifest,
};
