// A registry in memory with real semantics: it refuses manifests with missing parts, checks digests, and misbehaves on command.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type {
  CallOptions,
  HasBlobOptions,
  ImageEndpoint,
  Manifest,
  ManifestHead,
  OpenBlobOptions,
  OpenedBlob,
  PutManifestResult,
  UploadSession,
} from "../../electron/engine/ports.ts";
import type { Descriptor } from "../../shared/descriptor.ts";
import { type Digest, parseDigest } from "../../shared/digest.ts";
import { isForeignLayerType } from "../../shared/media-types.ts";
import { failure } from "./failure.ts";
import { type MemorySession, MemoryUpload } from "./memory-upload.ts";

export { failure } from "./failure.ts";

export function sha256(bytes: Uint8Array): Digest {
  return parseDigest(`sha256:${createHash("sha256").update(bytes).digest("hex")}`, "test");
}

export interface MemoryRepository {
  readonly blobs: Map<string, Uint8Array>;
  readonly manifests: Map<string, { bytes: Uint8Array; mediaType: string }>;
  readonly tags: Map<string, string>;
}

export interface Call {
  readonly operation: string;
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
  /** How often this operation was called for this reference, from 1. */
  readonly count: number;
  readonly signal: AbortSignal;
}

export class MemoryEndpoint implements ImageEndpoint {
  readonly host: string;
  mounts = true;
  /** Serves the referrers API. */
  referrers = false;
  readonly repositories = new Map<string, MemoryRepository>();
  /** Every call as `operation repository reference`. */
  readonly calls: string[] = [];
  /** Bytes that arrived in blob bodies. */
  bytesReceived = 0;
  /** Bodies that arrived whole, `repository digest`. */
  readonly uploads: string[] = [];
  /** Uploads of one digest into one repository at the same time: what makes distribution 2.8 answer 400. */
  readonly races: string[] = [];
  /** Wrong bodies of which all `size` bytes came through. */
  readonly wholeWrongBodies: string[] = [];
  /** Runs before each call; throwing makes the call fail, waiting makes it slow. */
  fault: (call: Call) => void | Promise<void> = () => undefined;
  /** What is served for a blob; the stored bytes by default. */
  body: (blob: Descriptor, bytes: Uint8Array, count: number) => Readable = (_, bytes) =>
    chunked(bytes, this.chunkSize);
  chunkSize = 64 * 1024;
  /** False: bodies always begin at the first byte. */
  ranges = true;
  /** Offsets that bodies were asked for from. */
  readonly resumedReads: number[] = [];
  parts = true;
  leastPart = 0;
  /** What asking for an upload does after a part that broke off. */
  status: "true-offset" | "cancels" = "true-offset";
  /** Runs before each piece of a part, with the bytes of the part before it; throwing breaks the part off. */
  partFault: (before: number, session: MemorySession) => void | Promise<void> = () => undefined;
  /** Milliseconds before each answer. */
  latency = 0;
  bulk = { now: 0, most: 0 };
  small = { now: 0, most: 0 };
  readonly #counts = new Map<string, number>();
  readonly #uploading = new Set<string>();
  readonly #sessions = new Map<string, MemorySession>();

  constructor(host: string) {
    this.host = host;
  }

  count(operation: string): number {
    return this.calls.filter((call) => call.startsWith(`${operation} `)).length;
  }

  forget(): void {
    this.calls.length = 0;
    this.uploads.length = 0;
    this.bytesReceived = 0;
  }

  repository(name: string): MemoryRepository {
    let repository = this.repositories.get(name);
    if (repository === undefined) {
      repository = { blobs: new Map(), manifests: new Map(), tags: new Map() };
      this.repositories.set(name, repository);
    }
    return repository;
  }

  async *listRepositories({ signal }: CallOptions): AsyncGenerator<readonly string[]> {
    await this.#enter("list-repositories", "", "", signal);
    const names = [...this.repositories.keys()];
    for (let at = 0; at < names.length; at += 3) yield names.slice(at, at + 3);
  }

  async *listTags(name: string, { signal }: CallOptions): AsyncGenerator<readonly string[]> {
    await this.#enter("list-tags", name, "", signal);
    const repository = this.repositories.get(name);
    if (repository === undefined) throw failure("repository-unknown", "list-tags");
    const tags = [...repository.tags.keys()];
    for (let at = 0; at < tags.length; at += 3) yield tags.slice(at, at + 3);
  }

  async lacksRepository(name: string, { signal }: CallOptions): Promise<boolean> {
    return this.#small("lacks-repository", name, "", signal, () => {
      const repository = this.repositories.get(name);
      // As distribution 2.8: blobs alone make no repository.
      return repository === undefined || repository.manifests.size === 0;
    });
  }

  async headManifest(
    name: string,
    reference: string,
    { signal }: CallOptions,
  ): Promise<ManifestHead | undefined> {
    return this.#small("head-manifest", name, reference, signal, () => {
      const found = this.#find(name, reference);
      if (found === undefined) return undefined;
      return { digest: found.digest, mediaType: found.mediaType, size: found.bytes.length };
    });
  }

  async getManifest(name: string, reference: string, { signal }: CallOptions): Promise<Manifest> {
    return this.#small("get-manifest", name, reference, signal, () => {
      if (!this.repositories.has(name)) throw failure("repository-unknown", "get-manifest");
      const found = this.#find(name, reference);
      if (found === undefined) throw failure("manifest-unknown", "get-manifest");
      return found;
    });
  }

  async hasBlob(name: string, blob: Descriptor, { signal }: HasBlobOptions): Promise<boolean> {
    return this.#small(
      "head-blob",
      name,
      blob.digest,
      signal,
      () => this.repositories.get(name)?.blobs.get(blob.digest)?.length === blob.size,
    );
  }

  async mountBlob(name: string, blob: Descriptor, from: string, { signal }: CallOptions): Promise<boolean> {
    return this.#small("mount-blob", name, blob.digest, signal, () => {
      const bytes = this.repositories.get(from)?.blobs.get(blob.digest);
      if (bytes === undefined || !this.mounts) return false;
      this.repository(name).blobs.set(blob.digest, bytes);
      return true;
    });
  }

  async openBlob(name: string, blob: Descriptor, options: OpenBlobOptions): Promise<OpenedBlob> {
    const { signal } = options;
    const count = await this.#enter("get-blob", name, blob.digest, signal);
    const offset = this.ranges ? (options.offset ?? 0) : 0;
    if (offset > 0) this.resumedReads.push(offset);
    const bytes = this.repositories.get(name)?.blobs.get(blob.digest);
    if (bytes === undefined) throw failure("blob-unknown", "get-blob");
    const body = this.body(blob, bytes.subarray(offset), count);
    signal.addEventListener("abort", () => body.destroy(signal.reason), { once: true });
    this.#begin(this.bulk);
    body.once("close", () => this.bulk.now--);
    return { body, offset, validator: undefined };
  }

  async listReferrers(
    name: string,
    digest: Digest,
    { signal }: CallOptions,
  ): Promise<readonly Descriptor[] | undefined> {
    return this.#small("list-referrers", name, digest, signal, () => {
      if (!this.referrers) return undefined;
      const found = [...(this.repositories.get(name)?.manifests ?? [])].filter(
        ([, manifest]) => subjectOf(manifest) === digest,
      );
      return found.map(([referrer, { bytes, mediaType }]) => ({
        ...{ mediaType, digest: parseDigest(referrer, "test"), size: bytes.length },
      }));
    });
  }

  async beginUpload(name: string, blob: Descriptor, { signal }: CallOptions): Promise<UploadSession> {
    await this.#enter("begin-upload", name, blob.digest, signal);
    const session = { id: `${this.#sessions.size + 1}`, pieces: [], size: 0, acknowledged: 0 };
    this.#sessions.set(session.id, session);
    return this.#upload(name, blob, session);
  }

  async continueUpload(
    name: string,
    blob: Descriptor,
    token: string,
    { signal }: CallOptions,
  ): Promise<UploadSession | undefined> {
    await this.#enter("get-upload", name, blob.digest, signal);
    const session = this.#sessions.get(token.split(" ")[0] ?? "");
    if (session === undefined) return undefined;
    if (this.status === "cancels" && session.size !== session.acknowledged) {
      this.#sessions.delete(session.id);
      return undefined;
    }
    session.acknowledged = session.size;
    return this.#upload(name, blob, session);
  }

  /** Sessions that were neither finished nor given back. */
  get openSessions(): number {
    return this.#sessions.size;
  }

  #upload(name: string, blob: Descriptor, session: MemorySession): UploadSession {
    return new MemoryUpload({
      session,
      leastPart: this.leastPart,
      enter: async (operation, signal) => {
        await this.#enter(operation, name, blob.digest, signal);
      },
      received: async (bytes, before) => {
        await this.partFault(before, session);
        this.bytesReceived += bytes;
      },
      commit: (bytes) => {
        if (sha256(bytes) !== blob.digest) throw failure("digest-mismatch", "put-blob");
        this.repository(name).blobs.set(blob.digest, bytes);
        this.uploads.push(`${name} ${blob.digest}`);
      },
      forget: () => this.#sessions.delete(session.id),
    });
  }

  async deleteManifest(name: string, reference: string, { signal }: CallOptions): Promise<void> {
    await this.#small("delete-manifest", name, reference, signal, () => {
      const repository = this.repositories.get(name);
      if (this.#find(name, reference) === undefined || repository === undefined)
        throw failure("manifest-unknown", "delete-manifest");
      if (!reference.includes(":")) {
        repository.tags.delete(reference);
        return;
      }
      repository.manifests.delete(reference);
      for (const [tag, digest] of repository.tags) if (digest === reference) repository.tags.delete(tag);
    });
  }

  async putBlob(name: string, blob: Descriptor, body: Readable, { signal }: CallOptions): Promise<void> {
    await this.#enter("put-blob", name, blob.digest, signal);
    const key = `${name} ${blob.digest}`;
    if (this.#uploading.has(key)) this.races.push(key);
    this.#uploading.add(key);
    this.#begin(this.bulk);
    const parts: Uint8Array[] = [];
    let size = 0;
    const stop = (): void => void body.destroy(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      for await (const part of body as AsyncIterable<Uint8Array>) {
        parts.push(part);
        size += part.length;
        this.bytesReceived += part.length;
        if (
          size >= blob.size &&
          sha256(Buffer.concat(parts)) !== blob.digest &&
          blob.digest.startsWith("sha256:")
        )
          this.wholeWrongBodies.push(key);
        if (this.latency > 0)
          await wait(this.latency, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
      await this.fault({
        operation: "commit-blob",
        repository: name,
        reference: blob.digest,
        count: 0,
        signal,
      });
      const bytes = Buffer.concat(parts);
      if (blob.digest.startsWith("sha256:") && sha256(bytes) !== blob.digest)
        throw failure("refused-by-registry", "put-blob", { message: "the registry saw a wrong digest" });
      this.repository(name).blobs.set(blob.digest, bytes);
      this.uploads.push(key);
    } finally {
      signal.removeEventListener("abort", stop);
      this.#uploading.delete(key);
      this.bulk.now--;
    }
  }

  async putManifest(
    name: string,
    reference: string,
    manifest: Manifest,
    { signal }: CallOptions,
  ): Promise<PutManifestResult> {
    return this.#small("put-manifest", name, reference, signal, () => {
      const repository = this.repository(name);
      for (const missing of this.#missing(repository, manifest))
        throw failure("blob-unknown", "put-manifest", { message: `${missing} is missing` });
      const digest = sha256(manifest.bytes);
      repository.manifests.set(digest, { bytes: manifest.bytes, mediaType: manifest.mediaType });
      if (!reference.includes(":")) repository.tags.set(reference, digest);
      return { listsReferrer: this.referrers && subjectOf(manifest) !== undefined };
    });
  }

  *#missing(repository: MemoryRepository, manifest: Manifest): Generator<string> {
    if (!manifest.mediaType.includes("json")) return;
    const json = JSON.parse(Buffer.from(manifest.bytes).toString()) as {
      manifests?: Descriptor[];
      config?: Descriptor;
      layers?: Descriptor[];
    };
    for (const child of json.manifests ?? [])
      if (!repository.manifests.has(child.digest) && !repository.blobs.has(child.digest)) yield child.digest;
    for (const blob of [...(json.config === undefined ? [] : [json.config]), ...(json.layers ?? [])])
      if (!repository.blobs.has(blob.digest) && !isForeignLayerType(blob.mediaType)) yield blob.digest;
  }

  #find(name: string, reference: string): Manifest | undefined {
    const repository = this.repositories.get(name);
    const digest = reference.includes(":") ? reference : repository?.tags.get(reference);
    const found = digest === undefined ? undefined : repository?.manifests.get(digest);
    if (found === undefined || digest === undefined) return undefined;
    return {
      digest: parseDigest(digest, "test"),
      mediaType: found.mediaType,
      size: found.bytes.length,
      bytes: found.bytes,
    };
  }

  async #small<T>(
    operation: string,
    name: string,
    reference: string,
    signal: AbortSignal,
    work: () => T,
  ): Promise<T> {
    this.#begin(this.small);
    try {
      await this.#enter(operation, name, reference, signal);
      return work();
    } finally {
      this.small.now--;
    }
  }

  #begin(gauge: { now: number; most: number }): void {
    gauge.now++;
    gauge.most = Math.max(gauge.most, gauge.now);
  }

  async #enter(
    operation: string,
    repository: string,
    reference: string,
    signal: AbortSignal,
  ): Promise<number> {
    signal.throwIfAborted();
    this.calls.push(`${operation} ${repository} ${reference}`);
    const key = `${operation} ${repository} ${reference}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (this.latency > 0)
      await wait(this.latency, undefined, { signal }).catch(() => signal.throwIfAborted());
    else await Promise.resolve();
    await this.fault({ operation, repository, reference, count, signal });
    signal.throwIfAborted();
    return count;
  }
}

function subjectOf({ bytes, mediaType }: { bytes: Uint8Array; mediaType: string }): string | undefined {
  if (!mediaType.includes("json")) return undefined;
  const json = JSON.parse(Buffer.from(bytes).toString()) as { subject?: { digest: string } };
  return json.subject?.digest;
}

/** A body in pieces of `size` bytes; views, so that nothing is copied. */
export function chunked(bytes: Uint8Array, size: number): Readable {
  let at = 0;
  return new Readable({
    read() {
      if (at >= bytes.length) this.push(null);
      else {
        this.push(bytes.subarray(at, at + size));
        at += size;
      }
    },
  });
}
