// GitLab with its container registry: https://docs.gitlab.com/api/container_registry/ and /api/rest/ for its pages.
import { type FixtureRegistry, startFixtureRegistry } from "../fixture-registry.ts";
import { type ApiReply, type ApiRequest, type ApiServer, pageOf, startApiServer } from "./api-server.ts";
import { below, hideMissing } from "./hidden.ts";

export interface GitlabGroup {
  readonly id: number;
  readonly full_path: string;
  /** True where the token may not read its registry. */
  readonly closed?: boolean;
}
export interface GitlabProject {
  readonly id: number;
  readonly path: string;
  /** Paths of its images below its own path; "" is the project itself. */
  readonly images: readonly string[];
  /** True where its registry is switched off. */
  readonly off?: boolean;
}

export interface GitlabOptions {
  readonly user: string;
  readonly token: string;
  readonly groups?: readonly GitlabGroup[];
  readonly projects?: readonly GitlabProject[];
  /** False for a token with read_registry alone. */
  readonly opensApi?: boolean;
  /** How pages are told: both headers (default), or one of them. */
  readonly paging?: "both" | "link" | "number";
  /** Grants these actions at most, without saying so. */
  readonly grantsOnly?: readonly string[];
  /** Seconds that a token of the registry lives. */
  readonly registryTokenSeconds?: number;
}

export interface GitlabStandIn {
  /** The web host: API and token service. */
  readonly web: ApiServer;
  readonly registry: FixtureRegistry;
  stop(): Promise<void>;
}

export async function startGitlab(options: GitlabOptions): Promise<GitlabStandIn> {
  const { user, token, groups = [], projects = [], registryTokenSeconds = 300 } = options;
  // The realm is known only when the web host runs, which hands requests for tokens on to the registry's own service.
  const realm = { url: "" };
  const registry = await startFixtureRegistry({
    auth: {
      ...{ kind: "token", user, password: token },
      ...{ lifetimeSeconds: registryTokenSeconds, toldLifetimeSeconds: 300 },
      ...(options.grantsOnly === undefined ? {} : { grantsOnly: options.grantsOnly }),
      get realm() {
        return realm.url;
      },
    },
  });
  const judge = (request: ApiRequest): ApiReply | undefined => {
    const given = request.authorization?.replace("Bearer ", "") ?? request.headers["private-token"];
    if (given !== token) return { status: 401, json: { message: "401 Unauthorized" } };
    if (options.opensApi === false)
      return {
        status: 403,
        json: {
          error: "insufficient_scope",
          error_description: "The request requires higher privileges than provided by the access token.",
        },
      };
    return undefined;
  };
  const imagesOf = (project: GitlabProject) =>
    project.images.map((name, at) => {
      const path = name === "" ? project.path : `${project.path}/${name}`;
      return {
        id: project.id * 100 + at,
        name,
        path,
        project_id: project.id,
        location: `${registry.host}/${path}`,
      };
    });
  const answerPage = (request: ApiRequest, entries: readonly unknown[]) =>
    judge(request) ?? page(request, entries, options.paging ?? "both");

  const web = await startApiServer([
    [
      "GET",
      /^\/jwt\/auth$/,
      async (request) => {
        const url = new URL(`${registry.url}/token`);
        url.search = request.url.search;
        const headers = request.authorization === undefined ? {} : { authorization: request.authorization };
        const answer = await fetch(url, { headers });
        if (!answer.ok)
          return {
            status: 401,
            json: { errors: [{ code: "UNAUTHORIZED", message: "HTTP Basic: Access denied" }] },
          };
        const { token: given } = (await answer.json()) as { token: string };
        // No lifetime is told: it stands inside the token.
        return { status: 200, json: { token: given } };
      },
    ],
    [
      "GET",
      /^\/api\/v4\/groups$/,
      (request) =>
        answerPage(
          request,
          groups.map(({ id, full_path }) => ({ id, full_path, name: full_path })),
        ),
    ],
    [
      "GET",
      /^\/api\/v4\/projects$/,
      (request) =>
        answerPage(
          request,
          projects.map(({ id, path }) => ({ id, path_with_namespace: path })),
        ),
    ],
    [
      "GET",
      /^\/api\/v4\/groups\/([0-9]+)\/registry\/repositories$/,
      (request) => {
        const group = groups.find(({ id }) => String(id) === request.groups[0]);
        if (group === undefined) return { status: 404, json: { message: "404 Group Not Found" } };
        if (group.closed === true) return { status: 403, json: { message: "403 Forbidden" } };
        const inside = projects.filter(
          ({ path, off }) => off !== true && path.startsWith(`${group.full_path}/`),
        );
        return answerPage(request, inside.flatMap(imagesOf));
      },
    ],
    [
      "GET",
      /^\/api\/v4\/projects\/([0-9]+)\/registry\/repositories$/,
      (request) => {
        const project = projects.find(({ id }) => String(id) === request.groups[0]);
        if (project === undefined || project.off === true)
          return { status: 404, json: { message: "404 Project Not Found" } };
        return answerPage(request, imagesOf(project));
      },
    ],
  ]);
  realm.url = `${web.url}/jwt/auth`;
  // The project has to be there; a repository lies right at it or below.
  hideMissing(registry, { realm: () => realm.url, mayWrite: below(projects.map(({ path }) => path)) });
  // Tags that begin so are under a rule: neither pushed nor deleted.
  const ruled = { method: ["PUT", "DELETE"], kind: "manifest", path: /manifests\/protected/ } as const;
  registry.fault({ do: "status", status: 403, code: "DENIED", message: "access to tag denied" }, ruled);
  registry.fault({ do: "no-referrers" });
  registry.fault({ do: "status", status: 401, code: "UNAUTHORIZED" }, { kind: "catalog" });
  return {
    web,
    registry,
    stop: async () => {
      await web.stop();
      await registry.stop();
    },
  };
}

/** https://docs.gitlab.com/api/rest/#pagination */
function page({ url }: ApiRequest, entries: readonly unknown[], told: "both" | "link" | "number"): ApiReply {
  const number = Number(url.searchParams.get("page") ?? "1");
  const size = Math.min(Number(url.searchParams.get("per_page") ?? "20"), 100);
  const more = number * size < entries.length;
  const next = new URL(url);
  next.searchParams.set("page", String(number + 1));
  const link: Record<string, string> =
    more && told !== "number" ? { link: `<${next.href}>; rel="next"` } : {};
  const counted: Record<string, string> =
    told === "link"
      ? {}
      : {
          "x-page": String(number),
          "x-per-page": String(size),
          "x-next-page": more ? String(number + 1) : "",
        };
  return { status: 200, headers: { ...link, ...counted }, json: pageOf(entries, number, size) };
}
