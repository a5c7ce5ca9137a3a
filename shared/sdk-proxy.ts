// Which proxies a cloud's own library is told to use: what a registry's settings say, else the environment.
import type { RegistrySettings } from "./endpoint.ts";

/** Values of the environment; may hold a password. */
export interface NamedProxies {
  readonly http: string | undefined;
  readonly https: string | undefined;
  readonly all: string | undefined;
  readonly noProxy: string | undefined;
}

/** As Node's agents take it: https://nodejs.org/api/http.html#new-agentoptions proxyEnv */
export type ProxyEnv = Partial<Readonly<Record<"HTTP_PROXY" | "HTTPS_PROXY" | "NO_PROXY", string>>>;

/** @param own counts for every host that the registry leads to, and NO_PROXY does not. */
export function proxyEnvOf(own: RegistrySettings["proxy"], named: NamedProxies): ProxyEnv {
  if (own === "none") return {};
  if (own !== undefined) return { HTTP_PROXY: own, HTTPS_PROXY: own };
  const http = named.http ?? named.all;
  const https = named.https ?? named.all;
  return {
    ...(http === undefined ? {} : { HTTP_PROXY: http }),
    ...(https === undefined ? {} : { HTTPS_PROXY: https }),
    ...(named.noProxy === undefined ? {} : { NO_PROXY: named.noProxy }),
  };
}
