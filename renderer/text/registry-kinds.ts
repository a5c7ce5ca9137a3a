// What each kind of registry is called, what to enter to sign in there, and what is different about it.
import type { RegistryKind } from "../screens/registries/registry-kind.ts";

export interface KindWords {
  readonly name: string;
  /** What goes into the two fields of the sign-in. */
  readonly user?: string;
  readonly secret?: string;
  /** What to know before the first copy, each a sentence. */
  readonly notes: readonly string[];
}

const listsOwn = "It lists what is yours once you are signed in; name others, they are remembered.";

export const kindWords: Readonly<Record<RegistryKind, KindWords>> = {
  "docker-hub": {
    name: "Docker Hub",
    user: "Your Docker ID",
    secret:
      "A personal access token (Account settings, Personal access tokens); a password fails with two factors on",
    notes: [
      listsOwn,
      "Pulls are counted in a window of hours; a sign-in raises the limit. What is left is shown here.",
    ],
  },
  ghcr: {
    name: "GitHub Container Registry",
    user: "Your GitHub user name",
    secret: "A personal access token (classic) with read:packages, and write:packages to copy there",
    notes: [listsOwn, "A new package is private until its settings say otherwise."],
  },
  ecr: {
    name: "Amazon ECR",
    user: "AWS",
    secret:
      "What “aws ecr get-login-password” prints, for 12 hours. Without it, this machine's AWS identity signs in and renews that",
    notes: [
      "Repositories that are missing are made when something is copied there, where the identity may.",
      "Tags may be set to be immutable; the plan then reports them as refused.",
    ],
  },
  "ecr-public": {
    name: "Amazon ECR Public",
    user: "AWS",
    secret: "What “aws ecr-public get-login-password --region us-east-1” prints; reading needs none",
    notes: ["With an AWS identity it lists your own registry; name others, they are remembered."],
  },
  google: {
    name: "Google Artifact Registry",
    user: "oauth2accesstoken, or _json_key for a service account",
    secret:
      "What “gcloud auth print-access-token” prints (one hour), or the whole JSON key. Without it, the application default credentials sign in",
    notes: ["Names begin with project and repository: my-project/my-repository/image."],
  },
  acr: {
    name: "Azure Container Registry",
    user: "A service principal's ID, a token's name, or 00000000-0000-0000-0000-000000000000",
    secret:
      "Its password, or what “az acr login --expose-token” prints (three hours). Without it, this machine's Azure identity signs in",
    notes: ["Listing all repositories needs the right to read the catalog."],
  },
  quay: {
    name: "Quay",
    user: "A robot account such as team+robot, or your user name",
    secret: "The robot's token, or an encrypted password of the account settings",
    notes: [listsOwn, "A new repository is private until its settings say otherwise."],
  },
  gitlab: {
    name: "GitLab Container Registry",
    user: "Your user name, or a deploy token's",
    secret: "A token with read_registry, and write_registry to copy there",
    notes: [listsOwn, "Names begin with group and project: group/project/image."],
  },
  harbor: {
    name: "Harbor",
    user: "Your user name, or a robot account such as robot$name",
    secret: "The robot's secret, or the CLI secret of your profile where sign-in is by OIDC",
    notes: [
      "Names begin with a project; one that is missing is made when something is copied there, where you may.",
      "Projects may have quotas and immutable tags; the plan reports what is refused.",
    ],
  },
  artifactory: {
    name: "Artifactory",
    user: "Your user name",
    secret: "An identity token or an API key; a password fails with single sign-on",
    notes: ["Names begin with a repository of Artifactory: docker-local/team/app."],
  },
  nexus: {
    name: "Nexus Repository",
    user: "Your user name, or the name part of a user token",
    secret: "Your password, or the pass part of a user token",
    notes: ["Each Docker repository of Nexus has an address of its own, often by its port."],
  },
  zot: {
    name: "zot",
    user: "As its owner gave it to you; many need none",
    notes: ["Lists its repositories and tells of attachments by itself."],
  },
  distribution: {
    name: "Distribution (registry:2 or 3)",
    user: "As its owner gave it to you; many need none",
    notes: ["Deletes only where its owner allows them; listing stops at what its owner set."],
  },
  local: {
    name: "Registry on this machine",
    notes: ["Plain HTTP is used where it does not answer over https: nothing leaves this machine."],
  },
  generic: {
    name: "Registry",
    user: "As its owner gave it to you; many need none",
    notes: [
      "Anything that speaks the OCI distribution protocol. If you know what runs there, say so under “More settings”: its own listing is used then.",
    ],
  },
  layout: {
    name: "OCI layout folder",
    notes: ["A folder with oci-layout and index.json. It is made with the first copy if it is not there."],
  },
  archive: {
    name: "OCI or docker archive",
    notes: [
      "A .tar or .tar.gz file. To be read it is unpacked into a folder of Freightliner's own; the file stays as it is.",
      "What “docker save” wrote can only be read.",
    ],
  },
};
