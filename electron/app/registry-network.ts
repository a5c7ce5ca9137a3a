// The way to each registry: what the machine says of proxies and certificates, with the sign-in of the registry's own proxy.
import type { RegistrySettings } from "../../shared/endpoint.ts";
import type { RegistryNetwork } from "../registry/network/connections.ts";
import type { Surroundings } from "../registry/network/surroundings.ts";
import type { ProxySignIns } from "./proxy-sign-ins.ts";

export interface RegistryNetworks {
  readonly surroundings: Surroundings;
  readonly proxySignIns: ProxySignIns;
}

/** @param id of the endpoint; undefined where it is not saved, and so has no sign-in of a proxy either. */
export function networkOf(
  { surroundings, proxySignIns }: RegistryNetworks,
  id: string | undefined,
  settings: Pick<RegistrySettings, "proxy" | "proxySignIn">,
): RegistryNetwork {
  const { proxy, proxySignIn } = settings;
  if (id === undefined || proxy === undefined || proxy === "none" || proxySignIn !== true)
    return { surroundings };
  return { surroundings, proxySignIn: (signal) => proxySignIns.get(id, proxy, signal) };
}
