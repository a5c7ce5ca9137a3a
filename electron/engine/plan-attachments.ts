// Plans the attachments of an image: which there are, which of them are missing, and what those consist of.
import type { Digest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import type { PlanWarning, RunOptions } from "../../shared/run.ts";
import { readAttachment } from "./attachment-tree.ts";
import {
  type AttachmentSurvey,
  type Attachments,
  attachmentName,
  type SurveyRequest,
} from "./attachments.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { type ImageTree, manifestsOf } from "./manifest-tree.ts";
import { remembered } from "./remembered.ts";
import type { SelectedImage } from "./selected.ts";

/** Sentences on one image's attachments. */
const mostTold = 20;

/** Of all attachments of one image together: they are looked at together. */
const mostManifestBytes = 64 * 1024 * 1024;

export interface MissingAttachments {
  readonly trees: readonly ImageTree[];
  /** Names of those that are to be copied. */
  readonly missing: ReadonlySet<string>;
  readonly warnings: readonly PlanWarning[];
}

export class AttachmentPlanner {
  readonly #attachments: Attachments;
  readonly #source: EndpointSide;
  readonly #options: Pick<RunOptions, "foreignLayers">;
  readonly #signal: AbortSignal;
  /** Several tags of one repository often point at one digest, with the same attachments. */
  readonly #surveys = new BoundedMap<string, Promise<AttachmentSurvey>>(32);
  readonly #trees = new BoundedMap<string, Promise<ImageTree | undefined>>(32);

  constructor(
    attachments: Attachments,
    source: EndpointSide,
    options: Pick<RunOptions, "foreignLayers">,
    signal: AbortSignal,
  ) {
    this.#attachments = attachments;
    this.#source = source;
    this.#options = options;
    this.#signal = signal;
  }

  survey(request: SurveyRequest): Promise<AttachmentSurvey> {
    const { sourceRepository, destinationRepository, root, standing } = request;
    const key = `${sourceRepository} ${destinationRepository} ${root} ${standing}`;
    return remembered(this.#surveys, key, () => this.#attachments.survey(request, this.#signal));
  }

  /** Only what is missing is read. @throws what the source throws. */
  async read(selected: SelectedImage, survey: AttachmentSurvey): Promise<MissingAttachments> {
    const { sourceRepository: repository, destinationRepository } = selected;
    const trees = new Map<Digest, ImageTree>();
    const missing = new Set<string>();
    const gone = new Set<Digest>();
    let bytes = 0;
    for (const one of survey.found.filter(({ state }) => state === "missing")) {
      const { foreignLayers } = this.#options;
      const tree = await remembered(this.#trees, `${repository} ${one.digest}`, () =>
        readAttachment(this.#source, { ...one, repository, foreignLayers }, this.#signal),
      );
      if (tree === undefined) gone.add(one.digest);
      else {
        if (!trees.has(one.digest)) bytes += manifestBytesOf(tree);
        if (bytes > mostManifestBytes) throw this.#tooLarge(selected);
        trees.set(one.digest, tree);
        missing.add(attachmentName(destinationRepository, one));
      }
    }
    return { trees: [...trees.values()], missing, warnings: warningsOf(selected, survey, gone) };
  }

  #tooLarge({ sourceRepository, sourceReference }: SelectedImage): FreightlinerError {
    const { side, endpoint } = this.#source;
    const name = `${endpoint.host}/${joinReference(sourceRepository, sourceReference)}`;
    return new FreightlinerError({
      ...{ code: "too-large", side, operation: "read-image" },
      message: `The attachments of ${name} have more than ${mostManifestBytes} bytes of manifests.`,
    });
  }
}

function manifestBytesOf(tree: ImageTree): number {
  return manifestsOf(tree).reduce((sum, manifest) => sum + manifest.bytes.length, 0);
}

function warningsOf(
  { sourceRepository, sourceReference }: SelectedImage,
  survey: AttachmentSurvey,
  gone: ReadonlySet<Digest>,
): readonly PlanWarning[] {
  const name = joinReference(sourceRepository, sourceReference);
  const left = [
    ...survey.unasked.map((text) => `Not all attachments of ${name} could be asked for: ${text}`),
    ...[...gone].map((digest) => `${name} lists the attachment ${digest}, which the source does not have.`),
  ];
  return [
    ...briefly(left).map((text) => ({ code: "attachments-left" as const, text })),
    ...briefly(survey.conflicts).map((text) => ({ code: "attachment-conflict" as const, text })),
  ];
}

/** One image may have ten thousand attachments, and a registry may refuse them all. */
function briefly(texts: readonly string[]): readonly string[] {
  if (texts.length <= mostTold) return texts;
  return [...texts.slice(0, mostTold), `The same holds for ${texts.length - mostTold} more.`];
}
