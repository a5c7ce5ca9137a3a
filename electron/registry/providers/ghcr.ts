// GitHub Container Registry: lists and deletes by GitHub's packages API.
import { deleteGithubVersion, listGithubPackages } from "./github-packages.ts";
import type { Provider } from "./provider.ts";

export const ghcr: Provider = {
  id: "ghcr",
  // Parts above 4 MiB are refused and several are reported to spoil the blob:
  // https://github.com/oras-project/rust-oci-client/issues/35
  quirks: { parts: "never" },
  listRepositories: listGithubPackages,
  // The registry answers its DELETE with 405: https://github.com/goharbor/harbor src/pkg/reg/adapter/githubcr.
  deleteManifest: deleteGithubVersion,
};
