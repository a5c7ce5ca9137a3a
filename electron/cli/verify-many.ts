// `verify` of repositories and registries: image after image, a few at once; what differs is told as it is found.
import type { MethodResult } from "../../shared/contract.ts";
import { toFreightlinerError, toWire, type WireError } from "../../shared/errors.ts";
import type { TagRule } from "../../shared/selection.ts";
import { formatBytes } from "../../shared/units.ts";
import { errorDocument } from "../app/run-document.ts";
import type { CliIo } from "./cli-io.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-code.ts";
import type { Pair } from "./places.ts";
import { nameAt, type PairRule, repositoryPairs, type Sides, tagsOf } from "./repository-pairs.ts";
import { errorLines } from "./run-text.ts";
import { printJson, printLine, printLines, printNote, type Session } from "./session.ts";

type Verified = MethodResult<"image.verify">;

export function verifyDocument(result: Verified) {
  return {
    equal: result.equal,
    source_digest: result.sourceDigest,
    destination_digest: result.destinationDigest,
    manifests: result.manifests,
    blobs: result.blobs,
    bytes: result.bytes,
    differences: result.differences,
  };
}

export function printVerified(io: CliIo, result: Verified): void {
  if (result.equal) {
    const checked = `${result.manifests} manifests, ${result.blobs} blobs, ${formatBytes(result.bytes)}`;
    printLine(io, `Equal: ${result.sourceDigest} (${checked} read and compared).`);
    return;
  }
  printLine(
    io,
    `Different: source ${result.sourceDigest}, destination ${result.destinationDigest ?? "nothing"}.`,
  );
  printLines(
    io,
    result.differences.map((difference) => `  ${difference.what}: ${difference.text}`),
  );
}

export interface VerifyOptions {
  /** Images read at once. */
  readonly workers: number;
  /** Also what belongs to an image. */
  readonly attachments: boolean;
}

export interface VerifyManyRequest extends VerifyOptions {
  readonly pair: Exclude<Pair, { readonly level: "image" }>;
  readonly rule: PairRule;
  readonly tags: TagRule | undefined;
}

interface ImageJob {
  readonly tag: string;
  readonly source: string;
  /** Null where the destination has no such repository. */
  readonly destination: string | null;
}

/** Every image of the source has to be at the destination; what is only there is not asked for. */
export async function verifyMany(
  session: Session,
  sides: Sides,
  request: VerifyManyRequest,
): Promise<ExitCode> {
  const tally = new Tally(session, sides);
  await eachAtMost(imagesOf(session, sides, request, tally), request.workers, async (image) => {
    try {
      await verifyImage(session, sides, { ...image, attachments: request.attachments }, tally);
    } catch (thrown) {
      if (session.stop.aborted) throw thrown;
      tally.failed(
        nameAt(sides.source, image.source, image.tag),
        toWire(toFreightlinerError(thrown, "verify")),
      );
    }
  });
  return tally.end();
}

async function* imagesOf(
  session: Session,
  sides: Sides,
  { pair, rule, tags }: VerifyManyRequest,
  tally: Tally,
): AsyncGenerator<ImageJob> {
  for await (const { source, destination } of repositoryPairs(session, sides, pair, rule)) {
    if (source === null) continue;
    try {
      for await (const tag of tagsOf(session, sides.source.id, source, tags))
        yield { tag, source, destination };
    } catch (thrown) {
      if (session.stop.aborted) throw thrown;
      tally.failed(nameAt(sides.source, source, null), toWire(toFreightlinerError(thrown, "verify")));
    }
  }
}

async function verifyImage(
  session: Session,
  sides: Sides,
  image: ImageJob & Pick<VerifyOptions, "attachments">,
  tally: Tally,
): Promise<void> {
  const { tag, source, destination, attachments } = image;
  const name = nameAt(sides.source, source, tag);
  if (destination === null) {
    tally.different(name, [{ what: "tag", digest: null, text: "The destination has no such repository." }]);
    return;
  }
  const result = await session.client.call(
    "image.verify",
    {
      source: { endpointId: sides.source.id, repository: source, reference: tag },
      destination: { endpointId: sides.destination.id, repository: destination, reference: tag },
      attachments,
    },
    session.stop,
  );
  tally.read(result);
  if (!result.equal) tally.different(name, result.differences);
}

/** What was found so far; only what differs is kept. */
class Tally {
  readonly #session: Session;
  readonly #sides: Sides;
  readonly #differences: { image: string; differences: Verified["differences"] }[] = [];
  readonly #failures: { image: string; error: WireError }[] = [];
  #images = 0;
  #manifests = 0;
  #blobs = 0;
  #bytes = 0;

  constructor(session: Session, sides: Sides) {
    this.#session = session;
    this.#sides = sides;
  }

  read({ manifests, blobs, bytes }: Verified): void {
    this.#images++;
    this.#manifests += manifests;
    this.#blobs += blobs;
    this.#bytes += bytes;
  }

  different(image: string, differences: Verified["differences"]): void {
    this.#differences.push({ image, differences });
    if (this.#session.globals.json) return;
    const lines = differences.map(({ what, text }) => `  ${what}: ${text}`);
    printLines(this.#session.io, [`Different: ${image}`, ...lines]);
  }

  failed(image: string, error: WireError): void {
    this.#failures.push({ image, error });
    printNote(this.#session.io, errorLines(`${image}: ${error.message}`, error.causes).join("\n"));
  }

  end(): ExitCode {
    const { io, globals } = this.#session;
    const [failure] = this.#failures;
    const equal = this.#differences.length === 0 && failure === undefined;
    if (globals.json) {
      printJson(io, {
        equal,
        images: this.#images,
        ...{ manifests: this.#manifests, blobs: this.#blobs, bytes: this.#bytes },
        differences: this.#differences,
        failed: this.#failures.map(({ image, error }) => ({ image, error: errorDocument(error) })),
      });
    } else {
      const unread = this.#failures.length === 0 ? "" : `, ${this.#failures.length} could not be read`;
      printLine(
        io,
        `${this.#images} images read on both sides (${this.#manifests} manifests, ${this.#blobs} blobs, ${formatBytes(this.#bytes)}): ${this.#differences.length} different${unread}. ${this.#sides.source.name} → ${this.#sides.destination.name}`,
      );
    }
    if (this.#differences.length > 0) return exitCodes.verification;
    return failure === undefined ? exitCodes.done : exitCodeOf(failure.error.code);
  }
}

/** Takes the next item only when there is room, so that a long list is never held. The first error ends it all. */
async function eachAtMost<Item>(
  items: AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let failed: { readonly thrown: unknown } | undefined;
  for await (const item of items) {
    const job: Promise<void> = work(item)
      .catch((thrown: unknown) => {
        failed ??= { thrown };
      })
      .finally(() => running.delete(job));
    running.add(job);
    if (running.size >= most) await Promise.race(running);
    if (failed !== undefined) break;
  }
  await Promise.all(running);
  if (failed !== undefined) throw failed.thrown;
}
