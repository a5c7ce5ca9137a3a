// A stand-in for Google Artifact Registry: its tokens, the maps in tags/list, whole uploads only, digests that hold on to their tags.
// https://cloud.google.com/artifact-registry/docs/reference/docker-api and go-containerregistry pkg/v1/google/list.go
import { randomUUID } from "node:crypto";
import { answerJson, type Exchange, type Reply, refuse } from "../../../electron/samples/exchange.ts";
import type { RegistryServer } from "../../../electron/samples/registry-server.ts";
import { isDigest } from "../../../shared/digest.ts";
import { type HookedRegistry, startHookedRegistry } from "./hooked-registry.ts";
import { type HttpServer, startHttpServer } from "./http-server.ts";

export interface GoogleOptions {
  /** Access tokens that it takes as the password of `oauth2accesstoken`, and for its API. */
  readonly accessTokens: Set<string>;
  /** Docker repositories by place, e.g. `europe-west3` → `["images", "base"]`, of the project `acme-images`. */
  readonly repositories?: Readonly<Record<string, readonly string[]>>;
  /** Entries of a page of the API. */
  readonly pageSize?: number;
  /** The API's first page has nothing in it, which is not the end: https://google.aip.dev/158 */
  readonly beginsEmpty?: boolean;
  /** The API names the page that was asked for as the next one. */
  readonly circles?: boolean;
  /** The repositories that were made, e.g. `acme-images/images`; whatever is asked for otherwise. */
  readonly made?: readonly string[];
  /** Tags that stand do not move. */
  readonly immutable?: boolean;
  /** A service account's key, as JSON: the password of `_json_key`. */
  readonly key?: string;
}

export interface GoogleStandIn {
  readonly host: string;
  readonly apiUrl: string;
  readonly registry: HookedRegistry;
  readonly api: HttpServer;
  /** Tokens that were given for the registry. */
  readonly tokens: Set<string>;
  /** So many of the next requests to the registry, or of the API, are beyond the quota. */
  throttle(where: "api" | "registry", times: number): void;
  stop(): Promise<void>;
}

const project = "acme-images";

export async function startGoogle(options: GoogleOptions): Promise<GoogleStandIn> {
  const tokens = new Set<string>();
  const throttled = { api: 0, registry: 0 };
  const registry = await startHookedRegistry((exchange, server) =>
    answerBefore(exchange, server, { options, tokens, throttled }),
  );
  const api = await startHttpServer(({ url, headers }) => {
    if (throttled.api > 0) {
      throttled.api -= 1;
      return { status: 429, json: { error: { code: 429, status: "RESOURCE_EXHAUSTED" } } };
    }
    const token = (headers.authorization ?? "").replace(/^Bearer /, "");
    if (!options.accessTokens.has(token))
      return { status: 401, json: { error: { code: 401, status: "UNAUTHENTICATED" } } };
    const found = /^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/repositories$/.exec(url.pathname);
    if (found?.[1] !== project) return { status: 403, json: { error: { code: 403 } } };
    const place = found[2] ?? "";
    const all = [
      { name: `projects/${project}/locations/${place}/repositories/wheels`, format: "PYTHON" },
      ...(options.repositories?.[place] ?? []).map((name) => ({
        name: `projects/${project}/locations/${place}/repositories/${name}`,
        format: "DOCKER",
      })),
    ];
    if (options.beginsEmpty === true && !url.searchParams.has("pageToken"))
      return { json: { nextPageToken: "after-0" } };
    const from = Number(url.searchParams.get("pageToken")?.replace("after-", "") ?? 0);
    const to = from + Math.min(Number(url.searchParams.get("pageSize") ?? 100), options.pageSize ?? 1000);
    return {
      json: {
        repositories: all.slice(from, to),
        ...(to < all.length ? { nextPageToken: `after-${options.circles === true ? from : to}` } : {}),
      },
    };
  });
  return {
    host: registry.host,
    apiUrl: api.url,
    registry,
    api,
    tokens,
    throttle(where, times) {
      throttled[where] = times;
    },
    async stop() {
      await api.stop();
      await registry.stop();
    },
  };
}

interface State {
  readonly options: GoogleOptions;
  readonly tokens: Set<string>;
  readonly throttled: { registry: number };
}

async function answerBefore(
  exchange: Exchange,
  server: RegistryServer,
  state: State,
): Promise<Reply | undefined> {
  const { url, method, route, request } = exchange;
  const authorization = request.headers.authorization ?? "";
  if (url.pathname === "/v2/token") return issue(authorization, state);
  if (!state.tokens.has(authorization.replace(/^Bearer /, ""))) {
    const name = String(request.headers["x-forwarded-host"] ?? server.host);
    const scope = "repository" in route ? `,scope="repository:${route.repository}:pull"` : "";
    return refuse(401, "UNAUTHORIZED", "Unauthenticated request.", {
      "www-authenticate": `Bearer realm="http://${name}/v2/token",service="${name}"${scope}`,
    });
  }
  const refused = limits(exchange, state);
  if (refused !== undefined) return refused;
  if (method === "PATCH" || (route.kind === "upload" && request.headers["content-range"] !== undefined))
    return refuse(405, "UNSUPPORTED", "Chunked uploads are not supported.");
  if (route.kind === "catalog") return refuse(404, "NAME_UNKNOWN", "There is no catalogue.");
  if (route.kind === "tags") return tagsOf(server, route.repository);
  if (route.kind === "manifest" && method === "PUT" && state.options.immutable === true)
    return immovable(server, route);
  if (route.kind !== "manifest" || method !== "DELETE" || !isDigest(route.reference)) return undefined;
  for (const tag of await server.store.tags(route.repository)) {
    if ((await server.store.tagDigest(route.repository, tag)) === route.reference) {
      return refuse(400, "GOOGLE_MANIFEST_DANGLING_TAG", `Manifest is still referenced by tag: ${tag}`);
    }
  }
  return undefined;
}

/** Quotas (https://docs.cloud.google.com/artifact-registry/quotas), and repositories that nobody made. */
function limits({ route }: Exchange, { options, throttled }: State): Reply | undefined {
  if (throttled.registry > 0) {
    throttled.registry -= 1;
    return refuse(
      429,
      "TOOMANYREQUESTS",
      "Quota exceeded for quota metric 'Requests per project per region'.",
    );
  }
  if (options.made === undefined || !("repository" in route)) return undefined;
  const root = route.repository.split("/").slice(0, 2).join("/");
  return options.made.includes(root)
    ? undefined
    : refuse(404, "NAME_UNKNOWN", `Repository "${root}" not found`);
}

/** As it was reported; Google documents no words for it. */
async function immovable(
  { store }: RegistryServer,
  { repository, reference }: { readonly repository: string; readonly reference: string },
): Promise<Reply | undefined> {
  if (isDigest(reference) || (await store.tagDigest(repository, reference)) === undefined) return undefined;
  const words = `cannot update tag ${reference}. The repository has enabled tag immutability`;
  return refuse(400, "MANIFEST_INVALID", words);
}

function issue(authorization: string, { options, tokens }: State): Reply {
  const [user, password = ""] = Buffer.from(authorization.replace(/^Basic /, ""), "base64")
    .toString("utf8")
    .split(/:(.*)/s);
  const key = user === "_json_key_base64" ? Buffer.from(password, "base64").toString("utf8") : password;
  const known =
    (user === "oauth2accesstoken" && options.accessTokens.has(password)) ||
    (user?.startsWith("_json_key") === true && options.key !== undefined && key === options.key);
  if (!known) return refuse(401, "UNAUTHORIZED", "The access token is not valid.");
  const token = `registry-${randomUUID()}`;
  tokens.add(token);
  return answerJson({ token, expires_in: 300 });
}

/** Everything at once, whatever page is asked for: the folders below, the tags, and the manifests with their tags. */
async function tagsOf({ store }: RegistryServer, repository: string): Promise<Reply> {
  const below = (await store.repositories()).filter((name) => name.startsWith(`${repository}/`));
  const child = [...new Set(below.map((name) => name.slice(repository.length + 1).split("/", 1)[0]))].sort();
  const manifest: Record<string, { tag: string[]; mediaType: string; imageSizeBytes: string }> = {};
  const tags = (await store.hasRepository(repository)) ? await store.tags(repository) : [];
  for (const tag of tags) {
    const digest = await store.tagDigest(repository, tag);
    if (digest === undefined) continue;
    manifest[digest] ??= { tag: [], mediaType: "", imageSizeBytes: "0" };
    manifest[digest].tag.push(tag);
  }
  if (child.length === 0 && tags.length === 0)
    return refuse(404, "NAME_UNKNOWN", `Repository "${repository}" not found.`);
  return answerJson({ child, manifest, name: repository, tags });
}
