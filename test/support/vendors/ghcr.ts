// GitHub's container registry and its packages API: https://docs.github.com/en/rest/packages/packages
import { type FixtureRegistry, startFixtureRegistry } from "../fixture-registry.ts";
import { type ApiReply, type ApiRequest, type ApiServer, pageOf, startApiServer } from "./api-server.ts";
import { below, hideMissing } from "./hidden.ts";

export interface GithubOptions {
  readonly user: string;
  readonly token: string;
  /** Rights of the token. */
  readonly scopes: readonly string[];
  /** Names of packages by owner, as their owner writes them; they need no image behind them. */
  readonly packages?: Readonly<Record<string, readonly string[]>>;
  /** Owners that are organisations. */
  readonly organisations?: readonly string[];
  /** Those that the token may see; all by default. */
  readonly memberOf?: readonly string[];
  /** True for the token of a workflow, which belongs to no person. */
  readonly workflow?: boolean;
  /** Seconds that a token of the registry lives; it always says five minutes. */
  readonly registryTokenSeconds?: number;
}

export interface GithubStandIn {
  readonly api: ApiServer;
  readonly registry: FixtureRegistry;
  /** Makes another token the only one, as when a person replaces it. */
  replaceToken(token: string): void;
  stop(): Promise<void>;
}

const notFound: ApiReply = { status: 404, json: { message: "Not Found", status: "404" } };

export async function startGithub(options: GithubOptions): Promise<GithubStandIn> {
  const { user, organisations = [], registryTokenSeconds = 300 } = options;
  let token = options.token;
  const registry = await startFixtureRegistry({
    auth: {
      ...{ kind: "token", user, password: options.token },
      ...{ lifetimeSeconds: registryTokenSeconds, toldLifetimeSeconds: 300 },
    },
  });
  // Parts above 4 MiB are refused, deletes and referrers do not exist, blobs lie elsewhere, and there is no catalogue.
  registry.fault({ do: "largest-body", bytes: 4 * 1024 * 1024 }, { method: "PATCH" });
  registry.fault({ do: "deletes", only: "nothing" });
  registry.fault({ do: "no-referrers" });
  registry.fault({ do: "redirect-to-storage" }, { method: "GET", kind: "blob" });
  registry.fault({ do: "status", status: 404, code: "UNSUPPORTED" }, { kind: "catalog" });

  const mine = [user, ...organisations].map((owner) => owner.toLowerCase());
  hideMissing(registry, { realm: () => `${registry.url}/token`, mayWrite: below(mine) });
  const ids = new Map<string, number>();
  const idOf = (version: string): number => {
    ids.set(version, ids.get(version) ?? 1000 + ids.size);
    return ids.get(version) ?? 0;
  };
  const versionsOf = async (repository: string) => {
    const tags = new Map<string, string[]>();
    for (const tag of await registry.store.tags(repository)) {
      const digest = (await registry.store.tagDigest(repository, tag)) ?? "";
      tags.set(digest, [...(tags.get(digest) ?? []), tag]);
    }
    return [...tags].map(([name, of]) => ({
      id: idOf(`${repository}@${name}`),
      name,
      metadata: { package_type: "container", container: { tags: of } },
    }));
  };
  /** What every request has to pass; undefined where it may go on. */
  const judge = (request: ApiRequest, scope: string): ApiReply | undefined => {
    if (request.authorization !== `Bearer ${token}`)
      return { status: 401, json: { message: "Bad credentials" } };
    if (options.scopes.includes(scope)) return undefined;
    return { status: 403, json: { message: `You need at least ${scope} scope to do this.` } };
  };
  const packagesOf = (request: ApiRequest, owner: string): ApiReply => {
    if (request.url.searchParams.get("package_type") !== "container")
      return { status: 400, json: { message: "Invalid argument." } };
    const names = Object.entries(options.packages ?? {}).find(
      ([each]) => each.toLowerCase() === owner.toLowerCase(),
    );
    if (names === undefined) return notFound;
    return page(
      request,
      names[1].map((name) => ({ id: 1, name, package_type: "container", owner: { login: names[0] } })),
    );
  };
  const isOrganisation = (owner: string) =>
    organisations.some((each) => each.toLowerCase() === owner.toLowerCase());
  const placeOf = (request: ApiRequest): string | undefined => {
    const [kind = "", owner = "", name = ""] = request.groups;
    if ((kind === "orgs") !== isOrganisation(owner)) return undefined;
    return `${owner}/${decodeURIComponent(name)}`;
  };

  const api = await startApiServer([
    [
      "GET",
      /^\/user\/packages$/,
      (request) => {
        if (options.workflow === true)
          return { status: 403, json: { message: "Resource not accessible by integration" } };
        return judge(request, "read:packages") ?? packagesOf(request, user);
      },
    ],
    [
      "GET",
      /^\/user\/orgs$/,
      (request) =>
        judge(request, "read:org") ??
        page(
          request,
          (options.memberOf ?? organisations).map((login) => ({ id: 2, login })),
        ),
    ],
    [
      "GET",
      /^\/(orgs|users)\/([^/]+)\/packages$/,
      (request) => {
        const [kind = "", owner = ""] = request.groups;
        if ((kind === "orgs") !== isOrganisation(owner)) return notFound;
        return judge(request, "read:packages") ?? packagesOf(request, owner);
      },
    ],
    [
      "GET",
      /^\/(orgs|users)\/([^/]+)\/packages\/container\/([^/]+)$/,
      async (request) => {
        const place = placeOf(request);
        const known = place !== undefined && (await registry.store.hasRepository(place));
        return (
          judge(request, "read:packages") ??
          (known ? { status: 200, json: { id: 1, name: place } } : notFound)
        );
      },
    ],
    [
      "GET",
      /^\/(orgs|users)\/([^/]+)\/packages\/container\/([^/]+)\/versions$/,
      async (request) => {
        const place = placeOf(request);
        if (place === undefined) return notFound;
        return judge(request, "read:packages") ?? page(request, await versionsOf(place));
      },
    ],
    [
      "DELETE",
      /^\/(orgs|users)\/([^/]+)\/packages\/container\/([^/]+)\/versions\/([0-9]+)$/,
      async (request) => {
        const refusal = judge(request, "delete:packages");
        const place = placeOf(request);
        if (refusal !== undefined || place === undefined) return refusal ?? notFound;
        const all = await versionsOf(place);
        const version = all.find(({ id }) => String(id) === request.groups[3]);
        if (version === undefined) return notFound;
        if (all.length === 1)
          return {
            status: 400,
            json: {
              message:
                "You cannot delete the last tagged version of a package. You must delete the package instead.",
            },
          };
        for (const tag of version.metadata.container.tags) await registry.store.deleteTag(place, tag);
        return { status: 204 };
      },
    ],
  ]);
  return {
    api,
    registry,
    replaceToken: (next) => {
      token = next;
    },
    stop: async () => {
      await api.stop();
      await registry.stop();
    },
  };
}

/** https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function page({ url }: ApiRequest, entries: readonly unknown[]): ApiReply {
  const number = Number(url.searchParams.get("page") ?? "1");
  const size = Math.min(Number(url.searchParams.get("per_page") ?? "30"), 100);
  const next = new URL(url);
  next.searchParams.set("page", String(number + 1));
  const link: Record<string, string> =
    number * size < entries.length ? { link: `<${next.href}>; rel="next"` } : {};
  return { status: 200, headers: link, json: pageOf(entries, number, size) };
}
