// Compares an image on two sides down to the bytes of its blobs; both sides are read, nothing is believed.
import type { Descriptor } from "../../shared/descriptor.ts";
import { type Digest, digestAlgorithm } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import { readAttachment } from "./attachment-tree.ts";
import { EndpointSide } from "./endpoint-side.ts";
import type { Hosts } from "./hosts.ts";
import { forEachAtMost } from "./in-order.ts";
import { type ImageTree, readTree } from "./manifest-tree.ts";
import type { Clock, ImageSource, Manifest, ManifestHead, Reference } from "./ports.ts";
import { readBlobBack } from "./read-blob.ts";
import { digestOf } from "./verify.ts";
import { type AttachmentKnowledge, compareAttachments } from "./verify-attachments.ts";

const parallelReads = 8;

export interface VerifyRequest {
  readonly source: ImageSource;
  readonly sourceRepository: string;
  readonly sourceReference: Reference;
  readonly destination: ImageSource;
  readonly destinationRepository: string;
  readonly destinationReference: Reference;
  readonly hosts: Hosts;
  readonly clock: Clock;
  /** What is known of manifests and hosts; without it attachments are left out. */
  readonly attachments?: AttachmentKnowledge | undefined;
}

interface VerifyDifference {
  readonly what: "tag" | "manifest" | "blob";
  readonly digest: string | null;
  readonly text: string;
}

export interface VerifyResult {
  readonly equal: boolean;
  readonly sourceDigest: string;
  readonly destinationDigest: string | null;
  /** Manifests and blobs of the source that were compared, attachments with them, and the blobs' bytes. */
  readonly manifests: number;
  readonly blobs: number;
  readonly bytes: number;
  readonly differences: VerifyDifference[];
}

interface Sides {
  readonly request: VerifyRequest;
  readonly source: EndpointSide;
  readonly destination: EndpointSide;
  readonly signal: AbortSignal;
  readonly differ: (difference: VerifyDifference) => void;
}

/** @throws where a side cannot be read at all; what is missing or wrong there is a difference. */
export async function verifyImage(request: VerifyRequest, signal: AbortSignal): Promise<VerifyResult> {
  const { hosts, clock } = request;
  const differences: VerifyDifference[] = [];
  const sides: Sides = {
    request,
    source: new EndpointSide({ side: "source", endpoint: request.source, hosts, clock }),
    destination: new EndpointSide({ side: "destination", endpoint: request.destination, hosts, clock }),
    signal,
    differ: (difference) => differences.push(difference),
  };
  const head = await headOfSource(sides);
  const pinned = { repository: request.sourceRepository, digest: head.digest, mediaType: head.mediaType };
  const tree = await readTree(sides.source, pinned, signal);
  const destinationDigest = await compareTag(sides, head);
  // Where the destination keeps equal bytes under a digest of another algorithm, the source's digest names nothing there.
  const renamed = differences.length === 0 && destinationDigest !== head.digest;
  await compareManifests(sides, renamed ? tree.groups.flat() : manifestsOf(tree));
  const attached = await attachmentTrees(sides, tree);
  for (const each of attached) await compareManifests(sides, manifestsOf(each));
  const blobs = new Map([tree, ...attached].flatMap((each) => each.blobs).map((blob) => [blob.digest, blob]));
  await forEachAtMost([...blobs.values()], parallelReads, (blob) => compareBlob(sides, blob));
  return {
    equal: differences.length === 0,
    sourceDigest: head.digest,
    destinationDigest,
    manifests: [tree, ...attached].flatMap(manifestsOf).length,
    blobs: blobs.size,
    bytes: [...blobs.values()].reduce((sum, blob) => sum + blob.size, 0),
    differences,
  };
}

/** What belongs to the image at the source; where the destination does not show it for the image, that is a difference. */
async function attachmentTrees(sides: Sides, tree: ImageTree): Promise<readonly ImageTree[]> {
  const { source, destination, request, signal } = sides;
  const { sourceRepository, destinationRepository, attachments: knowledge } = request;
  if (knowledge === undefined) return [];
  const ends = { source, sourceRepository, destination, destinationRepository, knowledge };
  const digests = manifestsOf(tree).map((manifest) => manifest.digest);
  const { found, missing } = await compareAttachments(ends, digests, signal);
  const trees: ImageTree[] = [];
  for (const one of found) {
    const tree = await readAttachment(source, { ...one, repository: sourceRepository }, signal);
    const lost = missing.filter(({ digest }) => digest === one.digest);
    // Lists outlive what they name: what the source does not have itself cannot be missing.
    if (tree === undefined) continue;
    for (const difference of lost) sides.differ({ what: "manifest", ...difference });
    // What is not there at all was said already.
    if (lost.length === 0) trees.push(tree);
  }
  return trees;
}

function headOfSource({ source, request, signal }: Sides): Promise<ManifestHead> {
  const { sourceRepository, sourceReference } = request;
  return source.ask("head-manifest", signal, async (endpoint, options) => {
    const head = await endpoint.headManifest(sourceRepository, sourceReference, options);
    return head ?? endpoint.getManifest(sourceRepository, sourceReference, options);
  });
}

/** The body is read, so that no header is believed. */
async function compareTag(sides: Sides, head: ManifestHead): Promise<Digest | null> {
  const { destinationRepository, destinationReference } = sides.request;
  const name = joinReference(destinationRepository, destinationReference);
  const found = await manifestAt(sides, destinationReference);
  if (found === undefined) {
    sides.differ({ what: "tag", digest: head.digest, text: `The destination has no ${name}.` });
    return null;
  }
  // The same bytes have another digest in each algorithm.
  const standing = digestOf(found.bytes, digestAlgorithm(head.digest));
  if (standing !== head.digest) {
    const text = `The destination's ${name} points at ${found.digest} where the source has ${head.digest}.`;
    sides.differ({ what: "tag", digest: found.digest, text });
  }
  return found.digest;
}

function manifestsOf(tree: ImageTree): readonly Manifest[] {
  return [tree.root, ...tree.groups.flat()];
}

async function compareManifests(sides: Sides, manifests: readonly Manifest[]): Promise<void> {
  await forEachAtMost(manifests, parallelReads, async ({ digest }) => {
    try {
      const found = await manifestAt(sides, digest);
      if (found?.digest === digest) return;
      sides.differ({
        what: "manifest",
        digest,
        text: `The destination does not have the manifest ${digest}.`,
      });
    } catch (error) {
      if (!isContentError(error)) throw error;
      sides.differ({ what: "manifest", digest, text: error.message });
    }
  });
}

function manifestAt(sides: Sides, reference: Reference): Promise<Manifest | undefined> {
  const { destinationRepository } = sides.request;
  return sides.destination.ask("get-manifest", sides.signal, async (endpoint, options) => {
    try {
      return await endpoint.getManifest(destinationRepository, reference, options);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  });
}

async function compareBlob(sides: Sides, blob: Descriptor): Promise<void> {
  const { hosts, sourceRepository, destinationRepository } = sides.request;
  const read = async (side: EndpointSide, repository: string): Promise<void> => {
    try {
      await readBlobBack(side, { repository, blob, hosts }, sides.signal);
    } catch (error) {
      if (!isContentError(error)) throw error;
      sides.differ({ what: "blob", digest: blob.digest, text: `The ${side.side}: ${error.message}` });
    }
  };
  await read(sides.source, sourceRepository);
  await read(sides.destination, destinationRepository);
}

function isAbsent(error: unknown): boolean {
  if (!(error instanceof FreightlinerError)) return false;
  return error.code === "manifest-unknown" || error.code === "repository-unknown";
}

function isContentError(error: unknown): error is FreightlinerError {
  if (!(error instanceof FreightlinerError)) return false;
  return ["digest-mismatch", "size-mismatch", "blob-unknown"].includes(error.code);
}
