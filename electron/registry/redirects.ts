// One policy for every place a registry sends us to: redirects of requests and the Location of uploads.
import { FreightlinerError } from "../../shared/errors.ts";
import { type ExchangeResponse, headerOf, type Method } from "./exchange.ts";
import { printable } from "./redact.ts";

function refuse(operation: string, message: string): never {
  throw new FreightlinerError({ code: "redirect-refused", operation, message, retryable: false });
}

/**
 * The URL that a Location names, relative or absolute, its query unchanged.
 * Never from https to http, never with user info, never another scheme. Whether its address may be reached
 * is judged when it is connected to (http.ts), where the answer cannot change afterwards.
 * @throws FreightlinerError `redirect-refused`.
 */
export function resolveLocation(location: string | undefined, from: URL, operation: string): URL {
  if (location === undefined || location === "") {
    return refuse(
      operation,
      `${from.host} sent us elsewhere without saying where: the Location header is missing.`,
    );
  }
  if (!URL.canParse(location, from.href)) {
    // A query may hold a signature or the state of an upload.
    const shown = printable(location.split("?", 1)[0] ?? "", 100);
    return refuse(operation, `${from.host} sent us to "${shown}", which is not a URL.`);
  }
  const target = new URL(location, from);
  target.hash = "";
  if (target.protocol !== "https:" && target.protocol !== "http:") {
    return refuse(
      operation,
      `${from.host} sent us to the scheme "${printable(target.protocol, 20)}"; only http and https are followed.`,
    );
  }
  if (from.protocol === "https:" && target.protocol === "http:") {
    return refuse(
      operation,
      `${from.host} sent us from https to http://${target.host}; that is not followed. A registry behind a proxy must be told that its public scheme is https.`,
    );
  }
  if (target.username !== "" || target.password !== "") {
    return refuse(
      operation,
      `${from.host} sent us to a URL on ${target.host} that holds a user name; that is not followed.`,
    );
  }
  return target;
}

/** True where the answer is a redirect that keeps the method, or one that a GET or HEAD may follow anyway. */
export function isRedirect(response: Pick<ExchangeResponse, "status">): boolean {
  return [301, 302, 303, 307, 308].includes(response.status);
}

/** Follows one chain of redirects: counts the hops and sees loops. */
export class RedirectChain {
  readonly #visited = new Set<string>();
  readonly #limit: number;
  readonly #operation: string;

  constructor(start: URL, limit: number, operation: string) {
    this.#visited.add(start.href);
    this.#limit = limit;
    this.#operation = operation;
  }

  /** @throws FreightlinerError `redirect-refused` for a target, a loop or a length that is not followed. */
  next(response: ExchangeResponse, method: Method): URL {
    const from = response.url;
    if (method !== "GET" && method !== "HEAD" && response.status !== 307 && response.status !== 308) {
      refuse(
        this.#operation,
        `${from.host} answered a ${method} with the redirect ${response.status}, which would change the request.`,
      );
    }
    const target = resolveLocation(headerOf(response.headers, "location"), from, this.#operation);
    if (this.#visited.has(target.href)) refuse(this.#operation, `${from.host} redirects in a circle.`);
    if (this.#visited.size > this.#limit) {
      refuse(this.#operation, `${from.host} redirects more than ${this.#limit} times.`);
    }
    this.#visited.add(target.href);
    return target;
  }
}
