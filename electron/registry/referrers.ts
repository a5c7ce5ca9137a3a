// What refers to a manifest: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
import { type Descriptor, parseManifest } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { parseRepositoryName } from "../../shared/reference.ts";
import { discard, readBody } from "./body.ts";
import type { RegistryClient } from "./client.ts";
import { type ExchangeResponse, headersOf, mediaTypeOf } from "./exchange.ts";
import { caps, maxReferrerBytes, maxReferrerPages, maxReferrers } from "./limits.ts";
import { linkTarget, nextLink } from "./pages.ts";
import { pullScope } from "./scopes.ts";

export interface ReferrersTarget {
  readonly repository: string;
  readonly digest: Digest;
  readonly signal: AbortSignal;
}

/** How registries without the API answer (protocol.md 3.1): GHCR and distribution 404, ECR 405, others 400 and 406. */
const withoutApi: ReadonlySet<number> = new Set([400, 404, 405, 406]);
const operation = "list-referrers";

/**
 * Every referrer once, in the order served; undefined where the registry has no such list.
 * @throws FreightlinerError `too-large` for a list without end, `protocol` for one that is no index.
 */
export async function listReferrers(
  context: { readonly client: RegistryClient; readonly deadlineMs: number },
  target: ReferrersTarget,
): Promise<readonly Descriptor[] | undefined> {
  const { client, deadlineMs } = context;
  const path = `/v2/${parseRepositoryName(target.repository)}/referrers/${target.digest}`;
  const what = `the referrers of ${target.repository}@${target.digest}`;
  const found = new Map<Digest, Descriptor>();
  const visited = new Set<string>();
  let size = 0;
  let next: URL | string | undefined = path;
  while (next !== undefined) {
    const response: ExchangeResponse = await client.call({
      method: "GET",
      target: next,
      scopes: [pullScope(target.repository)],
      operation,
      headers: { accept: mediaTypes.ociIndex },
      signal: target.signal,
    });
    if (visited.size === 0 && withoutApi.has(response.status)) return absent(context, response, what);
    if (response.status !== 200)
      throw await client.errorOf(response, { operation, subject: "manifest", what });
    if (mediaTypeOf(response.headers) !== mediaTypes.ociIndex) {
      discard(response.body);
      // A web page or another list: as good as no such list (protocol.md 3.1). Behind a page of the list it is a broken one.
      if (visited.size > 0) throw cutOff(response, what);
      return undefined;
    }
    visited.add(response.url.href);
    const bytes = await readBody(response, { limit: caps.referrers, what, operation, deadlineMs });
    size += bytes.length;
    const before = found.size;
    for (const one of readPage(bytes, what)) found.set(one.digest, one);
    if (visited.size > maxReferrerPages || found.size > maxReferrers || size > maxReferrerBytes)
      throw endless(what);
    const link = nextLink(headersOf(response.headers, "link"));
    const linked = link === undefined ? undefined : linkTarget(link, response.url);
    const leadsOn = linked !== undefined && found.size > before && !visited.has(linked.href);
    next = leadsOn ? linked : undefined;
  }
  return [...found.values()];
}

/** A repository that is not there yet has no referrers; any other such answer says that there is no API. */
async function absent(
  { client }: { readonly client: RegistryClient },
  response: ExchangeResponse,
  what: string,
): Promise<readonly Descriptor[] | undefined> {
  const error = await client.errorOf(response, { operation, subject: "manifest", what });
  return error.code === "repository-unknown" ? [] : undefined;
}

function readPage(bytes: Uint8Array, what: string): readonly Descriptor[] {
  const parsed = parseManifest(new TextDecoder().decode(bytes), mediaTypes.ociIndex, what);
  return parsed.kind === "index" ? parsed.manifests : [];
}

function endless(what: string): FreightlinerError {
  return new FreightlinerError({
    code: "too-large",
    operation,
    message: `The list of ${what} does not end within ${maxReferrerPages} pages, ${maxReferrers} entries or ${maxReferrerBytes} bytes.`,
  });
}

function cutOff(response: ExchangeResponse, what: string): FreightlinerError {
  return new FreightlinerError({
    code: "protocol",
    operation,
    message: `${response.url.host} began the list of ${what} but answered with something else for a later page.`,
  });
}
