// Plans one image: pins the source's digest, looks at the destination, and finds out which blobs are where.
import type { Descriptor } from "../../shared/descriptor.ts";
import { shortDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import type { ImageAction } from "../../shared/run.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { EngineContext } from "./context.ts";
import { holdsBlob, standingDigest } from "./destination-state.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { forEachAtMost } from "./in-order.ts";
import { type ImageTree, readTree } from "./manifest-tree.ts";
import type { ImageDestination, ManifestHead, RunRequest } from "./ports.ts";
import type { SelectedImage } from "./selected.ts";
import { isOfOneImage } from "./side-errors.ts";

const parallelBlobs = 8;
/** Places asked whether they still hold a blob that could be mounted from there. */
const placesAsked = 3;

/** Where a blob was found. */
export interface FoundBlob {
  readonly descriptor: Descriptor;
  readonly present: boolean;
  /** Another repository of the destination that holds it. */
  readonly elsewhere: string | undefined;
}

/** What is known of an image before its blobs are counted against the rest of the plan. */
export interface ImageFindings {
  readonly selected: SelectedImage;
  readonly head: ManifestHead | undefined;
  readonly action: ImageAction;
  readonly reason: string;
  readonly replacesDigest: string | undefined;
  /** Only of what is to be copied. */
  readonly tree: Pick<ImageTree, "blobs" | "bytes" | "platforms" | "leftOut"> | undefined;
  readonly blobs: readonly FoundBlob[];
  readonly error: FreightlinerError | undefined;
}

type Decision = Pick<ImageFindings, "action" | "reason" | "replacesDigest">;

export interface PlanSides {
  readonly source: EndpointSide;
  readonly destination: EndpointSide<ImageDestination>;
}

export class ImagePlanner {
  readonly #request: RunRequest;
  readonly #context: EngineContext;
  readonly #sides: PlanSides;
  readonly #signal: AbortSignal;
  /** Many tags share layers: each (repository, digest) is asked for once. */
  readonly #presence = new BoundedMap<string, Promise<boolean>>(50_000);
  /** Several tags of one repository often point at one digest. */
  readonly #trees = new BoundedMap<string, Promise<ImageTree>>(32);

  constructor(request: RunRequest, context: EngineContext, sides: PlanSides, signal: AbortSignal) {
    this.#request = request;
    this.#context = context;
    this.#sides = sides;
    this.#signal = signal;
  }

  /** An image that cannot be planned becomes findings with an error. @throws what ends the whole planning. */
  async find(selected: SelectedImage): Promise<ImageFindings> {
    const known: { head: ManifestHead | undefined } = { head: undefined };
    try {
      if (selected.collidesWith !== undefined) return collision(selected, selected.collidesWith);
      known.head = await this.#pin(selected);
      const decision = await this.#decide(selected, known.head);
      if (decision.action === "skip" || decision.action === "conflict")
        return { selected, head: known.head, ...decision, tree: undefined, blobs: [], error: undefined };
      const tree = await this.#tree(selected.sourceRepository, known.head);
      const blobs = await this.#locate(selected, tree.blobs);
      return { selected, head: known.head, ...decision, tree, blobs, error: undefined };
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!isOfOneImage(error, [this.#sides.source, this.#sides.destination])) throw error;
      return failed(selected, known.head, error);
    }
  }

  /** The tag is resolved once; from here on everything goes by this digest. */
  async #pin(selected: SelectedImage): Promise<ManifestHead> {
    const { sourceRepository, sourceReference } = selected;
    return this.#sides.source.ask("head-manifest", this.#signal, async (endpoint, options) => {
      const head = await endpoint.headManifest(sourceRepository, sourceReference, options);
      // A HEAD has no body to say whether the tag or the whole repository is missing; the GET says it.
      return head ?? endpoint.getManifest(sourceRepository, sourceReference, options);
    });
  }

  async #decide(selected: SelectedImage, head: ManifestHead): Promise<Decision> {
    const { overwrite } = this.#request.options;
    const reference = selected.destinationTag ?? head.digest;
    const question = {
      repository: selected.destinationRepository,
      reference,
      pinned: head.digest,
      overwrite,
    };
    const there = await standingDigest(this.#sides.destination, question, this.#signal);
    if (there === undefined)
      return { action: "copy", reason: "Not at the destination yet.", replacesDigest: undefined };
    const replacesDigest = there;
    if (there === head.digest) {
      return overwrite === "always"
        ? { action: "overwrite", reason: "There with the same digest; written again.", replacesDigest }
        : { action: "skip", reason: "Already there with the same digest.", replacesDigest };
    }
    const points = `${joinReference(selected.destinationRepository, reference)} points at ${shortDigest(there)}`;
    return overwrite === "never"
      ? { action: "conflict", reason: `${points} and nothing is overwritten.`, replacesDigest }
      : { action: "overwrite", reason: `${points}, which is replaced.`, replacesDigest };
  }

  #tree(repository: string, head: ManifestHead): Promise<ImageTree> {
    const pinned = { repository, digest: head.digest, mediaType: head.mediaType };
    return remembered(this.#trees, `${repository} ${head.digest}`, () =>
      readTree(this.#sides.source, pinned, this.#signal),
    );
  }

  async #locate(selected: SelectedImage, blobs: readonly Descriptor[]): Promise<readonly FoundBlob[]> {
    const found = new Map<Descriptor, FoundBlob>();
    await forEachAtMost(blobs, parallelBlobs, async (descriptor) => {
      const present = await this.#has(selected.destinationRepository, descriptor);
      const elsewhere = present ? undefined : await this.#elsewhere(selected, descriptor);
      found.set(descriptor, { descriptor, present, elsewhere });
    });
    return blobs.flatMap((blob) => found.get(blob) ?? []);
  }

  #has(repository: string, blob: Descriptor): Promise<boolean> {
    return remembered(this.#presence, `${repository} ${blob.digest}`, async () => {
      const present = await holdsBlob(this.#sides.destination, { repository, blob }, this.#signal);
      // The run mounts from where the plan saw it, even where another process runs it.
      const { destination, destinationId } = this.#request;
      if (present && destination.mounts)
        this.#context.journal.rememberBlob(destinationId, repository, blob.digest);
      return present;
    });
  }

  async #elsewhere(selected: SelectedImage, blob: Descriptor): Promise<string | undefined> {
    const { source, destination, destinationId } = this.#request;
    if (!destination.mounts || !this.#context.flights.mountsAt(destination.host)) return undefined;
    if (source.host === destination.host) return selected.sourceRepository;
    const places = this.#context.journal.blobLocations(destinationId, blob.digest);
    const others = places.filter((place) => place !== selected.destinationRepository);
    // What the journal remembers may have been deleted since; a plan promises only what it has seen.
    for (const place of others.slice(0, placesAsked)) if (await this.#has(place, blob)) return place;
    return undefined;
  }
}

function remembered<V>(map: BoundedMap<string, Promise<V>>, key: string, ask: () => Promise<V>): Promise<V> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const asked = ask();
  map.set(key, asked);
  // A failure is not remembered; whoever waits for it gets it.
  asked.catch(() => map.delete(key));
  return asked;
}

function failed(
  selected: SelectedImage,
  head: ManifestHead | undefined,
  error: FreightlinerError,
): ImageFindings {
  const reason = "It could not be read, so it was not planned.";
  return {
    selected,
    head,
    action: "copy",
    reason,
    replacesDigest: undefined,
    tree: undefined,
    blobs: [],
    error,
  };
}

function collision(selected: SelectedImage, other: string): ImageFindings {
  const own = joinReference(selected.sourceRepository, selected.sourceReference);
  const target = joinReference(
    selected.destinationRepository,
    selected.destinationTag ?? selected.sourceReference,
  );
  const reason = `${own} and ${other} would both land on ${target}.`;
  const error = new FreightlinerError({
    code: "mapping-collision",
    operation: "map-repository",
    message: reason,
  });
  return {
    selected,
    head: undefined,
    action: "conflict",
    reason,
    replacesDigest: undefined,
    tree: undefined,
    blobs: [],
    error,
  };
}
