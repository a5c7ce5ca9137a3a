// Upload dialects of the fixture registry: how real registries differ while a blob is pushed (protocol.md 2.8).
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Exchange, type Reply, refuse } from "../../electron/samples/exchange.ts";
import { isDigest } from "../../shared/digest.ts";
import { alterReply, cancelUpload, type FaultWorld, uploadSize, withHeaders } from "./fault-world.ts";

export type UploadFault =
  /**
   * How `Range` is told: with `bytes=`, one byte too many or too few, not at all, or Quay's mixture
   * (POST `bytes=0--1`, PATCH right, status `bytes=0-<count>` without Location, 416 `0-<count>`).
   */
  | {
      readonly do: "range-style";
      readonly style: "bytes" | "one-too-high" | "one-too-low" | "missing" | "quay";
    }
  /** How `Location` is told; "other-host" names one that does not exist, "query" adds one that must come back. */
  | { readonly do: "location-style"; readonly style: "absolute" | "relative" | "other-host" | "query" }
  /**
   * distribution's signed `_state`: it holds the offset at which the Location was given. A request whose state is
   * older than what the session holds (a broken chunk left bytes) cancels the session with 404 ("cancels", 2.8,
   * which ignores Content-Range as well) or is answered by a bare 416 ("refuses", 3.x). Also for status requests.
   */
  | { readonly do: "signed-offset"; readonly mismatch: "cancels" | "refuses" }
  /** Tells OCI-Chunk-Min-Length; after a smaller chunk no byte is taken any more. */
  | { readonly do: "chunk-minimum"; readonly bytes: number }
  /** Refuses bodies above this length: with 416 for PATCH as GHCR, with 413 for PUT as proxies do. */
  | { readonly do: "largest-body"; readonly bytes: number }
  /** PATCH is answered 201 and the closing PUT refused, as ECR; the blob is there after the PATCH, or not. */
  | { readonly do: "created-on-patch"; readonly stored: boolean }
  /** POST with `?digest=` opens a session (202). */
  | { readonly do: "no-single-post" };

/** Sessions that took a chunk below the minimum, for each fault that is on. */
const closedSessions = new WeakMap<UploadFault, Set<string>>();

export async function applyUploadFault(
  fault: UploadFault,
  exchange: Exchange,
  world: FaultWorld,
): Promise<Reply | undefined> {
  const { route } = exchange;
  if (route.kind !== "uploads" && route.kind !== "upload") return undefined;
  switch (fault.do) {
    case "range-style":
      alterReply(exchange, (reply) => restyleRange(fault.style, exchange, reply));
      return undefined;
    case "location-style":
      alterReply(exchange, (reply) => restyleLocation(fault.style, exchange, reply));
      return undefined;
    case "signed-offset":
      return signOffset(fault.mismatch, exchange, world);
    case "chunk-minimum":
      return holdToMinimum(fault, exchange);
    case "largest-body":
      return holdToMaximum(fault.bytes, exchange);
    case "created-on-patch":
      return createOnPatch(fault.stored, exchange, world);
    case "no-single-post":
      exchange.url.searchParams.delete("digest");
      return undefined;
  }
}

/** Answers of an open session: accepted, status, wrong offset. */
const sessionStatuses: readonly number[] = [202, 204, 416];

function restyleRange(
  style: Extract<UploadFault, { do: "range-style" }>["style"],
  exchange: Exchange,
  reply: Reply,
): Reply {
  const range = reply.headers.range;
  if (range === undefined || !sessionStatuses.includes(reply.status)) return reply;
  const end = Number(range.slice(2));
  switch (style) {
    case "missing":
      return withHeaders(reply, { range: undefined });
    case "bytes":
      return withHeaders(reply, { range: `bytes=${range}` });
    case "one-too-high":
      return withHeaders(reply, { range: `0-${end + 1}` });
    case "one-too-low":
      return withHeaders(reply, { range: `0-${Math.max(0, end - 1)}` });
    case "quay":
      if (exchange.method === "POST") return withHeaders(reply, { range: "bytes=0--1" });
      if (reply.status === 416) return withHeaders(reply, { range: `0-${end + 1}` });
      if (exchange.method !== "GET") return reply;
      return withHeaders(reply, { range: `bytes=0-${end + 1}`, location: undefined });
  }
}

function restyleLocation(
  style: Extract<UploadFault, { do: "location-style" }>["style"],
  exchange: Exchange,
  reply: Reply,
): Reply {
  const location = reply.headers.location;
  if (location === undefined || !sessionStatuses.includes(reply.status)) return reply;
  switch (style) {
    case "absolute":
      return withHeaders(reply, { location: `http://${exchange.request.headers.host ?? ""}${location}` });
    case "other-host":
      return withHeaders(reply, { location: `http://uploads.registry.invalid${location}` });
    case "relative":
      return withHeaders(reply, { location: relativeTo(exchange, location) });
    case "query":
      return withHeaders(reply, { location: `${location}?_upload=a%2Fb+c&_empty` });
  }
}

/** The last segment alone, as it resolves against `…/blobs/uploads/` and `…/blobs/uploads/<session>` alike. */
function relativeTo(exchange: Exchange, location: string): string {
  const session = location.slice(location.lastIndexOf("/") + 1);
  return exchange.url.pathname.endsWith("/uploads") ? `uploads/${session}` : session;
}

async function signOffset(
  mismatch: "cancels" | "refuses",
  exchange: Exchange,
  world: FaultWorld,
): Promise<Reply | undefined> {
  const { route } = exchange;
  alterReply(exchange, async (reply) => {
    const { location } = reply.headers;
    if (location === undefined || !sessionStatuses.includes(reply.status)) return reply;
    const session = location.slice(location.lastIndexOf("/") + 1);
    const repository = "repository" in route ? route.repository : "";
    const size = await uploadSize(world, { repository, session });
    return withHeaders(reply, { location: `${location}?_state=offset-${size ?? 0}` });
  });
  if (route.kind !== "upload") return undefined;
  if (mismatch === "cancels") delete exchange.request.headers["content-range"];
  const size = await uploadSize(world, route);
  if (size === undefined) return undefined;
  if (exchange.url.searchParams.get("_state") === `offset-${size}`) return undefined;
  if (mismatch === "refuses") return refuse(416, "RANGE_INVALID", "the state is of another offset");
  await cancelUpload(world, route);
  return refuse(404, "BLOB_UPLOAD_INVALID", "the state is of another offset");
}

function holdToMinimum(
  fault: Extract<UploadFault, { do: "chunk-minimum" }>,
  exchange: Exchange,
): Reply | undefined {
  alterReply(exchange, (reply) =>
    reply.status === 202 ? withHeaders(reply, { "oci-chunk-min-length": String(fault.bytes) }) : reply,
  );
  const { route } = exchange;
  if (route.kind !== "upload") return undefined;
  const closed = closedSessions.get(fault) ?? new Set<string>();
  closedSessions.set(fault, closed);
  const sent = bodyLength(exchange);
  if (sent > 0 && closed.has(route.session)) {
    return refuse(400, "SIZE_INVALID", `a chunk before the last had less than ${fault.bytes} bytes`);
  }
  if (exchange.method === "PATCH" && sent < fault.bytes) closed.add(route.session);
  return undefined;
}

function holdToMaximum(bytes: number, exchange: Exchange): Reply | undefined {
  if (bodyLength(exchange) <= bytes) return undefined;
  const message = `the body exceeds the maximum permissible limit of ${bytes} bytes`;
  // What comes of the body is thrown away, so that the client hears the answer.
  exchange.request.resume();
  return exchange.method === "PATCH"
    ? refuse(416, "RANGE_INVALID", message)
    : refuse(413, "SIZE_INVALID", message);
}

/** 0 where it is not told (a streamed body). */
function bodyLength(exchange: Exchange): number {
  return Number(exchange.request.headers["content-length"] ?? 0);
}

function createOnPatch(stored: boolean, exchange: Exchange, world: FaultWorld): Reply | undefined {
  const { route, method } = exchange;
  if (route.kind !== "upload") return undefined;
  if (method === "PUT") return refuse(400, "BLOB_UPLOAD_INVALID", "the upload is already complete");
  if (method !== "PATCH") return undefined;
  alterReply(exchange, async (reply) => {
    if (reply.status !== 202) return reply;
    if (stored) {
      const file = world.store.uploadFile(route.repository, route.session);
      const hex = createHash("sha256")
        .update(await readFile(file))
        .digest("hex");
      const digest = `sha256:${hex}`;
      if (isDigest(digest)) await world.store.commitBlob(route.repository, digest, file);
    }
    return { ...reply, status: 201 };
  });
  return undefined;
}
