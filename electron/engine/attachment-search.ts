// Finds what belongs to manifests of a source repository: referrers and cosign's tags, and what belongs to those in turn.
import { type Digest, digestAlgorithm } from "../../shared/digest.ts";
import { type ErrorCode, FreightlinerError } from "../../shared/errors.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { forEachAtMost } from "./in-order.ts";
import type { Journal, ManifestHead } from "./ports.ts";
import type { ReferrersApi } from "./referrers-api.ts";
import { isReferrersIndex, readReferrersIndex, referrersTag } from "./referrers-tag.ts";
import type { RepositoryListing } from "./selected.ts";

/** Guards of facts: protocol.md 3.4. */
const deepest = 8;
const mostAttachments = 10_000;
const parallelLookups = 8;
/** https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#tag-based-discovery */
const cosignSuffixes = [".sig", ".att", ".sbom"] as const;

export interface Attachment {
  readonly digest: Digest;
  /** What it belongs to: a manifest of the image, or another attachment. */
  readonly subject: Digest;
  /** Undefined where only the digest is known. */
  readonly mediaType: string | undefined;
  /** The tag by which it is found; undefined for a referrer. */
  readonly tag: string | undefined;
}

/** Where the same list may be read at no price: the destination, where it has the very same. */
export interface Twin {
  readonly side: EndpointSide;
  readonly repository: string;
  head(tag: string): Promise<ManifestHead | undefined>;
}

export interface AttachmentSearch {
  readonly source: EndpointSide;
  readonly api: ReferrersApi;
  readonly facts: Pick<Journal, "manifestFacts" | "rememberManifest">;
  readonly repository: string;
  /** What the list of tags showed; without one each tag is asked for by HEAD. */
  readonly listing: RepositoryListing | undefined;
  readonly twin: Twin;
  readonly signal: AbortSignal;
}

export interface FoundAttachments {
  /** Each after what it belongs to. */
  readonly found: readonly Attachment[];
  /** Sentences on what could not be asked. */
  readonly unasked: readonly string[];
}

/** @throws what the source throws, unless it is a plain refusal, which is told; `too-large` where a guard holds. */
export async function findAttachments(
  search: AttachmentSearch,
  subjects: readonly Digest[],
): Promise<FoundAttachments> {
  const found: Attachment[] = [];
  const unasked = new Set<string>();
  const looked = new Set<Digest>(subjects);
  let level = [...looked];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) throw tooMany(search, `nest deeper than ${deepest} levels`);
    const lookups = level.map((subject) => new Lookup(search, subject, unasked));
    let count = found.length;
    await forEachAtMost(lookups, parallelLookups, async (lookup) => {
      await lookup.run();
      count += lookup.attachments.length;
      // Said at once: each of ten thousand could name ten thousand more, which would all be kept until the level ends.
      if (count > mostAttachments) throw tooMany(search, `are more than ${mostAttachments}`);
    });
    const attachments = lookups.flatMap((lookup) => lookup.attachments);
    for (const one of attachments) found.push(one);
    level = [...new Set(attachments.map((one) => one.digest))].filter((digest) => !looked.has(digest));
    for (const digest of level) looked.add(digest);
  }
  return { found, unasked: [...unasked] };
}

/** Answers that no other try changes: what they keep from us is told, and the image goes without it. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  "forbidden",
  "unsupported",
  "protocol",
  "too-large",
  "manifest-unknown",
  "repository-unknown",
  "refused-by-registry",
]);

/** What belongs to one manifest. */
class Lookup {
  attachments: readonly Attachment[] = [];
  readonly #search: AttachmentSearch;
  readonly #subject: Digest;
  readonly #unasked: Set<string>;

  constructor(search: AttachmentSearch, subject: Digest, unasked: Set<string>) {
    this.#search = search;
    this.#subject = subject;
    this.#unasked = unasked;
  }

  async run(): Promise<void> {
    const [listed, tagged, ...cosign] = await Promise.all([
      this.#orTell([], () => this.#listed()),
      this.#orTell([], () => this.#underReferrersTag()),
      ...this.#cosignTags().map((tag) => this.#orTell([], () => this.#underTag(tag))),
    ]);
    // A registry that was upgraded has both lists (protocol.md 3.2).
    const referrers = new Map<Digest, Attachment>();
    for (const one of [...tagged, ...listed]) referrers.set(one.digest, one);
    referrers.delete(this.#subject);
    this.attachments = [...referrers.values(), ...cosign.flat()];
  }

  async #listed(): Promise<readonly Attachment[]> {
    const { api, repository, signal } = this.#search;
    const listed = await api.list({ repository, digest: this.#subject }, signal);
    return (listed ?? []).map(({ digest, mediaType }) => this.#referrer(digest, mediaType));
  }

  async #underReferrersTag(): Promise<readonly Attachment[]> {
    const { source, facts, repository, twin, signal } = this.#search;
    const tag = referrersTag(this.#subject);
    const head = await this.#head(tag);
    if (head === undefined || !isReferrersIndex(head, this.#subject)) return [];
    const same = (await twin.head(tag))?.digest === head.digest;
    const side = same ? twin.side : source;
    const place = { repository: same ? twin.repository : repository, digest: head.digest };
    const digests = await readReferrersIndex(side, facts, place, signal);
    return digests.map((digest) => this.#referrer(digest, undefined));
  }

  #referrer(digest: Digest, mediaType: string | undefined): Attachment {
    return { digest, subject: this.#subject, mediaType, tag: undefined };
  }

  /** cosign's names of longer digests would be no tags. */
  #cosignTags(): readonly string[] {
    if (digestAlgorithm(this.#subject) !== "sha256") return [];
    return cosignSuffixes.map((suffix) => `${referrersTag(this.#subject)}${suffix}`);
  }

  async #underTag(tag: string): Promise<readonly Attachment[]> {
    const head = await this.#head(tag);
    if (head === undefined) return [];
    return [{ digest: head.digest, subject: this.#subject, mediaType: head.mediaType, tag }];
  }

  async #head(tag: string): Promise<ManifestHead | undefined> {
    const { source, repository, listing, signal } = this.#search;
    if (listing?.complete === true && !listing.attachmentTags.has(tag)) return undefined;
    return source.ask("head-manifest", signal, (endpoint, options) =>
      endpoint.headManifest(repository, tag, options),
    );
  }

  async #orTell<T>(otherwise: T, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof FreightlinerError) || !refusals.has(error.code)) throw error;
      this.#unasked.add(error.message);
      return otherwise;
    }
  }
}

function tooMany({ source, repository }: AttachmentSearch, found: string): FreightlinerError {
  return new FreightlinerError({
    code: "too-large",
    side: source.side,
    operation: "list-referrers",
    message: `The attachments of an image in ${source.endpoint.host}/${repository} ${found}.`,
  });
}
