// Blobs of the sample registry, whole or by range: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-blobs
import { createReadStream } from "node:fs";
import type { Digest } from "../../shared/digest.ts";
import { answer, type Exchange, type Reply, refuse } from "./exchange.ts";
import type { Services } from "./services.ts";

interface Place {
  readonly repository: string;
  readonly digest: Digest;
}

export async function serveBlob(services: Services, exchange: Exchange, place: Place): Promise<Reply> {
  const { store } = services;
  const { repository, digest } = place;
  if (exchange.method === "DELETE") {
    return (await store.deleteBlob(repository, digest)) ? answer(202) : unknownBlob(place);
  }
  if (exchange.method !== "GET" && exchange.method !== "HEAD") {
    return refuse(405, "UNSUPPORTED", "expected GET, HEAD or DELETE");
  }
  const size = await store.blobSize(repository, digest);
  if (size === undefined) return unknownBlob(place);
  const headers = {
    "content-type": "application/octet-stream",
    "docker-content-digest": digest,
    "accept-ranges": "bytes",
    etag: `"${digest}"`,
  };
  const range = exchange.method === "GET" ? parseRange(rangeAsked(exchange, headers.etag), size) : undefined;
  if (range === "unsatisfiable") {
    return refuse(416, "RANGE_INVALID", `the blob has ${size} bytes`, { "content-range": `bytes */${size}` });
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const length = { "content-length": String(end - start + 1) };
  if (exchange.method === "HEAD" || size === 0) return answer(200, { ...headers, ...length });
  const body = createReadStream(store.blobFile(digest), { start, end });
  if (range === undefined) return answer(200, { ...headers, ...length }, body);
  return answer(206, { ...headers, ...length, "content-range": `bytes ${start}-${end}/${size}` }, body);
}

/** The range counts only while the body is still the one the client began: https://www.rfc-editor.org/rfc/rfc9110#name-if-range */
function rangeAsked(exchange: Exchange, etag: string): string | undefined {
  const { range, "if-range": validator } = exchange.request.headers;
  return validator === undefined || validator === etag ? range : undefined;
}

function unknownBlob(place: Place): Reply {
  return refuse(404, "BLOB_UNKNOWN", `no blob ${place.digest} in ${place.repository}`);
}

/**
 * Reads a `Range` header; undefined where the whole body is to be sent (none given, or several ranges).
 * https://www.rfc-editor.org/rfc/rfc9110#name-range
 */
export function parseRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | "unsatisfiable" | undefined {
  const found = /^bytes=([0-9]{0,15})-([0-9]{0,15})$/.exec(header ?? "");
  if (found === null) return undefined;
  const [, first = "", last = ""] = found;
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const count = Math.min(Number(last), size);
    return count === 0 ? "unsatisfiable" : { start: size - count, end: size - 1 };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return start >= size || end < start ? "unsatisfiable" : { start, end };
}
