// Container packages of GitHub: https://docs.github.com/en/rest/packages/packages
import { z } from "zod";
import { isDigest } from "../../../shared/digest.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { joinReference } from "../../../shared/reference.ts";
import { GithubApi } from "./github-api.ts";
import type { ProviderContext } from "./provider.ts";
import type { VendorAnswer } from "./vendor-api.ts";
import { isClosed, vendorError } from "./vendor-error.ts";
import { Brought, nextByLink, vendorPages } from "./vendor-pages.ts";

const listing = "list-repositories";
const packagesPage = z.array(z.object({ name: z.string(), owner: z.object({ login: z.string() }) }));
const organisationsPage = z.array(z.object({ login: z.string() }));
/** A version is a digest with all tags that point at it. */
const versionsPage = z.array(z.object({ id: z.number().int().nonnegative(), name: z.string() }));

type Package = z.infer<typeof packagesPage>[number];

/** The token's own packages and those of its organisations; for a token without a person, those of its user name. */
export async function* listGithubPackages(
  context: ProviderContext,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const api = await GithubApi.open(context, listing, signal);
  if (api === undefined) {
    throw new FreightlinerError({
      code: "unsupported",
      operation: listing,
      message: `${context.host} lists packages only for a token with the right read:packages; sign in with one, or name the repository instead.`,
    });
  }
  const brought = new Brought({ operation: listing, what: "the packages" });
  for await (const page of everyPackage(api, context.host, signal)) {
    // Names of images are in lower case, those of their owners need not be.
    const names = page.map(({ name, owner }) => `${owner.login}/${name}`.toLowerCase());
    const fresh = brought.repositories(names);
    if (fresh.length > 0) yield fresh;
  }
}

async function* everyPackage(
  api: GithubApi,
  host: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Package[]> {
  try {
    yield* packagesOf(api, "user", signal);
  } catch (error) {
    if (!isClosed(error)) throw error;
    // The token of a workflow belongs to nobody: its packages are those of the owner whose name came with it.
    yield* packagesOfOwner(api, host, error, signal);
    return;
  }
  for (const organisation of await organisations(api, signal)) {
    try {
      yield* packagesOf(api, `orgs/${encodeURIComponent(organisation)}`, signal);
    } catch (error) {
      // One that lets the token see nothing (single sign-on, no right) hides nothing of the others.
      if (!isClosed(error)) throw error;
    }
  }
}

async function* packagesOfOwner(
  api: GithubApi,
  host: string,
  refusal: FreightlinerError,
  signal: AbortSignal,
): AsyncGenerator<readonly Package[]> {
  const owner = encodeURIComponent(api.username);
  for (const place of [`orgs/${owner}`, `users/${owner}`]) {
    try {
      yield* packagesOf(api, place, signal);
      return;
    } catch (error) {
      if (!isClosed(error)) throw error;
    }
  }
  throw new FreightlinerError({
    code: "unsupported",
    operation: listing,
    message: `${host} lists no packages for this token (${refusal.message}) A classic token with the right read:packages is needed; or name the repository instead.`,
    cause: refusal,
  });
}

function packagesOf(api: GithubApi, place: string, signal: AbortSignal): AsyncGenerator<readonly Package[]> {
  const first = new URL(`${place}/packages`, api.base);
  first.search = "package_type=container&per_page=100";
  return vendorPages({
    first,
    ask: (url) => api.ask({ method: "GET", url, operation: listing, signal }),
    parse: (json) => packagesPage.safeParse(json).data,
    next: nextByLink,
    key: ({ name, owner }) => `${owner.login}/${name}`,
    operation: listing,
    what: `the packages of ${place}`,
  });
}

/** None where the token may not see them (it lacks read:org): https://docs.github.com/en/rest/orgs/orgs */
async function organisations(api: GithubApi, signal: AbortSignal): Promise<readonly string[]> {
  const first = new URL("user/orgs", api.base);
  first.search = "per_page=100";
  const found: string[] = [];
  const pages = vendorPages({
    first,
    ask: (url) => api.ask({ method: "GET", url, operation: listing, signal }),
    parse: (json) => organisationsPage.safeParse(json).data,
    next: nextByLink,
    key: ({ login }) => login,
    operation: listing,
    what: "the organisations",
  });
  try {
    for await (const page of pages) found.push(...page.map(({ login }) => login));
  } catch (error) {
    if (!isClosed(error)) throw error;
  }
  return found;
}

const deleting = "delete-manifest";

/**
 * Deletes the version that a digest names. A tag cannot go by itself: with its version all other tags of it would go.
 * @throws `unsupported` for a tag and without a token, `manifest-unknown`, `forbidden` where the token lacks delete:packages.
 */
export async function deleteGithubVersion(
  context: ProviderContext,
  repository: string,
  reference: string,
  signal: AbortSignal,
): Promise<void> {
  const what = joinReference(repository, reference);
  const refuse = (message: string): never => {
    throw new FreightlinerError({ code: "unsupported", operation: deleting, message });
  };
  if (!isDigest(reference))
    return refuse(
      `${context.host} deletes no tags but only digests with all their tags: ${what} has to stay.`,
    );
  const api = await GithubApi.open(context, deleting, signal);
  if (api === undefined)
    return refuse(`${context.host} deletes only for a token with the right delete:packages.`);
  const place = await packagePlace(api, repository, what, signal);
  const id = await versionOf(api, place, reference, signal);
  if (id === undefined) {
    throw new FreightlinerError({
      code: "manifest-unknown",
      operation: deleting,
      message: `${context.host} has no version of ${repository} with the digest ${reference}.`,
      status: 404,
    });
  }
  const url = new URL(`${place}/versions/${id}`, api.base);
  const answer = await api.ask({ method: "DELETE", url, operation: deleting, signal });
  if (answer.status >= 200 && answer.status <= 299) return;
  throw deleteError(answer, what);
}

function deleteError(answer: VendorAnswer, what: string): FreightlinerError {
  // 404 is also what a token without the right gets, as with every private thing there:
  // https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#404-not-found-for-an-existing-resource
  const refused = answer.status === 403 || answer.status === 404;
  return vendorError(answer, {
    operation: deleting,
    what,
    missing: "forbidden",
    advice: refused
      ? "Deleting there takes a token with the rights read:packages and delete:packages, of somebody who administers the package."
      : undefined,
  });
}

/** Whether the owner is an organisation or a person decides on the path. The package's own part of the name is one segment. */
async function packagePlace(
  api: GithubApi,
  repository: string,
  what: string,
  signal: AbortSignal,
): Promise<string> {
  const slash = repository.indexOf("/");
  const owner = encodeURIComponent(repository.slice(0, slash));
  const name = encodeURIComponent(repository.slice(slash + 1));
  const places = [`orgs/${owner}`, `users/${owner}`].map((each) => `${each}/packages/container/${name}`);
  let last: VendorAnswer | undefined;
  for (const place of places) {
    last = await api.ask({ method: "GET", url: new URL(place, api.base), operation: deleting, signal });
    if (last.status === 200) return place;
    if (last.status !== 404 && last.status !== 403) break;
  }
  if (last === undefined) throw new Error("no place was asked");
  throw vendorError(last, {
    operation: deleting,
    what,
    missing: "repository-unknown",
    advice: last.status === 403 ? "A token with the right read:packages is needed." : undefined,
  });
}

async function versionOf(
  api: GithubApi,
  place: string,
  digest: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const first = new URL(`${place}/versions`, api.base);
  first.search = "per_page=100";
  const pages = vendorPages({
    first,
    ask: (url) => api.ask({ method: "GET", url, operation: deleting, signal }),
    parse: (json) => versionsPage.safeParse(json).data,
    next: nextByLink,
    key: ({ id }) => String(id),
    operation: deleting,
    what: "the versions of the package",
  });
  for await (const page of pages) {
    const found = page.find(({ name }) => name === digest);
    if (found !== undefined) return found.id;
  }
  return undefined;
}
