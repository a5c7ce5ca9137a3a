// Harbor as its API's description and sources have it: https://github.com/goharbor/harbor api/v2.0/swagger.yaml, src/server/
import { refuse } from "../../../electron/samples/exchange.ts";
import { alterReply } from "../fault-world.ts";
import { type FixtureRegistry, startFixtureRegistry } from "../fixture-registry.ts";
import { type ApiReply, type ApiRequest, type ApiServer, pageOf, startApiServer } from "./api-server.ts";

export interface HarborProject {
  readonly name: string;
  readonly public?: boolean;
  /** The number of the registry that it caches. */
  readonly proxyOf?: number;
  /** Repositories that the API tells of, without the project's name. */
  readonly repositories?: readonly string[];
  /** True where the sign-in is a member of the project but may not look into it. */
  readonly closed?: boolean;
}

export interface HarborOptions {
  readonly user: string;
  readonly secret: string;
  readonly projects: readonly HarborProject[];
  /** False where only administrators make projects. */
  readonly makesProjects?: boolean;
  /** False for a secret that opens the registry alone (sign-in by OIDC). */
  readonly opensApi?: boolean;
  /** Tags that a rule of the project keeps. */
  readonly immutable?: readonly string[];
  readonly registryTokenSeconds?: number;
}

export interface HarborStandIn {
  /** The one host: API, and the registry behind it. */
  readonly front: ApiServer;
  readonly registry: FixtureRegistry;
  /** Those that were there from the beginning, and those that were made: by name. */
  readonly projects: ReadonlyMap<string, HarborProject & { readonly metadata?: unknown }>;
  stop(): Promise<void>;
}

function errors(status: number, code: string, message: string): ApiReply {
  return { status, json: { errors: [{ code, message }] } };
}

export async function startHarbor(options: HarborOptions): Promise<HarborStandIn> {
  const { user, secret, registryTokenSeconds = 300 } = options;
  const projects = new Map<string, HarborProject & { metadata?: unknown }>(
    options.projects.map((project) => [project.name, project]),
  );
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
  if (options.immutable !== undefined) registry.fault({ do: "immutable-tags", dialect: "harbor" });
  // src/server/registry/manifest.go: a tag in a DELETE is not supported.
  registry.fault(
    { do: "status", status: 400, code: "UNSUPPORTED", message: "deleting manifest by tag is not supported" },
    { method: "DELETE", kind: "manifest", path: /\/manifests\/(?!sha256:)/ },
  );
  registry.fault({
    do: "run",
    run: (exchange) => {
      const { route, method } = exchange;
      if (!("repository" in route)) return;
      const project = projects.get(route.repository.split("/", 1)[0] ?? "");
      // src/server/middleware/v2auth/auth.go: for what is not there nobody has a right.
      if (project === undefined)
        alterReply(exchange, () =>
          refuse(
            401,
            "UNAUTHORIZED",
            `unauthorized to access repository: ${route.repository}, action: push`,
            {
              "www-authenticate": `Bearer realm="${realm.url}",service="fixture"`,
            },
          ),
        );
      else if (project.proxyOf !== undefined && method !== "GET" && method !== "HEAD")
        alterReply(exchange, () =>
          refuse(403, "DENIED", `can not push artifact to a proxy project: ${project.name}`),
        );
    },
  });
  const isSignedIn = ({ authorization }: ApiRequest): boolean =>
    options.opensApi !== false &&
    authorization === `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
  /** A wrong sign-in is refused where a stranger would be shown what is public. */
  const refused = (request: ApiRequest): ApiReply | undefined =>
    request.authorization === undefined || isSignedIn(request)
      ? undefined
      : errors(401, "UNAUTHORIZED", "unauthorized");
  const paged = (request: ApiRequest, all: readonly object[]): ApiReply => {
    const query = request.url.searchParams;
    const [page, size] = [
      Number(query.get("page") ?? 1),
      Math.min(100, Number(query.get("page_size") ?? 10)),
    ];
    const links = [
      ...(page > 1 ? [`<${request.url.pathname}?page=${page - 1}&page_size=${size}>; rel="prev"`] : []),
      ...(page * size < all.length
        ? [`<${request.url.pathname}?page=${page + 1}&page_size=${size}>; rel="next"`]
        : []),
    ];
    return {
      status: 200,
      headers: {
        "x-total-count": String(all.length),
        ...(links.length > 0 ? { link: links.join(" , ") } : {}),
      },
      json: pageOf(all, page, size),
    };
  };
  const seen = (request: ApiRequest) =>
    [...projects.values()].filter((project) => project.public === true || isSignedIn(request));
  const found = (request: ApiRequest) =>
    seen(request).find(({ name }) => name === decodeURIComponent(request.groups[0] ?? ""));

  const front = await startApiServer(
    [
      [
        "GET",
        /^\/api\/v2\.0\/projects$/,
        (request) =>
          refused(request) ??
          paged(
            request,
            seen(request).map(({ name, proxyOf }, at) => ({
              ...{ project_id: at + 1, name, repo_count: 1 },
              registry_id: proxyOf ?? null,
            })),
          ),
      ],
      [
        "HEAD",
        /^\/api\/v2\.0\/projects$/,
        (request) => {
          if (!isSignedIn(request)) return { status: 401 };
          return { status: projects.has(request.url.searchParams.get("project_name") ?? "") ? 200 : 404 };
        },
      ],
      [
        "POST",
        /^\/api\/v2\.0\/projects$/,
        (request) => {
          if (!isSignedIn(request)) return errors(401, "UNAUTHORIZED", "unauthorized");
          if (options.makesProjects === false)
            return errors(403, "FORBIDDEN", "Only system admin can create project");
          const { project_name: name, metadata } = request.body as {
            project_name: string;
            metadata: unknown;
          };
          if (projects.has(name)) return errors(409, "CONFLICT", `The project named ${name} already exists`);
          projects.set(name, { name, metadata });
          return { status: 201, headers: { location: `/api/v2.0/projects/${projects.size}` } };
        },
      ],
      [
        "GET",
        /^\/api\/v2\.0\/projects\/([^/]+)$/,
        (request) => {
          const project = found(request);
          // Without the header a name of digits is a number.
          const byName =
            request.headers["x-is-resource-name"] === "true" || !/^[0-9]+$/.test(project?.name ?? "");
          if (project === undefined || !byName) return errors(403, "FORBIDDEN", "forbidden");
          return { status: 200, json: { name: project.name, registry_id: project.proxyOf ?? null } };
        },
      ],
      [
        "GET",
        /^\/api\/v2\.0\/projects\/([^/]+)\/repositories$/,
        (request) => {
          const project = found(request);
          if (project === undefined || project.closed === true)
            return refused(request) ?? errors(403, "FORBIDDEN", "forbidden");
          const names = project.repositories ?? [];
          return paged(
            request,
            names.map((name, at) => ({ id: at, name: `${project.name}/${name}`, artifact_count: 1 })),
          );
        },
      ],
      [
        "DELETE",
        /^\/api\/v2\.0\/projects\/([^/]+)\/repositories\/([^/]+)\/artifacts\/([^/]+)\/tags\/([^/]+)$/,
        async (request) => {
          if (!isSignedIn(request)) return errors(401, "UNAUTHORIZED", "unauthorized");
          const [project = "", name = "", , tag = ""] = request.groups;
          // The path is decoded once on its way in, and the name once more: a slash must come as %252F.
          const repository = `${project}/${decodeURIComponent(decodeURIComponent(name))}`;
          if (options.immutable?.includes(tag) === true)
            return errors(412, "PRECONDITION", `the tag ${tag} configured as immutable, cannot be deleted`);
          if (await registry.store.deleteTag(repository, tag)) return { status: 200 };
          return errors(404, "NOT_FOUND", `artifact ${repository}:${tag} not found`);
        },
      ],
      // src/server/registry/catalog.go: for administrators.
      [
        "GET",
        /^\/v2\/_catalog$/,
        (request) =>
          options.opensApi === false && request.authorization?.startsWith("Bearer ") === true
            ? { status: 200, json: { repositories: ["library/seen"] } }
            : {
                ...errors(401, "UNAUTHORIZED", "unauthorized to list catalog"),
                headers: { "www-authenticate": `Bearer realm="${realm.url}",service="fixture"` },
              },
      ],
    ],
    registry.url,
  );
  realm.url = `${front.url}/token`;
  return {
    front,
    registry,
    projects,
    stop: async () => {
      await front.stop();
      await registry.stop();
    },
  };
}
