// Which product or service stands behind an address: as chosen by hand, else as its host's name tells.
import type { EndpointSettings } from "../../../shared/endpoint.ts";
import { type ProviderId, providerOfHost } from "../../../shared/provider.ts";
import { isLoopback } from "./parse-address.ts";

export type RegistryKind = ProviderId | "local" | "generic" | "layout" | "archive";

export function kindOfHost(host: string): RegistryKind {
  return providerOfHost(host) ?? (isLoopback(host) ? "local" : "generic");
}

export function kindOf(settings: EndpointSettings): RegistryKind {
  return settings.kind === "registry" ? (settings.provider ?? kindOfHost(settings.host)) : settings.kind;
}
