// What is unusual about a registry, as badges: how it is connected to, and what is not allowed there.
import type { Endpoint } from "../../../shared/endpoint.ts";
import { Badge } from "../../components/badge.tsx";
import { isPlainHttp } from "../../state/registries.ts";
import { registriesText } from "../../text/registries.ts";

export function RegistryFlags({ endpoint: { settings, sample } }: { readonly endpoint: Endpoint }) {
  const unverified = settings.kind === "registry" && settings.insecureSkipVerify;
  return (
    <>
      {sample && <Badge tone="info">{registriesText.sample}</Badge>}
      {isPlainHttp(settings) && !sample && <Badge tone="bad">{registriesText.plainHttpBadge}</Badge>}
      {unverified && <Badge tone="bad">{registriesText.unverifiedBadge}</Badge>}
      {settings.readOnly === true && <Badge>{registriesText.readOnlyBadge}</Badge>}
    </>
  );
}
