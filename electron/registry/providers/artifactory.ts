// JFrog Artifactory: many registries behind one host; it speaks the protocol with accents that the client knows anyway.
import { listArtifactoryRepositories } from "./artifactory-api.ts";
import type { Provider } from "./provider.ts";

/**
 * Known without a word here: 403 for a tag that is missing (sigstore/cosign#2973), digests among tags
 * (containers/skopeo#2346), links without the registry's key (renovatebot/renovate#15080), challenges without a scope
 * (containerd/containerd#3556), mounts that become uploads (protocol.md 2.9).
 */
export const artifactory: Provider = {
  id: "artifactory",
  quirks: {
    // oras-project/rust-oci-client#205: overwriting a tag needs the right to delete, and is forbidden without.
    forbidsStandingTags: true,
  },
  listRepositories: listArtifactoryRepositories,
};
