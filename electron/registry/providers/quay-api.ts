// Quay's API on the registry's own host: https://docs.quay.io/api/swagger/
import { z } from "zod";
import type { Credential } from "../../engine/credential.ts";
import type { ProviderContext } from "./provider.ts";
import { apiBase } from "./vendor-base.ts";
import { isClosed } from "./vendor-error.ts";
import { Brought, vendorPages } from "./vendor-pages.ts";
import { VendorSession } from "./vendor-session.ts";

const operation = "list-repositories";
const repositoriesPage = z.object({
  repositories: z.array(z.object({ namespace: z.string(), name: z.string() })),
  next_page: z.string().nullish(),
});
const userReply = z.object({
  username: z.string(),
  organizations: z.array(z.object({ name: z.string() })).default([]),
});

/** An OAuth token signs in to the registry under this name: quay/quay auth/credential_consts.py. */
const oauthName = "$oauthtoken";

async function bearer(credential: Credential): Promise<string | undefined> {
  const isToken = credential.kind === "password" && credential.username === oauthName;
  return isToken ? `Bearer ${credential.password}` : undefined;
}

/** By namespace, as the API lists nothing without one; robots, passwords and strangers get the catalogue of what they see. */
export async function* listQuayRepositories(
  context: ProviderContext,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const session = await VendorSession.open(context, bearer, signal);
  const base = apiBase(context, context.base.href, operation);
  const namespaces = session && (await namespacesOf(session, base, signal));
  if (session === undefined || namespaces === undefined) {
    yield* context.catalog(signal);
    return;
  }
  const brought = new Brought({ operation, what: "the repositories" });
  for (const namespace of namespaces) {
    for await (const page of namespacePages(session, base, namespace, signal)) {
      const fresh = brought.repositories(page);
      if (fresh.length > 0) yield fresh;
    }
  }
}

/** Undefined where the token may not say whose it is (it lacks user:read). */
async function namespacesOf(
  session: VendorSession,
  base: URL,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const url = new URL("api/v1/user/", base);
  const answer = await session.ask({ method: "GET", url, operation, signal });
  const { success, data } = userReply.safeParse(answer.json);
  if (answer.status !== 200 || !success) return undefined;
  return [data.username, ...data.organizations.map(({ name }) => name)];
}

/** The next page is a token of the body: quay/quay endpoints/api/__init__.py, page_support. */
async function* namespacePages(
  session: VendorSession,
  base: URL,
  namespace: string,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const first = new URL("api/v1/repository", base);
  first.search = new URLSearchParams({ namespace }).toString();
  const pages = vendorPages({
    first,
    ask: (url) => session.ask({ method: "GET", url, operation, signal }),
    parse: (json) => repositoriesPage.safeParse(json).data?.repositories,
    next: ({ json }) => {
      const token = repositoriesPage.safeParse(json).data?.next_page;
      if (token === undefined || token === null) return undefined;
      const next = new URL(first);
      next.searchParams.set("next_page", token);
      return next.href;
    },
    key: (repository) => `${repository.namespace}/${repository.name}`,
    operation,
    what: `the repositories of ${namespace}`,
  });
  try {
    for await (const page of pages) yield page.map(({ namespace: owner, name }) => `${owner}/${name}`);
  } catch (error) {
    // An organisation that shows the token nothing.
    if (!isClosed(error)) throw error;
  }
}
