// Which digests may be deleted where a registry deletes nothing but digests: only what no tag or index that stays refers to.
import { parseManifest } from "../../shared/descriptor.ts";
import { type Digest, isDigest, shortDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { isIndexType, mediaTypes } from "../../shared/media-types.ts";
import type { RunImage } from "../../shared/run.ts";
import { collectNames } from "./collect-names.ts";
import { forEachAtMost } from "./in-order.ts";
import type { Manifest, ManifestHead } from "./ports.ts";
import type { RunScope } from "./run-scope.ts";

const parallelReads = 8;
/** Indexes in indexes, as deep as they are followed; deeper ones are refused when they are copied. */
const deepest = 8;

/**
 * What was read of the tags is believed for so long, in milliseconds, or for some times as long as reading them took: a tag
 * may be moved onto a digest that is about to go.
 */
const believedFor = 2000;
const believedTimes = 4;

/** Others cannot say what they belong to, and some of them cannot be read by us at all. */
const mayHaveSubject: ReadonlySet<string> = new Set([
  mediaTypes.ociManifest,
  mediaTypes.ociIndex,
  mediaTypes.ociArtifact,
]);

/** Rows whose tags point at one digest. */
export interface DigestGroup {
  readonly digest: Digest;
  readonly rows: readonly RunImage[];
}

/** A digest that tags of the repository point at. */
interface Standing {
  readonly tags: Set<string>;
  /** All that it refers to, to the leaves. */
  readonly holds: ReadonlySet<Digest>;
}

/** One repository as it stands while digests are deleted from it. */
export class DigestDeletes {
  readonly #scope: RunScope;
  readonly #repository: string;
  readonly #standing = new Map<Digest, Standing>();
  readonly #seen = new Set<string>();
  readonly #left = new Map<Digest, DigestGroup>();
  /** All that are to go from this repository. */
  readonly #going: ReadonlySet<Digest>;
  #readAt = Number.NEGATIVE_INFINITY;
  #readingTook = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(scope: RunScope, repository: string, rows: readonly RunImage[]) {
    this.#scope = scope;
    this.#repository = repository;
    for (const row of rows) {
      const digest = row.replacesDigest ?? "";
      if (!isDigest(digest)) continue;
      this.#left.set(digest, { digest, rows: [...(this.#left.get(digest)?.rows ?? []), row] });
    }
    this.#going = new Set(this.#left.keys());
  }

  /** The group to go next: one that nothing is known to refer to, while there is one; undefined at the end. */
  next(): DigestGroup | undefined {
    const groups = [...this.#left.values()];
    const next = groups.find((group) => this.refusal(group) === undefined) ?? groups[0];
    if (next !== undefined) this.#left.delete(next.digest);
    return next;
  }

  /**
   * Reads every tag of the repository by HEAD and the indexes among them; for a moment after that only the tags that came
   * since.
   * @throws what reading throws; then nothing can be said of any digest, now or later.
   */
  async refresh(signal: AbortSignal): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      await this.#readTags(signal);
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  async #readTags(signal: AbortSignal): Promise<void> {
    const { clock } = this.#scope.context;
    const began = clock.monotonic();
    if (began - this.#readAt < Math.max(believedFor, believedTimes * this.#readingTook)) {
      await this.#readNewTags(signal);
      return;
    }
    this.#seen.clear();
    this.#standing.clear();
    await this.#readNewTags(signal);
    this.#readAt = clock.monotonic();
    this.#readingTook = this.#readAt - began;
  }

  async #readNewTags(signal: AbortSignal): Promise<void> {
    const tags = await collectNames({
      source: this.#scope.destination,
      signal,
      operation: "list-tags",
      open: (endpoint, options) => endpoint.listTags(this.#repository, options),
    });
    const fresh = tags.filter((tag) => !this.#seen.has(tag));
    for (const tag of fresh) this.#seen.add(tag);
    await forEachAtMost(fresh, parallelReads, (tag) => this.#readTag(tag, signal));
  }

  async #readTag(tag: string, signal: AbortSignal): Promise<void> {
    const head = await this.#head(tag, signal);
    if (head === undefined) return;
    const known = this.#standing.get(head.digest);
    if (known !== undefined) {
      known.tags.add(tag);
      return;
    }
    const holds = new Set<Digest>();
    // Set before anything is awaited: other tags of this digest are read side by side.
    this.#standing.set(head.digest, { tags: new Set([tag]), holds });
    await this.#readHeld(head, holds, 0, signal);
  }

  /** Why the digest has to stay, or undefined where it may go. */
  refusal(group: DigestGroup): FreightlinerError | undefined {
    const { digest } = group;
    const going = new Set(group.rows.map((row) => row.destinationReference));
    const other = [...(this.#standing.get(digest)?.tags ?? [])].find((tag) => !going.has(tag));
    if (other !== undefined) return this.#refuse(group, `the tag ${other} points at it too`);
    for (const [index, { holds, tags }] of this.#standing)
      if (index !== digest && holds.has(digest))
        return this.#refuse(group, `the index of the tag ${[...tags][0]} holds it`);
    return undefined;
  }

  /**
   * Why it has to stay as an attachment: with its digest it would go from the referrers of an image that stays, which the
   * registry lists by itself. Undefined where it is none.
   */
  async attachment(group: DigestGroup, signal: AbortSignal): Promise<FreightlinerError | undefined> {
    const { digest, rows } = group;
    if (!rows.some(({ mediaType }) => mayHaveSubject.has(mediaType ?? ""))) return undefined;
    const manifest = await this.#manifest(digest, signal);
    const text = new TextDecoder().decode(manifest.bytes);
    const parsed = parseManifest(text, manifest.mediaType, `${this.#repository}@${digest}`);
    const subject = parsed.kind === "unknown" ? undefined : parsed.subject?.digest;
    if (subject === undefined || this.#going.has(subject)) return undefined;
    if ((await this.#head(subject, signal)) === undefined) return undefined;
    return this.#refuse(group, `it is an attachment of ${shortDigest(subject)}`);
  }

  /** It is gone, and with it what it held on to. */
  went({ digest }: DigestGroup): void {
    this.#standing.delete(digest);
  }

  #refuse({ digest }: DigestGroup, why: string): FreightlinerError {
    return new FreightlinerError({
      code: "unsupported",
      side: "destination",
      operation: "delete-manifest",
      message: `${this.#scope.request.destination.host} deletes no tags but only digests, and ${shortDigest(digest)} of ${this.#repository} has to stay: ${why}.`,
    });
  }

  #head(reference: string, signal: AbortSignal): Promise<ManifestHead | undefined> {
    return this.#scope.destination.ask("head-manifest", signal, (endpoint, options) =>
      endpoint.headManifest(this.#repository, reference, options),
    );
  }

  #manifest(digest: Digest, signal: AbortSignal): Promise<Manifest> {
    return this.#scope.destination.ask("get-manifest", signal, (endpoint, options) =>
      endpoint.getManifest(this.#repository, digest, options),
    );
  }

  async #readHeld(
    { digest, mediaType }: Pick<ManifestHead, "digest" | "mediaType">,
    holds: Set<Digest>,
    depth: number,
    signal: AbortSignal,
  ): Promise<void> {
    if (!isIndexType(mediaType) || depth >= deepest) return;
    const manifest = await this.#manifest(digest, signal);
    const text = new TextDecoder().decode(manifest.bytes);
    const parsed = parseManifest(text, manifest.mediaType, `${this.#repository}@${digest}`);
    if (parsed.kind !== "index") return;
    for (const child of parsed.manifests) {
      if (holds.has(child.digest)) continue;
      holds.add(child.digest);
      // A child that is not there keeps nothing.
      if (isIndexType(child.mediaType) && (await this.#head(child.digest, signal)) !== undefined)
        await this.#readHeld(child, holds, depth + 1, signal);
    }
  }
}
