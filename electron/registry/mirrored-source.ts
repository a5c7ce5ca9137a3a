// A registry read through its mirrors: each in turn, then the registry itself. For reading only.
import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import { digestAlgorithm, isDigest } from "../../shared/digest.ts";
import type { Mirror } from "../../shared/endpoint.ts";
import { type ErrorCode, FreightlinerError } from "../../shared/errors.ts";
import type {
  CallOptions,
  HasBlobOptions,
  ImageSource,
  Manifest,
  ManifestHead,
  OpenBlobOptions,
  OpenedBlob,
  Reference,
} from "../engine/ports.ts";

export interface MirrorSource {
  /** A client of the mirror's own, with the mirror's own sign-in or none. */
  readonly source: ImageSource;
  /** Stands before the repository's name there; empty where it is the same. */
  readonly path: string;
  readonly pull: Mirror["pull"];
}

/** What a mirror did, for the log. */
export interface MirrorNews {
  readonly mirror: string;
  readonly operation: "head-manifest" | "get-manifest" | "get-blob";
  readonly repository: string;
  /** Null where the mirror served it. */
  readonly error: FreightlinerError | null;
}

export interface MirroredSourceOptions {
  readonly origin: ImageSource;
  /** In the order in which they are tried. */
  readonly mirrors: readonly MirrorSource[];
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  readonly onNews?: (news: MirrorNews) => void;
}

/** A mirror that fails as a whole is left alone for so long, in milliseconds: its deadlines would be waited for with every blob. */
const restMs = 60_000;
/** It is about the mirror, not about what was asked of it. */
const aboutMirror: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "unreachable",
  "timeout",
  "tls",
  "rate-limited",
  "registry-failure",
  "configuration",
  "protocol",
]);
const mostDistrusted = 10_000;

/**
 * Tags and digests go to the mirrors that take them; listings and referrers always to the registry, as a mirror has only a
 * part of them. Whatever a mirror gives is checked against its digest here, so that a wrong one is not asked a second time.
 */
export class MirroredSource implements ImageSource {
  readonly host: string;
  readonly #options: MirroredSourceOptions;
  readonly #restsUntil = new Map<MirrorSource, number>();
  /** Digests that a mirror served wrong, or only the end of: these come from the registry. */
  readonly #distrusted = new Set<string>();

  constructor(options: MirroredSourceOptions) {
    this.#options = options;
    this.host = options.origin.host;
  }

  listRepositories(options: CallOptions): AsyncIterable<readonly string[]> {
    return this.#options.origin.listRepositories(options);
  }

  listTags(repository: string, options: CallOptions): AsyncIterable<readonly string[]> {
    return this.#options.origin.listTags(repository, options);
  }

  listReferrers(
    repository: string,
    digest: Parameters<ImageSource["listReferrers"]>[1],
    options: CallOptions,
  ): Promise<readonly Descriptor[] | undefined> {
    return this.#options.origin.listReferrers(repository, digest, options);
  }

  hasBlob(repository: string, blob: Descriptor, options: HasBlobOptions): Promise<boolean> {
    return this.#options.origin.hasBlob(repository, blob, options);
  }

  async headManifest(
    repository: string,
    reference: Reference,
    options: CallOptions,
  ): Promise<ManifestHead | undefined> {
    const operation = "head-manifest";
    const found = await this.#fromMirrors({ operation, repository, reference, ...options }, (mirror, name) =>
      mirror.source.headManifest(name, reference, options),
    );
    return found ?? this.#options.origin.headManifest(repository, reference, options);
  }

  async getManifest(repository: string, reference: Reference, options: CallOptions): Promise<Manifest> {
    const operation = "get-manifest";
    const found = await this.#fromMirrors({ operation, repository, reference, ...options }, (mirror, name) =>
      mirror.source.getManifest(name, reference, options),
    );
    return found ?? this.#options.origin.getManifest(repository, reference, options);
  }

  async openBlob(repository: string, blob: Descriptor, options: OpenBlobOptions): Promise<OpenedBlob> {
    const question = {
      operation: "get-blob",
      repository,
      reference: blob.digest,
      signal: options.signal,
    } as const;
    const found = await this.#fromMirrors(question, async (mirror, name) => {
      const opened = await mirror.source.openBlob(name, blob, options);
      return this.#checked(opened, blob, mirror.source.host);
    });
    return found ?? this.#options.origin.openBlob(repository, blob, options);
  }

  /** Undefined where no mirror has it. @throws only the signal's reason. */
  async #fromMirrors<T>(
    question: Omit<MirrorNews, "mirror" | "error"> & {
      readonly reference: string;
      readonly signal: AbortSignal;
    },
    ask: (mirror: MirrorSource, name: string) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const { signal, reference, repository, operation } = question;
    const without = isDigest(reference) ? "tag-only" : "digest-only";
    if (this.#distrusted.has(reference)) return undefined;
    for (const mirror of this.#options.mirrors) {
      if (mirror.pull === without || this.#rests(mirror)) continue;
      const news = { mirror: mirror.source.host, operation, repository };
      try {
        const found = await ask(mirror, mirror.path === "" ? repository : `${mirror.path}/${repository}`);
        if (found === undefined) continue;
        this.#options.onNews?.({ ...news, error: null });
        return found;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof FreightlinerError)) throw error;
        if (error.code === "digest-mismatch") this.#distrust(reference);
        if (aboutMirror.has(error.code)) this.#restsUntil.set(mirror, this.#options.now() + restMs);
        this.#options.onNews?.({ ...news, error });
      }
    }
    return undefined;
  }

  #rests(mirror: MirrorSource): boolean {
    return (this.#restsUntil.get(mirror) ?? 0) > this.#options.now();
  }

  #distrust(digest: string): void {
    const oldest = this.#distrusted.values().next().value;
    if (this.#distrusted.size >= mostDistrusted && oldest !== undefined) this.#distrusted.delete(oldest);
    this.#distrusted.add(digest);
  }

  /** Hashes a whole body on its way; of the end of one nothing can be said, so it is not asked for twice. */
  #checked(opened: OpenedBlob, blob: Descriptor, host: string): OpenedBlob {
    if (opened.offset > 0) {
      this.#distrust(blob.digest);
      return opened;
    }
    const algorithm = digestAlgorithm(blob.digest);
    const hash = createHash(algorithm);
    const check = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        hash.update(chunk);
        done(null, chunk);
      },
      flush: (done) => {
        const found = `${algorithm}:${hash.digest("hex")}`;
        if (found === blob.digest) {
          done();
          return;
        }
        this.#distrust(blob.digest);
        done(
          new FreightlinerError({
            code: "digest-mismatch",
            operation: "get-blob",
            message: `The mirror ${host} served other bytes than ${blob.digest} (${found}); the registry itself is asked next.`,
          }),
        );
      },
    });
    // An error may come before the reader has attached itself; it stays on the stream and is seen then.
    check.on("error", () => undefined);
    opened.body.once("error", (error) => check.destroy(error));
    check.once("close", () => opened.body.destroy());
    opened.body.pipe(check);
    return { ...opened, body: check };
  }
}
