// Fetches one Bearer token: https://distribution.github.io/distribution/spec/auth/token/
import { z } from "zod";
import { FreightlinerError } from "../../shared/errors.ts";
import { type Credential, identityName } from "../engine/credential.ts";
import { discard, parseJson, readBody } from "./body.ts";
import type { ExchangeResponse, Transport } from "./exchange.ts";
import { caps, type Deadlines, maxTokenRedirects } from "./limits.ts";
import { isRedirect, RedirectChain } from "./redirects.ts";
import { responseError } from "./response-error.ts";
import type { Scope } from "./scopes.ts";

export interface TokenRequest {
  readonly realm: URL;
  readonly service: string | undefined;
  readonly scopes: readonly Scope[];
  /** Undefined for an anonymous request. */
  readonly credential: Credential | undefined;
  /** The registry the token is for, in errors. */
  readonly registry: string;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

export interface Token {
  readonly value: string;
  /** Seconds from now; never less than 60, the specification's default. */
  readonly lifetimeSeconds: number;
}

const field = z.string().min(1).max(caps.token).optional().catch(undefined);
const tokenReply = z.object({
  token: field,
  access_token: field,
  expires_in: z.number().positive().finite().optional().catch(undefined),
});
const shortestLifetime = 60;
const longestLifetime = 24 * 3600;
/** Characters. Thousands of tokens are kept at once. */
const longestToken = 32 * 1024;

/** @throws FreightlinerError `unsupported` for what is no user name with a password. */
export function basicAuthorization(credential: Credential): string {
  if (credential.kind !== "password") {
    throw new FreightlinerError({
      code: "unsupported",
      operation: "sign-in",
      message: `A user name and a password are expected here; ${identityName(credential)} is none.`,
    });
  }
  return `Basic ${Buffer.from(`${credential.username}:${credential.password}`, "utf8").toString("base64")}`;
}

function tokenUrl(request: TokenRequest): URL {
  const { realm, service, scopes, credential } = request;
  const query: [string, string][] = [];
  if (service !== undefined) query.push(["service", service]);
  for (const scope of scopes) query.push(["scope", scope]);
  query.push(["client_id", "freightliner"]);
  if (credential !== undefined) query.push(["account", identityName(credential)]);
  const added = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  // The realm's own query stays as it is.
  const url = new URL(realm);
  url.search = url.search === "" ? added : `${url.search}&${added}`;
  return url;
}

/** Redirects are followed with the password only inside the realm's own origin. */
async function ask(request: TokenRequest, transport: Transport): Promise<ExchangeResponse> {
  const first = tokenUrl(request);
  const chain = new RedirectChain(first, maxTokenRedirects, "token");
  let url = first;
  for (;;) {
    const known = request.credential !== undefined && url.origin === first.origin;
    const response = await transport.send({
      method: "GET",
      url,
      headers: {
        accept: "application/json",
        "accept-encoding": "identity",
        "user-agent": request.userAgent,
        ...(known && request.credential !== undefined
          ? { authorization: basicAuthorization(request.credential) }
          : {}),
      },
      lane: "control",
      operation: "token",
      signal: request.signal,
    });
    if (!isRedirect(response)) return response;
    discard(response.body);
    url = chain.next(response, "GET");
  }
}

/** @throws FreightlinerError with the status of a refusal, `protocol` for a reply without a token, or the transport's errors. */
export async function fetchToken(
  request: TokenRequest,
  transport: Transport,
  deadlines: Deadlines,
): Promise<Token> {
  const response = await ask(request, transport);
  const { host } = response.url;
  if (response.status !== 200) {
    throw await responseError(response, {
      operation: "token",
      subject: "registry",
      what: `a token for ${request.registry}`,
      home: response.url.origin,
      deadlineMs: deadlines.smallBodyMs,
    });
  }
  const bytes = await readBody(response, {
    limit: caps.token,
    what: "a token",
    operation: "token",
    deadlineMs: deadlines.smallBodyMs,
  });
  const parsed = tokenReply.safeParse(parseJson(bytes));
  const value = parsed.success ? (parsed.data.token ?? parsed.data.access_token) : undefined;
  // It becomes a header: anything but visible ASCII is no token (RFC 6750 section 2.1), nor what no server takes as a header.
  if (value === undefined || value.length > longestToken || !/^[\x21-\x7e]+$/.test(value)) {
    throw new FreightlinerError({
      code: "protocol",
      operation: "token",
      message: `The token service ${host} of ${request.registry} answered without a token.`,
    });
  }
  const announced = parsed.success ? (parsed.data.expires_in ?? shortestLifetime) : shortestLifetime;
  return { value, lifetimeSeconds: Math.min(Math.max(announced, shortestLifetime), longestLifetime) };
}
