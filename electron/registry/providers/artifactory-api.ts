// Artifactory's API beside its registries: https://jfrog.com/help/r/jfrog-rest-apis/artifactory-rest-apis
import { z } from "zod";
import { FreightlinerError } from "../../../shared/errors.ts";
import { isRepositoryName } from "../../../shared/reference.ts";
import type { ProviderContext } from "./provider.ts";
import type { VendorAnswer } from "./vendor-api.ts";
import { apiBase } from "./vendor-base.ts";
import { type BasicApi, openBasicApi } from "./vendor-basic.ts";
import { isClosed, notUnderstood, vendorError } from "./vendor-error.ts";
import { Brought, nextByLink, vendorPages } from "./vendor-pages.ts";

const operation = "list-repositories";
const pageSize = 1000;
const keysReply = z.array(z.object({ key: z.string() }));
const catalogPage = z.object({ repositories: z.array(z.unknown()).nullable() });

/** The part of the web host where Artifactory answers, with or without it in the settings. */
function baseOf(context: ProviderContext): URL {
  const base = apiBase(context, context.base.href, operation);
  if (!base.pathname.endsWith("/artifactory/")) base.pathname += "artifactory/";
  return base;
}

/**
 * One Artifactory has many registries. By its "repository path method" they are the first component of a name; by the
 * other two a sub-domain or a port is one of them, and has a catalogue of its own:
 * https://jfrog.com/help/r/jfrog-artifactory-documentation/get-started-with-artifactory-as-a-docker-registry
 */
export async function* listArtifactoryRepositories(
  context: ProviderContext,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const base = baseOf(context);
  const api = await openBasicApi(context, signal);
  const keys = await repositoryKeys(api, base, signal);
  if (keys === undefined || isOneOf(keys, context.host)) {
    let any = false;
    try {
      for await (const page of context.catalog(signal)) {
        any = true;
        yield page;
      }
    } catch (error) {
      const closed = error instanceof FreightlinerError && error.code === "unsupported";
      if (!closed || keys === undefined) throw error;
    }
    if (any || keys === undefined) return;
  }
  const brought = new Brought({ operation, what: "the repositories" });
  for (const key of keys)
    for await (const page of catalogOf(api, base, key, signal)) {
      const fresh = brought.repositories(page.map((name) => `${key}/${name}`));
      if (fresh.length > 0) yield fresh;
    }
}

/**
 * True where the host seems to be one registry alone: its sub-domain has the registry's key, at JFrog's own service behind
 * the server's name, or it has a port. Where that is wrong there is no catalogue.
 */
function isOneOf(keys: readonly string[], host: string): boolean {
  const { hostname, port } = new URL(`https://${host}/`);
  const [name = ""] = hostname.split(".", 1);
  const hosted = hostname.endsWith(".jfrog.io");
  return port !== "" || keys.some((key) => name === key || (hosted && name.endsWith(`-${key}`)));
}

/** Undefined where it does not tell us, or where no API is there. */
async function repositoryKeys(
  api: BasicApi,
  base: URL,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const url = new URL("api/repositories", base);
  url.search = "packageType=docker";
  const about = { operation, what: "its registries" };
  const answer = await api.ask({ method: "GET", url, operation, signal });
  if (answer.status === 401 || answer.status === 403 || answer.status === 404) return undefined;
  if (answer.status !== 200) throw vendorError(answer, about);
  const { success, data } = keysReply.safeParse(answer.json);
  if (!success) throw notUnderstood(answer, about);
  return data.map(({ key }) => key).filter((key) => isRepositoryName(key) && !key.includes("/"));
}

async function* catalogOf(
  api: BasicApi,
  base: URL,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const first = new URL(`api/docker/${key}/v2/_catalog`, base);
  first.search = `n=${pageSize}`;
  const namesOf = (json: unknown) =>
    catalogPage.safeParse(json).data?.repositories?.filter((name) => typeof name === "string");
  const pages = vendorPages({
    first,
    ask: (url) => api.ask({ method: "GET", url, operation, signal }),
    parse: (json) => (catalogPage.safeParse(json).success ? (namesOf(json) ?? []) : undefined),
    next: (answer) => nextPage(answer, namesOf(answer.json) ?? []),
    key: (name) => name,
    operation,
    what: `the repositories of ${key}`,
  });
  try {
    yield* pages;
  } catch (error) {
    // A registry that shows us nothing; a virtual one may have no catalogue.
    const mute = error instanceof FreightlinerError && error.status === 400;
    if (!mute && !isClosed(error)) throw error;
  }
}

/** The query of a Link, whose path lacks the registry's key (renovatebot/renovate#15080); else behind a full page. */
function nextPage(answer: VendorAnswer, names: readonly string[]): string | undefined {
  const next = new URL(answer.url);
  const link = nextByLink(answer);
  const last = names.at(-1);
  if (link !== undefined && URL.canParse(link, next.href)) next.search = new URL(link, next.href).search;
  else if (names.length === pageSize && last !== undefined)
    next.search = new URLSearchParams({ n: String(pageSize), last }).toString();
  else return undefined;
  return next.href;
}
