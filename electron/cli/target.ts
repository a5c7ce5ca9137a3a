// What a person writes for a registry or an image: host[:port], a URL, oci:DIR, oci-archive:FILE, or the name of a saved registry.
import { resolve } from "node:path";
import { type Digest, isDigest } from "../../shared/digest.ts";
import { isHost, isRepositoryName, isTag, parseImageReference } from "../../shared/reference.ts";
import { usageError } from "./usage-error.ts";

export type Target =
  | { readonly kind: "saved"; readonly name: string }
  | { readonly kind: "host"; readonly host: string; readonly scheme: "https" | "http" | undefined }
  | { readonly kind: "layout"; readonly path: string }
  | { readonly kind: "archive"; readonly path: string; readonly format: "oci" | "docker" };

export interface ImageTarget {
  readonly target: Target;
  /** Undefined for the one repository that a layout folder has by itself. */
  readonly repository: string | undefined;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
}

/** What the parsers know of the world: the names of saved registries. */
export type SavedNames = ReadonlySet<string>;

/** How folders and archives are written, as skopeo does. */
const places = [
  {
    prefix: "oci:",
    noun: "folder",
    expected: "oci:DIR",
    of: (path: string): Target => ({ kind: "layout", path }),
  },
  {
    prefix: "oci-archive:",
    noun: "file",
    expected: "oci-archive:FILE",
    of: (path: string): Target => ({ kind: "archive", path, format: "oci" }),
  },
  {
    prefix: "docker-archive:",
    noun: "file",
    expected: "docker-archive:FILE",
    of: (path: string): Target => ({ kind: "archive", path, format: "docker" }),
  },
] as const;
type Place = (typeof places)[number];

function placeOf(text: string): Place | undefined {
  return places.find(({ prefix }) => text.startsWith(prefix));
}

/** True for a folder or a file, which has no host. */
export function isOnDisk(target: Target): target is Extract<Target, { readonly path: string }> {
  return target.kind === "layout" || target.kind === "archive";
}

/** What stands behind `oci:` and its siblings; undefined for what is no folder or file. */
export function diskText(text: string): string | undefined {
  const place = placeOf(text);
  return place === undefined ? undefined : text.slice(place.prefix.length);
}

/** @throws FreightlinerError `usage` that names the input and what was expected. */
export function parseTarget(text: string, saved: SavedNames): Target {
  if (saved.has(text)) return { kind: "saved", name: text };
  const place = placeOf(text);
  if (place !== undefined) return targetOn(place, text.slice(place.prefix.length), text);
  const url = /^(https?):\/\/(.*)$/.exec(text);
  const scheme = url?.[1] === "http" ? "http" : url?.[1] === "https" ? "https" : undefined;
  const host = (url?.[2] ?? text).replace(/\/+$/, "");
  if (host.includes("@")) {
    throw usageError(
      "A registry's address holds no user name or password; use --username and --password-stdin.",
    );
  }
  if (host.includes("/")) {
    throw usageError(
      `"${text}" names more than a registry; expected host[:port], a URL without a path, oci:DIR or a saved name. Name repositories with --repository.`,
    );
  }
  if (!isHost(host)) {
    throw usageError(
      `"${text}" is not a registry; expected host[:port], a URL, oci:DIR, oci-archive:FILE or a saved name.`,
    );
  }
  return { kind: "host", host, scheme };
}

function targetOn({ noun, expected, of }: Place, path: string, text: string): Target {
  if (path === "") throw usageError(`"${text}" names no ${noun}; expected ${expected}.`);
  return of(resolve(path));
}

/** `PATH`, `PATH:tag`, `PATH:repository:tag` or `PATH@digest`; a Windows drive's colon belongs to the path. */
function parseImageOnDisk(place: Place, text: string): ImageTarget {
  const rest = text.slice(place.prefix.length);
  const drive = /^[A-Za-z]:[\\/]/.test(rest) ? 2 : 0;
  const at = rest.search(/@sha(?:256|512):/);
  const digestText = at < 0 ? undefined : rest.slice(at + 1);
  if (digestText !== undefined && !isDigest(digestText)) {
    throw usageError(`"${text}" ends in something that is not a digest; expected @sha256:<64 hex digits>.`);
  }
  const named = at < 0 ? rest : rest.slice(0, at);
  const colon = named.indexOf(":", drive);
  const target = targetOn(place, colon < 0 ? named : named.slice(0, colon), text);
  const digest = digestText;
  if (colon < 0) return { target, repository: undefined, tag: undefined, digest };
  const reference = named.slice(colon + 1);
  // A digest behind a colon is how a layout's image is written where a tag could stand too.
  if (isDigest(reference)) return { target, repository: undefined, tag: undefined, digest: reference };
  if (isTag(reference)) return { target, repository: undefined, tag: reference, digest };
  const last = reference.lastIndexOf(":");
  const repository = last < 0 ? reference : reference.slice(0, last);
  const tag = last < 0 ? undefined : reference.slice(last + 1);
  if (!isRepositoryName(repository) || (tag !== undefined && !isTag(tag))) {
    throw usageError(
      `"${text}" is not an image in a ${place.noun}; expected ${place.expected}[:tag] or ${place.expected}:repository:tag.`,
    );
  }
  return { target, repository, tag, digest };
}

/**
 * Reads `host/repository[:tag][@digest]` (also behind a URL's scheme or a saved name) and `oci:DIR[:tag]`, also for archives.
 * @throws FreightlinerError `usage` or `invalid-reference` that names the input.
 */
export function parseImageTarget(text: string, saved: SavedNames): ImageTarget {
  const place = placeOf(text);
  if (place !== undefined) return parseImageOnDisk(place, text);
  const url = /^(https?):\/\/(.*)$/.exec(text);
  const rest = url?.[2] ?? text;
  const slash = rest.indexOf("/");
  const first = slash < 0 ? "" : rest.slice(0, slash);
  if (url === null && first !== "" && saved.has(first)) {
    // Any host will do to read the part behind the name by the same grammar.
    const { repository, tag, digest } = parseImageReference(`saved.invalid/${rest.slice(slash + 1)}`);
    return { target: { kind: "saved", name: first }, repository, tag, digest };
  }
  const { host, repository, tag, digest } = parseImageReference(rest);
  const scheme = url?.[1] === "http" ? "http" : url?.[1] === "https" ? "https" : undefined;
  return { target: { kind: "host", host, scheme }, repository, tag, digest };
}

/** `REG/REPO`, `oci:DIR` or `oci:DIR:REPO`: a repository without a tag. */
export function parseRepositoryTarget(text: string, saved: SavedNames): ImageTarget {
  const image = parseImageTarget(text, saved);
  if (isOnDisk(image.target) && image.repository === undefined && image.tag !== undefined) {
    return { ...image, repository: image.tag.toLowerCase(), tag: undefined };
  }
  if (image.tag === undefined && image.digest === undefined) return image;
  throw usageError(
    `"${text}" names an image; expected a repository without a tag or digest, like host/team/app.`,
  );
}
