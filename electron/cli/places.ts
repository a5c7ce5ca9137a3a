// What a person compares or verifies: a whole registry, a repository, or one image.
import { isHost } from "../../shared/reference.ts";
import {
  diskText,
  type ImageTarget,
  isOnDisk,
  parseImageTarget,
  parseTarget,
  type SavedNames,
  type Target,
} from "./target.ts";
import { usageError } from "./usage-error.ts";

export type Place =
  | { readonly level: "registry"; readonly target: Target }
  /** Undefined for the one repository that a layout folder has by itself. */
  | { readonly level: "repository"; readonly target: Target; readonly repository: string | undefined }
  | { readonly level: "image"; readonly target: Target; readonly image: ImageTarget };

/** A name without a slash is a registry where it can hardly be an image of Docker Hub. */
function isRegistry(text: string, saved: SavedNames): boolean {
  if (saved.has(text) || /^https?:\/\/[^/]+\/*$/.test(text)) return true;
  const onDisk = diskText(text);
  if (onDisk !== undefined)
    return !/:/.test(onDisk.replace(/^[A-Za-z]:(?=[\\/])/, "")) && !text.includes("@");
  if (text.includes("/") || !isHost(text)) return false;
  return /^[^:]*\.|^localhost(?::|$)|^\[|:(?:80|443|\d{4,5})$/.test(text);
}

/**
 * `host[:port]`, `host/repository`, `host/repository:tag`, `oci:DIR`, `oci:DIR:repository:tag`, or with a saved name.
 * @throws FreightlinerError `usage` or `invalid-reference` that names the input.
 */
export function parsePlace(text: string, saved: SavedNames): Place {
  if (isRegistry(text, saved)) return { level: "registry", target: parseTarget(text, saved) };
  const image = parseImageTarget(text, saved);
  const { target, repository } = image;
  if (image.tag === undefined && image.digest === undefined)
    return { level: "repository", target, repository };
  return { level: "image", target, image };
}

/** Two places at the level of the first; the second may leave out what is the same. */
export type Pair =
  | { readonly level: "registry" }
  | {
      readonly level: "repository";
      readonly source: string | undefined;
      readonly destination: string | undefined;
    }
  | { readonly level: "image"; readonly source: ImageTarget; readonly destination: ImageTarget };

/** @throws FreightlinerError `usage` where the second says more than the first, or nothing that fits. */
export function pairOf(a: Place, b: Place): Pair {
  if (a.level === "registry") {
    if (b.level === "registry") return { level: "registry" };
    throw usageError("The first names a whole registry and the second does not; expected two of a kind.");
  }
  if (a.level === "repository") {
    if (b.level === "image")
      throw usageError("The first names a repository and the second an image; expected two of a kind.");
    const destination = b.level === "repository" ? b.repository : undefined;
    return { level: "repository", source: a.repository, destination };
  }
  if (b.level === "image") return { level: "image", source: a.image, destination: b.image };
  const repository = b.level === "repository" ? b.repository : undefined;
  const { target } = b;
  return {
    level: "image",
    source: a.image,
    destination: {
      target,
      repository: repository ?? ownName(target, a.image),
      tag: undefined,
      digest: undefined,
    },
  };
}

/** A folder has a name of its own for what has none; a registry takes over the source's. */
function ownName(target: Target, image: ImageTarget): string | undefined {
  return isOnDisk(target) ? undefined : image.repository;
}
