// What a person types or pastes to add a place: a host, a URL, an image, a docker command, a folder or an archive.
import type { PlainHttp } from "../../../shared/endpoint.ts";
import { isHost } from "../../../shared/reference.ts";
import { addressText } from "../../text/registries.ts";

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
  | { readonly kind: "layout"; readonly path: string }
  | { readonly kind: "archive"; readonly path: string }
  | { readonly kind: "empty" }
  | { readonly kind: "invalid"; readonly text: string };

const hubHosts: ReadonlySet<string> = new Set([
  "hub.docker.com",
  "docker.com",
  "www.docker.com",
  "index.docker.io",
  "registry-1.docker.io",
]);
const schemes: ReadonlySet<string> = new Set(["http", "https", "docker", "oci", "oci-archive", "file"]);

/** Reads `registry.example:5000`, `https://registry.example/v2/`, `docker pull host/repository:tag`, `/srv/images` and the like. */
export function parseAddress(input: string): ParsedAddress {
  const { text, isImage } = withoutCommand(input.trim());
  if (text === "") return { kind: "empty" };
  const place = readPath(text);
  if (place !== undefined) return place;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  const name = scheme?.[1]?.toLowerCase();
  if (name !== undefined && !schemes.has(name)) return invalid(addressText.scheme(name));
  const rest = scheme === null ? text : text.slice(scheme[0].length);
  if (rest.includes("@") && !rest.includes("@sha")) return invalid(addressText.userInAddress);
  const slash = rest.search(/[/?#]/);
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  if (scheme === null && isHubImage(authority, rest[slash] === "/", isImage))
    return { kind: "registry", host: "docker.io", plainHttp: "auto", ignoredPath: rest };
  const host = normalHost(authority);
  if (host === "" || !isHost(host)) return invalid(addressText.notAHost(authority));
  const port = /:([0-9]+)$/.exec(host)?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    return invalid(addressText.notAPort(port));
  return {
    kind: "registry",
    host,
    plainHttp: name === "http" ? "always" : name === "https" ? "never" : "auto",
    ignoredPath: slash < 0 ? "" : pathBehind(rest.slice(slash)),
  };
}

/** `docker pull --platform linux/arm64 ghcr.io/a/b:1` → the image; `docker login ghcr.io` → the host. */
function withoutCommand(text: string): { readonly text: string; readonly isImage: boolean } {
  const found =
    /^(?:\$\s+)?(?:sudo\s+)?(?:docker|podman|nerdctl|crane|skopeo|oras)\s+(?:image\s+)?([a-z-]+)\s+(.+)$/i.exec(
      text,
    );
  if (found === null) return { text, isImage: false };
  const words = (found[2] ?? "").split(/\s+/);
  // An option's value that stands for itself looks like a place too; the place is what comes last.
  const place = words.findLast((word) => !word.startsWith("-")) ?? "";
  return { text: place, isImage: found[1]?.toLowerCase() !== "login" };
}

/** `oci:/srv/images:tag` and `file:///srv/images` are paths too. */
function readPath(text: string): ParsedAddress | undefined {
  const named = /^(?:oci(?:-archive)?:(?!\/\/)|file:\/\/)(.*)$/i.exec(text);
  const path = named === null ? text : (named[1] ?? "").replace(/(?<=[^:]):[\w][\w.-]*$/, "");
  if (/^~|^\.{1,2}(?:[\\/]|$)/.test(path) || (named !== null && !isAbsolutePath(path)))
    return invalid(addressText.wholePath);
  if (!isAbsolutePath(path)) return undefined;
  return { kind: isArchive(path) ? "archive" : "layout", path };
}

function isArchive(path: string): boolean {
  return /\.(?:tar|tar\.gz|tgz)$/i.test(path);
}

/** As docker reads it: a first part without a dot, a port or `localhost` is no host, and one part alone is no host either. */
function isHubImage(first: string, hasPath: boolean, isImage: boolean): boolean {
  if (!/^[a-z0-9]/.test(first)) return false;
  return hasPath ? !/[.:]|^localhost$/i.test(first) : isImage;
}

function pathBehind(text: string): string {
  return text.replace(/^\/+|\/+$/g, "").replace(/^v[12]$/, "");
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
