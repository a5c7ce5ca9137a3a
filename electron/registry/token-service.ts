// Fetches one Bearer token: by GET (https://distribution.github.io/distribution/spec/auth/token/), or for an identity token
// by POST (https://distribution.github.io/distribution/spec/auth/oauth/).
import { z } from "zod";
import { FreightlinerError } from "../../shared/errors.ts";
import { type Credential, type IdentityToken, identityName } from "../engine/credential.ts";
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
  /** Takes the place of the identity token that was sent. */
  readonly refreshToken?: string | undefined;
}

const field = z.string().min(1).max(caps.token).optional().catch(undefined);
const tokenReply = z.object({
  token: field,
  access_token: field,
  expires_in: z.number().positive().finite().optional().catch(undefined),
  refresh_token: field,
});
/** https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const grantRefusal = z.object({ error: z.enum(["invalid_grant", "invalid_client", "unauthorized_client"]) });
const shortestLifetime = 60;
const longestLifetime = 24 * 3600;
/** Characters. Thousands of tokens are kept at once. */
const longestToken = 32 * 1024;

/** @throws FreightlinerError `unauthorized` for what is no user name with a password. */
export function basicAuthorization(credential: Credential): string {
  if (credential.kind !== "password") {
    throw new FreightlinerError({
      code: "unauthorized",
      operation: "sign-in",
      message: `A user name and a password are asked for here; the credential (${identityName(credential)}) is a token.`,
    });
  }
  return basicHeader(credential.username, credential.password);
}

function basicHeader(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}

function tokenUrl(request: TokenRequest): URL {
  const { realm, service, scopes, credential } = request;
  const query: [string, string][] = [];
  if (service !== undefined) query.push(["service", service]);
  for (const scope of scopes) query.push(["scope", scope]);
  query.push(["client_id", clientId]);
  if (credential !== undefined) query.push(["account", identityName(credential)]);
  const added = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  // The realm's own query stays as it is.
  const url = new URL(realm);
  url.search = url.search === "" ? added : `${url.search}&${added}`;
  return url;
}

const clientId = "freightliner";

interface Question {
  readonly method: "GET" | "POST";
  readonly url: URL;
  /** Sent to the URL's own origin only. */
  readonly authorization?: string | undefined;
  readonly form?: URLSearchParams | undefined;
}

/** Redirects are followed with the password only inside the realm's own origin, and with an identity token nowhere else. */
async function ask(
  question: Question,
  request: TokenRequest,
  transport: Transport,
): Promise<ExchangeResponse> {
  const { method, authorization, form } = question;
  const chain = new RedirectChain(question.url, maxTokenRedirects, "token");
  let url = question.url;
  for (;;) {
    const known = url.origin === question.url.origin;
    const response = await transport.send({
      method,
      url,
      headers: {
        accept: "application/json",
        "accept-encoding": "identity",
        "user-agent": request.userAgent,
        ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        ...(known && authorization !== undefined ? { authorization } : {}),
      },
      body: form === undefined ? undefined : Buffer.from(form.toString(), "utf8"),
      lane: "control",
      operation: "token",
      signal: request.signal,
    });
    if (!isRedirect(response)) return response;
    discard(response.body);
    url = chain.next(response, method);
    if (form !== undefined && url.origin !== question.url.origin)
      throw new FreightlinerError({
        code: "redirect-refused",
        operation: "token",
        message: `The token service ${question.url.host} sends the identity token on to ${url.host}; that is not followed.`,
        retryable: false,
      });
  }
}

function askByGet(request: TokenRequest, transport: Transport): Promise<ExchangeResponse> {
  const { credential } = request;
  const authorization = credential && basicAuthorization(credential);
  return ask({ method: "GET", url: tokenUrl(request), authorization }, request, transport);
}

async function askByPost(
  request: TokenRequest,
  { username, token }: IdentityToken,
  transport: Transport,
): Promise<ExchangeResponse> {
  const { realm, service, scopes } = request;
  const form = new URLSearchParams({ grant_type: "refresh_token", client_id: clientId });
  if (service !== undefined) form.set("service", service);
  if (scopes.length > 0) form.set("scope", scopes.join(" "));
  form.set("refresh_token", token);
  const response = await ask({ method: "POST", url: realm, form }, request, transport);
  // Some services know the GET alone; there the token stands in the place of a password (protocol.md 2.3, 6.10).
  if ((response.status !== 404 && response.status !== 405) || username === "") return response;
  discard(response.body);
  const authorization = basicHeader(username, token);
  return ask({ method: "GET", url: tokenUrl(request), authorization }, request, transport);
}

function askFor(request: TokenRequest, transport: Transport): Promise<ExchangeResponse> {
  const { credential } = request;
  return credential?.kind === "identity-token"
    ? askByPost(request, credential, transport)
    : askByGet(request, transport);
}

/** @throws FreightlinerError with the status of a refusal, `protocol` for a reply without a token, or the transport's errors. */
export async function fetchToken(
  request: TokenRequest,
  transport: Transport,
  deadlines: Deadlines,
): Promise<Token> {
  const response = await askFor(request, transport);
  const { host } = response.url;
  if (response.status === 400 && request.credential?.kind === "identity-token")
    throw await grantError(response, request, deadlines);
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
  const refreshToken = parsed.success ? parsed.data.refresh_token : undefined;
  return {
    value,
    lifetimeSeconds: Math.min(Math.max(announced, shortestLifetime), longestLifetime),
    refreshToken,
  };
}

/** A refresh token that is wrong or has ended is told by 400, not by 401. */
async function grantError(
  response: ExchangeResponse,
  request: TokenRequest,
  deadlines: Deadlines,
): Promise<FreightlinerError> {
  const bytes = await readBody(response, {
    limit: caps.error,
    what: "an error",
    operation: "token",
    deadlineMs: deadlines.smallBodyMs,
  });
  const refused = grantRefusal.safeParse(parseJson(bytes)).success;
  return new FreightlinerError({
    code: refused ? "unauthorized" : "refused-by-registry",
    operation: "token",
    message: refused
      ? `The token service ${response.url.host} of ${request.registry} refused the identity token: it is wrong, or has ended.`
      : `The token service ${response.url.host} of ${request.registry} did not understand the question for a token.`,
    status: response.status,
  });
}
