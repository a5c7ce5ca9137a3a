// All providers by id, and the one that a registry's settings or its host's name ask for.
import type { RegistrySettings } from "../../../shared/endpoint.ts";
import { type ProviderId, providerOfHost } from "../../../shared/provider.ts";
import { ordinaryQuirks, type Quirks } from "../quirks.ts";
import { acr } from "./acr.ts";
import { artifactory } from "./artifactory.ts";
import { distribution } from "./distribution.ts";
import { dockerHub } from "./docker-hub.ts";
import { ecr } from "./ecr.ts";
import { ecrPublic } from "./ecr-public.ts";
import { ghcr } from "./ghcr.ts";
import { gitlab } from "./gitlab.ts";
import { google } from "./google.ts";
import { harbor } from "./harbor.ts";
import { nexus } from "./nexus.ts";
import type { Provider } from "./provider.ts";
import { quay } from "./quay.ts";
import { zot } from "./zot.ts";

const known: Readonly<Record<ProviderId, Provider>> = {
  "docker-hub": dockerHub,
  ghcr,
  ecr,
  "ecr-public": ecrPublic,
  google,
  acr,
  harbor,
  quay,
  gitlab,
  artifactory,
  nexus,
  zot,
  distribution,
};

/** Undefined for any registry that speaks the protocol and is nothing special. */
export function providerOf(settings: Pick<RegistrySettings, "host" | "provider">): Provider | undefined {
  const id = settings.provider ?? providerOfHost(settings.host);
  return id === undefined ? undefined : known[id];
}

/** The service's own hosts have its other names; the same product elsewhere answers under the name it was entered with. */
export function quirksOf(settings: Pick<RegistrySettings, "host" | "provider">): Quirks {
  const provider = providerOf(settings);
  const quirks = { ...ordinaryQuirks, ...provider?.quirks };
  if (provider === undefined || providerOfHost(settings.host) === provider.id) return quirks;
  const { apiHost: _apiHost, tokenHost: _tokenHost, ...rest } = quirks;
  return rest;
}
