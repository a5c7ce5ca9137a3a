// Plans one image: pins the source's digest, looks at the destination, and finds out what is missing there.
import type { Descriptor } from "../../shared/descriptor.ts";
import { type Digest, isDigest } from "../../shared/digest.ts";
import { joinReference } from "../../shared/reference.ts";
import type { PlanWarning } from "../../shared/run.ts";
import { type AttachmentSurvey, Attachments, noAttachments } from "./attachments.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { EngineContext } from "./context.ts";
import { standingDigest } from "./destination-state.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { collision, failed, type ImageFindings, type PlannedParts } from "./image-findings.ts";
import { BlobLocator } from "./locate-blobs.ts";
import { type ImageTree, manifestsOf, readTree } from "./manifest-tree.ts";
import { NewRepositories } from "./new-repositories.ts";
import { AttachmentPlanner } from "./plan-attachments.ts";
import { type Decision, decideDifferent } from "./plan-decision.ts";
import type { ImageDestination, ManifestHead, Reference, RunRequest } from "./ports.ts";
import { remembered } from "./remembered.ts";
import { compareAge } from "./replace-rule.ts";
import type { SelectedImage } from "./selected.ts";
import { isOfOneImage } from "./side-errors.ts";
import { knownWrite, type PinnedImage, type WrittenImage, writtenImage } from "./written-image.ts";
import { rememberTree, standingManifests } from "./written-manifests.ts";

export interface PlanSides {
  readonly source: EndpointSide;
  readonly destination: EndpointSide<ImageDestination>;
}

/** A selected image with the digest that its tag pointed at. */
interface Pinned {
  readonly selected: SelectedImage;
  readonly head: ManifestHead;
  readonly image: PinnedImage;
}

export class ImagePlanner {
  readonly #request: RunRequest;
  readonly #context: EngineContext;
  readonly #sides: PlanSides;
  readonly #signal: AbortSignal;
  readonly #blobs: BlobLocator;
  readonly #newRepositories: NewRepositories;
  readonly #attachments: AttachmentPlanner;
  /** Several tags of one repository often point at one digest. */
  readonly #trees = new BoundedMap<string, Promise<ImageTree>>(32);

  constructor(request: RunRequest, context: EngineContext, sides: PlanSides, signal: AbortSignal) {
    this.#request = request;
    this.#context = context;
    this.#sides = sides;
    this.#signal = signal;
    this.#blobs = new BlobLocator(request, context, sides.destination, signal);
    this.#newRepositories = new NewRepositories(sides.destination, signal);
    const { overwrite } = request.options;
    const attachments = new Attachments({ ...sides, journal: context.journal, overwrite });
    this.#attachments = new AttachmentPlanner(attachments, sides.source, request.options, signal);
  }

  /** An image that cannot be planned becomes findings with an error. @throws what ends the whole planning. */
  async find(selected: SelectedImage): Promise<ImageFindings> {
    const known: { head: ManifestHead | undefined } = { head: undefined };
    try {
      if (selected.collidesWith !== undefined) return collision(selected, selected.collidesWith);
      known.head = await this.#pin(selected);
      const { digest, mediaType } = known.head;
      const image = { repository: selected.sourceRepository, digest, mediaType };
      return await this.#find({ selected, head: known.head, image });
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

  async #find(pinned: Pinned): Promise<ImageFindings> {
    const known = knownWrite(this.#context.journal, pinned.image, this.#request.options.platforms);
    if (known === "none") return this.#noPlatform(pinned);
    const written = known === undefined ? await this.#written(pinned) : undefined;
    const writes = known ?? written?.digest;
    if (writes === undefined) return this.#noPlatform(pinned);
    const decision = await this.#decide(pinned, writes);
    const { action, tag, replacesDigest } = decision;
    const landing =
      tag === undefined ? pinned : { ...pinned, selected: { ...pinned.selected, destinationTag: tag } };
    switch (action) {
      case "conflict":
        return findings(landing, { ...decision, writes });
      case "skip":
        return replacesDigest === writes
          ? this.#whereEqual(landing, { ...decision, writes })
          : findings(landing, decision);
      default:
        return this.#toWrite(landing, { ...decision, writes }, written);
    }
  }

  #written({ image }: Pinned): Promise<WrittenImage | undefined> {
    const wanted = this.#request.options.platforms;
    return writtenImage(this.#sides.source, this.#context.journal, { pinned: image, wanted }, this.#signal);
  }

  async #decide({ selected, image }: Pinned, writes: Digest): Promise<Decision> {
    const { options } = this.#request;
    const { overwrite } = options;
    const reference = selected.destinationTag ?? writes;
    const there = await this.#standing(selected.destinationRepository, reference, writes);
    if (there === undefined)
      return { action: "copy", reason: "Not at the destination yet.", replacesDigest: undefined };
    const replacesDigest = there;
    if (there === writes) {
      return overwrite === "always"
        ? { action: "overwrite", reason: "There with the same digest; written again.", replacesDigest }
        : { action: "skip", reason: "Already there with the same digest.", replacesDigest };
    }
    const repository = selected.destinationRepository;
    return decideDifferent(
      { repository, reference, writes, there },
      {
        options,
        standing: (other) => this.#standing(repository, other, writes),
        compareAge: () => {
          const { journal } = this.#context;
          const question = { ...this.#sides, journal, ours: image, theirs: { repository, digest: there } };
          return compareAge(question, this.#signal);
        },
      },
    );
  }

  /** What the reference points at, and if it is not what is to be written, the run that follows at once need not ask again. */
  async #standing(repository: string, reference: Reference, writes: Digest): Promise<Digest | undefined> {
    const { host } = this.#request.destination;
    const { overwrite } = this.#request.options;
    const question = { repository, reference, pinned: writes, overwrite };
    // A manifest without any tag does not make a repository known (distribution 2.8).
    const there =
      !isDigest(reference) && this.#newRepositories.wasNew(repository)
        ? undefined
        : await standingDigest(this.#sides.destination, question, this.#signal);
    if (there !== writes) this.#context.sights.sawOtherTag({ host, repository, reference }, writes);
    return there;
  }

  /** Nothing of the image itself is read at the source: a GET there counts as a pull. */
  async #whereEqual(pinned: Pinned, decided: Decided): Promise<ImageFindings> {
    if (!this.#request.options.attachments) return findings(pinned, decided);
    const { destinationRepository } = pinned.selected;
    const isSource = decided.writes === pinned.head.digest;
    const standing = {
      repository: destinationRepository,
      digest: decided.writes,
      mediaType: isSource ? pinned.head.mediaType : undefined,
    };
    const { destination } = this.#sides;
    const manifests = await standingManifests(destination, this.#context.journal, standing, this.#signal);
    const survey = await this.#survey(pinned, decided, { manifests, standing: true });
    const { trees, warnings, missing } = await this.#attachments.read(pinned.selected, survey);
    if (missing.size === 0) return findings(pinned, { ...decided, survey, warnings });
    const reason = `Already there with the same digest; ${missing.size} of ${survey.found.length} attachments are missing there.`;
    const parts = await this.#parts(pinned, trees, { isNew: false, platforms: [] });
    return findings(pinned, { ...decided, action: "copy", reason, survey, warnings, missing, ...parts });
  }

  async #toWrite(pinned: Pinned, decided: Decided, known: WrittenImage | undefined): Promise<ImageFindings> {
    const written = known ?? (await this.#written(pinned));
    if (written === undefined) return this.#noPlatform(pinned);
    const tree = await this.#tree(pinned.image.repository, written);
    rememberTree(this.#context.journal, tree, decided.writes === pinned.head.digest);
    const standing = decided.replacesDigest === decided.writes;
    const manifests = manifestsOf(tree).map((manifest) => manifest.digest);
    const survey = this.#request.options.attachments
      ? await this.#survey(pinned, decided, { manifests, standing })
      : noAttachments;
    const { trees, warnings, missing } = await this.#attachments.read(pinned.selected, survey);
    const isNew =
      decided.replacesDigest === undefined &&
      (await this.#newRepositories.isNew(pinned.selected.destinationRepository));
    const parts = await this.#parts(pinned, [tree, ...trees], { isNew, platforms: written.platforms });
    const notes = [...missingPlatforms(pinned, written.missing), ...warnings];
    return findings(pinned, { ...decided, survey, warnings: notes, missing, ...parts });
  }

  #tree(repository: string, { digest, mediaType, root }: WrittenImage): Promise<ImageTree> {
    const { foreignLayers } = this.#request.options;
    return remembered(this.#trees, `${repository} ${digest}`, () =>
      readTree(this.#sides.source, { repository, digest, mediaType, root, foreignLayers }, this.#signal),
    );
  }

  #survey(
    { selected, head }: Pinned,
    { writes }: Decided,
    there: { readonly manifests: readonly Digest[]; readonly standing: boolean },
  ): Promise<AttachmentSurvey> {
    return this.#attachments.survey({
      ...there,
      sourceRepository: selected.sourceRepository,
      destinationRepository: selected.destinationRepository,
      root: writes,
      isSource: writes === head.digest,
      listing: selected.listing,
    });
  }

  /** What the image and its attachments need, each blob once. */
  async #parts(
    { selected }: Pinned,
    trees: readonly ImageTree[],
    { isNew, platforms }: { readonly isNew: boolean; readonly platforms: readonly string[] },
  ): Promise<PlannedParts> {
    const all = new Map<Digest, Descriptor>();
    for (const blob of trees.flatMap((tree) => tree.blobs)) all.set(blob.digest, blob);
    const { sourceRepository, destinationRepository } = selected;
    const wanted = { sourceRepository, destinationRepository, blobs: [...all.values()], isNew };
    return {
      bytes: wanted.blobs.reduce((sum, blob) => sum + blob.size, 0),
      blobs: await this.#blobs.locate(wanted),
      platforms: [...new Set([...trees.slice(0, 1).flatMap((tree) => tree.platforms), ...platforms])],
      leftOut: trees.reduce((sum, tree) => sum + tree.leftOut.length, 0),
    };
  }

  #noPlatform(pinned: Pinned): ImageFindings {
    const { platforms } = this.#request.options;
    const reason = `It has none of the platforms asked for (${platforms.join(", ")}).`;
    const warnings = missingPlatforms(pinned, platforms);
    return findings(pinned, { action: "skip", reason, replacesDigest: undefined, warnings });
  }
}

type Decided = Decision & { readonly writes: Digest };

interface Found extends Decision, Partial<PlannedParts> {
  readonly writes?: Digest;
  readonly survey?: AttachmentSurvey;
  readonly missing?: ImageFindings["missing"];
  readonly warnings?: readonly PlanWarning[];
}

function findings({ selected, head }: Pinned, found: Found): ImageFindings {
  return {
    ...{ selected, head, action: found.action, reason: found.reason },
    writes: found.writes,
    replacesDigest: found.replacesDigest,
    bytes: found.bytes ?? 0,
    blobs: found.blobs ?? [],
    platforms: found.platforms ?? [],
    leftOut: found.leftOut ?? 0,
    attachments: found.survey?.found.length ?? 0,
    missing: found.missing ?? new Set(),
    warnings: found.warnings ?? [],
    error: undefined,
  };
}

function missingPlatforms({ selected }: Pinned, missing: readonly string[]): readonly PlanWarning[] {
  if (missing.length === 0) return [];
  const name = joinReference(selected.sourceRepository, selected.sourceReference);
  return [{ code: "platform-missing", text: `${name} has no ${missing.join(", ")}.` }];
}
