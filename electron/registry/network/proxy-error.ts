// What goes wrong between us and a proxy, said of the proxy: the registry and its password have no part in it.
import { FreightlinerError } from "../../../shared/errors.ts";
import { addressOf, toNetworkError } from "../network-error.ts";
import type { HttpProxy } from "./proxy.ts";

const operation = "connect";

/** The proxy itself was not reached. Keeps the code and our own words, and names both. */
export function proxyUnreached(thrown: unknown, proxy: HttpProxy, target: string): FreightlinerError {
  const request = { url: proxy.url, operation, signal: new AbortController().signal };
  const error = toNetworkError(thrown, request);
  const { code, retryable } =
    error instanceof FreightlinerError ? error : ({ code: "internal", retryable: false } as const);
  return new FreightlinerError({
    code,
    operation,
    message: `The proxy for ${target} failed. ${error.message}`,
    cause: thrown,
    retryable,
  });
}

export interface ProxyAnswer {
  readonly status: number;
  /** Its Proxy-Authenticate headers. */
  readonly challenges: readonly string[];
  /** True where a user name was sent along. */
  readonly signedIn: boolean;
}

/** The proxy answered for itself instead of letting us through. */
export function proxyRefused(proxy: HttpProxy, target: string, answer: ProxyAnswer): FreightlinerError {
  const name = `The proxy ${addressOf(proxy.url)}`;
  // 401 is tinyproxy's answer to a wrong password.
  if (answer.status === 407 || answer.status === 401)
    return new FreightlinerError({ ...asked(name, proxy, answer), operation });
  const { status } = answer;
  // 502 to 504, and tinyproxy's 500: the proxy could not reach the target, which may pass.
  const passing = status >= 500 || status === 408 || status === 429;
  const why = passing ? "could not reach" : "does not let us through to";
  return new FreightlinerError({
    code: "unreachable",
    operation,
    message: `${name} ${why} ${target}: it answered ${status}.`,
    retryable: passing,
    status,
  });
}

/** Ways to sign in at a proxy that have a name; what else stands there may be what it was sent. */
const knownSchemes = ["Digest", "Negotiate", "NTLM", "Kerberos", "Bearer"];

function namesOf(schemes: readonly string[]): string {
  const given = new Set(schemes.map((scheme) => scheme.toLowerCase()));
  const known = knownSchemes.filter((scheme) => given.has(scheme.toLowerCase()));
  return known.length === 0 ? "a way of its own" : known.join(" or ");
}

/** `configuration`, as this machine's settings are what has to change: `unauthorized` would ask for the registry's password. */
function asked(name: string, proxy: HttpProxy, answer: ProxyAnswer) {
  const schemes = answer.challenges.map((challenge) => challenge.trim().split(/[\s,]/, 1)[0] ?? "");
  const basic = schemes.length === 0 || schemes.some((scheme) => scheme.toLowerCase() === "basic");
  const where = proxy.from === "settings" ? "the registry's settings" : proxy.from;
  const message = !basic
    ? `${name} asks for a sign-in by ${namesOf(schemes)}, which is not spoken; only Basic is.`
    : answer.signedIn
      ? `${name} refused the user name or the password of ${where}.`
      : `${name} asks for a user name and a password, and none were given with ${where}.`;
  return { code: "configuration", message, status: 407, retryable: false } as const;
}
