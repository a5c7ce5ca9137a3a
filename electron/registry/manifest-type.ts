// Decides the media type of a manifest from what it was served as and what it says of itself.
// https://github.com/opencontainers/image-spec/blob/main/media-types.md#media-type-conflicts
import { FreightlinerError } from "../../shared/errors.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { parseJson } from "./body.ts";

export interface ServedManifest {
  readonly bytes: Uint8Array;
  /** Lower case, without parameters; undefined where no Content-Type came. */
  readonly contentType: string | undefined;
  /** True where the bytes were asked for and checked by digest: then they are the truth and the header is hearsay. */
  readonly pinned: boolean;
  readonly host: string;
  /** For errors: `app:v1`. */
  readonly what: string;
}

/** Types that servers give to anything they do not know. */
const generic: ReadonlySet<string> = new Set([
  "application/json",
  "application/octet-stream",
  "binary/octet-stream",
  "text/plain",
]);

function ownType(bytes: Uint8Array): {
  readonly type: string | undefined;
  readonly guess: string | undefined;
} {
  const json = parseJson(bytes);
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return { type: undefined, guess: undefined };
  const own: unknown = Object.hasOwn(json, "mediaType") ? Reflect.get(json, "mediaType") : undefined;
  const guess = Object.hasOwn(json, "manifests")
    ? mediaTypes.ociIndex
    : Object.hasOwn(json, "config") && Object.hasOwn(json, "layers")
      ? mediaTypes.ociManifest
      : undefined;
  return { type: typeof own === "string" && own !== "" && own.length <= 255 ? own : undefined, guess };
}

export function isSchema1(type: string | undefined): boolean {
  return type === mediaTypes.dockerSchema1 || type === mediaTypes.dockerSchema1Signed;
}

/** @throws FreightlinerError `protocol` where header and body contradict each other or neither says what it is. */
export function manifestType(served: ServedManifest): string {
  const { bytes, contentType, pinned, host, what } = served;
  const { type: own, guess } = ownType(bytes);
  const served_ = contentType === undefined || generic.has(contentType) ? undefined : contentType;
  if (own !== undefined && served_ !== undefined && own.toLowerCase() !== served_ && !pinned) {
    throw new FreightlinerError({
      code: "protocol",
      operation: "get-manifest",
      message: `${host} served ${what} as ${served_}, but it says it is ${own.slice(0, 255)}.`,
    });
  }
  const type = own ?? served_ ?? guess;
  if (type === undefined || type === "text/html") {
    throw new FreightlinerError({
      code: "protocol",
      operation: "get-manifest",
      message: `${host} served ${what} as ${contentType ?? "no type"}; a manifest was expected.`,
    });
  }
  return type;
}
