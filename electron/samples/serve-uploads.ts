// Upload sessions of the sample registry: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Digest, digestAlgorithm, isDigest } from "../../shared/digest.ts";
import { isRepositoryName } from "../../shared/reference.ts";
import { answer, type Exchange, type Reply, receiveBody, refuse } from "./exchange.ts";
import type { Services } from "./services.ts";

interface Place {
  readonly repository: string;
  readonly session: string;
}

/** POST: opens a session, mounts a blob, or takes a blob in one request. */
export async function startUpload(
  services: Services,
  exchange: Exchange,
  repository: string,
): Promise<Reply> {
  if (exchange.method !== "POST") return refuse(405, "UNSUPPORTED", "expected POST");
  const query = exchange.url.searchParams;
  const mount = query.get("mount") ?? "";
  const from = query.get("from") ?? "";
  if (isDigest(mount) && isRepositoryName(from)) {
    if ((await services.store.blobSize(from, mount)) !== undefined) {
      await services.store.linkBlob(repository, mount);
      return created(repository, mount);
    }
  }
  const session = randomUUID();
  const file = services.store.uploadFile(repository, session);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "");
  const place = { repository, session };
  return query.has("digest") ? finish(services, exchange, place) : accepted(place, 0);
}

/** PATCH, PUT, GET and DELETE of an open session. */
export async function serveUpload(services: Services, exchange: Exchange, place: Place): Promise<Reply> {
  const size = await sizeOf(services, place);
  if (size === undefined) return refuse(404, "BLOB_UPLOAD_UNKNOWN", "no such upload");
  if (exchange.method === "GET") return accepted(place, size, 204);
  const { busyUploads } = services;
  if (busyUploads.has(place.session)) {
    return refuse(416, "RANGE_INVALID", "another request writes to this upload", { range: rangeText(size) });
  }
  busyUploads.add(place.session);
  try {
    switch (exchange.method) {
      case "PATCH":
        return await append(services, exchange, { ...place, size });
      case "PUT":
        return await finish(services, exchange, place);
      case "DELETE":
        await rm(services.store.uploadFile(place.repository, place.session), { force: true });
        return answer(204);
      default:
        return refuse(405, "UNSUPPORTED", "expected GET, PATCH, PUT or DELETE");
    }
  } finally {
    busyUploads.delete(place.session);
  }
}

async function sizeOf(services: Services, place: Place): Promise<number | undefined> {
  try {
    return (await stat(services.store.uploadFile(place.repository, place.session))).size;
  } catch {
    // No file, no session: the only thing that is asked here.
    return undefined;
  }
}

/** distribution prints `0-0` for nothing and for one byte alike (protocol.md 2.8). */
function rangeText(size: number): string {
  return `0-${Math.max(0, size - 1)}`;
}

function accepted(place: Place, size: number, status = 202): Reply {
  return answer(status, {
    location: `/v2/${place.repository}/blobs/uploads/${place.session}`,
    "docker-upload-uuid": place.session,
    range: rangeText(size),
  });
}

function created(repository: string, digest: Digest): Reply {
  return answer(201, { location: `/v2/${repository}/blobs/${digest}`, "docker-content-digest": digest });
}

async function append(
  services: Services,
  exchange: Exchange,
  place: Place & { readonly size: number },
): Promise<Reply> {
  const refused = await receiveChunk(services, exchange, place);
  if (refused !== undefined) return refused;
  return accepted(place, (await sizeOf(services, place)) ?? 0);
}

/** Appends the body; what arrived stays, also where the client broke off, so that status tells the true offset. */
async function receiveChunk(
  services: Services,
  exchange: Exchange,
  place: Place & { readonly size: number },
): Promise<Reply | undefined> {
  const { headers } = exchange.request;
  const file = services.store.uploadFile(place.repository, place.session);
  const range = /^([0-9]{1,15})-([0-9]{1,15})$/.exec(headers["content-range"] ?? "");
  if (headers["content-range"] !== undefined && range === null) {
    return refuse(400, "BLOB_UPLOAD_INVALID", "Content-Range was expected as START-END");
  }
  const [start, end] = range === null ? [place.size, undefined] : [Number(range[1]), Number(range[2])];
  if (start !== place.size) {
    const { location = "" } = accepted(place, place.size).headers;
    return refuse(416, "RANGE_INVALID", `the next byte is ${place.size}, not ${start}`, {
      range: rangeText(place.size),
      location,
    });
  }
  await receiveBody(exchange, services.pacer, createWriteStream(file, { flags: "a" }));
  const received = ((await sizeOf(services, place)) ?? 0) - start;
  if (end !== undefined && received !== end - start + 1) {
    await truncate(file, place.size);
    return refuse(
      400,
      "SIZE_INVALID",
      `Content-Range says ${end - start + 1} bytes, the body has ${received}`,
    );
  }
  return undefined;
}

/** Takes the last bytes, if any, verifies the whole and makes it a blob. A wrong digest ends the session. */
async function finish(services: Services, exchange: Exchange, place: Place): Promise<Reply> {
  const digest = exchange.url.searchParams.get("digest") ?? "";
  if (!isDigest(digest)) return refuse(400, "DIGEST_INVALID", "the digest is missing or invalid");
  const size = (await sizeOf(services, place)) ?? 0;
  const refused = await receiveChunk(services, exchange, { ...place, size });
  if (refused !== undefined) return refused;
  const file = services.store.uploadFile(place.repository, place.session);
  const hash = createHash(digestAlgorithm(digest));
  await pipeline(createReadStream(file), hash);
  const found = `${digestAlgorithm(digest)}:${hash.digest("hex")}`;
  if (found !== digest) {
    await rm(file, { force: true });
    return refuse(400, "DIGEST_INVALID", `the bytes are ${found}, not ${digest}`);
  }
  await services.store.commitBlob(place.repository, digest, file);
  return created(place.repository, digest);
}
