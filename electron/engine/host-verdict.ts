// What an outcome says of the host that it came from (protocol.md 5.2): one image's trouble is not the host's.
import type { FreightlinerError } from "../../shared/errors.ts";

/** `answered` = it serves, whatever it said; `throttled` = it wants less; `none` = it was not asked, or left in the middle. */
export type Verdict = "answered" | "throttled" | "timed-out" | "failed" | "none";

export function verdictOf(error: FreightlinerError): Verdict {
  switch (error.code) {
    case "rate-limited":
      return "throttled";
    case "timeout":
      return "timed-out";
    case "unreachable":
      return "failed";
    case "registry-failure":
      // A 503 that names a time is a registry that is busy, not one that is broken.
      if (error.status === 503 && error.retryAfterMs !== undefined) return "throttled";
      return error.status === undefined || error.status >= 499 ? "failed" : "answered";
    case "unauthorized":
    case "forbidden":
    case "repository-unknown":
    case "manifest-unknown":
    case "blob-unknown":
    case "protocol":
    case "too-large":
    case "unsupported":
    case "tag-immutable":
    case "refused-by-registry":
    case "redirect-refused":
    case "upload-lost":
    case "digest-mismatch":
    case "size-mismatch":
    case "verification-failed":
      return "answered";
    case "disconnected":
    case "usage":
    case "configuration":
    case "locked":
    case "invalid-reference":
    case "tls":
    case "mapping-collision":
    case "not-found":
    case "illegal-transition":
    case "busy":
    case "cancelled":
    case "store":
    case "io":
    case "internal":
      return "none";
  }
}
