// Signs requests in: nothing, Basic, or Bearer with the scopes a request needs.
import { FreightlinerError } from "../../shared/errors.ts";
import {
  type Credential,
  type CredentialProvider,
  identityName,
  isSameCredential,
} from "../engine/credential.ts";
import { type Challenge, chooseChallenge, parseChallenges } from "./challenges.ts";
import { type ExchangeResponse, headersOf, type Transport } from "./exchange.ts";
import { HeldCredential, identityOf } from "./held-credential.ts";
import type { Deadlines } from "./limits.ts";
import { judgeRealm, type Realm } from "./realm.ts";
import { RefusedSignIns } from "./refused-sign-ins.ts";
import { RotatedToken } from "./rotated-token.ts";
import { mergeScopes, type Scope } from "./scopes.ts";
import { TokenCache } from "./token-cache.ts";
import { basicAuthorization, fetchToken, type TokenRequest } from "./token-service.ts";

export interface AuthOptions {
  /** `host[:port]` as entered, for messages. */
  readonly host: string;
  readonly transport: Transport;
  readonly credentials: CredentialProvider;
  readonly tokenHost: string | undefined;
  readonly trustedTokenHosts: readonly string[];
  readonly userAgent: string;
  readonly deadlines: Deadlines;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
}

/** How the registry wants to be asked, as far as it has said. */
export type SignInKind = "none" | "basic" | "bearer";

export class Authenticator {
  readonly #options: AuthOptions;
  readonly #tokens: TokenCache;
  readonly #held: HeldCredential;
  readonly #rotated = new RotatedToken();
  readonly #refused: RefusedSignIns;
  #challenge: Challenge | undefined;
  #base: URL | undefined;

  constructor(options: AuthOptions) {
    this.#options = options;
    this.#tokens = new TokenCache(options.now);
    this.#held = new HeldCredential(options.credentials, options.now);
    this.#refused = new RefusedSignIns(options.host, options.now);
  }

  /** The registry's address and what its ping asked for: the default for requests that get no challenge of their own. */
  learn(base: URL, challenges: readonly Challenge[]): void {
    this.#base = base;
    this.#challenge = chooseChallenge(challenges);
  }

  get kind(): SignInKind {
    if (this.#challenge === undefined) return "none";
    return this.#challenge.scheme === "bearer" ? "bearer" : "basic";
  }

  /** The Authorization header for a request, or undefined where it goes without. */
  async header(scopes: readonly Scope[], signal: AbortSignal): Promise<string | undefined> {
    return this.#answer({ challenge: this.#challenge, scopes, used: undefined }, signal);
  }

  /**
   * The header for the second and last try of a request that was refused with `used`;
   * undefined where there is nothing better to offer.
   */
  async renew(
    response: ExchangeResponse,
    scopes: readonly Scope[],
    used: string | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const offered = chooseChallenge(parseChallenges(headersOf(response.headers, "www-authenticate")));
    const challenge = offered ?? this.#challenge;
    // The same credential may come again; whether there is another one is known to who gives it.
    const refused = this.#held.sentAs(used);
    if (refused !== undefined) await this.#held.another(refused, signal);
    else this.#held.stale();
    if (this.#challenge === undefined) this.#challenge = challenge;
    // The registry knows best what the request needs; its scopes come on top of ours.
    const asked = (challenge?.parameters.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
    const header = await this.#answer({ challenge, scopes: [...scopes, ...asked], used }, signal);
    return header === used ? undefined : header;
  }

  /**
   * Forgets a password and the tokens that were given for it: the place that it came from was locked. False where something
   * of another kind is held, which stays in use.
   */
  forgetPassword(): boolean {
    const forgotten = this.#held.forgetPassword();
    if (forgotten) this.#tokens.forget();
    return forgotten;
  }

  /** The registry took a request that went with this header. */
  accepted(used: string | undefined): void {
    if (used?.startsWith("Basic ") === true) this.#refused.noteAccepted();
  }

  /**
   * The error of a request that stays refused, `forbidden` where the sign-in itself works: a token service that was given
   * the credentials and answered with a token has accepted them, whatever reason the registry gives or leaves out.
   */
  async refusal(
    operation: string,
    response: ExchangeResponse,
    used: string | undefined,
    signal: AbortSignal,
  ): Promise<FreightlinerError> {
    const credential = await this.#held.current(signal);
    const challenges = parseChallenges(headersOf(response.headers, "www-authenticate"));
    const noPermission = challenges.some((one) => one.parameters.get("error") === "insufficient_scope");
    response.body.destroy();
    // Whoever tries again may have been given another one.
    this.#held.stale();
    const accepted =
      used?.startsWith("Bearer ") === true &&
      credential?.kind !== "registry-token" &&
      this.#realmOf(this.#challenge)?.credentialsAllowed === true;
    if (credential !== undefined && (noPermission || accepted)) {
      return new FreightlinerError({
        code: "forbidden",
        operation,
        message: `${this.#options.host} does not let "${identityName(credential)}" do this: the sign-in works, but the permission (or the repository) is missing.`,
        status: response.status,
      });
    }
    if (credential !== undefined && used?.startsWith("Basic ") === true)
      this.#refused.noteRefused(credential);
    return this.#unauthorized(operation, credential, response.status);
  }

  #unauthorized(
    operation: string,
    credential: Credential | undefined,
    status: number | undefined,
    cause?: unknown,
  ): FreightlinerError {
    const { host } = this.#options;
    const withheld = credential !== undefined && this.#realmOf(this.#challenge)?.credentialsAllowed === false;
    const service = this.#realmOf(this.#challenge)?.url.host;
    const message =
      credential === undefined
        ? `${host} asks for a sign-in, and no user name was given.`
        : withheld
          ? `${host} asks for a sign-in at the token service ${service}, which is not known to belong to it; the credentials of "${identityName(credential)}" were not sent there. Name it as a trusted token host to allow it.`
          : `${host} refused the sign-in as "${identityName(credential)}": ${wrongWith(credential)}.`;
    return new FreightlinerError({
      code: "unauthorized",
      operation,
      message,
      ...(status === undefined ? {} : { status }),
      cause,
    });
  }

  /** A credential that the token service refuses is asked for once more: its helper or cloud may have a newer one. */
  async #answer(question: Question, signal: AbortSignal): Promise<string | undefined> {
    if (question.challenge === undefined) return undefined;
    const credential = await this.#held.current(signal);
    try {
      return await this.#headerOf(credential, question, signal);
    } catch (thrown) {
      signal.throwIfAborted();
      if (
        credential === undefined ||
        !(thrown instanceof FreightlinerError) ||
        thrown.code !== "unauthorized"
      )
        throw thrown;
      const other = await this.#held.another(credential, signal);
      if (other === undefined || isSameCredential(other, credential)) throw thrown;
      return await this.#headerOf(other, question, signal);
    }
  }

  async #headerOf(
    credential: Credential | undefined,
    { challenge, scopes, used }: Question,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (challenge === undefined) return undefined;
    // It is the registry's own token already, whatever the registry asks for.
    if (credential?.kind === "registry-token") return `Bearer ${credential.token}`;
    if (challenge.scheme === "basic") {
      if (credential !== undefined) this.#refused.assertMayTry(credential);
      return credential && basicAuthorization(credential);
    }
    return `Bearer ${await this.#token(challenge, mergeScopes(scopes), credential, used, signal)}`;
  }

  #realmOf(challenge: Challenge | undefined): Realm | undefined {
    const realm = challenge?.parameters.get("realm");
    if (challenge?.scheme !== "bearer" || realm === undefined || this.#base === undefined) return undefined;
    const { tokenHost, trustedTokenHosts } = this.#options;
    return judgeRealm(realm, { registry: this.#base, tokenHost, trustedTokenHosts });
  }

  async #token(
    challenge: Challenge,
    scopes: readonly Scope[],
    credential: Credential | undefined,
    used: string | undefined,
    signal: AbortSignal,
  ): Promise<string> {
    const realm = this.#realmOf(challenge);
    if (realm === undefined) throw this.#unauthorized("token", credential, undefined);
    const known = this.#realmOf(this.#challenge);
    if (known !== undefined && known.url.host !== realm.url.host) {
      throw new FreightlinerError({
        code: "redirect-refused",
        operation: "token",
        message: `${this.#options.host} changed its token service from ${known.url.host} to ${realm.url.host} in the middle of work; no token was asked for.`,
        retryable: false,
      });
    }
    const service = challenge.parameters.get("service");
    const sent = realm.credentialsAllowed ? credential : undefined;
    const key = JSON.stringify([realm.url.href, service ?? null, identityOf(sent), [...scopes].sort()]);
    const refused = used?.startsWith("Bearer ") === true ? used.slice(7) : undefined;
    const { transport, userAgent, deadlines, host } = this.#options;
    const ask = (request: TokenRequest) => fetchToken(request, transport, deadlines);
    const fetch = async (inner: AbortSignal) => {
      const request = { realm: realm.url, service, scopes, registry: host, userAgent, signal: inner };
      try {
        if (sent !== undefined) this.#refused.assertMayTry(sent);
        const token = await this.#rotated.fetch({ ...request, credential: sent }, ask);
        if (sent !== undefined) this.#refused.noteAccepted();
        return token;
      } catch (error) {
        const isRefused = error instanceof FreightlinerError && error.status !== undefined;
        if (isRefused && error.code === "unauthorized" && sent !== undefined) this.#refused.noteRefused(sent);
        throw this.#tokenRefusal(error, sent, credential);
      }
    };
    return this.#tokens.get(key, refused, fetch, signal);
  }

  /** A 401 of the token service is a wrong password; a 403 with valid credentials is a missing permission. */
  #tokenRefusal(error: unknown, sent: Credential | undefined, credential: Credential | undefined): unknown {
    if (!(error instanceof FreightlinerError) || error.operation === "sign-in") return error;
    const refused = error.code === "unauthorized" || (error.code === "forbidden" && sent === undefined);
    return refused ? this.#unauthorized("token", credential, error.status, error) : error;
  }
}

/** What a header is asked for: whose answer it is, what it must allow, and which one was refused. */
interface Question {
  readonly challenge: Challenge | undefined;
  readonly scopes: readonly Scope[];
  readonly used: string | undefined;
}

function wrongWith(credential: Credential): string {
  if (credential.kind === "password") return "the user name or the password is wrong";
  const ended = credential.expiresAt !== undefined && credential.expiresAt < Date.now();
  return ended
    ? `the token ended at ${new Date(credential.expiresAt).toISOString()}`
    : "the token is wrong, or has ended";
}
