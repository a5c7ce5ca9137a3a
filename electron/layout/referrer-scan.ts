// Which manifests of a layout refer to another: read from the manifests themselves, each once.
import {
  type Descriptor,
  describeReferrer,
  type ParsedManifest,
  parseManifest,
} from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { Manifest } from "../engine/ports.ts";
import type { IndexEntry } from "./index-file.ts";
import { layoutError } from "./layout-error.ts";
import type { ManifestStore } from "./manifest-store.ts";

/** Manifests of which the subject is remembered. */
const keptSubjects = 100_000;

/** A manifest as a list of referrers shows it, with what it refers to. */
interface Referrer {
  readonly subject: Digest;
  readonly descriptor: Descriptor;
}

export class ReferrerScan {
  readonly #manifests: ManifestStore;
  /** A digest's content never changes; null where it has no subject. */
  readonly #known = new Map<Digest, Referrer | null>();

  constructor(manifests: ManifestStore) {
    this.#manifests = manifests;
  }

  /** Remembers a manifest that is written; true where it has a subject. */
  note(manifest: Manifest): boolean {
    const referrer = referrerOf(manifest);
    this.#remember(manifest.digest, referrer);
    return referrer !== null;
  }

  /**
   * @throws the signal's reason, and `protocol` where a file is damaged: what it refers to cannot be said, but that is no
   * reason to leave out the images that have nothing to do with it.
   */
  async of(
    subject: Digest,
    entries: readonly IndexEntry[],
    signal: AbortSignal,
  ): Promise<readonly Descriptor[]> {
    const found = new Map<Digest, Descriptor>();
    for (const { descriptor } of entries) {
      signal.throwIfAborted();
      const referrer = await this.#read(descriptor);
      if (referrer?.subject === subject) found.set(descriptor.digest, referrer.descriptor);
    }
    return [...found.values()];
  }

  async #read(descriptor: IndexEntry["descriptor"]): Promise<Referrer | null> {
    const known = this.#known.get(descriptor.digest);
    if (known !== undefined) return known;
    const manifest = await this.#manifests.read(descriptor.digest, descriptor).catch(damaged);
    // It may come later: what is not there is not remembered.
    if (manifest === undefined) return null;
    const referrer = referrerOf(manifest);
    this.#remember(descriptor.digest, referrer);
    return referrer;
  }

  #remember(digest: Digest, referrer: Referrer | null): void {
    if (this.#known.size >= keptSubjects) this.#known.clear();
    this.#known.set(digest, referrer);
  }
}

function damaged(thrown: unknown): never {
  const isDamage =
    thrown instanceof FreightlinerError &&
    (thrown.code === "digest-mismatch" || thrown.code === "size-mismatch");
  if (!isDamage) throw thrown;
  const message = `${thrown.message} So it cannot be said whether it refers to another.`;
  throw layoutError("protocol", "list-referrers", message, thrown);
}

function referrerOf(manifest: Manifest): Referrer | null {
  const parsed = parsedOrUndefined(manifest);
  if (parsed === undefined || parsed.kind === "unknown" || parsed.subject === undefined) return null;
  return { subject: parsed.subject.digest, descriptor: describeReferrer(parsed, manifest) };
}

function parsedOrUndefined({ bytes, mediaType, digest }: Manifest): ParsedManifest | undefined {
  try {
    return parseManifest(new TextDecoder().decode(bytes), mediaType, digest);
  } catch (error) {
    // A broken manifest refers to nothing; whoever copies it is told what is wrong with it.
    if (error instanceof FreightlinerError) return undefined;
    throw error;
  }
}
