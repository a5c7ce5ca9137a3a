// Lists of the sample registry: repositories, tags, referrers. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#content-discovery
import type { Digest } from "../../shared/digest.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { answerJson, type Exchange, type Reply, refuse } from "./exchange.ts";
import type { Services } from "./services.ts";

const catalogPage = 100;
const maxPage = 1000;

export async function serveCatalog(services: Services, exchange: Exchange): Promise<Reply> {
  return catalogReply(exchange.url, await services.store.repositories());
}

export async function serveTags(services: Services, exchange: Exchange, repository: string): Promise<Reply> {
  if (!(await services.store.hasRepository(repository))) {
    return refuse(404, "NAME_UNKNOWN", `no repository ${repository}`);
  }
  return tagsReply(exchange.url, repository, await services.store.tags(repository));
}

/** A page of all the names given, which are in ASCII order. */
export function catalogReply(url: URL, repositories: readonly string[]): Reply {
  const page = cutPage(url, repositories, catalogPage);
  return page === undefined ? badNumber() : answerJson({ repositories: page.names }, page.link);
}

/** A page of all the tags given, which are in ASCII order. */
export function tagsReply(url: URL, repository: string, tags: readonly string[]): Reply {
  const page = cutPage(url, tags, maxPage);
  return page === undefined ? badNumber() : answerJson({ name: repository, tags: page.names }, page.link);
}

function badNumber(): Reply {
  return refuse(400, "PAGINATION_NUMBER_INVALID", "n must be a whole number, 0 or more");
}

interface Page {
  readonly names: readonly string[];
  readonly link: Readonly<Record<string, string>>;
}

/** The names behind `last`, at most `n` of them, with a Link where more follow. */
function cutPage(url: URL, names: readonly string[], usual: number): Page | undefined {
  const asked = url.searchParams.get("n");
  if (asked !== null && !/^[0-9]{1,9}$/.test(asked)) return undefined;
  const count = asked === null ? usual : Math.min(Number(asked), maxPage);
  const last = url.searchParams.get("last") ?? "";
  const rest = names.filter((name) => name > last);
  const page = rest.slice(0, count);
  const end = page.at(-1);
  if (end === undefined || rest.length === page.length) return { names: page, link: {} };
  const next = `${url.pathname}?n=${count}&last=${encodeURIComponent(end)}`;
  return { names: page, link: { link: `<${next}>; rel="next"` } };
}

export async function serveReferrers(
  services: Services,
  exchange: Exchange,
  place: { readonly repository: string; readonly digest: Digest },
): Promise<Reply> {
  const wanted = exchange.url.searchParams.get("artifactType");
  const manifests: object[] = [];
  for (const digest of await services.store.referrers(place.repository, place.digest)) {
    const record = await services.store.manifest(place.repository, digest);
    if (record === undefined || (wanted !== null && record.artifactType !== wanted)) continue;
    const { mediaType, size, artifactType, annotations } = record;
    manifests.push({ mediaType, digest, size, artifactType, annotations });
  }
  return answerJson(
    { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests },
    {
      "content-type": mediaTypes.ociIndex,
      ...(wanted === null ? {} : { "oci-filters-applied": "artifactType" }),
    },
  );
}
