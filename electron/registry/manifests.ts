// HEAD, GET, PUT and DELETE of manifests.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
import { createHash } from "node:crypto";
import { type Digest, digestAlgorithm, isDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { manifestAccept } from "../../shared/media-types.ts";
import { joinReference, parseManifestReference, parseRepositoryName } from "../../shared/reference.ts";
import type { Manifest, ManifestHead, PutManifestResult } from "../engine/ports.ts";
import { discard, readBody } from "./body.ts";
import type { RegistryClient } from "./client.ts";
import { type ExchangeResponse, headerOf, lengthOf, mediaTypeOf } from "./exchange.ts";
import { caps } from "./limits.ts";
import { isSchema1, manifestType } from "./manifest-type.ts";
import { deleteScope, pullScope, pushScope } from "./scopes.ts";

export interface ManifestContext {
  readonly client: RegistryClient;
  readonly deadlineMs: number;
  readonly asksForDelete: boolean;
  readonly forbidsStandingTags: boolean;
}

/** A manifest by name, checked against the grammar before it becomes part of a path. */
export interface ManifestTarget {
  readonly repository: string;
  readonly reference: string;
  readonly signal: AbortSignal;
}

const accept = manifestAccept.join(", ");

function place(target: ManifestTarget): {
  readonly path: string;
  readonly what: string;
  readonly digest: Digest | undefined;
} {
  const repository = parseRepositoryName(target.repository);
  const parsed = parseManifestReference(target.reference);
  return {
    path: `/v2/${repository}/manifests/${target.reference}`,
    what: joinReference(repository, target.reference),
    digest: "digest" in parsed ? parsed.digest : undefined,
  };
}

export function digestOf(bytes: Uint8Array, like: Digest | undefined): Digest {
  const algorithm = like === undefined ? "sha256" : digestAlgorithm(like);
  const text = `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
  if (isDigest(text)) return text;
  throw new Error(`not a digest: ${text}`);
}

/** What a HEAD says in full; undefined where it leaves something out and the body must be asked. */
function headOf(response: ExchangeResponse, asked: Digest | undefined): ManifestHead | undefined {
  const digest = headerOf(response.headers, "docker-content-digest")?.trim();
  const mediaType = mediaTypeOf(response.headers);
  const size = lengthOf(response.headers);
  if (digest === undefined || !isDigest(digest) || mediaType === undefined || size === undefined)
    return undefined;
  // Generic types and other digests are no answer: some servers send them, and only the bytes can tell.
  if (mediaType === "application/json" || mediaType.startsWith("text/") || mediaType.endsWith("octet-stream"))
    return undefined;
  if (asked !== undefined && asked !== digest) return undefined;
  return { digest, mediaType, size };
}

/** @throws FreightlinerError of the sign-in and the transport; undefined where there is nothing. */
export async function headManifest(
  context: ManifestContext,
  target: ManifestTarget,
): Promise<ManifestHead | undefined> {
  const { path, what, digest } = place(target);
  const response = await context.client.call({
    method: "HEAD",
    target: path,
    scopes: [pullScope(target.repository)],
    operation: "head-manifest",
    headers: { accept },
    signal: target.signal,
  });
  const { status } = response;
  // A GET in its place would be one more request to a host that wants fewer, and may count as a pull.
  if (status === 408 || status === 429 || (status >= 500 && status !== 501))
    throw await context.client.errorOf(response, { operation: "head-manifest", subject: "manifest", what });
  discard(response.body);
  if (status === 404) return undefined;
  const head = status === 200 ? headOf(response, digest) : undefined;
  if (head !== undefined) return head;
  // No digest header, or HEAD is not served (405, 400, 403, 406): the body decides. An error speaks there, too.
  try {
    const { bytes: _bytes, ...rest } = await getManifest(context, target);
    return rest;
  } catch (error) {
    const missing =
      error instanceof FreightlinerError &&
      (error.code === "manifest-unknown" || error.code === "repository-unknown");
    if (missing) return undefined;
    throw error;
  }
}

/** @throws FreightlinerError `manifest-unknown`, `repository-unknown`, `digest-mismatch`, `too-large`, `unsupported`, `protocol`. */
export async function getManifest(context: ManifestContext, target: ManifestTarget): Promise<Manifest> {
  const { path, what, digest: asked } = place(target);
  const operation = "get-manifest";
  const response = await context.client.call({
    method: "GET",
    target: path,
    scopes: [pullScope(target.repository)],
    operation,
    headers: { accept },
    signal: target.signal,
  });
  if (response.status !== 200)
    throw await context.client.errorOf(response, { operation, subject: "manifest", what });
  const { host } = response.url;
  const bytes = await readBody(response, {
    limit: caps.manifest,
    what,
    operation,
    deadlineMs: context.deadlineMs,
  });
  const contentType = mediaTypeOf(response.headers);
  if (isSchema1(contentType)) {
    // Its digest does not cover its bytes, so it could not even be checked.
    throw new FreightlinerError({
      code: "unsupported",
      operation,
      message: `${what} on ${host} is a Docker schema 1 manifest, which cannot be verified or copied unchanged.`,
    });
  }
  const digest = digestOf(bytes, asked);
  if (asked !== undefined && digest !== asked) {
    throw new FreightlinerError({
      code: "digest-mismatch",
      operation,
      message: `${host} served other bytes than ${what} names: expected ${asked}, found ${digest} (${bytes.length} bytes).`,
    });
  }
  const mediaType = manifestType({ bytes, contentType, pinned: asked !== undefined, host, what });
  return { digest, mediaType, size: bytes.length, bytes };
}

/** Writes the exact bytes. @throws FreightlinerError `blob-unknown`, `tag-immutable`, `digest-mismatch`, `too-large` and others. */
export async function putManifest(
  context: ManifestContext,
  target: ManifestTarget,
  manifest: Manifest,
): Promise<PutManifestResult> {
  const { path, what } = place(target);
  const operation = "put-manifest";
  const response = await context.client.call({
    method: "PUT",
    target: path,
    scopes: [pushScope(target.repository)],
    operation,
    headers: { "content-type": manifest.mediaType },
    body: manifest.bytes,
    signal: target.signal,
  });
  const { status } = response;
  if (status < 200 || status > 299) {
    const error = await context.client.errorOf(response, { operation, subject: "manifest-put", what });
    throw context.forbidsStandingTags ? await judgeForbidden(context, target, error) : error;
  }
  discard(response.body);
  // Set where the registry has put it on its list of the subject's referrers; distribution and GHCR do not know the header.
  const result = { listsReferrer: headerOf(response.headers, "oci-subject") !== undefined };
  const answered = headerOf(response.headers, "docker-content-digest")?.trim();
  const comparable = answered !== undefined && isDigest(answered);
  const mine = comparable ? digestOf(manifest.bytes, answered) : manifest.digest;
  if (comparable && answered !== mine) throw mismatch(response.url.host, what, mine, answered);
  if (status === 201 && comparable) return result;
  // Another 2xx, or no digest in the answer, is what a web page would give, too: what is there now decides.
  const head = await headManifest(context, target);
  const same =
    head !== undefined &&
    (head.digest === manifest.digest || head.digest === digestOf(manifest.bytes, head.digest));
  if (!same) throw mismatch(response.url.host, what, manifest.digest, head?.digest ?? "nothing");
  return result;
}

/**
 * A plain 403 to a tag, from who let its parts be written, is how some refuse one that stands and may not move
 * (protocol.md 4): what stands there tells.
 */
async function judgeForbidden(
  context: ManifestContext,
  target: ManifestTarget,
  error: FreightlinerError,
): Promise<FreightlinerError> {
  const { what, digest } = place(target);
  if (error.code !== "forbidden" || digest !== undefined) return error;
  const standing = await headManifest(context, target);
  if (standing === undefined) return error;
  return new FreightlinerError({
    code: "tag-immutable",
    operation: error.operation,
    message: `${error.message} ${what} stands there as ${standing.digest}, and seems to be one that may not be changed.`,
    cause: error,
    ...(error.status === undefined ? {} : { status: error.status }),
  });
}

function mismatch(host: string, what: string, expected: string, found: string): FreightlinerError {
  return new FreightlinerError({
    code: "digest-mismatch",
    operation: "put-manifest",
    message: `${host} took ${what} but holds something else: expected ${expected}, found ${found}.`,
  });
}

/**
 * Removes a tag, or a manifest with every tag that points at it.
 * @throws FreightlinerError `manifest-unknown`; `unsupported` where the registry deletes nothing, or only the other of the two.
 */
export async function deleteManifest(context: ManifestContext, target: ManifestTarget): Promise<void> {
  const { path, what, digest } = place(target);
  const operation = "delete-manifest";
  const { repository, signal } = target;
  const scopes = [context.asksForDelete ? deleteScope(repository) : pushScope(repository)];
  const response = await context.client.call({ method: "DELETE", target: path, scopes, operation, signal });
  if (response.status >= 200 && response.status <= 299) {
    discard(response.body);
    return;
  }
  const error = await context.client.errorOf(response, { operation, subject: "manifest-delete", what });
  if (error.code !== "unsupported") throw error;
  const why =
    digest === undefined
      ? "it deletes no tags, perhaps digests"
      : "it deletes no manifests, or deletion is switched off there";
  throw new FreightlinerError({
    code: "unsupported",
    operation,
    message: `${error.message} So ${why}.`,
    cause: error,
    ...(error.status === undefined ? {} : { status: error.status }),
  });
}
