// By which proxy a host is reached: what the registry's settings say, else the environment.
import type { RegistrySettings } from "../../../shared/endpoint.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { bypassesProxy } from "./no-proxy.ts";
import type { ProxyEnvironment, ProxyVariable } from "./surroundings.ts";

export interface HttpProxy {
  /** `http://host:port/` or `https://host:port/`, without a user name. */
  readonly url: URL;
  /** Basic, of the user info in the environment's variable. */
  readonly authorization: string | undefined;
  /** Where it was named: "settings", or the variable. Never its value. */
  readonly from: string;
}

/**
 * @param own the registry's setting: it counts for every host that this registry leads to, and NO_PROXY does not.
 * @throws FreightlinerError `configuration` for a proxy that is none; it names the variable, not its value.
 */
export function chooseProxy(
  target: URL,
  own: RegistrySettings["proxy"],
  environment: ProxyEnvironment,
): HttpProxy | undefined {
  if (own === "none") return undefined;
  if (own !== undefined) return parseProxy(own, "settings");
  const scheme = target.protocol === "https:" ? environment.https : environment.http;
  const variable: ProxyVariable | undefined = scheme ?? environment.all;
  if (variable === undefined || bypassesProxy(target, environment.noProxy)) return undefined;
  return parseProxy(variable.value, variable.name);
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}

/** `proxy:3128` is `http://proxy:3128`, as everywhere. */
function parseProxy(text: string, from: string): HttpProxy {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(whole))
    throw unusable(from, "is not the address of a proxy; http://host:port was expected");
  const named = new URL(whole);
  if (named.protocol !== "http:" && named.protocol !== "https:")
    throw unusable(
      from,
      `names a proxy of the kind "${named.protocol.slice(0, -1)}"; only http and https are spoken`,
    );
  const signIn = named.username !== "" || named.password !== "";
  if (signIn && from === "settings")
    throw unusable(from, "names the proxy with a user name; that belongs into the proxy's sign-in");
  return {
    // A new one from its origin alone: no user info, path or query of the old one is left.
    url: new URL(named.origin),
    authorization: signIn ? basic(decoded(named.username, from), decoded(named.password, from)) : undefined,
    from,
  };
}

function decoded(part: string, from: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // The cause would show the password.
    throw unusable(from, "holds a user name or password with a broken percent sign");
  }
}

function unusable(from: string, why: string): FreightlinerError {
  return new FreightlinerError({
    code: "configuration",
    operation: "choose-proxy",
    message: from === "settings" ? `The registry's proxy setting ${why}.` : `The variable ${from} ${why}.`,
  });
}
