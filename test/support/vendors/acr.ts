// A stand-in for Azure Container Registry: the exchange of Entra tokens, its own tokens with scopes, its odd Link.
// https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
import { randomUUID } from "node:crypto";
import { text } from "node:stream/consumers";
import { answerJson, type Exchange, type Reply, refuse } from "../../../electron/samples/exchange.ts";
import type { RegistryServer } from "../../../electron/samples/registry-server.ts";
import { type HookedRegistry, startHookedRegistry } from "./hooked-registry.ts";

export interface AcrOptions {
  /** The Entra tokens that have a role here; asked with every exchange. */
  readonly takes: (entraToken: string) => boolean;
  readonly tenant?: string;
  /** Milliseconds; three hours otherwise. */
  readonly refreshLifeMs?: number;
  /** Seconds. */
  readonly accessLifeSeconds?: number;
  /** What is locked: repositories by name, tags as `app:v1`. */
  readonly locked?: ReadonlySet<string>;
  /** The catalogue's link leads to the page that it stands on. */
  readonly circles?: boolean;
  readonly now?: () => number;
}

export interface AcrStandIn {
  readonly host: string;
  readonly registry: HookedRegistry;
  /** Entra tokens in the order in which they were exchanged. */
  readonly exchanged: string[];
  /** Scopes that access tokens were asked for, one entry per question. */
  readonly scopes: (readonly string[])[];
  /** So many of the next requests that are signed in are throttled. */
  throttle(times: number): void;
  /** Takes back every token of its own. */
  revoke(): void;
  stop(): Promise<void>;
}

const largestPart = 16 * 1024 * 1024;

export async function startAcr(options: AcrOptions): Promise<AcrStandIn> {
  const { now = Date.now, refreshLifeMs = 3 * 3_600_000, accessLifeSeconds = 4500 } = options;
  const refresh = new Map<string, number>();
  const access = new Map<string, { readonly ends: number; readonly granted: ReadonlySet<string> }>();
  const exchanged: string[] = [];
  const scopes: (readonly string[])[] = [];
  let throttled = 0;

  const exchange = (form: URLSearchParams, host: string): Reply => {
    const token = form.get("access_token") ?? "";
    if (form.get("grant_type") !== "access_token" || form.get("service") !== host)
      return refuse(400, "BAD_REQUEST", "grant_type and service are expected");
    exchanged.push(token);
    const tenant = options.tenant === undefined || form.get("tenant") === options.tenant;
    if (!tenant || !options.takes(token)) return refuse(401, "UNAUTHORIZED", "authentication required");
    const ends = now() + refreshLifeMs;
    const payload = Buffer.from(JSON.stringify({ jti: randomUUID(), exp: Math.floor(ends / 1000) }));
    const given = `eyJhbGciOiJSUzI1NiJ9.${payload.toString("base64url")}.c2ln`;
    refresh.set(given, ends);
    return answerJson({ refresh_token: given });
  };

  const give = (asked: readonly string[]): Reply => {
    const given = `acr-access-${randomUUID()}`;
    const granted = new Set(asked.flatMap(actionsOf));
    access.set(given, { ends: now() + accessLifeSeconds * 1000, granted });
    return answerJson({ access_token: given, expires_in: accessLifeSeconds });
  };

  const issue = (form: URLSearchParams, host: string): Reply => {
    const asked = form.getAll("scope").flatMap((scope) => scope.split(" "));
    scopes.push(asked);
    const ends = refresh.get(form.get("refresh_token") ?? "");
    const wellAsked = form.get("grant_type") === "refresh_token" && form.get("service") === host;
    if (!wellAsked || ends === undefined || ends <= now())
      return refuse(401, "UNAUTHORIZED", "authentication required");
    return give(asked);
  };

  const registry = await startHookedRegistry(async (one, server) => {
    const { url, method, request } = one;
    const host = String(request.headers["x-forwarded-host"] ?? server.host);
    if (method === "POST" && url.pathname.startsWith("/oauth2/")) {
      const form = new URLSearchParams(await text(request));
      return url.pathname === "/oauth2/exchange" ? exchange(form, host) : issue(form, host);
    }
    if (method === "GET" && url.pathname === "/oauth2/token") {
      const admin = `Basic ${Buffer.from("admin:secret").toString("base64")}`;
      if (request.headers.authorization !== admin)
        return refuse(401, "UNAUTHORIZED", "authentication required");
      return give(url.searchParams.getAll("scope"));
    }
    const token = access.get((request.headers.authorization ?? "").replace(/^Bearer /, ""));
    const needed = neededOf(one);
    const alive = token !== undefined && token.ends > now();
    if (!alive || !needed.every((scope) => token.granted.has(scope))) return challenge(host, needed, alive);
    if (throttled > 0) {
      throttled -= 1;
      return refuse(429, "TOOMANYREQUESTS", "too many requests");
    }
    const limit = limits(one, options.locked ?? new Set());
    if (limit !== undefined) return limit;
    if (one.route.kind !== "catalog") return untag(one, server);
    return catalog(url, server, options.circles === true);
  });
  return {
    host: registry.host,
    registry,
    exchanged,
    scopes,
    throttle(times) {
      throttled = times;
    },
    revoke() {
      refresh.clear();
      access.clear();
    },
    stop: () => registry.stop(),
  };
}

function challenge(host: string, needed: readonly string[], alive: boolean): Reply {
  const scope = needed.length === 0 ? "" : `,scope="${needed.join(" ")}"`;
  const error = alive ? ',error="insufficient_scope"' : "";
  return refuse(401, "UNAUTHORIZED", "authentication required, visit https://aka.ms/acr/authorization", {
    "www-authenticate": `Bearer realm="http://${host}/oauth2/token",service="${host}"${scope}${error}`,
  });
}

/** `repository:app:pull,push` → one entry for each action. */
function actionsOf(scope: string): readonly string[] {
  const colon = scope.lastIndexOf(":");
  return scope
    .slice(colon + 1)
    .split(",")
    .map((action) => `${scope.slice(0, colon)}:${action}`);
}

const tagPath = /^\/acr\/v1\/(.+)\/_tags\/([^/]+)$/;

function neededOf({ route, method, url }: Exchange): readonly string[] {
  const untagged = tagPath.exec(url.pathname);
  if (untagged !== null) return [`repository:${untagged[1]}:delete`];
  if (route.kind === "catalog") return ["registry:catalog:*"];
  if (!("repository" in route)) return [];
  const action = method === "GET" || method === "HEAD" ? "pull" : method === "DELETE" ? "delete" : "push";
  // Giving back an upload is part of pushing here.
  const needed = route.kind === "upload" && method === "DELETE" ? "push" : action;
  return [`repository:${route.repository}:${needed}`];
}

/**
 * Nothing of what is locked is written, replaced or deleted: https://github.com/Azure/azure-sdk-for-net/issues/22827. Parts
 * are limited as clients report it; the documentation names no limit.
 */
function limits({ route, method, request }: Exchange, locked: ReadonlySet<string>): Reply | undefined {
  if (method === "PATCH" && Number(request.headers["content-length"] ?? 0) > largestPart)
    return refuse(413, "SIZE_INVALID", "request entity too large");
  if (!("repository" in route) || method === "GET" || method === "HEAD") return undefined;
  const tag = route.kind === "manifest" ? `${route.repository}:${route.reference}` : "";
  if (!locked.has(route.repository) && !locked.has(tag)) return undefined;
  const words = "The operation is disallowed on this registry, repository or image.";
  return refuse(405, "REGISTRY_DISALLOWED_OPERATION", words);
}

/** https://github.com/Azure/azure-cli/blob/dev/src/azure-cli/azure/cli/command_modules/acr/repository.py acr_repository_untag */
async function untag({ url, method }: Exchange, { store }: RegistryServer): Promise<Reply | undefined> {
  const [, repository, tag] = (method === "DELETE" && tagPath.exec(url.pathname)) || [];
  if (repository === undefined || tag === undefined) return undefined;
  const done = await store.deleteTag(repository, tag);
  return done ? answerJson({}, {}, 202) : refuse(404, "TAG_UNKNOWN", "the specified tag does not exist");
}

/** With the empty `orderby` that its links have. */
async function catalog(url: URL, { store }: RegistryServer, circles: boolean): Promise<Reply> {
  const count = Math.min(Number(url.searchParams.get("n") ?? 100), 100);
  const last = url.searchParams.get("last") ?? "";
  const rest = (await store.repositories()).filter((name) => name > last);
  const page = rest.slice(0, count);
  if (page.length === rest.length) return answerJson({ repositories: page });
  const from = circles ? last : (page.at(-1) ?? "");
  const link = `</v2/_catalog?last=${encodeURIComponent(from)}&n=${count}&orderby=>; rel="next"`;
  return answerJson({ repositories: page }, { link });
}
