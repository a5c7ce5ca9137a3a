// What a cloud's library threw, as one of our errors: its kind, and its own words without anything that may be a secret.
import { type ErrorCode, FreightlinerError } from "./errors.ts";

export interface Attempt {
  /** In the words of errors: "cloud-sign-in", "create-repository". */
  readonly operation: string;
  /** A sentence without its end: `No AWS identity was found`. */
  readonly notFound: string;
  /** `AWS refused the identity of profile "x"`. */
  readonly refused: string;
  /** `AWS could not be asked for a sign-in`. */
  readonly failed: string;
  /** What to do where there is no identity, or it is refused: a sentence with its end. */
  readonly advice: string;
  /** Names of errors that say that there is no identity. */
  readonly missing: RegExp;
}

const unreachable: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
]);
const slow: ReadonlySet<string> = new Set(["ETIMEDOUT", "TimeoutError", "RequestTimeout"]);
const throttled = /Throttl|TooManyRequests|LimitExceeded|SlowDown/;

/** The error itself and what lies below it, outermost first; never more than a few. */
function chainOf(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  const queue: unknown[] = [thrown];
  while (queue.length > 0 && chain.length < 16) {
    const next = queue.shift();
    if (typeof next !== "object" || next === null || chain.includes(next)) continue;
    chain.push(next);
    const errors: unknown = Reflect.get(next, "errors");
    queue.push(Reflect.get(next, "cause"), ...(Array.isArray(errors) ? errors.slice(0, 8) : []));
  }
  return chain;
}

function textOf(value: unknown, field: string): string {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined;
  return typeof found === "string" ? found : "";
}

/** The status of the answer, in the three places in which the three libraries keep it. */
function statusOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const places = [
    Reflect.get(value, "$metadata")?.httpStatusCode,
    Reflect.get(value, "statusCode"),
    Reflect.get(value, "status"),
  ];
  return places.find((place): place is number => Number.isInteger(place));
}

/** One line; what is long enough to be a key, a token or an assertion is left out. */
function harmless(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
      .replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ")
      .replace(/\beyJ[\w.-]+/g, "…")
      .replace(/[A-Za-z0-9+/=_~-]{40,}/g, "…")
      .trim()
      .slice(0, 300)
  );
}

/** Undefined for what nobody answered and nothing here has a name for. */
function codeOf(chain: readonly unknown[], missing: RegExp): ErrorCode | undefined {
  const names = chain.flatMap((one) => [textOf(one, "name"), textOf(one, "code")]);
  const status = chain.map(statusOf).find((one) => one !== undefined);
  if (names.some((name) => throttled.test(name)) || status === 429) return "rate-limited";
  if (names.some((name) => slow.has(name)) || status === 408) return "timeout";
  if (status !== undefined && status >= 500) return "registry-failure";
  if (names.some((name) => unreachable.has(name))) return "unreachable";
  if (names.some((name) => /CERT|^ERR_TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(name))) return "tls";
  if (names.some((name) => name.startsWith("AccessDenied"))) return "forbidden";
  if (status !== undefined && status >= 400) return "unauthorized";
  if (chain.some((one) => missing.test(textOf(one, "name")) || missing.test(textOf(one, "message"))))
    return "configuration";
  return undefined;
}

/** The network's own words, behind what could not be done for it. */
function unanswered(error: FreightlinerError, { operation, failed }: Attempt): FreightlinerError {
  const { code, message, status, retryable } = error;
  return new FreightlinerError({
    code,
    operation,
    message: `${failed}: ${message}`,
    retryable,
    ...(status === undefined ? {} : { status }),
  });
}

/**
 * Never keeps what was thrown: libraries hang whole requests on their errors, with what signs them.
 * @param failure why the library's last request had no answer: that is why it failed, whatever it says itself.
 */
export function cloudError(
  thrown: unknown,
  attempt: Attempt,
  failure?: FreightlinerError,
): FreightlinerError {
  if (failure !== undefined) return unanswered(failure, attempt);
  if (thrown instanceof FreightlinerError) return thrown;
  const chain = chainOf(thrown);
  const code = codeOf(chain, attempt.missing);
  const words = harmless(textOf(chain[0], "message"));
  const refused = code === "unauthorized" || code === "forbidden";
  const sentence = code === "configuration" ? attempt.notFound : refused ? attempt.refused : attempt.failed;
  // What is unknown is mostly a setting that the library does not take: its own words follow as the cause.
  const advice = code === undefined || code === "configuration" || refused ? ` ${attempt.advice}` : "";
  const status = chain.map(statusOf).find((one) => one !== undefined);
  return new FreightlinerError({
    code: code ?? "configuration",
    operation: attempt.operation,
    message: `${sentence}.${advice}`,
    ...(words === "" ? {} : { cause: new Error(words) }),
    ...(status === undefined ? {} : { status }),
  });
}
