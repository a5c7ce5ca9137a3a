// How many pulls a registry still allows, as the headers of its manifest answers tell (protocol.md 6, Docker Hub).
// https://docs.docker.com/docker-hub/usage/pulls/ and https://docs.docker.com/reference/api/hub/latest/#tag/rate-limiting
import type { HostQuota } from "../../shared/host.ts";
import { type ExchangeResponse, type HeaderMap, headerOf, type Transport } from "./exchange.ts";

/** Figures beyond this are nobody's pull limit. */
const mostPulls = 1e9;
const longestWindow = 366 * 24 * 60 * 60;

export interface QuotaNews {
  readonly figures: HostQuota;
  /** Milliseconds until the window ends, where it is said. */
  readonly resetsInMs: number | undefined;
}

/** `100;w=21600`, `100`, or `100, 10;w=1`: the first figure with its window in seconds. */
function parseFigure(
  value: string | undefined,
): { readonly count: number; readonly window: number | null } | undefined {
  const match = /^\s*([0-9]{1,12})\s*(?:;([^,]*))?(?:,|$)/.exec(value ?? "");
  if (match === null) return undefined;
  const count = Number(match[1]);
  const window = /(?:^|;)\s*w=([0-9]{1,9})\s*(?:;|$)/.exec(match[2] ?? "");
  const seconds = window === null ? null : Math.min(Number(window[1]), longestWindow);
  return count > mostPulls ? undefined : { count, window: seconds };
}

/** A Unix time in seconds, or seconds from now: both are in use. */
function parseReset(value: string | undefined, now: number): number | undefined {
  if (value === undefined || !/^\s*[0-9]{1,12}\s*$/.test(value)) return undefined;
  const figure = Number(value);
  const ms = figure > 1e9 ? figure * 1000 - now : figure * 1000;
  return ms > 0 ? ms : undefined;
}

/**
 * What an answer tells of the pull limit; undefined where it tells nothing or nonsense.
 * @param now milliseconds since 1970.
 */
export function parseQuota(headers: HeaderMap, now: number): QuotaNews | undefined {
  const read = (name: string): string | undefined =>
    headerOf(headers, `ratelimit-${name}`) ?? headerOf(headers, `x-ratelimit-${name}`);
  const remaining = parseFigure(read("remaining"));
  if (remaining === undefined) return undefined;
  const limit = parseFigure(read("limit"));
  return {
    figures: {
      limit: Math.max(limit?.count ?? 0, remaining.count),
      remaining: remaining.count,
      windowSeconds: remaining.window ?? limit?.window ?? null,
      seenAt: now,
    },
    resetsInMs: parseReset(read("reset"), now),
  };
}

/** Tells what the registry's own answers about manifests say of its limit. */
export function watchingQuota(
  transport: Transport,
  {
    hostname,
    onQuota,
  }: { readonly hostname: string; readonly onQuota: ((news: QuotaNews) => void) | undefined },
): Transport {
  if (onQuota === undefined) return transport;
  const look = ({ headers, url }: ExchangeResponse): void => {
    if (url.hostname !== hostname) return;
    const news = parseQuota(headers, Date.now());
    if (news !== undefined) onQuota(news);
  };
  return {
    async send(request) {
      const response = await transport.send(request);
      if (request.operation === "get-manifest" || request.operation === "head-manifest") look(response);
      return response;
    },
  };
}
