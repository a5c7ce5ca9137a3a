// Which entry of podman's auth.json a registry takes: https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md#format
import { keyHost } from "./docker-config.ts";

export type KeyChoice =
  | { readonly kind: "key"; readonly key: string }
  /** Several identities for parts of the host, and none for all of it: which one is meant is for a person to say. */
  | { readonly kind: "several"; readonly keys: readonly string[] }
  | { readonly kind: "none" };

/**
 * The key for `host/namespace`, the longest first, down to the host's own; a key of a narrower namespace is taken only
 * where nothing was asked for and it is the only one of the host.
 * @param namespace a path below the host; empty for the whole host.
 */
export function chooseKey(keys: readonly string[], host: string, namespace: string): KeyChoice {
  const wanted = keyHost(host.toLowerCase());
  const own = keys.map((key) => ({ key, ...partsOf(key) })).filter((one) => one.host === wanted);
  const parts = namespace.split("/").filter((part) => part !== "");
  for (let length = parts.length; length >= 0; length -= 1) {
    const path = parts.slice(0, length).join("/");
    const match = own.find((one) => one.path === path);
    if (match !== undefined) return { kind: "key", key: match.key };
  }
  const [only] = own;
  if (only === undefined || parts.length > 0) return { kind: "none" };
  return own.length === 1
    ? { kind: "key", key: only.key }
    : { kind: "several", keys: own.map(({ key }) => key) };
}

/** `https://host/v1/` is docker's older spelling of `host`; any other path is a namespace. */
function partsOf(key: string): { readonly host: string; readonly path: string } {
  const bare = key.replace(/^https?:\/\//, "");
  const slash = bare.indexOf("/");
  const path = slash < 0 ? "" : bare.slice(slash + 1).replace(/\/+$/, "");
  const older = bare !== key && /^v[12]$/.test(path);
  return { host: keyHost(bare.toLowerCase()), path: older ? "" : path };
}
