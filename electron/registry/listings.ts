// Lists repositories and tags.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#content-discovery
import { FreightlinerError } from "../../shared/errors.ts";
import { isRepositoryName, isTag } from "../../shared/reference.ts";
import { discard } from "./body.ts";
import type { RegistryClient } from "./client.ts";
import type { ExchangeResponse } from "./exchange.ts";
import { listPages } from "./pages.ts";
import { catalogScope, pullScope } from "./scopes.ts";

export interface ListingContext {
  readonly client: RegistryClient;
  readonly host: string;
  readonly pageSize: number;
  readonly opaquePages: boolean;
  readonly asksForCatalog: boolean;
  readonly deadlineMs: number;
}

/** Pages of tags. @throws FreightlinerError `repository-unknown`. */
export async function* listTags(
  context: ListingContext,
  repository: string,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const { client, pageSize, opaquePages, deadlineMs } = context;
  const what = `the tags of ${repository}`;
  const operation = "list-tags";
  yield* listPages(
    client,
    {
      path: `/v2/${repository}/tags/list`,
      field: "tags",
      pageSize,
      opaquePages,
      accepts: isTag,
      scopes: [pullScope(repository)],
      operation,
      what,
      deadlineMs,
      refused: (response) => client.errorOf(response, { operation, subject: "repository", what }),
    },
    signal,
  );
}

/**
 * True only for NAME_UNKNOWN: a plain 404 may be a registry that lists no tags. Not all registries know `n`, so the answer
 * may be long, and is not read. Distribution 2.8 says so of a repository with blobs but no manifest, too.
 */
export async function lacksRepository(
  client: RegistryClient,
  repository: string,
  signal: AbortSignal,
): Promise<boolean> {
  const operation = "list-tags";
  const target = `/v2/${repository}/tags/list?n=1`;
  const scopes = [pullScope(repository)];
  const response = await client.call({ method: "GET", target, scopes, operation, signal });
  if (response.status === 200) {
    discard(response.body);
    return false;
  }
  const what = `the tags of ${repository}`;
  const error = await client.errorOf(response, { operation, subject: "registry", what });
  if (error.code === "repository-unknown") return true;
  throw error;
}

const closedCatalog: ReadonlySet<number> = new Set([401, 403, 404, 405]);
const operation = "list-repositories";

/** Pages of repository names. @throws FreightlinerError `unsupported` where the registry keeps its catalogue to itself. */
export async function* listRepositories(
  context: ListingContext,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const { client, host, pageSize, opaquePages, deadlineMs } = context;
  const refused = async (response: ExchangeResponse) => {
    if (!closedCatalog.has(response.status))
      return client.errorOf(response, { operation, subject: "registry", what: "the catalogue" });
    response.body.destroy();
    return closed(host, response.status);
  };
  const pages = listPages(
    client,
    {
      path: "/v2/_catalog",
      field: "repositories",
      pageSize,
      opaquePages,
      accepts: isRepositoryName,
      scopes: context.asksForCatalog ? [catalogScope] : [],
      operation,
      what: "the catalogue",
      deadlineMs,
      refused,
    },
    signal,
  );
  try {
    yield* pages;
  } catch (error) {
    const turnedAway =
      error instanceof FreightlinerError && (error.code === "unauthorized" || error.code === "forbidden");
    if (!turnedAway) throw error;
    // A wrong password must stay one: only a sign-in that works elsewhere makes this a closed catalogue.
    await signIn(client, signal);
    throw closed(host, error.status, error);
  }
}

/** Signs in without asking for anything. @throws FreightlinerError `unauthorized` where that fails. */
export async function signIn(client: RegistryClient, signal: AbortSignal): Promise<void> {
  const response = await client.call({
    method: "GET",
    target: "/v2/",
    scopes: [],
    operation: "sign-in",
    signal,
  });
  if (response.status === 200) discard(response.body);
  else throw await client.errorOf(response, { operation: "sign-in", subject: "registry", what: "GET /v2/" });
}

function closed(host: string, status: number | undefined, cause?: unknown): FreightlinerError {
  return new FreightlinerError({
    code: "unsupported",
    operation,
    message: `${host} does not list its repositories${status === undefined ? "" : ` (${status})`}; name the repository instead.`,
    cause,
    ...(status === undefined ? {} : { status }),
  });
}
