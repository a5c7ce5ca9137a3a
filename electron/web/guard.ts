// Who may ask: exact Host names against DNS rebinding, exact Origin and fetch metadata against other sites' pages.
import type { IncomingHttpHeaders } from "node:http";

/** The status to refuse with and a short reason for the answer's body, or undefined where the request may go on. */
export interface Refusal {
  readonly status: 403 | 421;
  readonly reason: string;
}

export interface Addresses {
  readonly port: number;
  /** First label of the isolated name, `fl-<16 hex>`: its own site and cookie jar in Chromium. */
  readonly label: string;
}

/** `host:port` names that this server answers to; everything else came through somebody else's name. */
export function allowedHosts({ port, label }: Addresses): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`, `${label}.localhost:${port}`]);
}

export interface Asked {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** How often the Host header came; Node keeps only the first of several. */
  readonly hostHeaders: number;
  readonly upgrade: boolean;
}

/**
 * The rules of the door, in order. Cookies ignore ports, so `SameSite` alone would let every other server on this
 * machine's loopback forge requests; the exact Origin does not.
 */
export function refusal(asked: Asked, hosts: ReadonlySet<string>): Refusal | undefined {
  const host = asked.headers.host;
  if (asked.hostHeaders !== 1 || host === undefined || !hosts.has(host)) {
    return { status: 421, reason: "This server does not answer to that host name." };
  }
  if (asked.method === "OPTIONS") return { status: 403, reason: "No other origin may ask." };
  const safe = (asked.method === "GET" || asked.method === "HEAD") && !asked.upgrade;
  return safe ? readRefusal(asked.headers, host) : writeRefusal(asked.headers, host);
}

/** Reading: a foreign page may only navigate here, which shows it nothing. */
function readRefusal(headers: IncomingHttpHeaders, host: string): Refusal | undefined {
  const site = headers["sec-fetch-site"];
  const origin = headers.origin;
  const navigates = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  const foreignSite = site !== undefined && site !== "same-origin" && site !== "none";
  if ((foreignSite && !navigates) || (origin !== undefined && origin !== `http://${host}`)) {
    return { status: 403, reason: "Another site's page asked for this." };
  }
  return undefined;
}

/** Changing state and opening the socket: only our own page, which always sends its Origin. */
function writeRefusal(headers: IncomingHttpHeaders, host: string): Refusal | undefined {
  const site = headers["sec-fetch-site"];
  if (headers.origin !== `http://${host}` || (site !== undefined && site !== "same-origin")) {
    return { status: 403, reason: "Only this server's own page may do that." };
  }
  return undefined;
}

/** A body is JSON or nothing: the types that a plain form can send are refused. */
export function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/json\s*(;\s*charset=utf-8\s*)?$/i.test(contentType);
}
