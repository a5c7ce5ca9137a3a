// GitLab's API lists what its registry keeps: https://docs.gitlab.com/api/container_registry/
import { z } from "zod";
import { FreightlinerError } from "../../../shared/errors.ts";
import { providerOfHost } from "../../../shared/provider.ts";
import type { Credential } from "../../engine/credential.ts";
import { headerOf } from "../exchange.ts";
import type { ProviderContext } from "./provider.ts";
import type { VendorAnswer } from "./vendor-api.ts";
import { apiBase } from "./vendor-base.ts";
import { isClosed } from "./vendor-error.ts";
import { Brought, nextByLink, vendorPages } from "./vendor-pages.ts";
import { VendorSession } from "./vendor-session.ts";

const operation = "list-repositories";
const repositoriesPage = z.array(z.object({ id: z.number(), path: z.string() }));
const groupsPage = z.array(z.object({ id: z.number(), full_path: z.string() }));
const projectsPage = z.array(z.object({ id: z.number(), path_with_namespace: z.string() }));

/** `https://gitlab.com/api/v4`; of an own GitLab the settings name the web host, with or without the rest. */
export function gitlabBase(context: Pick<ProviderContext, "host" | "settings">): URL {
  const own = providerOfHost(context.host) === "gitlab";
  const base = apiBase(context, own ? "https://gitlab.com" : undefined, operation);
  if (!base.pathname.endsWith("/api/v4/")) base.pathname += "api/v4/";
  return base;
}

/**
 * Personal, group and project tokens are taken as Bearer (https://docs.gitlab.com/api/rest/authentication/); those of
 * deployments and jobs open no listing, and a password opens none either.
 */
async function bearer(credential: Credential): Promise<string | undefined> {
  if (credential.kind !== "password" || isJobOrDeploy(credential.username)) return undefined;
  return `Bearer ${credential.password}`;
}

/** https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/ */
function isJobOrDeploy(username: string): boolean {
  return username === "gitlab-ci-token" || /^gitlab\+deploy-token-[0-9]+$/.test(username);
}

/** Repositories of all groups and projects that the token is a member of. */
export async function* listGitlabRepositories(
  context: ProviderContext,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const base = gitlabBase(context);
  const session = await VendorSession.open(context, bearer, signal);
  if (session === undefined) throw closed(context.host, undefined);
  const walk = new GitlabWalk(session, base, signal);
  const brought = new Brought({ operation, what: "the repositories" });
  try {
    for await (const names of walk.repositories()) {
      const fresh = brought.repositories(names);
      if (fresh.length > 0) yield fresh;
    }
  } catch (error) {
    // A token that opens the registry need not open the API: read_registry is not read_api.
    const noApi =
      error instanceof FreightlinerError && (error.code === "forbidden" || error.code === "unauthorized");
    throw noApi ? closed(context.host, error) : error;
  }
}

function closed(host: string, cause: FreightlinerError | undefined): FreightlinerError {
  return new FreightlinerError({
    code: "unsupported",
    operation,
    message: `${host} lists repositories only for a personal, group or project token with the right read_api${cause === undefined ? "" : ` (${cause.message})`}; sign in with one, or name the repository instead.`,
    cause,
    ...(cause?.status === undefined ? {} : { status: cause.status }),
  });
}

class GitlabWalk {
  readonly #session: VendorSession;
  readonly #base: URL;
  readonly #signal: AbortSignal;

  constructor(session: VendorSession, base: URL, signal: AbortSignal) {
    this.#session = session;
    this.#base = base;
    this.#signal = signal;
  }

  /**
   * A group's list holds that of its subgroups (gitlab-org/gitlab app/finders/container_repositories_finder.rb), so that
   * one answer spares one for every project; projects outside of such groups are asked one by one.
   */
  async *repositories(): AsyncGenerator<readonly string[]> {
    const covered: string[] = [];
    for (const group of await this.#groups()) {
      if (isBelow(group.full_path, covered)) continue;
      const names = this.#registry(`groups/${group.id}/registry/repositories`, group.full_path);
      if (yield* allowed(names)) covered.push(group.full_path);
    }
    for await (const page of this.#projects()) {
      for (const project of page) {
        if (isBelow(project.path_with_namespace, covered)) continue;
        const path = `projects/${project.id}/registry/repositories`;
        yield* allowed(this.#registry(path, project.path_with_namespace));
      }
    }
  }

  /** Those nearer to the root first. Level 10 and above (Guest) is what makes a member. */
  async #groups(): Promise<readonly z.infer<typeof groupsPage>[number][]> {
    const found: z.infer<typeof groupsPage>[number][] = [];
    const pages = this.#pages("groups", "min_access_level=10&order_by=path", groupsPage, "the groups");
    for await (const page of pages) found.push(...page);
    return found.toSorted((one, other) => depthOf(one.full_path) - depthOf(other.full_path));
  }

  #projects(): AsyncGenerator<readonly z.infer<typeof projectsPage>[number][]> {
    return this.#pages("projects", "membership=true&simple=true", projectsPage, "the projects");
  }

  async *#registry(path: string, owner: string): AsyncGenerator<readonly string[]> {
    for await (const page of this.#pages(path, "", repositoriesPage, `the repositories of ${owner}`))
      yield page.map((repository) => repository.path);
  }

  #pages<Item extends { readonly id: number }>(
    path: string,
    query: string,
    schema: z.ZodType<Item[]>,
    what: string,
  ): AsyncGenerator<readonly Item[]> {
    const first = new URL(path, this.#base);
    first.search = `${query === "" ? "" : `${query}&`}per_page=100`;
    return vendorPages({
      first,
      ask: (url) => this.#session.ask({ method: "GET", url, operation, signal: this.#signal }),
      parse: (json) => schema.safeParse(json).data,
      next: nextPage,
      key: ({ id }) => String(id),
      operation,
      what,
    });
  }
}

/** `Link`, or only the number of the next page: https://docs.gitlab.com/api/rest/#pagination */
function nextPage(answer: VendorAnswer): string | undefined {
  const link = nextByLink(answer);
  const number = headerOf(answer.headers, "x-next-page")?.trim() ?? "";
  if (link !== undefined || !/^[0-9]{1,9}$/.test(number)) return link;
  const url = new URL(answer.url);
  url.searchParams.set("page", number);
  return url.href;
}

/** False where it is closed to us: a registry that is switched off, or fewer rights than a Reporter has. */
async function* allowed(
  names: AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly string[], boolean, undefined> {
  try {
    yield* names;
    return true;
  } catch (error) {
    if (isClosed(error)) return false;
    throw error;
  }
}

function isBelow(path: string, groups: readonly string[]): boolean {
  return groups.some((group) => path === group || path.startsWith(`${group}/`));
}

function depthOf(path: string): number {
  return path.split("/").length;
}
