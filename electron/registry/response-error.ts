// An answer that is no success, as one of our errors with the registry's own words.
import { z } from "zod";
import { type ErrorCode, FreightlinerError } from "../../shared/errors.ts";
import { parseJson, readBody } from "./body.ts";
import { type ExchangeResponse, headerOf, mediaTypeOf } from "./exchange.ts";
import { caps } from "./limits.ts";
import { printable } from "./redact.ts";
import { parseRetryAfter, parseXRetryAfter } from "./retry-after.ts";

/** What the request was about; it decides what a 404 means. */
export type Subject =
  | "registry"
  | "repository"
  | "manifest"
  | "blob"
  | "upload-start"
  | "upload"
  | "manifest-put"
  | "manifest-delete";

export interface AnswerContext {
  readonly operation: string;
  readonly subject: Subject;
  /** Names the input, e.g. `app:v1`. */
  readonly what: string;
  /** The registry's own origin: a refusal of another host is not about our sign-in. */
  readonly home: string;
  readonly deadlineMs: number;
}

/** `code` and `message` of the first error of the body; empty where the body says nothing readable. */
interface Refusal {
  readonly code: string;
  readonly message: string;
}

const text = z.string().catch("");
const errorsBody = z.object({
  errors: z
    .array(z.object({ code: text, message: text, detail: text }).catch({ code: "", message: "", detail: "" }))
    .min(1),
});
/** Token services answer in the words of RFC 6749 or with `details`. */
const otherBody = z.object({ error: text, error_description: text, details: text, message: text }).partial();

async function readRefusal(response: ExchangeResponse, context: AnswerContext): Promise<Refusal> {
  const none = { code: "", message: "" };
  const type = mediaTypeOf(response.headers) ?? "";
  if (!type.includes("json")) {
    response.body.destroy();
    return none;
  }
  let bytes: Uint8Array;
  try {
    bytes = await readBody(response, {
      limit: caps.error,
      what: "an error",
      operation: context.operation,
      deadlineMs: context.deadlineMs,
    });
  } catch (error) {
    // The status says enough; only a stop must not be lost.
    if (!(error instanceof FreightlinerError)) throw error;
    return none;
  }
  const json = parseJson(bytes);
  const listed = errorsBody.safeParse(json);
  const first = listed.success ? listed.data.errors[0] : undefined;
  if (first !== undefined) {
    // Nexus says in `detail` what it means; elsewhere it is mostly no text.
    const { code, message, detail } = first;
    const words = [...new Set([message, detail])].filter((part) => part !== "").join(", ");
    return { code: printable(code, 60), message: printable(words) };
  }
  const other = otherBody.safeParse(json);
  if (!other.success) return none;
  const { error, error_description, details, message } = other.data;
  return {
    code: printable(error ?? "", 60),
    message: printable(error_description || details || message || ""),
  };
}

const notFound: Readonly<Record<Subject, ErrorCode>> = {
  registry: "protocol",
  repository: "repository-unknown",
  manifest: "manifest-unknown",
  blob: "blob-unknown",
  "upload-start": "repository-unknown",
  upload: "upload-lost",
  "manifest-put": "repository-unknown",
  "manifest-delete": "manifest-unknown",
};

const missingParts: ReadonlySet<string> = new Set([
  "MANIFEST_BLOB_UNKNOWN",
  "BLOB_UNKNOWN",
  "MANIFEST_UNKNOWN",
]);

/**
 * The dialects of "this tag must not move" (protocol.md 4): ECR 400, Harbor 412, Quay 409, GAR and others by their words;
 * Nexus 400 with its words in the detail (GoogleContainerTools/jib#3057).
 */
function saysImmutable(status: number, refusal: Refusal): boolean {
  if (refusal.code === "TAG_IMMUTABLE" || refusal.code === "TAG_ALREADY_EXISTS") return true;
  return (
    status >= 400 &&
    status < 500 &&
    /immutab|cannot be overwritten|does not allow updating/i.test(refusal.message)
  );
}

function saysUnsupported(status: number, refusal: Refusal, subject: Subject): boolean {
  if (status === 405 || status === 501 || refusal.code === "UNSUPPORTED") return true;
  // Distribution 2.8 looks for a digest where a tag stands: v2.8.3 registry/handlers/manifests.go, DeleteManifest.
  return subject === "manifest-delete" && status === 400 && refusal.code === "DIGEST_INVALID";
}

/**
 * Quay says 405 of a namespace that is disabled, and while it is read-only: quay/quay endpoints/v2/errors.py. Azure says it
 * of what is locked: https://github.com/Azure/azure-sdk-for-net/issues/22827
 */
function saysForbidden(status: number, { code }: Refusal): boolean {
  return (
    status === 403 || (status === 405 && (code === "DENIED" || code === "REGISTRY_DISALLOWED_OPERATION"))
  );
}

function codeOf(status: number, refusal: Refusal, subject: Subject): ErrorCode {
  if (subject === "manifest-put" && saysImmutable(status, refusal)) return "tag-immutable";
  if (subject === "manifest-put" && (status === 400 || status === 404) && missingParts.has(refusal.code))
    return "blob-unknown";
  if (subject === "upload" && (status === 416 || /^BLOB_UPLOAD_/.test(refusal.code))) return "upload-lost";
  if ((subject === "upload" || subject === "manifest-put") && refusal.code === "DIGEST_INVALID")
    return "digest-mismatch";
  if (status === 429 || refusal.code === "TOOMANYREQUESTS") return "rate-limited";
  if (status === 404) return refusal.code === "NAME_UNKNOWN" ? "repository-unknown" : notFound[subject];
  if (status === 401) return "unauthorized";
  if (saysForbidden(status, refusal)) return "forbidden";
  if (status === 408) return "timeout";
  if (status === 413) return "too-large";
  if (saysUnsupported(status, refusal, subject)) return "unsupported";
  if (status === 499 || status >= 500) return "registry-failure";
  if (status >= 400) return "refused-by-registry";
  return "protocol";
}

/**
 * Reads the rest of an unwelcome answer and says what it means. The body is used up.
 * A storage host that refuses us (an expired signature) is a failure of the registry that sent us there.
 */
export async function responseError(
  response: ExchangeResponse,
  context: AnswerContext,
): Promise<FreightlinerError> {
  const { status, url } = response;
  const refusal = await readRefusal(response, context);
  const abroad = url.origin !== context.home;
  const code =
    abroad && (status === 401 || status === 403)
      ? "registry-failure"
      : codeOf(status, refusal, context.subject);
  const now = Date.now();
  const retryAfterMs =
    parseRetryAfter(headerOf(response.headers, "retry-after"), now) ??
    parseXRetryAfter(headerOf(response.headers, "x-retry-after"), now);
  const words = [refusal.code, refusal.message].filter((part) => part !== "").join(": ");
  return new FreightlinerError({
    code,
    operation: context.operation,
    message: `${url.host} answered ${status} for ${context.what}${words === "" ? "." : `: ${printable(words)}`}`,
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
