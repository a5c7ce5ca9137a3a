// Which product or service stands behind an address, as far as its name tells.
import type { EndpointSettings } from "../../../shared/endpoint.ts";
import { isLoopback } from "./parse-address.ts";

export const registryKinds = [
  "docker-hub",
  "ghcr",
  "ecr",
  "ecr-public",
  "artifact-registry",
  "acr",
  "quay",
  "gitlab",
  "harbor",
  "local",
  "generic",
  "layout",
  "archive",
] as const;
export type RegistryKind = (typeof registryKinds)[number];

const byHost: readonly (readonly [RegistryKind, RegExp])[] = [
  ["docker-hub", /^docker\.io$/],
  ["ghcr", /^(?:ghcr\.io|containers\..+\.ghe\.com)$/],
  ["ecr-public", /^public\.ecr\.aws$/],
  ["ecr", /\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/],
  ["artifact-registry", /^(?:.+\.)?(?:gcr\.io|pkg\.dev)$/],
  ["acr", /\.azurecr\.(?:io|cn|us)$/],
  ["quay", /^(?:.+\.)?quay\.io$|^quay\./],
  ["gitlab", /^registry\.gitlab\.com$|(?:^|[.-])gitlab[.-]/],
  ["harbor", /(?:^|[.-])harbor(?:[.-]|$)/],
];

export function kindOfHost(host: string): RegistryKind {
  if (isLoopback(host)) return "local";
  const name = host.toLowerCase().replace(/:[0-9]+$/, "");
  return byHost.find(([, pattern]) => pattern.test(name))?.[0] ?? "generic";
}

export function kindOf(settings: EndpointSettings): RegistryKind {
  return settings.kind === "registry" ? kindOfHost(settings.host) : settings.kind;
}
