// Quay with its API on one host, as its sources have it: https://github.com/quay/quay endpoints/v2/ and endpoints/api/
import { randomBytes } from "node:crypto";
import { isDigest } from "../../../shared/digest.ts";
import { type FixtureRegistry, startFixtureRegistry } from "../fixture-registry.ts";
import { type ApiReply, type ApiRequest, type ApiServer, startApiServer } from "./api-server.ts";
import { below, hideMissing } from "./hidden.ts";

export interface QuayOptions {
  /** `namespace+robot`, a user, or `$oauthtoken`. */
  readonly user: string;
  readonly secret: string;
  /** Whom an OAuth token belongs to, and its organisations. */
  readonly owner?: string;
  readonly organisations?: readonly string[];
  /** False for an OAuth token without user:read. */
  readonly readsUser?: boolean;
  /** What the sign-in sees, in the order served. */
  readonly repositories?: readonly string[];
  /** Seconds that a token of the registry lives. */
  readonly registryTokenSeconds?: number;
}

export interface QuayStandIn {
  /** The one host that is asked: API, token service, and the registry behind them. */
  readonly front: ApiServer;
  readonly registry: FixtureRegistry;
  /** Repositories that were made because somebody asked for a token to push to them. */
  readonly made: ReadonlySet<string>;
  stop(): Promise<void>;
}

/** `V2_PAGINATION_SIZE` and the pages of the API. */
const pageSize = 100;

export async function startQuay(options: QuayOptions): Promise<QuayStandIn> {
  const { user, secret, repositories = [], registryTokenSeconds = 300 } = options;
  // The realm is known only when the front runs, which looks at scopes before the registry's own service does.
  const realm = { url: "" };
  const registry = await startFixtureRegistry({
    auth: {
      ...{ kind: "token", user, password: secret },
      ...{ lifetimeSeconds: registryTokenSeconds, toldLifetimeSeconds: 300 },
      get realm() {
        return realm.url;
      },
    },
  });
  registry.fault({ do: "range-style", style: "quay" });
  registry.fault({ do: "immutable-tags", dialect: "quay" });
  registry.fault({ do: "status", status: 405, code: "UNSUPPORTED" }, { method: "DELETE", kind: "blob" });
  const namespaces = [user.split("+")[0] ?? "", options.owner ?? "", ...(options.organisations ?? [])];
  hideMissing(registry, { realm: () => realm.url, mayWrite: below(namespaces) });
  const made = new Set<string>();
  /** Page tokens are encrypted: what a name in their place would say cannot be read. */
  const tokens = new Map<string, number>();
  const paged = (
    all: readonly unknown[],
    token: string | null,
  ): { readonly part: readonly unknown[]; readonly next: string | undefined } => {
    const start = tokens.get(token ?? "") ?? 0;
    if (start + pageSize >= all.length) return { part: all.slice(start), next: undefined };
    const next = randomBytes(24).toString("base64url");
    tokens.set(next, start + pageSize);
    return { part: all.slice(start, start + pageSize), next };
  };
  const oauth = (request: ApiRequest): ApiReply | undefined => {
    if (user === "$oauthtoken" && request.authorization === `Bearer ${secret}`) return undefined;
    return { status: 401, json: { error_type: "invalid_token", error_message: "Requires authentication" } };
  };

  const front = await startApiServer(
    [
      ["GET", /^\/token$/, (request) => issue(request, made)],
      [
        "GET",
        /^\/v2\/_catalog$/,
        async (request) => {
          // Any token of the registry opens it; what it grants does not matter.
          const { authorization } = request;
          const alive = await fetch(`${registry.url}/v2/`, {
            headers: authorization === undefined ? {} : { authorization },
          });
          if (!alive.ok) {
            const challenge = `Bearer realm="${realm.url}",service="fixture"`;
            return {
              status: 401,
              headers: { "www-authenticate": challenge },
              json: {
                errors: [
                  { code: "UNAUTHORIZED", message: "access to the requested resource is not authorized" },
                ],
              },
            };
          }
          // `last` is taken for a page token, cannot be decrypted, and page 1 comes again.
          const { part, next } = paged(repositories, request.url.searchParams.get("next_page"));
          const link: Record<string, string> =
            next === undefined
              ? {}
              : { link: `<https://quay.example/v2/_catalog?n=${pageSize}&next_page=${next}>; rel="next"` };
          return { status: 200, headers: link, json: { repositories: part } };
        },
      ],
      [
        "DELETE",
        /^\/v2\/(.+)\/manifests\/([^/]+)$/,
        async (request) => {
          // A token to push is enough: endpoints/v2/manifest.py. What it grants is seen by what it may read.
          const [repository = "", reference = ""] = request.groups;
          const { authorization = "" } = request;
          const head = await fetch(`${registry.url}${request.url.pathname}`, {
            ...{ method: "HEAD", headers: { authorization, accept: "*/*" } },
          });
          if (head.status === 401) return undefined;
          const { store } = registry;
          const gone = isDigest(reference)
            ? await store.deleteManifest(repository, reference)
            : await store.deleteTag(repository, reference);
          const missing = { errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] };
          return gone ? { status: 202 } : { status: 404, json: missing };
        },
      ],
      [
        "GET",
        /^\/api\/v1\/user\/$/,
        (request) => {
          const refusal = oauth(request);
          if (refusal !== undefined) return refusal;
          if (options.readsUser === false)
            return { status: 403, json: { error_type: "insufficient_scope", error_message: "Unauthorized" } };
          const organizations = (options.organisations ?? []).map((name) => ({
            name,
            can_create_repo: true,
          }));
          return { status: 200, json: { anonymous: false, username: options.owner, organizations } };
        },
      ],
      [
        "GET",
        /^\/api\/v1\/repository$/,
        (request) => {
          const refusal = oauth(request);
          if (refusal !== undefined) return refusal;
          const namespace = request.url.searchParams.get("namespace");
          if (namespace === null)
            return {
              status: 400,
              json: {
                error_type: "invalid_request",
                error_message: "namespace, starred or public are required for this API call",
              },
            };
          const inside = repositories
            .filter((name) => name.startsWith(`${namespace}/`))
            .map((name) => ({
              namespace,
              name: name.slice(namespace.length + 1),
              kind: "image",
              is_public: false,
            }));
          const { part, next } = paged(inside, request.url.searchParams.get("next_page"));
          return {
            status: 200,
            json: { repositories: part, ...(next === undefined ? {} : { next_page: next }) },
          };
        },
      ],
    ],
    registry.url,
  );
  realm.url = `${front.url}/token`;
  return {
    front,
    registry,
    made,
    stop: async () => {
      await front.stop();
      await registry.stop();
    },
  };
}

/** endpoints/v2/v2auth.py: a scope that it cannot read is a bad request, and one to push makes the repository. */
function issue({ url }: ApiRequest, made: Set<string>): ApiReply | undefined {
  for (const scope of url.searchParams.getAll("scope")) {
    const read =
      /^repository:((?:[.a-zA-Z0-9_-]+\/)*[.a-zA-Z0-9_-]+):((?:push|pull|\*)(?:,(?:push|pull|\*))*)$/.exec(
        scope,
      );
    if (read === null)
      return {
        status: 400,
        json: {
          errors: [{ code: "INVALID_REQUEST", message: `Unable to decode repository and actions: ${scope}` }],
        },
      };
    if (read[2]?.split(",").includes("push") === true) made.add(read[1] ?? "");
  }
  return undefined;
}
