// Manifests of the sample registry: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Writable } from "node:stream";
import { z } from "zod";
import { type ParsedManifest, parseManifest } from "../../shared/descriptor.ts";
import { type Digest, digestAlgorithm, isDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { isForeignLayerType } from "../../shared/media-types.ts";
import type { DiskStore, ManifestRecord } from "./disk-store.ts";
import { answer, type Exchange, type Reply, receiveBody, refuse } from "./exchange.ts";
import type { Services } from "./services.ts";

/** The largest manifest taken, in bytes; as distribution and others do (protocol.md 1.5). */
const maxManifestSize = 4 * 1024 * 1024;

interface Place {
  readonly repository: string;
  readonly reference: string;
}

export function serveManifest(services: Services, exchange: Exchange, place: Place): Promise<Reply> {
  switch (exchange.method) {
    case "GET":
    case "HEAD":
      return getManifest(services.store, exchange, place);
    case "PUT":
      return putManifest(services, exchange, place);
    case "DELETE":
      return deleteManifest(services.store, place);
    default:
      return Promise.resolve(refuse(405, "UNSUPPORTED", "expected GET, HEAD, PUT or DELETE"));
  }
}

async function getManifest(store: DiskStore, exchange: Exchange, place: Place): Promise<Reply> {
  const { repository, reference } = place;
  const digest = isDigest(reference) ? reference : await store.tagDigest(repository, reference);
  const record = digest === undefined ? undefined : await store.manifest(repository, digest);
  if (digest === undefined || record === undefined) {
    return refuse(404, "MANIFEST_UNKNOWN", `no manifest ${reference} in ${repository}`);
  }
  const etag = `"${digest}"`;
  const headers = { "content-type": record.mediaType, "docker-content-digest": digest, etag };
  if (exchange.request.headers["if-none-match"] === etag) return answer(304, headers);
  return answer(200, headers, await readFile(store.blobFile(digest)));
}

async function deleteManifest(store: DiskStore, place: Place): Promise<Reply> {
  const { repository, reference } = place;
  const gone = isDigest(reference)
    ? await store.deleteManifest(repository, reference)
    : await store.deleteTag(repository, reference);
  return gone ? answer(202) : refuse(404, "MANIFEST_UNKNOWN", `no manifest ${reference} in ${repository}`);
}

async function putManifest(services: Services, exchange: Exchange, place: Place): Promise<Reply> {
  const { repository, reference } = place;
  const bytes = await readManifestBody(services, exchange);
  if (bytes === undefined) {
    return refuse(413, "SIZE_INVALID", `a manifest may have at most ${maxManifestSize} bytes`);
  }
  const algorithm = isDigest(reference) ? digestAlgorithm(reference) : "sha256";
  const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}` as Digest;
  if (isDigest(reference) && reference !== digest) {
    return refuse(400, "DIGEST_INVALID", `the body is ${digest}, not ${reference}`);
  }
  const read = readManifest(bytes, exchange, `${repository}:${reference}`);
  if ("refusal" in read) return read.refusal;
  const missing = await firstMissing(services, repository, read.parsed);
  if (missing !== undefined) {
    return refuse(400, "MANIFEST_BLOB_UNKNOWN", `${repository} has no ${missing}`);
  }
  await services.store.putManifest(repository, { digest, bytes, record: read.record });
  if (!isDigest(reference)) await services.store.setTag(repository, reference, digest);
  return answer(201, {
    location: `/v2/${repository}/manifests/${digest}`,
    "docker-content-digest": digest,
    ...(read.record.subject === undefined ? {} : { "oci-subject": read.record.subject }),
  });
}

/** The body, or undefined where it is too large. What is too large is read on but not kept, so that the client hears the answer. */
async function readManifestBody(services: Services, exchange: Exchange): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done): void {
      size += chunk.length;
      if (size <= maxManifestSize) chunks.push(chunk);
      done();
    },
  });
  await receiveBody(exchange, services.pacer, sink);
  return size > maxManifestSize ? undefined : Buffer.concat(chunks);
}

const wireDetails = z.object({
  mediaType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).nullish(),
});

type ReadManifest =
  | { readonly parsed: ParsedManifest; readonly record: ManifestRecord }
  | { readonly refusal: Reply };

function readManifest(bytes: Buffer, exchange: Exchange, what: string): ReadManifest {
  try {
    const text = bytes.toString("utf8");
    const details = wireDetails.parse(JSON.parse(text));
    const contentType = exchange.request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
    const mediaType = contentType ?? details.mediaType ?? "";
    if (mediaType === "") return { refusal: refuse(400, "MANIFEST_INVALID", "the media type is missing") };
    const parsed = parseManifest(text, mediaType, what);
    return { parsed, record: recordOf(parsed, bytes.length, details.annotations ?? undefined) };
  } catch (thrown) {
    if (
      thrown instanceof FreightlinerError ||
      thrown instanceof SyntaxError ||
      thrown instanceof z.ZodError
    ) {
      return { refusal: refuse(400, "MANIFEST_INVALID", thrown.message) };
    }
    throw thrown;
  }
}

function recordOf(
  parsed: ParsedManifest,
  size: number,
  annotations: Readonly<Record<string, string>> | undefined,
): ManifestRecord {
  const known = parsed.kind === "unknown" ? undefined : parsed;
  return {
    mediaType: parsed.mediaType,
    size,
    ...(known?.subject === undefined ? {} : { subject: known.subject.digest }),
    ...(known?.artifactType === undefined ? {} : { artifactType: known.artifactType }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

/** The first part that the repository lacks. Foreign layers need not be there (protocol.md 1.4). */
async function firstMissing(
  services: Services,
  repository: string,
  parsed: ParsedManifest,
): Promise<Digest | undefined> {
  const { store } = services;
  if (parsed.kind === "unknown") return undefined;
  if (parsed.kind === "index") {
    for (const { digest } of parsed.manifests) {
      if ((await store.manifest(repository, digest)) !== undefined) continue;
      // Indexes of build caches list blobs.
      if ((await store.blobSize(repository, digest)) === undefined) return digest;
    }
    return undefined;
  }
  for (const blob of [...(parsed.config === undefined ? [] : [parsed.config]), ...parsed.layers]) {
    if (isForeignLayerType(blob.mediaType)) continue;
    if ((await store.blobSize(repository, blob.digest)) === undefined) return blob.digest;
  }
  return undefined;
}
