// What is unusual about a registry, as badges: how it is connected to, and what is not allowed there.
import type { Endpoint, EndpointSettings } from "../../../shared/endpoint.ts";
import { Badge } from "../../components/badge.tsx";
import { isPlainHttp } from "../../state/registries.ts";
import { registriesText } from "../../text/registries.ts";
import { isLoopback } from "./parse-address.ts";

export function RegistryFlags({ endpoint: { settings, sample } }: { readonly endpoint: Endpoint }) {
  const unverified = settings.kind === "registry" && settings.insecureSkipVerify;
  return (
    <>
      {sample && <Badge tone="info">{registriesText.sample}</Badge>}
      {isPlainHttp(settings) && !sample && (
        // On this machine nothing can be read on the way: nothing to be warned of.
        <Badge tone={isLocal(settings) ? "neutral" : "bad"}>{registriesText.plainHttpBadge}</Badge>
      )}
      {unverified && <Badge tone="bad">{registriesText.unverifiedBadge}</Badge>}
      {settings.readOnly === true && <Badge>{registriesText.readOnlyBadge}</Badge>}
    </>
  );
}

function isLocal(settings: EndpointSettings): boolean {
  return settings.kind === "registry" && isLoopback(settings.host);
}
