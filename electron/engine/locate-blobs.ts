// Where the blobs of planned images are: in their repository of the destination, in another one there, or at the source alone.
import type { Descriptor } from "../../shared/descriptor.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { EngineContext } from "./context.ts";
import { holdsBlob } from "./destination-state.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { forEachAtMost } from "./in-order.ts";
import type { ImageDestination, RunRequest } from "./ports.ts";
import { remembered } from "./remembered.ts";

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

export interface BlobQuestion {
  readonly sourceRepository: string;
  readonly destinationRepository: string;
  readonly blobs: readonly Descriptor[];
  /** The destination has just said that it does not know its repository. */
  readonly isNew: boolean;
}

export class BlobLocator {
  readonly #request: RunRequest;
  readonly #context: EngineContext;
  readonly #destination: EndpointSide<ImageDestination>;
  readonly #signal: AbortSignal;
  /** Many tags share layers: each (repository, digest) is asked for once. */
  readonly #presence = new BoundedMap<string, Promise<boolean>>(50_000);

  constructor(
    request: RunRequest,
    context: EngineContext,
    destination: EndpointSide<ImageDestination>,
    signal: AbortSignal,
  ) {
    this.#request = request;
    this.#context = context;
    this.#destination = destination;
    this.#signal = signal;
  }

  /** @throws what the destination throws. */
  async locate(question: BlobQuestion): Promise<readonly FoundBlob[]> {
    const { blobs, destinationRepository } = question;
    const found = new Map<Descriptor, FoundBlob>();
    await forEachAtMost(blobs, parallelBlobs, async (descriptor) => {
      const present =
        !this.#isAbsent(question, descriptor) && (await this.#has(destinationRepository, descriptor));
      const elsewhere = present ? undefined : await this.#elsewhere(question, descriptor);
      found.set(descriptor, { descriptor, present, elsewhere });
    });
    return blobs.flatMap((blob) => found.get(blob) ?? []);
  }

  /**
   * Known without asking: a new repository holds no blob, unless an interrupted run has left some that no manifest refers to
   * yet; those this store remembers, for as long as it remembers any place of the blob.
   */
  #isAbsent({ isNew, destinationRepository: repository }: BlobQuestion, { digest }: Descriptor): boolean {
    if (!isNew) return false;
    const { destination, destinationId } = this.#request;
    if (this.#context.journal.blobLocations(destinationId, digest).length > 0) return false;
    this.#context.sights.sawNoBlob({ host: destination.host, repository, digest });
    return true;
  }

  #has(repository: string, blob: Descriptor): Promise<boolean> {
    return remembered(this.#presence, `${repository} ${blob.digest}`, async () => {
      const present = await holdsBlob(this.#destination, { repository, blob }, this.#signal);
      const { destination, destinationId } = this.#request;
      if (!present)
        this.#context.sights.sawNoBlob({ host: destination.host, repository, digest: blob.digest });
      // The run mounts from where the plan saw it, even where another process runs it.
      if (present && destination.mounts)
        this.#context.journal.rememberBlob(destinationId, repository, blob.digest);
      return present;
    });
  }

  async #elsewhere(question: BlobQuestion, blob: Descriptor): Promise<string | undefined> {
    const { source, destination, destinationId } = this.#request;
    if (!destination.mounts || !this.#context.flights.mountsAt(destination.host)) return undefined;
    if (source.host === destination.host) return question.sourceRepository;
    const places = this.#context.journal.blobLocations(destinationId, blob.digest);
    const others = places.filter((place) => place !== question.destinationRepository);
    // What the journal remembers may have been deleted since; a plan promises only what it has seen.
    for (const place of others.slice(0, placesAsked)) if (await this.#has(place, blob)) return place;
    return undefined;
  }
}
