// Harbor's API beside its registry: https://github.com/goharbor/harbor/blob/main/api/v2.0/swagger.yaml
import { z } from "zod";
import { isDigest } from "../../../shared/digest.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { joinReference } from "../../../shared/reference.ts";
import { defaultDeadlines } from "../limits.ts";
import { deleteManifest } from "../manifests.ts";
import type { ProviderContext } from "./provider.ts";
import { apiBase } from "./vendor-base.ts";
import { type BasicApi, openBasicApi } from "./vendor-basic.ts";
import { type AnswerAbout, isClosed, notUnderstood, vendorError } from "./vendor-error.ts";
import { Brought, nextByLink, vendorPages } from "./vendor-pages.ts";

const listing = "list-repositories";
/** The most that it gives: parameters/pageSize of the description. */
const pageSize = 100;

const projectSchema = z.object({ name: z.string(), registry_id: z.number().nullish() });
const projectsPage = z.array(projectSchema);
const repositoriesPage = z.array(z.object({ name: z.string() }));

function baseOf(context: ProviderContext, operation: string): URL {
  const base = apiBase(context, context.base.href, operation);
  if (!base.pathname.endsWith("/api/v2.0/")) base.pathname += "api/v2.0/";
  return base;
}

/** Repositories of all projects that are shown to us: public ones, and those that the sign-in is a member of. */
export async function* listHarborRepositories(
  context: ProviderContext,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const base = baseOf(context, listing);
  const api = await openBasicApi(context, signal);
  const brought = new Brought({ operation: listing, what: "the repositories" });
  const pages = harborPages(api, new URL("projects", base), projectsPage, "the projects", signal);
  try {
    for await (const projects of pages)
      for (const { name } of projects)
        for await (const page of projectPages(api, base, name, signal)) {
          const fresh = brought.repositories(page.map((repository) => repository.name));
          if (fresh.length > 0) yield fresh;
        }
  } catch (error) {
    // Secrets of people who sign in by OIDC open the registry, not the API: goharbor/harbor server/middleware/security/oidc_cli.go
    const closed = error instanceof FreightlinerError && error.status === 401;
    if (!closed && !isClosed(error)) throw error;
    for await (const page of context.catalog(signal)) {
      const fresh = brought.repositories(page);
      if (fresh.length > 0) yield fresh;
    }
  }
}

async function* projectPages(
  api: BasicApi,
  base: URL,
  project: string,
  signal: AbortSignal,
): AsyncGenerator<readonly z.infer<typeof repositoriesPage>[number][]> {
  const url = new URL(`projects/${encodeURIComponent(project)}/repositories`, base);
  const what = `the repositories of ${project}`;
  try {
    yield* harborPages(api, url, repositoriesPage, what, signal);
  } catch (error) {
    // One that has gone meanwhile, or that a robot may not look into.
    if (!isClosed(error)) throw error;
  }
}

function harborPages<Item extends { readonly name: string }>(
  api: BasicApi,
  url: URL,
  schema: z.ZodType<Item[]>,
  what: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Item[]> {
  const first = new URL(url);
  first.search = `page=1&page_size=${pageSize}`;
  return vendorPages({
    first,
    ask: (page) => api.ask({ method: "GET", url: page, operation: listing, signal }),
    parse: (json) => schema.safeParse(json).data,
    next: nextByLink,
    key: ({ name }) => name,
    operation: listing,
    what,
  });
}

/**
 * Makes the project that a repository belongs to, private; repositories come to be by themselves in one that is there.
 * False for strangers, and for names without a project.
 * @throws `forbidden` for a project that only caches another registry, and where projects are not for everybody to make.
 */
export async function createHarborProject(
  context: ProviderContext,
  repository: string,
  signal: AbortSignal,
): Promise<boolean> {
  const operation = "create-repository";
  const base = baseOf(context, operation);
  const api = await openBasicApi(context, signal);
  const [project = ""] = repository.split("/", 1);
  // The registry asks for a sign-in, and whoever has none makes no projects.
  if (!api.signedIn || !repository.includes("/")) return false;
  const about: AnswerAbout = {
    operation,
    what: `the project ${project}`,
    advice: `Ask for the project "${project}" to be made, or for the right to make projects.`,
  };
  const there = new URL("projects", base);
  there.search = new URLSearchParams({ project_name: project }).toString();
  const head = await api.ask({ method: "HEAD", url: there, operation, signal });
  if (head.status === 200) {
    // Made meanwhile, perhaps by a write beside this one: what is refused now is refused again.
    await assertNoProxy(context, { api, base, project }, signal);
    return true;
  }
  if (head.status !== 404) throw vendorError(head, { ...about, advice: undefined });
  const body = { project_name: project, metadata: { public: "false" } };
  const made = await api.ask({ method: "POST", url: new URL("projects", base), body, operation, signal });
  if (made.status === 201 || made.status === 409) return true;
  throw vendorError(made, about);
}

/** goharbor/harbor src/server/middleware/repoproxy/proxy.go: a project with a registry behind it takes nothing from us. */
async function assertNoProxy(
  { host }: ProviderContext,
  { api, base, project }: { readonly api: BasicApi; readonly base: URL; readonly project: string },
  signal: AbortSignal,
): Promise<void> {
  const operation = "create-repository";
  const answer = await api.ask({
    method: "GET",
    url: new URL(`projects/${encodeURIComponent(project)}`, base),
    // A name of digits would be taken for a number otherwise.
    headers: { "x-is-resource-name": "true" },
    operation,
    signal,
  });
  // What it is like is for members to see; the refusal that led here stands in any case.
  if (answer.status !== 200) return;
  const { success, data } = projectSchema.safeParse(answer.json);
  if (!success) throw notUnderstood(answer, { operation, what: `the project ${project}` });
  if ((data.registry_id ?? 0) <= 0) return;
  throw new FreightlinerError({
    code: "forbidden",
    operation,
    message: `"${project}" at ${host} is a proxy cache of another registry: it can be read, and nothing can be pushed to it. Choose another project.`,
    status: 403,
  });
}

/**
 * Tags by the API, as the registry answers UNSUPPORTED to them; digests by the protocol, which takes their tags along:
 * goharbor/harbor src/server/registry/manifest.go.
 */
export async function deleteHarborManifest(
  context: ProviderContext,
  repository: string,
  reference: string,
  signal: AbortSignal,
): Promise<void> {
  const operation = "delete-manifest";
  if (isDigest(reference)) {
    const { client } = context;
    const rules = {
      deadlineMs: defaultDeadlines.smallBodyMs,
      asksForDelete: true,
      forbidsStandingTags: false,
    };
    return deleteManifest({ client, ...rules }, { repository, reference, signal });
  }
  const base = baseOf(context, operation);
  const what = joinReference(repository, reference);
  const [project = "", ...rest] = repository.split("/");
  // Encoded twice, as the description asks for: a slash is %252F.
  const name = encodeURIComponent(encodeURIComponent(rest.join("/")));
  const tag = encodeURIComponent(reference);
  const url = new URL(
    `projects/${encodeURIComponent(project)}/repositories/${name}/artifacts/${tag}/tags/${tag}`,
    base,
  );
  const api = await openBasicApi(context, signal);
  const answer = await api.ask({ method: "DELETE", url, operation, signal });
  if (answer.status >= 200 && answer.status <= 299) return;
  const error = vendorError(answer, { operation, what, missing: "manifest-unknown" });
  if (answer.status !== 412) throw error;
  throw new FreightlinerError({
    code: "tag-immutable",
    operation,
    message: error.message,
    cause: error,
    status: 412,
  });
}
