// Docker Hub as its reference describes it: https://docs.docker.com/reference/api/hub/latest/ and /docker-hub/usage/pulls/
import { randomUUID } from "node:crypto";
import { type FixtureRegistry, startFixtureRegistry } from "../fixture-registry.ts";
import { type ApiReply, type ApiRequest, type ApiServer, pageOf, startApiServer } from "./api-server.ts";
import { below, hideMissing } from "./hidden.ts";

export interface HubOptions {
  readonly user: string;
  readonly secret: string;
  /** Repositories by namespace; those that begin with `private-` are private. */
  readonly namespaces: Readonly<Record<string, readonly string[]>>;
  /** Namespaces that the user belongs to beside its own. */
  readonly organisations?: readonly string[];
  /** Of a token of the API, in milliseconds; ten minutes by default. */
  readonly tokenMs?: number;
  /** Of a token of the registry, in seconds; it always says five minutes. */
  readonly registryTokenSeconds?: number;
  /** What `next` of a last page says where it should say nothing. */
  readonly trap?: "repeat" | "other-host" | "beyond";
}

export interface HubStandIn {
  readonly api: ApiServer;
  readonly registry: FixtureRegistry;
  stop(): Promise<void>;
}

export async function startHub(options: HubOptions): Promise<HubStandIn> {
  const { user, secret, registryTokenSeconds = 300 } = options;
  const registry = await startFixtureRegistry({
    auth: {
      ...{ kind: "token", user, password: secret },
      ...{ lifetimeSeconds: registryTokenSeconds, toldLifetimeSeconds: 300 },
    },
  });
  const tokens = new Map<string, number>();
  const isKnown = ({ authorization }: ApiRequest): boolean =>
    (tokens.get(authorization?.replace("Bearer ", "") ?? "") ?? 0) > Date.now();
  const mine = [user, ...(options.organisations ?? [])];
  const unauthorised: ApiReply = { status: 401, json: { detail: "Incorrect authentication credentials." } };

  const api = await startApiServer([
    ["POST", /^\/v2\/auth\/token$/, ({ body }) => signIn(options, body, tokens)],
    [
      "GET",
      /^\/v2\/repositories\/namespaces$/,
      (request) => (isKnown(request) ? { status: 200, json: { namespaces: mine } } : unauthorised),
    ],
    [
      "GET",
      /^\/v2\/namespaces\/([^/]+)\/repositories$/,
      (request) => {
        // A token that ended is refused, also where strangers may look.
        if (request.authorization !== undefined && !isKnown(request)) return unauthorised;
        const [namespace = ""] = request.groups;
        const all = options.namespaces[namespace];
        if (all === undefined) return { status: 404, json: { message: "object not found", errinfo: {} } };
        const member = isKnown(request) && mine.includes(namespace);
        const seen = all.filter((name) => member || !name.startsWith("private-"));
        return repositories(request, namespace, seen, options.trap);
      },
    ],
    [
      "DELETE",
      /^\/v2\/repositories\/([^/]+)\/([^/]+)\/tags\/([^/]+)\/$/,
      async (request) => {
        if (!isKnown(request)) return unauthorised;
        const [namespace = "", name = "", tag = ""] = request.groups;
        if (!mine.includes(namespace)) return { status: 403, json: { detail: "permission denied" } };
        const gone = await registry.store.deleteTag(`${namespace}/${name}`, decodeURIComponent(tag));
        return gone ? { status: 204 } : { status: 404, json: { detail: "Object not found" } };
      },
    ],
  ]);
  hideMissing(registry, { realm: () => `${registry.url}/token`, mayWrite: below(mine) });
  // The catalogue is closed, and the registry itself deletes nothing.
  registry.fault({ do: "status", status: 401, code: "UNAUTHORIZED" }, { kind: "catalog" });
  registry.fault({ do: "deletes", only: "nothing" });
  return {
    api,
    registry,
    stop: async () => {
      await api.stop();
      await registry.stop();
    },
  };
}

function signIn(options: HubOptions, body: unknown, tokens: Map<string, number>): ApiReply {
  const { identifier, secret } = (body ?? {}) as { identifier?: string; secret?: string };
  if (identifier === undefined || secret === undefined)
    return { status: 400, json: { message: "identifier and secret are required" } };
  if (identifier !== options.user || secret !== options.secret)
    return { status: 401, json: { detail: "incorrect username or password" } };
  const token = randomUUID();
  tokens.set(token, Date.now() + (options.tokenMs ?? 600_000));
  return { status: 200, json: { access_token: token } };
}

function repositories(
  { url }: ApiRequest,
  namespace: string,
  all: readonly string[],
  trap: HubOptions["trap"],
): ApiReply {
  const page = Number(url.searchParams.get("page") ?? "1");
  const size = Math.min(Number(url.searchParams.get("page_size") ?? "10"), 100);
  const names = pageOf(all, page, size);
  if (names.length === 0 && page > 1) return { status: 404, json: { message: "page not found" } };
  const at = (origin: string, number: number) =>
    `${origin}/v2/namespaces/${namespace}/repositories?page=${number}&page_size=${size}`;
  const traps = {
    repeat: at(url.origin, page),
    "other-host": at("https://hub.docker.com.evil.invalid", page + 1),
    beyond: at(url.origin, page + 1),
  };
  const more = page * size < all.length;
  const end = trap === undefined ? null : traps[trap];
  return {
    status: 200,
    headers: { "x-ratelimit-limit": "180", "x-ratelimit-remaining": "150" },
    json: {
      count: all.length,
      next: more
        ? at(trap === "other-host" ? "https://hub.docker.com.evil.invalid" : url.origin, page + 1)
        : end,
      previous: page > 1 ? at(url.origin, page - 1) : null,
      results: names.map((name) => ({
        name,
        namespace,
        repository_type: "image",
        is_private: name.startsWith("private-"),
      })),
    },
  };
}
