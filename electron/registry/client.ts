// The one way every request goes, readable from top to bottom: home → sign-in → redirects → log → transport.
import { FreightlinerError } from "../../shared/errors.ts";
import type { Authenticator } from "./auth.ts";
import { discard } from "./body.ts";
import { parseChallenges } from "./challenges.ts";
import {
  type ExchangeRequest,
  type ExchangeResponse,
  headersOf,
  type Lane,
  type Method,
  type Transport,
} from "./exchange.ts";
import { type Deadlines, maxRedirects } from "./limits.ts";
import { type RequestLogEntry, redactUrl } from "./redact.ts";
import { isRedirect, RedirectChain, resolveLocation } from "./redirects.ts";
import { responseError, type Subject } from "./response-error.ts";
import { findHome, type Home, type PingOptions } from "./scheme.ts";
import type { Scope } from "./scopes.ts";
import type { SentSecrets } from "./sent-secrets.ts";
import { SharedWork } from "./shared-work.ts";

export interface Call {
  readonly method: Method;
  /** A path with its query below the registry's base, or a whole URL that the registry gave. */
  readonly target: string | URL;
  /** What a token must allow. */
  readonly scopes: readonly Scope[];
  readonly operation: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: ExchangeRequest["body"];
  readonly lane?: Lane;
  readonly headersMs?: number;
  readonly signal: AbortSignal;
}

export interface ClientOptions {
  readonly ping: Omit<PingOptions, "transport">;
  readonly deadlines: Deadlines;
  readonly auth: Authenticator;
  readonly transport: Transport;
  /** Kept out of every error, and of what is written down. */
  readonly sent: SentSecrets;
}

/** Writes an entry for every exchange that passes through. */
export function logged(transport: Transport, log: ((entry: RequestLogEntry) => void) | undefined): Transport {
  if (log === undefined) return transport;
  return {
    async send(request) {
      const began = performance.now();
      const entry = { operation: request.operation, method: request.method, url: redactUrl(request.url) };
      const durationMs = () => Math.round(performance.now() - began);
      try {
        const response = await transport.send(request);
        log({ ...entry, status: response.status, durationMs: durationMs(), error: null });
        return response;
      } catch (error) {
        const code = error instanceof FreightlinerError ? error.code : "stopped";
        log({ ...entry, status: null, durationMs: durationMs(), error: code });
        throw error;
      }
    },
  };
}

export class RegistryClient {
  readonly #options: ClientOptions;
  readonly #finding = new SharedWork<Home>();
  #home: Home | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** How the registry is reached; found out once, by one flight, and asked again only after a failure. */
  async home(signal: AbortSignal): Promise<Home> {
    if (this.#home !== undefined) return this.#home;
    const { sent } = this.#options;
    return sent.quietly(() => this.#findHome(signal));
  }

  #findHome(signal: AbortSignal): Promise<Home> {
    const { ping, transport, auth } = this.#options;
    return this.#finding.run(
      "home",
      async (inner) => {
        const home = await findHome({ ...ping, transport }, inner);
        auth.learn(home.base, home.challenges);
        this.#home = home;
        return home;
      },
      signal,
    );
  }

  /**
   * Sends a call and gives back whatever answer came after sign-in and redirects; a 401 is renewed once.
   * A streamed body cannot be sent twice, so its 401 is handed back.
   * @throws FreightlinerError `unauthorized` or `forbidden` where the sign-in does not help, or the transport's errors.
   */
  async call(call: Call): Promise<ExchangeResponse> {
    return this.#options.sent.quietly(() => this.#call(call));
  }

  async #call(call: Call): Promise<ExchangeResponse> {
    const { base } = await this.home(call.signal);
    const { auth } = this.#options;
    const url = typeof call.target === "string" ? new URL(call.target, base) : call.target;
    const ours = url.origin === base.origin;
    const used = ours ? await auth.header(call.scopes, call.signal) : undefined;
    const response = await this.#follow(call, { url, base, authorization: used });
    if (response.url.origin !== base.origin) return response;
    if (!wantsSignIn(response)) {
      auth.accepted(used);
      return response;
    }
    if (isStream(call.body)) return response;

    const renewed = await auth.renew(response, call.scopes, used, call.signal);
    if (renewed === undefined) throw await auth.refusal(call.operation, response, used, call.signal);
    discard(response.body);
    const second = await this.#follow(call, { url, base, authorization: renewed });
    if (second.url.origin === base.origin && wantsSignIn(second)) {
      throw await auth.refusal(call.operation, second, renewed, call.signal);
    }
    return second;
  }

  /** What an unwelcome answer means. The body is used up. */
  async errorOf(
    response: ExchangeResponse,
    about: { readonly operation: string; readonly subject: Subject; readonly what: string },
  ): Promise<FreightlinerError> {
    const { deadlines, sent } = this.#options;
    const home = this.#home?.base.origin ?? response.url.origin;
    const context = { ...about, home, deadlineMs: deadlines.smallBodyMs };
    return sent.quietly(async () => sent.covered(await responseError(response, context)));
  }

  /** Where an answer's Location leads. @throws FreightlinerError `redirect-refused`. */
  locationOf(location: string | undefined, from: URL, operation: string): URL {
    return this.#options.sent.quietlyNow(() => resolveLocation(location, from, operation));
  }

  /** For what is written down: an address that quotes a sign-in is of no use there any more. */
  withoutSecrets(text: string): string {
    return this.#options.sent.cover(text);
  }

  async #follow(
    call: Call,
    start: { readonly url: URL; readonly base: URL; readonly authorization: string | undefined },
  ): Promise<ExchangeResponse> {
    const { ping, transport } = this.#options;
    const { base, authorization } = start;
    const chain = new RedirectChain(start.url, maxRedirects, call.operation);
    let url = start.url;
    for (;;) {
      const response = await transport.send({
        method: call.method,
        url,
        headers: {
          ...call.headers,
          // Bytes are compared with digests; compressed ones would be others.
          "accept-encoding": "identity",
          "user-agent": ping.userAgent,
          // The sign-in belongs to the registry's origin and goes nowhere else.
          ...(authorization !== undefined && url.origin === base.origin ? { authorization } : {}),
        },
        body: call.body,
        lane: call.lane ?? "control",
        operation: call.operation,
        headersMs: call.headersMs,
        signal: call.signal,
      });
      if (!isRedirect(response) || isStream(call.body)) return response;
      discard(response.body);
      url = chain.next(response, call.method);
    }
  }
}

function isStream(body: Call["body"]): boolean {
  return body !== undefined && !(body instanceof Uint8Array);
}

/** 401, or the 403 that some registries give a token with too few rights. */
function wantsSignIn(response: ExchangeResponse): boolean {
  if (response.status === 401) return true;
  if (response.status !== 403) return false;
  return parseChallenges(headersOf(response.headers, "www-authenticate")).some(
    (challenge) => challenge.parameters.get("error") === "insufficient_scope",
  );
}
