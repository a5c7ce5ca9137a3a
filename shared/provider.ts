// The registry products and services that are known by name, and which of them a host is.
import { z } from "zod";

export const providerIds = [
  "docker-hub",
  "ghcr",
  "ecr",
  "ecr-public",
  "google",
  "acr",
  "harbor",
  "quay",
  "gitlab",
  "artifactory",
  "nexus",
  "zot",
  "distribution",
] as const;
export const providerIdSchema = z.enum(providerIds);
export type ProviderId = z.infer<typeof providerIdSchema>;

/** Hosts that belong to a service, or whose name says what runs there. Sources: protocol.md 6 and each provider's file. */
const byHost: readonly (readonly [ProviderId, RegExp])[] = [
  ["docker-hub", /^(?:docker\.io|index\.docker\.io|registry-1\.docker\.io)$/],
  ["ghcr", /^(?:ghcr\.io|containers\..+\.ghe\.com)$/],
  ["ecr-public", /^public\.ecr\.aws$/],
  ["ecr", /^[0-9]{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws|amazonaws\.eu)$/],
  ["google", /^(?:(?:[a-z0-9-]+\.)*gcr\.io|[a-z0-9-]+-docker\.pkg\.dev)$/],
  ["acr", /^[a-z0-9-]+\.(?:[a-z0-9-]+\.)*azurecr\.(?:io|cn|us)$/],
  ["quay", /^(?:.+\.)?quay\.io$/],
  ["gitlab", /^registry\.gitlab\.com$/],
  ["artifactory", /^(?:.+\.)?jfrog\.io$/],
];

/**
 * The service behind a host, where its name alone says so; products that run anywhere (Harbor, Nexus, zot, GitLab of
 * one's own) are chosen by hand. Never a guess: credentials and vendor requests depend on it.
 * @param host `host[:port]`.
 */
export function providerOfHost(host: string): ProviderId | undefined {
  const name = host.toLowerCase().replace(/:[0-9]+$/, "");
  return byHost.find(([, pattern]) => pattern.test(name))?.[0];
}
