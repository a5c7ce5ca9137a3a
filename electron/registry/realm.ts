// Where a Bearer challenge may send us for a token, and whether our credentials may go along.
import { FreightlinerError } from "../../shared/errors.ts";
import { isLoopbackHost } from "./addresses.ts";
import { printable } from "./redact.ts";

export interface RealmContext {
  /** The registry's base URL. */
  readonly registry: URL;
  /** The token host that belongs to this registry (quirks.ts). */
  readonly tokenHost: string | undefined;
  /** `host` or `host:port`, named by the user. */
  readonly trustedTokenHosts: readonly string[];
}

export interface Realm {
  readonly url: URL;
  /** False for a host that nobody vouched for: it gets anonymous requests only. */
  readonly credentialsAllowed: boolean;
}

/**
 * A realm on another host is ordinary (Docker Hub), but it is also how a registry would fetch the password
 * of another service. So credentials go to the registry's own host, to known pairs and to hosts named by the user.
 * @throws FreightlinerError `redirect-refused` for a realm that is not asked at all.
 */
export function judgeRealm(text: string, context: RealmContext): Realm {
  const { registry, tokenHost, trustedTokenHosts } = context;
  const refuse = (why: string): never => {
    throw new FreightlinerError({
      code: "redirect-refused",
      operation: "token",
      message: `${registry.host} names the token service "${printable(text, 200)}", ${why}.`,
      retryable: false,
    });
  };
  if (!URL.canParse(text, registry.href)) return refuse("which is not a URL");
  const url = new URL(text, registry);
  if (url.protocol !== "https:" && url.protocol !== "http:") return refuse("which is neither https nor http");
  if (url.protocol === "http:" && registry.protocol === "https:")
    return refuse("which is plain http while the registry is https");
  // Plain http that nobody asked for stays on this machine, and so does the password.
  if (url.protocol === "http:" && isLoopbackHost(registry.hostname) && !isLoopbackHost(url.hostname))
    return refuse("which is plain http on another machine than the registry's");
  if (url.username !== "" || url.password !== "") return refuse("which holds a user name");
  url.hash = "";
  const credentialsAllowed =
    url.hostname === registry.hostname ||
    url.host === tokenHost ||
    trustedTokenHosts.some((host) => host.toLowerCase() === url.host || host.toLowerCase() === url.hostname);
  return { url, credentialsAllowed };
}
