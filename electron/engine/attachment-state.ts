// Which attachments the destination holds already, lacks, or holds otherwise.
import { parseManifest } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import type { RunOptions } from "../../shared/run.ts";
import type { Attachment, Twin } from "./attachment-search.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { ImageDestination, Journal, Manifest, ManifestHead } from "./ports.ts";
import type { ReferrersApi } from "./referrers-api.ts";
import { isReferrersIndex, readReferrersIndex, referrersTag } from "./referrers-tag.ts";

/** `left`: something else stands there, which is not overwritten. */
export type AttachmentState = "present" | "missing" | "left";

export interface DestinationView {
  readonly source: EndpointSide;
  readonly sourceRepository: string;
  readonly destination: EndpointSide<ImageDestination>;
  readonly api: ReferrersApi;
  readonly facts: Pick<Journal, "manifestFacts" | "rememberManifest">;
  readonly repository: string;
  readonly overwrite: RunOptions["overwrite"];
  readonly signal: AbortSignal;
}

/** Of one image's attachments; what it asked once it does not ask again. */
export class DestinationAttachments implements Twin {
  /** Sentences on what is left as it is. */
  readonly conflicts = new Set<string>();
  readonly #view: DestinationView;
  readonly #heads = new Map<string, Promise<ManifestHead | undefined>>();
  readonly #listed = new Map<Digest, Promise<ReadonlySet<Digest>>>();
  readonly #tagged = new Map<Digest, Promise<ReadonlySet<Digest>>>();

  constructor(view: DestinationView) {
    this.#view = view;
  }

  get side(): EndpointSide {
    return this.#view.destination;
  }

  get repository(): string {
    return this.#view.repository;
  }

  /** What a tag or digest points at, as far as one may see. */
  head(reference: string): Promise<ManifestHead | undefined> {
    return once(this.#heads, reference, () => {
      const { destination, repository, signal } = this.#view;
      return destination.ask("head-manifest", signal, (endpoint, options) =>
        orUndefined(endpoint.headManifest(repository, reference, options), "forbidden"),
      );
    });
  }

  /** @param subjectIsThere nothing is listed for a manifest that the destination does not have. */
  async stateOf(attachment: Attachment, subjectIsThere: boolean): Promise<AttachmentState> {
    return attachment.tag === undefined
      ? this.#referrerState(attachment, subjectIsThere)
      : this.#tagState(attachment, attachment.tag);
  }

  async #referrerState({ digest, subject }: Attachment, subjectIsThere: boolean): Promise<AttachmentState> {
    const { api, overwrite } = this.#view;
    const isListed = subjectIsThere && (await this.#lists(subject)).has(digest);
    if (isListed) return overwrite === "always" ? "missing" : "present";
    if (api.present === true) {
      // A registry that has the API now may keep lists of before.
      const isTagged = overwrite !== "always" && (await this.#tags(subject)).has(digest);
      return isTagged ? "present" : "missing";
    }
    const tag = referrersTag(subject);
    const head = await this.head(tag);
    if (head !== undefined && !isReferrersIndex(head, subject)) {
      this.conflicts.add(
        `${joinReference(this.repository, tag)} is no list of referrers and is left as it is.`,
      );
      return "left";
    }
    if (overwrite === "always") return "missing";
    return (await this.#tags(subject)).has(digest) ? "present" : "missing";
  }

  /** By the API. */
  #lists(subject: Digest): Promise<ReadonlySet<Digest>> {
    return once(this.#listed, subject, async () => {
      const { api, repository, signal } = this.#view;
      const asked = api.list({ repository, digest: subject }, signal);
      const listed = await orUndefined(asked, "forbidden");
      return new Set((listed ?? []).map((one) => one.digest));
    });
  }

  /** Under the referrers tag. */
  #tags(subject: Digest): Promise<ReadonlySet<Digest>> {
    return once(this.#tagged, subject, async () => {
      const { destination, facts, repository, signal } = this.#view;
      const head = await this.head(referrersTag(subject));
      if (head === undefined || !isReferrersIndex(head, subject)) return new Set();
      return new Set(
        await readReferrersIndex(destination, facts, { repository, digest: head.digest }, signal),
      );
    });
  }

  /** cosign adds signatures as layers: who has more of them than the other is ahead, else they have parted. */
  async #tagState({ digest }: Attachment, tag: string): Promise<AttachmentState> {
    const { overwrite } = this.#view;
    const head = await this.head(tag);
    if (head === undefined) return "missing";
    if (overwrite === "always") return "missing";
    if (head.digest === digest) return "present";
    const name = joinReference(this.repository, tag);
    if (overwrite === "never" || overwrite === "stop") {
      this.conflicts.add(`${name} differs from the source's, and nothing is overwritten.`);
      return "left";
    }
    const { source, sourceRepository, destination } = this.#view;
    const [ours, theirs] = await Promise.all([
      this.#layers(source, sourceRepository, digest),
      this.#layers(destination, this.repository, head.digest),
    ]);
    if (isSubset(theirs, ours)) return "missing";
    if (isSubset(ours, theirs)) return "present";
    this.conflicts.add(
      `${name} holds signatures or statements that the source does not have, and is left as it is.`,
    );
    return "left";
  }

  async #layers(side: EndpointSide, repository: string, digest: Digest): Promise<readonly Digest[]> {
    const { signal } = this.#view;
    const manifest: Manifest = await side.ask("get-manifest", signal, (endpoint, options) =>
      endpoint.getManifest(repository, digest, options),
    );
    const text = new TextDecoder().decode(manifest.bytes);
    const parsed = parseManifest(text, manifest.mediaType, `${repository}@${digest}`);
    // What has no layers is only ever equal to itself.
    if (parsed.kind !== "image" || parsed.layers.length === 0) return [digest];
    return parsed.layers.map((layer) => layer.digest);
  }
}

function isSubset(some: readonly Digest[], all: readonly Digest[]): boolean {
  return some.every((one) => all.includes(one));
}

async function orUndefined<T>(asked: Promise<T>, code: "forbidden"): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    // Token registries answer so for repositories that do not exist yet (protocol.md 2.6).
    if (error instanceof FreightlinerError && error.code === code) return undefined;
    throw error;
  }
}

function once<K, V>(known: Map<K, Promise<V>>, key: K, ask: () => Promise<V>): Promise<V> {
  const earlier = known.get(key);
  if (earlier !== undefined) return earlier;
  const asked = ask();
  known.set(key, asked);
  return asked;
}
