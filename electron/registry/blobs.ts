// HEAD and GET of blobs. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-blobs
import type { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { parseRepositoryName } from "../../shared/reference.ts";
import type { HasBlobOptions } from "../engine/ports.ts";
import { discard, refuseEncoded } from "./body.ts";
import type { RegistryClient } from "./client.ts";
import { lengthOf } from "./exchange.ts";
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
    const length = lengthOf(response.headers);
    return length === undefined || length === target.blob.size;
  }
  // HEAD is not served here: the upload will show whether the blob is there.
  if (status === 405 || status === 400 || status === 406) return false;
  throw await client.errorOf(response, { operation, subject: "blob", what: whatOf(target) });
}

/**
 * The blob's bytes as they arrive, from wherever the registry keeps them.
 * @throws FreightlinerError `blob-unknown`, `size-mismatch` where the announced length is another, `protocol` for an encoded body.
 */
export async function openBlob(client: RegistryClient, target: BlobTarget): Promise<Readable> {
  const operation = "get-blob";
  const response = await client.call({
    method: "GET",
    target: pathOf(target),
    scopes: [pullScope(target.repository)],
    operation,
    lane: "download",
    signal: target.signal,
  });
  if (response.status !== 200) {
    throw await client.errorOf(response, { operation, subject: "blob", what: whatOf(target) });
  }
  refuseEncoded(response, "a blob", operation);
  const length = lengthOf(response.headers);
  if (length !== undefined && length !== target.blob.size) {
    response.body.destroy();
    throw new FreightlinerError({
      code: "size-mismatch",
      operation,
      message: `${response.url.host} announces ${length} bytes for ${whatOf(target)}; ${target.blob.size} were expected.`,
    });
  }
  return response.body;
}

export function whatOf(target: BlobTarget): string {
  return `the blob ${target.blob.digest} of ${target.repository}`;
}
