// Rules of registries that the fixture registry can have: immutable tags, deletion, request limits, tokens that end (protocol.md 4, 5, 6).
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type Exchange, type Reply, refuse } from "../../electron/samples/exchange.ts";
import { alterReply, type FaultWorld, withHeaders } from "./fault-world.ts";

export type PolicyFault =
  /** PUT of a tag that exists with another manifest is refused, in a registry's words (Quay's by default). */
  | {
      readonly do: "immutable-tags";
      readonly dialect?: keyof typeof immutableDialects;
      /** Refuses the manifest that the tag already has as well. */
      readonly equalToo?: boolean;
      readonly status?: number;
      readonly code?: string;
      readonly message?: string;
    }
  /** What DELETE of a manifest understands: only digests (distribution 2.8, Harbor), only tags, or nothing (405). */
  | { readonly do: "deletes"; readonly only: "digests" | "tags" | "nothing" }
  /** 429; `retryAfter` as it is sent, or a time from now that is sent as an HTTP date. */
  | { readonly do: "throttle"; readonly retryAfter?: string | { readonly dateInSeconds: number } }
  /**
   * Docker Hub's pull limit: manifest GETs count, HEADs are free; both tell `ratelimit-limit` and
   * `ratelimit-remaining`; at 0 a GET is 429. `refillMs` after the first counted one the limit is full again.
   */
  | {
      readonly do: "quota";
      readonly limit: number;
      readonly windowSeconds?: number;
      readonly refillMs?: number;
      readonly retryAfterSeconds?: number;
    }
  /** Every token so far ends before this request is handled. */
  | { readonly do: "expire-tokens" };

const immutableDialects = {
  ecr: {
    status: 400,
    code: "TAG_INVALID",
    message: (tag: string, repository: string) =>
      `The image tag '${tag}' already exists in the '${repository}' repository and cannot be overwritten because the repository is immutable.`,
  },
  harbor: {
    status: 412,
    code: "PRECONDITION",
    message: (tag: string, repository: string) =>
      `Failed to process request due to '${repository}:${tag}' configured as immutable.`,
  },
  quay: { status: 409, code: "TAG_IMMUTABLE", message: (tag: string) => `tag ${tag} is immutable` },
  gar: {
    status: 400,
    code: "MANIFEST_INVALID",
    message: (tag: string) => `cannot update tag ${tag}. The repository has enabled tag immutability`,
  },
} as const;

export async function applyPolicyFault(
  fault: PolicyFault,
  exchange: Exchange,
  world: FaultWorld,
): Promise<Reply | undefined> {
  switch (fault.do) {
    case "immutable-tags":
      return refuseOverwrite(fault, exchange, world);
    case "deletes":
      return refuseDelete(fault.only, exchange);
    case "throttle":
      return throttled(fault.retryAfter);
    case "quota":
      return countPull(fault, exchange);
    case "expire-tokens":
      world.expireTokens();
      return undefined;
  }
}

async function refuseOverwrite(
  fault: Extract<PolicyFault, { do: "immutable-tags" }>,
  exchange: Exchange,
  world: FaultWorld,
): Promise<Reply | undefined> {
  const { route, method } = exchange;
  if (method !== "PUT" || route.kind !== "manifest" || route.reference.includes(":")) return undefined;
  const now = await world.store.tagDigest(route.repository, route.reference);
  if (now === undefined) return undefined;
  const bytes = await readBody(exchange);
  const offered = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (offered === now && fault.equalToo !== true) return undefined;
  const words = immutableDialects[fault.dialect ?? "quay"];
  const message = fault.message ?? words.message(route.reference, route.repository);
  return refuse(fault.status ?? words.status, fault.code ?? words.code, message);
}

/** Reads the body and puts it back for the handling. */
async function readBody(exchange: Exchange): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of exchange.request) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  const before = exchange.alterUpload;
  exchange.alterUpload = () => before(Readable.from([bytes]));
  return bytes;
}

function refuseDelete(only: "digests" | "tags" | "nothing", exchange: Exchange): Reply | undefined {
  const { route, method } = exchange;
  if (method !== "DELETE" || (route.kind !== "manifest" && route.kind !== "blob")) return undefined;
  if (only === "nothing") return refuse(405, "UNSUPPORTED", "The operation is unsupported.");
  if (route.kind === "blob") return undefined;
  const byDigest = route.reference.includes(":");
  if (only === "digests" && !byDigest) return refuse(400, "DIGEST_INVALID", "expected a digest");
  if (only === "tags" && byDigest) return refuse(405, "UNSUPPORTED", "expected a tag");
  return undefined;
}

function throttled(retryAfter: Extract<PolicyFault, { do: "throttle" }>["retryAfter"]): Reply {
  const text =
    typeof retryAfter === "object"
      ? new Date(Date.now() + retryAfter.dateInSeconds * 1000).toUTCString()
      : retryAfter;
  const headers: Record<string, string> = text === undefined ? {} : { "retry-after": text };
  return refuse(429, "TOOMANYREQUESTS", "Too Many Requests", headers);
}

interface PullCount {
  used: number;
  since: number;
}
const pullCounts = new WeakMap<PolicyFault, PullCount>();

function countPull(fault: Extract<PolicyFault, { do: "quota" }>, exchange: Exchange): Reply | undefined {
  const { route, method } = exchange;
  if (route.kind !== "manifest" || (method !== "GET" && method !== "HEAD")) return undefined;
  let count = pullCounts.get(fault);
  const over =
    count !== undefined && Date.now() - count.since >= (fault.refillMs ?? Number.POSITIVE_INFINITY);
  if (count === undefined || over) count = { used: 0, since: Date.now() };
  pullCounts.set(fault, count);
  const refused = method === "GET" && count.used >= fault.limit;
  if (method === "GET" && !refused) count.used += 1;
  const window = `;w=${fault.windowSeconds ?? 21_600}`;
  const headers: Record<string, string> = {
    "ratelimit-limit": `${fault.limit}${window}`,
    "ratelimit-remaining": `${fault.limit - count.used}${window}`,
    "docker-ratelimit-source": "127.0.0.1",
  };
  if (!refused) {
    alterReply(exchange, (reply) => withHeaders(reply, headers));
    return undefined;
  }
  if (fault.retryAfterSeconds !== undefined) headers["retry-after"] = String(fault.retryAfterSeconds);
  const message = "You have reached your unauthenticated pull rate limit.";
  return refuse(429, "TOOMANYREQUESTS", message, headers);
}
