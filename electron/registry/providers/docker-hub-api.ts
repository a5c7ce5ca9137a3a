// The API of Docker Hub's web site: https://docs.docker.com/reference/api/hub/latest/
import { z } from "zod";
import { isDigest } from "../../../shared/digest.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { providerOfHost } from "../../../shared/provider.ts";
import { isRepositoryName, joinReference } from "../../../shared/reference.ts";
import type { Credential } from "../../engine/credential.ts";
import type { ProviderContext } from "./provider.ts";
import type { VendorApi } from "./vendor-api.ts";
import { apiBase } from "./vendor-base.ts";
import { isClosed, notUnderstood, vendorError } from "./vendor-error.ts";
import { Brought, vendorPages } from "./vendor-pages.ts";
import { VendorSession } from "./vendor-session.ts";

const listing = "list-repositories";
/** The most that a page may have (listNamespaceRepositories below). */
const pageSize = 100;

const tokenReply = z.object({ access_token: z.string().regex(/^[\x21-\x7e]{1,32768}$/) });
const repositoriesPage = z.object({
  results: z.array(z.object({ name: z.string(), namespace: z.string().optional() })),
  next: z.string().nullish(),
});
const namespacesReply = z.object({ namespaces: z.array(z.string()) });

function baseOf(context: ProviderContext, operation: string): URL {
  const own = providerOfHost(context.host) === "docker-hub";
  return apiBase(context, own ? "https://hub.docker.com" : undefined, operation);
}

/**
 * Trades name and secret (password, personal or organisation access token) for a token that lives ten minutes:
 * https://docs.docker.com/reference/api/hub/latest/operations/AuthCreateAccessToken/
 */
async function accessToken(
  api: VendorApi,
  base: URL,
  credential: Credential,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (credential.kind !== "password") return undefined;
  const about = { operation: "sign-in", what: "a token of its API" };
  const url = new URL("v2/auth/token", base);
  const body = { identifier: credential.username, secret: credential.password };
  const answer = await api.ask({ method: "POST", url, body, operation: about.operation, signal });
  if (answer.status !== 200) throw vendorError(answer, about);
  const { success, data } = tokenReply.safeParse(answer.json);
  if (!success) throw notUnderstood(answer, about);
  return `Bearer ${data.access_token}`;
}

function openSession(
  context: ProviderContext,
  base: URL,
  signal: AbortSignal,
): Promise<VendorSession | undefined> {
  const sign = (credential: Credential, inner: AbortSignal) =>
    accessToken(context.api, base, credential, inner);
  return VendorSession.open(context, sign, signal);
}

/**
 * All repositories of the namespaces that the signed-in one belongs to, private ones too; an organisation's token without
 * the right to list gets the public ones, and nothing says that there are more:
 * https://docs.docker.com/reference/api/hub/latest/operations/listNamespaceRepositories/
 */
export async function* listHubRepositories(
  context: ProviderContext,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const base = baseOf(context, listing);
  const session = await openSession(context, base, signal);
  if (session === undefined) {
    throw new FreightlinerError({
      code: "unsupported",
      operation: listing,
      message: `${context.host} lists repositories only for a user name with a password or token; sign in, or name the repository instead.`,
    });
  }
  const brought = new Brought({ operation: listing, what: "the repositories" });
  for (const namespace of await namespacesOf(session, base, signal)) {
    for await (const page of namespacePages(session, base, namespace, signal)) {
      const fresh = brought.repositories(page);
      if (fresh.length > 0) yield fresh;
    }
  }
}

interface Namespace {
  readonly namespace: string;
  /** Named like the one who signed in. */
  readonly own: boolean;
}

/**
 * Its own name first; organisations by a list that the reference does not describe, so that doing without it is no failure:
 * https://github.com/goharbor/harbor src/pkg/reg/adapter/dockerhub/consts.go (listNamespacePath).
 */
async function namespacesOf(
  session: VendorSession,
  base: URL,
  signal: AbortSignal,
): Promise<readonly Namespace[]> {
  const { credential } = session;
  const mine = credential?.kind === "password" ? credential.username.toLowerCase() : undefined;
  const url = new URL("v2/repositories/namespaces", base);
  const answer = await session.ask({ method: "GET", url, operation: listing, signal });
  const { success, data } = namespacesReply.safeParse(answer.json);
  const more = answer.status === 200 && success ? data.namespaces : [];
  return [...new Set(mine === undefined ? more : [mine, ...more])]
    .filter((name) => isRepositoryName(name) && !name.includes("/"))
    .map((namespace) => ({ namespace, own: namespace === mine }));
}

/** `GET /v2/namespaces/<ns>/repositories`; `next` is a whole URL. */
async function* namespacePages(
  session: VendorSession,
  base: URL,
  { namespace, own }: Namespace,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const first = new URL(`v2/namespaces/${namespace}/repositories`, base);
  first.search = `page_size=${pageSize}`;
  const pages = vendorPages({
    first,
    ask: (url) => session.ask({ method: "GET", url, operation: listing, signal }),
    parse: (json) => {
      const { success, data } = repositoriesPage.safeParse(json);
      return success ? data.results : undefined;
    },
    next: ({ json }) => repositoriesPage.safeParse(json).data?.next ?? undefined,
    key: ({ name }) => name,
    operation: listing,
    what: `the repositories of ${namespace}`,
  });
  try {
    for await (const page of pages)
      yield page.map((repository) => `${repository.namespace ?? namespace}/${repository.name}`);
  } catch (error) {
    // A namespace without anything of ours; what is refused of our own is worth an error.
    if (!isClosed(error) || (own && error.code === "forbidden")) throw error;
  }
}

/**
 * Deletes a tag; digests cannot be deleted there (https://github.com/goharbor/harbor src/pkg/reg/adapter/dockerhub,
 * DeleteManifest), and the registry itself deletes nothing.
 */
export async function deleteHubTag(
  context: ProviderContext,
  repository: string,
  reference: string,
  signal: AbortSignal,
): Promise<void> {
  const operation = "delete-manifest";
  const what = joinReference(repository, reference);
  const refuse = (message: string): never => {
    throw new FreightlinerError({ code: "unsupported", operation, message });
  };
  if (isDigest(reference)) return refuse(`${context.host} deletes tags, not digests: ${what} has to stay.`);
  const base = baseOf(context, operation);
  const session = await openSession(context, base, signal);
  if (session === undefined)
    return refuse(`${context.host} deletes only for a user name with a password or token.`);
  const url = new URL(`v2/repositories/${repository}/tags/${encodeURIComponent(reference)}/`, base);
  const answer = await session.ask({ method: "DELETE", url, operation, signal });
  if (answer.status >= 200 && answer.status <= 299) return;
  throw vendorError(answer, { operation, what, missing: "manifest-unknown" });
}
