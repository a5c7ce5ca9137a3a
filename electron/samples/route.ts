// What a request path of the distribution API names; every part is checked by its grammar before it may become a file path.
import { type Digest, isDigest } from "../../shared/digest.ts";
import { isRepositoryName, isTag } from "../../shared/reference.ts";

export type Route =
  | { readonly kind: "base" }
  | { readonly kind: "catalog" }
  | { readonly kind: "tags"; readonly repository: string }
  | { readonly kind: "manifest"; readonly repository: string; readonly reference: string }
  | { readonly kind: "blob"; readonly repository: string; readonly digest: Digest }
  | { readonly kind: "uploads"; readonly repository: string }
  | { readonly kind: "upload"; readonly repository: string; readonly session: string }
  | { readonly kind: "referrers"; readonly repository: string; readonly digest: Digest }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly code: string;
      readonly message: string;
    };

const sessionPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function refused(status: number, code: string, message: string): Route {
  return { kind: "refused", status, code, message };
}

/** Reads the path of a request, still percent-encoded. */
export function parseRoute(pathname: string): Route {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    // Malformed percent-encoding names nothing here.
    return refused(400, "NAME_INVALID", "the path is not valid percent-encoding");
  }
  if (path === "/v2/" || path === "/v2") return { kind: "base" };
  if (path === "/v2/_catalog") return { kind: "catalog" };
  const found =
    /^\/v2\/(.+)\/(blobs\/uploads)(?:\/([^/]*))?$/.exec(path) ??
    /^\/v2\/(.+)\/(manifests|blobs|referrers)\/([^/]+)$/.exec(path) ??
    /^\/v2\/(.+)\/(tags)\/(list)$/.exec(path);
  if (found === null) return refused(404, "UNSUPPORTED", "no such path");
  const [, repository = "", kind = "", last = ""] = found;
  if (!isRepositoryName(repository)) return refused(400, "NAME_INVALID", "invalid repository name");
  return routeInside(repository, kind, last);
}

function routeInside(repository: string, kind: string, last: string): Route {
  switch (kind) {
    case "tags":
      return { kind: "tags", repository };
    case "manifests":
      if (isTag(last) || isDigest(last)) return { kind: "manifest", repository, reference: last };
      return last.includes(":")
        ? refused(400, "DIGEST_INVALID", "invalid digest")
        : refused(400, "TAG_INVALID", "invalid tag");
    case "blobs/uploads":
      if (last === "") return { kind: "uploads", repository };
      return sessionPattern.test(last)
        ? { kind: "upload", repository, session: last }
        : refused(404, "BLOB_UPLOAD_UNKNOWN", "no such upload");
    default:
      if (!isDigest(last)) return refused(400, "DIGEST_INVALID", "invalid digest");
      return { kind: kind === "blobs" ? "blob" : "referrers", repository, digest: last };
  }
}
