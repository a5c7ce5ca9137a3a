// What a person types or pastes as a registry's address, read as settings.
import type { PlainHttp } from "../../../shared/endpoint.ts";
import { isHost } from "../../../shared/reference.ts";

export type ParsedAddress =
  | {
      readonly kind: "registry";
      /** `host[:port]`. */
      readonly host: string;
      /** `always` where the person wrote http://, `never` where https://, else `auto`. */
      readonly plainHttp: PlainHttp;
      /** A path behind the host, where a repository or an image was pasted; only shown as a hint. */
      readonly ignoredPath: string;
    }
  | { readonly kind: "empty" }
  | { readonly kind: "invalid"; readonly text: string };

const hubHosts: ReadonlySet<string> = new Set([
  "hub.docker.com",
  "docker.com",
  "www.docker.com",
  "index.docker.io",
]);

/** Reads `registry.example:5000`, `https://registry.example/v2/`, `docker://host/repository:tag` and the like. */
export function parseAddress(input: string): ParsedAddress {
  const text = input.trim();
  if (text === "") return { kind: "empty" };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  const name = scheme?.[1]?.toLowerCase();
  if (name !== undefined && name !== "http" && name !== "https" && name !== "docker" && name !== "oci")
    return invalid(`"${name}://" is not an address of a registry; expected http:// or https://.`);
  const rest = scheme === null ? text : text.slice(scheme[0].length);
  if (rest.includes("@") && !rest.includes("@sha"))
    return invalid("Leave the user name and password out of the address; there are fields for them.");
  const slash = rest.search(/[/?#]/);
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const path =
    slash < 0
      ? ""
      : rest
          .slice(slash)
          .replace(/^\/+|\/+$/g, "")
          .replace(/^v2$/, "");
  const host = normalHost(authority);
  if (host === "" || !isHost(host))
    return invalid(`"${authority}" is not a host name like registry.example:5000.`);
  const port = /:([0-9]+)$/.exec(host)?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    return invalid(`${port} is not a port; expected 1 to 65535.`);
  return {
    kind: "registry",
    host,
    plainHttp: name === "http" ? "always" : name === "https" ? "never" : "auto",
    ignoredPath: path,
  };
}

function normalHost(authority: string): string {
  const host = authority.toLowerCase();
  return hubHosts.has(host) ? "docker.io" : host;
}

function invalid(text: string): ParsedAddress {
  return { kind: "invalid", text };
}

/** True for an address of this machine, where plain HTTP stays on it. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:[0-9]+$/, "");
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    name === "[::1]" ||
    /^127(?:\.[0-9]{1,3}){3}$/.test(name)
  );
}

/** The path of an OCI layout folder: absolute on any system. */
export function isAbsolutePath(path: string): boolean {
  return /^(?:\/|[a-zA-Z]:[\\/]|\\\\)/.test(path.trim());
}
