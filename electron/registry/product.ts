// Which product a registry seems to be, by what its first answers say. For a sentence to people: nothing is decided by it.
import type { ProviderId } from "../../shared/provider.ts";
import type { Challenge } from "./challenges.ts";
import { type HeaderMap, headerOf } from "./exchange.ts";

export interface FirstAnswers {
  /** Of `GET /v2/`, signed in. */
  readonly headers: HeaderMap;
  /** What it asked strangers for. */
  readonly challenges: readonly Challenge[];
  /** True where `/v2/_oci/ext/discover` told of extensions by the name of `_zot`. */
  readonly zotExtensions: boolean;
}

export interface Product {
  readonly name: string;
  /** Undefined where there is no provider of its kind. */
  readonly id: ProviderId | undefined;
}

export const productNames: Readonly<Record<ProviderId, string>> = {
  "docker-hub": "Docker Hub",
  ghcr: "GitHub Container Registry",
  ecr: "Amazon ECR",
  "ecr-public": "Amazon ECR Public",
  google: "Google Artifact Registry",
  acr: "Azure Container Registry",
  harbor: "Harbor",
  quay: "Quay",
  gitlab: "GitLab",
  artifactory: "JFrog Artifactory",
  nexus: "Sonatype Nexus",
  zot: "zot",
  distribution: "CNCF distribution",
};

/** Undefined where nothing tells; the header of distribution alone does not, as nearly all others send it, too. */
export function seemsToBe(answers: FirstAnswers): Product | undefined {
  const id = productOf(answers);
  return id === undefined ? undefined : { name: productNames[id], id };
}

function productOf({ headers, challenges, zotExtensions }: FirstAnswers): ProviderId | undefined {
  const has = (name: string) => headerOf(headers, name) !== undefined;
  const server = headerOf(headers, "server") ?? "";
  // https://jfrog.com/help/r/jfrog-rest-apis/artifactory-rest-apis : every answer names its node.
  if (has("x-artifactory-id") || has("x-artifactory-node-id") || has("x-jfrog-version")) return "artifactory";
  // https://help.sonatype.com/en/rest-and-integration-api.html : `Server: Nexus/3.x.y (OSS)`.
  if (/^Nexus\//i.test(server)) return "nexus";
  // https://gitlab.com/gitlab-org/container-registry/-/blob/master/docs/spec/gitlab/api.md
  if (has("gitlab-container-registry-version")) return "gitlab";
  // https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-access
  if (/^AzureContainerRegistry/i.test(server)) return "acr";
  // project-zot/zot pkg/api/constants/extensions.go
  if (zotExtensions) return "zot";
  for (const { parameters } of challenges) {
    const service = parameters.get("service") ?? "";
    const realm = parameters.get("realm") ?? "";
    // goharbor/harbor src/core/service/token/creator.go (Registry); src/server/middleware/v2auth/auth.go
    if (service === "harbor-registry") return "harbor";
    // https://docs.gitlab.com/administration/packages/container_registry/
    if (service === "container_registry" && realm.endsWith("/jwt/auth")) return "gitlab";
    // quay/quay endpoints/v2/__init__.py: the realm is its own v2auth view.
    if (realm.endsWith("/v2/auth")) return "quay";
  }
  return undefined;
}
