// GitHub's REST API with the personal access token that also opens its registry: https://docs.github.com/en/rest
import { FreightlinerError } from "../../../shared/errors.ts";
import { headerOf } from "../exchange.ts";
import { maxRetryAfterMs } from "../limits.ts";
import { parseRetryAfter } from "../retry-after.ts";
import type { ProviderContext } from "./provider.ts";
import type { VendorAnswer, VendorApi } from "./vendor-api.ts";
import { apiBase } from "./vendor-base.ts";
import { type SessionRequest, VendorSession } from "./vendor-session.ts";

/**
 * `api.github.com`; on GHE.com `api.<name>.ghe.com` beside `containers.<name>.ghe.com`:
 * https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/network-details-for-ghecom. An Enterprise
 * Server is named in the settings: `https://<host>/api/v3`.
 */
export function githubBase(context: Pick<ProviderContext, "host" | "settings">, operation: string): URL {
  const { host } = context;
  const resident = /^containers\.([a-z0-9-]+\.ghe\.com)$/.exec(host)?.[1];
  const known = host === "ghcr.io" ? "api.github.com" : resident && `api.${resident}`;
  return apiBase(context, known && `https://${known}`, operation);
}

export class GithubApi {
  readonly base: URL;
  readonly #session: VendorSession;

  private constructor(base: URL, session: VendorSession) {
    this.base = base;
    this.#session = session;
  }

  /** Undefined where there is no token to ask with. */
  static async open(
    context: ProviderContext,
    operation: string,
    signal: AbortSignal,
  ): Promise<GithubApi | undefined> {
    const base = githubBase(context, operation);
    const api: VendorApi = {
      ask: async (request) => {
        const answer = await context.api.ask(request);
        const limit = limitOf(answer, request.operation);
        if (limit !== undefined) throw limit;
        return answer;
      },
    };
    // A classic token as the password of any user name: https://docs.github.com/en/packages (Container registry).
    const session = await VendorSession.open(
      { api, credentials: context.credentials },
      async (credential) => (credential.kind === "password" ? `Bearer ${credential.password}` : undefined),
      signal,
    );
    return session && new GithubApi(base, session);
  }

  /** The user name that came with the token; GitHub does not check it. */
  get username(): string {
    const { credential } = this.#session;
    return credential?.kind === "password" ? credential.username : "";
  }

  ask(request: Omit<SessionRequest, "headers">): Promise<VendorAnswer> {
    // https://docs.github.com/en/rest/about-the-rest-api/api-versions
    const headers = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
    return this.#session.ask({ ...request, headers });
  }
}

/**
 * Both limits may come as 403: the first with nothing remaining, the second with Retry-After.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
function limitOf({ status, headers, url }: VendorAnswer, operation: string): FreightlinerError | undefined {
  const after = headerOf(headers, "retry-after");
  const spent = headerOf(headers, "x-ratelimit-remaining")?.trim() === "0";
  if (status !== 403 || (after === undefined && !spent)) return undefined;
  const now = Date.now();
  const reset = Number(headerOf(headers, "x-ratelimit-reset")) * 1000 - now;
  const untilReset = reset > 0 ? Math.min(reset, maxRetryAfterMs) : undefined;
  const retryAfterMs = parseRetryAfter(after, now) ?? untilReset;
  return new FreightlinerError({
    code: "rate-limited",
    operation,
    message: `${url.host} allows no more requests for now.`,
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
