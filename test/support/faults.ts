// The faults of the fixture registry: what a broken or hostile registry does, switched on by name (facts: broken registries).
import { randomUUID } from "node:crypto";
import { Readable, type Transform } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { answer, type Exchange, type Reply, refuse } from "../../electron/samples/exchange.ts";
import { Pacer } from "../../electron/samples/pacer.ts";
import type { Route } from "../../electron/samples/route.ts";
import { catalogReply, tagsReply } from "../../electron/samples/serve-lists.ts";
import { append, chain, cutAfter, flip, resetAfter, spaces, stallAfter } from "./fault-streams.ts";
import type { FaultWorld } from "./fault-world.ts";
import { applyListFault, type ListFault } from "./list-faults.ts";
import { applyPolicyFault, type PolicyFault } from "./policy-faults.ts";
import { applyUploadFault, type UploadFault } from "./upload-faults.ts";

/** Which requests a fault meets. All given conditions must hold. */
export interface FaultMatch {
  readonly method?: string | readonly string[];
  /** "manifest", "blob", "uploads" (POST), "upload" (PATCH/PUT/GET/DELETE), "tags", "catalog", "referrers", "base". */
  readonly kind?: Route["kind"] | readonly Route["kind"][];
  /** Against path and query. */
  readonly path?: RegExp;
  /** Lets so many matching requests pass first. */
  readonly after?: number;
  /** Then happens so often; without end by default. */
  readonly times?: number;
}

/** How a body of another length is announced: the true old length kept, the new one told, or none and the connection closed. */
export type LengthHeader = "kept" | "adjusted" | "none";

export type Fault =
  | UploadFault
  | ListFault
  | PolicyFault
  /** Any status with an error body, e.g. 429 with `retry-after`, 503, 401, 405, 400 with MANIFEST_BLOB_UNKNOWN. */
  | {
      readonly do: "status";
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** In place of the error JSON. */
      readonly body?: string;
    }
  | { readonly do: "flip-byte"; readonly at: number }
  /** Ends the body cleanly (FIN) after `at` bytes. */
  | { readonly do: "truncate"; readonly at: number; readonly length?: LengthHeader }
  /** Sends `by` bytes more than there are. */
  | { readonly do: "lengthen"; readonly by: number; readonly length?: LengthHeader }
  /** Resets the connection after about `at` bytes of the answer's body. */
  | { readonly do: "reset-download"; readonly at: number }
  /** Resets the connection after about `at` bytes of the request's body; what came before stays in the session. */
  | { readonly do: "reset-upload"; readonly at: number }
  /** Handles the request fully, then resets the connection in place of the answer. */
  | { readonly do: "lose-reply" }
  | { readonly do: "slow"; readonly bytesPerSecond: number }
  /** Passes `at` bytes of the answer's body, then nothing, with the connection open. */
  | { readonly do: "stall"; readonly at: number }
  /** Takes `at` bytes of the request's body, then nothing, with the connection open. */
  | { readonly do: "stall-upload"; readonly at: number }
  | { readonly do: "never-answer" }
  | { readonly do: "set-headers"; readonly headers: Readonly<Record<string, string>> }
  | { readonly do: "drop-headers"; readonly names: readonly string[] }
  /** Mounts are answered 202 with an upload session. */
  | { readonly do: "no-mounts" }
  | { readonly do: "ignore-range" }
  /** Every page links to itself. */
  | { readonly do: "repeat-link" }
  /** `{"tags":null}` or `{"repositories":null}`. */
  | { readonly do: "null-list" }
  /** Lists these in place of the true names, page by page; for catalogs and tags of any size. */
  | { readonly do: "list"; readonly names: readonly string[] }
  /** A 200 whose body is spaces; `bytes` undefined = until the client hangs up. */
  | { readonly do: "oversized"; readonly bytes?: number; readonly contentType?: string }
  /** A part (206) says in Content-Range that it begins `by` bytes later than it does. */
  | { readonly do: "wrong-content-range"; readonly by: number }
  /** Every answer has another ETag, so that If-Range never holds. */
  | { readonly do: "changing-etag" }
  /** What is missing is answered 403 DENIED, as Artifactory does. */
  | { readonly do: "deny-missing" }
  /** Waits before the request is handled. */
  | { readonly do: "delay"; readonly ms: number }
  /** 307 to the storage server on another origin, which records whether credentials came along. */
  | { readonly do: "redirect-to-storage" }
  /** Anything else: runs before the handling and may use the exchange's `alter` functions. */
  | { readonly do: "run"; readonly run: (exchange: Exchange) => Promise<void> | void };

export function matches(match: FaultMatch, exchange: Exchange): boolean {
  const { method, kind, path } = match;
  if (method !== undefined && ![method].flat().includes(exchange.method)) return false;
  if (kind !== undefined && ![kind].flat().includes(exchange.route.kind)) return false;
  return path === undefined || path.test(exchange.url.pathname + exchange.url.search);
}

/** Sets the fault up on one exchange; a reply returned is the answer. */
export async function applyFault(
  fault: Fault,
  exchange: Exchange,
  world: FaultWorld,
): Promise<Reply | "never" | undefined> {
  switch (fault.do) {
    case "status":
      return statusReply(fault);
    case "never-answer":
      return "never";
    case "list":
      return listReply(fault.names, exchange);
    case "oversized":
      return answer(200, { "content-type": fault.contentType ?? "application/json" }, spaces(fault.bytes));
    case "delay":
      await sleep(fault.ms);
      return undefined;
    case "range-style":
    case "location-style":
    case "signed-offset":
    case "chunk-minimum":
    case "largest-body":
    case "created-on-patch":
    case "no-single-post":
      return applyUploadFault(fault, exchange, world);
    case "link":
    case "ignore-last":
    case "page-size":
    case "null-entries":
    case "referrers-paged":
    case "ignore-filter":
    case "no-referrers":
      return applyListFault(fault, exchange);
    case "immutable-tags":
    case "deletes":
    case "throttle":
    case "quota":
    case "expire-tokens":
      return applyPolicyFault(fault, exchange, world);
    case "changing-etag":
      if (exchange.request.headers["if-range"] !== undefined) delete exchange.request.headers.range;
      alterAnswer(fault, exchange);
      return undefined;
    case "deny-missing":
      return denyMissing(exchange);
    case "redirect-to-storage":
      return answer(307, { location: world.storageUrl(exchange.url.pathname) });
    case "run":
      await fault.run(exchange);
      return undefined;
    case "no-mounts":
      exchange.url.searchParams.delete("mount");
      return undefined;
    case "ignore-range":
      delete exchange.request.headers.range;
      return undefined;
    case "reset-upload":
      exchange.alterUpload = (body) => chain(body, resetAfter(fault.at, exchange, "upload"));
      return undefined;
    case "stall-upload":
      exchange.alterUpload = (body) => chain(body, stallAfter(fault.at));
      return undefined;
    default:
      alterAnswer(fault, exchange);
      return undefined;
  }
}

type AnswerFault = Extract<
  Fault,
  {
    do:
      | "flip-byte"
      | "truncate"
      | "lengthen"
      | "reset-download"
      | "lose-reply"
      | "slow"
      | "stall"
      | "set-headers"
      | "drop-headers"
      | "repeat-link"
      | "null-list"
      | "wrong-content-range"
      | "changing-etag";
  }
>;

function alterAnswer(fault: AnswerFault, exchange: Exchange): void {
  const before = exchange.alterReply;
  exchange.alterReply = async (first) => {
    const reply = await before(first);
    // Faults of a body are for bodies that were asked for; a refusal stays what it is.
    return reply.status < 300 ? alterSuccess(fault, exchange, reply) : reply;
  };
}

function alterSuccess(fault: AnswerFault, exchange: Exchange, reply: Reply): Reply {
  const through = (stream: Transform): Reply => {
    const before = exchange.alterDownload;
    exchange.alterDownload = (body) => chain(before(body), stream);
    return reply;
  };
  switch (fault.do) {
    case "flip-byte":
      return through(flip(fault.at));
    case "slow":
      return through(new Pacer(fault.bytesPerSecond).through(() => undefined));
    case "stall":
      return through(stallAfter(fault.at));
    case "reset-download":
      return through(resetAfter(fault.at, exchange, "download"));
    case "lose-reply":
      exchange.response.socket?.resetAndDestroy();
      return reply;
    case "truncate":
      through(cutAfter(fault.at));
      return { ...reply, headers: lengthHeaders(reply, fault.length, fault.at) };
    case "lengthen":
      through(append(fault.by));
      return { ...reply, headers: lengthHeaders(reply, fault.length, lengthOf(reply) + fault.by) };
    case "wrong-content-range": {
      const told = reply.headers["content-range"];
      if (told === undefined) return reply;
      return { ...reply, headers: { ...reply.headers, "content-range": shiftRange(told, fault.by) } };
    }
    case "changing-etag":
      return { ...reply, headers: { ...reply.headers, etag: `"${randomUUID()}"` } };
    case "set-headers":
      return { ...reply, headers: { ...reply.headers, ...fault.headers } };
    case "drop-headers": {
      const kept = Object.entries(reply.headers).filter(([name]) => !fault.names.includes(name));
      return { ...reply, headers: Object.fromEntries(kept) };
    }
    case "repeat-link":
      return { ...reply, headers: { ...reply.headers, link: `<${exchange.request.url}>; rel="next"` } };
    case "null-list": {
      const body = JSON.parse(String(reply.body)) as Record<string, unknown>;
      const key = "tags" in body ? "tags" : "repositories";
      return { ...reply, body: Buffer.from(JSON.stringify({ ...body, [key]: null })) };
    }
  }
}

function denyMissing(exchange: Exchange): undefined {
  const before = exchange.alterReply;
  exchange.alterReply = async (first) => {
    const reply = await before(first);
    return reply.status === 404 ? refuse(403, "DENIED", "not found, or no permission") : reply;
  };
}

function statusReply(fault: Extract<Fault, { do: "status" }>): Reply {
  const { status, code = "UNKNOWN", message = "switched on by a test", headers = {} } = fault;
  if (fault.body !== undefined) return answer(status, headers, Buffer.from(fault.body));
  return refuse(status, code, message, headers);
}

function listReply(names: readonly string[], exchange: Exchange): Reply | undefined {
  const sorted = [...names].sort();
  if (exchange.route.kind === "catalog") return catalogReply(exchange.url, sorted);
  if (exchange.route.kind === "tags") return tagsReply(exchange.url, exchange.route.repository, sorted);
  return undefined;
}

/** `bytes 10-19/30` → `bytes 11-20/30`. */
function shiftRange(contentRange: string, by: number): string {
  const shifted = (text: string): string => String(Number(text) + by);
  return contentRange.replace(
    /([0-9]+)-([0-9]+)/,
    (_, start: string, end: string) => `${shifted(start)}-${shifted(end)}`,
  );
}

function lengthOf(reply: Reply): number {
  return reply.body instanceof Readable ? Number(reply.headers["content-length"]) : reply.body.length;
}

/** The connection is closed after a body of another length, as otherwise the client would wait for more. */
function lengthHeaders(reply: Reply, header: LengthHeader = "kept", length: number): Record<string, string> {
  const headers: Record<string, string> = { ...reply.headers, connection: "close" };
  delete headers["content-length"];
  if (header === "none") return { ...headers, "transfer-encoding": "chunked" };
  return { ...headers, "content-length": String(header === "kept" ? lengthOf(reply) : length) };
}
