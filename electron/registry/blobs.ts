// HEAD and GET of blobs. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-blobs
import { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { parseRepositoryName } from "../../shared/reference.ts";
import type { HasBlobOptions, OpenedBlob } from "../engine/ports.ts";
import { discard, refuseEncoded } from "./body.ts";
import type { RegistryClient } from "./client.ts";
import { type HeaderMap, headerOf, lengthOf, mediaTypeOf } from "./exchange.ts";
import { pullScope, pushScope } from "./scopes.ts";

export interface BlobTarget {
  readonly repository: string;
  readonly blob: Descriptor;
  readonly signal: AbortSignal;
}

function pathOf(target: BlobTarget): string {
  return `/v2/${parseRepositoryName(target.repository)}/blobs/${target.blob.digest}`;
}

/** True where the blob is there with the descriptor's size; another size counts as absent. */
export async function hasBlob(
  client: RegistryClient,
  target: BlobTarget & Pick<HasBlobOptions, "toRead">,
): Promise<boolean> {
  const operation = "head-blob";
  const response = await client.call({
    method: "HEAD",
    target: pathOf(target),
    // At a destination one token then serves the check and the upload behind it; a source may let us pull alone.
    scopes: [target.toRead === true ? pullScope(target.repository) : pushScope(target.repository)],
    operation,
    signal: target.signal,
  });
  discard(response.body);
  const { status } = response;
  if (status === 404) return false;
  if (status === 200) {
    // A portal that answers everything with its page: the upload or the download will say what is wrong (protocol.md 8, row 22).
    if (mediaTypeOf(response.headers) === "text/html") return false;
    const length = lengthOf(response.headers);
    return length === undefined || length === target.blob.size;
  }
  // HEAD is not served here: the upload will show whether the blob is there.
  if (status === 405 || status === 400 || status === 406) return false;
  throw await client.errorOf(response, { operation, subject: "blob", what: whatOf(target) });
}

export interface OpenFrom {
  /** Bytes that the caller has; a registry that cannot begin there serves all of them again. */
  readonly offset?: number | undefined;
  /** The ETag of an earlier answer; only a strong one says that the bytes are the same. */
  readonly validator?: string | undefined;
}

/**
 * The blob's bytes as they arrive, from wherever the registry keeps them. It is always the registry that is asked, as the
 * signed addresses of a storage behind it end after minutes.
 * @throws FreightlinerError `blob-unknown`, `size-mismatch` where the announced length is another, `protocol` for an encoded body.
 */
export async function openBlob(
  client: RegistryClient,
  target: BlobTarget,
  { offset = 0, validator }: OpenFrom = {},
): Promise<OpenedBlob> {
  const { size } = target.blob;
  if (offset > 0 && offset === size) return { body: Readable.from([]), offset, validator };
  const operation = "get-blob";
  const response = await client.call({
    method: "GET",
    target: pathOf(target),
    scopes: [pullScope(target.repository)],
    operation,
    headers: offset > 0 ? rangeHeaders(offset, validator) : {},
    lane: "download",
    signal: target.signal,
  });
  const { status, headers, body } = response;
  const found = strongTag(headerOf(headers, "etag"));
  if (offset > 0 && status === 206 && continues(headers, offset, size)) {
    refuseEncoded(response, "a blob", operation);
    return { body, offset, validator: found };
  }
  if (offset > 0 && (status === 206 || status === 416)) {
    // Another range than was asked for, or none: then all of it, and the caller skips what it has.
    body.destroy();
    return openBlob(client, target);
  }
  if (status !== 200) {
    throw await client.errorOf(response, { operation, subject: "blob", what: whatOf(target) });
  }
  refuseEncoded(response, "a blob", operation);
  const length = lengthOf(headers);
  if (length !== undefined && length !== size) {
    body.destroy();
    throw new FreightlinerError({
      code: "size-mismatch",
      operation,
      message: `${response.url.host} announces ${length} bytes for ${whatOf(target)}; ${size} were expected.`,
    });
  }
  return { body, offset: 0, validator: found };
}

function rangeHeaders(offset: number, validator: string | undefined): Record<string, string> {
  const range = `bytes=${offset}-`;
  return validator === undefined ? { range } : { range, "if-range": validator };
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-etag : If-Range compares strongly. */
function strongTag(etag: string | undefined): string | undefined {
  return etag !== undefined && /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(etag) ? etag : undefined;
}

/** True where the answer begins at the byte that was asked for and is of a content of the right size. */
function continues(headers: HeaderMap, offset: number, size: number): boolean {
  const found = /^bytes ([0-9]{1,15})-([0-9]{1,15})\/([0-9]{1,15}|\*)$/.exec(
    headerOf(headers, "content-range")?.trim() ?? "",
  );
  if (found === null) return false;
  const [, start, end, total] = found;
  return Number(start) === offset && Number(end) < size && (total === "*" || Number(total) === size);
}

export function whatOf(target: BlobTarget): string {
  return `the blob ${target.blob.digest} of ${target.repository}`;
}
