// Two images against each other by what their manifests say, with what belongs to them; no layer is read.
import type { ComparedImage } from "../../shared/compare.ts";
import { type Descriptor, parseManifest, platformText } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { EndpointSide } from "./endpoint-side.ts";
import type { Hosts } from "./hosts.ts";
import { forEachAtMost } from "./in-order.ts";
import type { Clock, ImageSource, Manifest, Reference } from "./ports.ts";
import { type AttachmentKnowledge, attachmentsAt } from "./verify-attachments.ts";

const parallelReads = 8;
/** Guards of facts: protocol.md 8, number 15. */
const deepest = 8;
const mostManifests = 10_000;

export interface ComparedEnd {
  readonly endpoint: ImageSource;
  readonly repository: string;
  readonly reference: Reference;
}

export interface CompareImageRequest {
  readonly source: ComparedEnd;
  readonly destination: ComparedEnd;
  readonly hosts: Hosts;
  readonly clock: Clock;
  readonly journal: AttachmentKnowledge;
}

type Part = ComparedImage["parts"][number];
type SeenPart = Omit<Part, "at">;

interface SeenImage {
  readonly digest: Digest | null;
  /** By what and digest, in the order of the manifests. */
  readonly parts: ReadonlyMap<string, SeenPart>;
}

/**
 * Blobs count as there where a manifest that is there names them. A child or attachment that is missing is not there.
 * @throws `manifest-unknown` where neither side has the image; what reading manifests throws.
 */
export async function compareImage(
  request: CompareImageRequest,
  signal: AbortSignal,
): Promise<ComparedImage> {
  const [source, destination] = await Promise.all([
    look(request, "source", signal),
    look(request, "destination", signal),
  ]);
  if (source instanceof FreightlinerError && destination instanceof FreightlinerError) throw source;
  const ours = source instanceof FreightlinerError ? nothing : source;
  const theirs = destination instanceof FreightlinerError ? nothing : destination;
  const parts: Part[] = [];
  for (const [key, part] of ours.parts)
    parts.push({ ...part, at: theirs.parts.has(key) ? "both" : "source" });
  for (const [key, part] of theirs.parts)
    if (!ours.parts.has(key)) parts.push({ ...part, at: "destination" });
  return {
    equal: ours.digest === theirs.digest && parts.every((part) => part.at === "both"),
    sourceDigest: ours.digest,
    destinationDigest: theirs.digest,
    parts,
  };
}

const nothing: SeenImage = { digest: null, parts: new Map() };

/** The error where the image is not there. */
async function look(
  { hosts, clock, journal, ...ends }: CompareImageRequest,
  name: "source" | "destination",
  signal: AbortSignal,
): Promise<SeenImage | FreightlinerError> {
  const { endpoint, repository, reference } = ends[name];
  const side = new EndpointSide({ side: name, endpoint, hosts, clock });
  const walk = new PartsWalk(side, repository, signal);
  const root = await walk.get(reference);
  if (root instanceof FreightlinerError) return root;
  await walk.follow(root);
  const { manifests } = walk;
  const found = await attachmentsAt(side, repository, { knowledge: journal, manifests }, signal);
  await forEachAtMost([...new Set(found.map((one) => one.digest))], parallelReads, (digest) =>
    walk.attach(digest),
  );
  return { digest: root.digest, parts: walk.parts };
}

class PartsWalk {
  readonly parts = new Map<string, SeenPart>();
  readonly manifests: Digest[] = [];
  readonly #side: EndpointSide;
  readonly #repository: string;
  readonly #signal: AbortSignal;

  constructor(side: EndpointSide, repository: string, signal: AbortSignal) {
    this.#side = side;
    this.#repository = repository;
    this.#signal = signal;
  }

  /** The error where there is none. */
  async get(reference: Reference): Promise<Manifest | FreightlinerError> {
    return this.#side.ask("get-manifest", this.#signal, async (endpoint, options) => {
      try {
        return await endpoint.getManifest(this.#repository, reference, options);
      } catch (error) {
        if (error instanceof FreightlinerError && isAbsent(error)) return error.at(this.#side.side);
        throw error;
      }
    });
  }

  /** Level by level, so that depth is counted and a level's manifests are read side by side. */
  async follow(root: Manifest): Promise<void> {
    let level = this.#add(root, null);
    for (let depth = 1; level.length > 0; depth++) {
      if (depth > deepest || this.manifests.length > mostManifests) throw this.#tooLarge();
      const read = new Map<Descriptor, Manifest>();
      await forEachAtMost(level, parallelReads, async (child) => {
        const manifest = await this.get(child.digest);
        if (!(manifest instanceof FreightlinerError)) read.set(child, manifest);
      });
      level = level.flatMap((child) => {
        const manifest = read.get(child);
        return manifest === undefined ? [] : this.#add(manifest, platformText(child.platform) ?? null);
      });
    }
  }

  async attach(digest: Digest): Promise<void> {
    const manifest = await this.get(digest);
    if (!(manifest instanceof FreightlinerError)) this.#note("attachment", manifest, null);
  }

  /** Notes the manifest with its blobs and returns the children that are new. */
  #add(manifest: Manifest, platform: string | null): readonly Descriptor[] {
    this.manifests.push(manifest.digest);
    this.#note("manifest", manifest, platform);
    const text = new TextDecoder().decode(manifest.bytes);
    const parsed = parseManifest(text, manifest.mediaType, `${this.#repository}@${manifest.digest}`);
    if (parsed.kind === "image") {
      if (parsed.config !== undefined) this.#note("config", parsed.config, platform);
      for (const layer of parsed.layers) this.#note("layer", layer, platform);
    }
    const children = parsed.kind === "index" ? parsed.manifests : [];
    const distinct = new Map(children.map((child) => [child.digest, child]));
    return [...distinct.values()].filter((child) => !this.parts.has(`manifest ${child.digest}`));
  }

  /** A blob of several platforms belongs to the first. */
  #note(
    what: Part["what"],
    { digest, mediaType, size }: Pick<Descriptor, "digest" | "mediaType" | "size">,
    platform: string | null,
  ): void {
    const key = `${what} ${digest}`;
    if (!this.parts.has(key)) this.parts.set(key, { what, digest, mediaType, size, platform });
  }

  #tooLarge(): FreightlinerError {
    return new FreightlinerError({
      code: "too-large",
      side: this.#side.side,
      operation: "read-image",
      message: `An image in ${this.#side.endpoint.host}/${this.#repository} nests deeper than ${deepest} levels or has more than ${mostManifests} manifests.`,
    });
  }
}

function isAbsent(error: FreightlinerError): boolean {
  return error.code === "manifest-unknown" || error.code === "repository-unknown";
}
