// An OCI image layout folder as a source and a destination: https://github.com/opencontainers/image-spec/blob/main/image-layout.md
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import type { CheckStep } from "../../shared/endpoint.ts";
import { layoutRepositoryName } from "../../shared/layout-name.ts";
import {
  joinReference,
  type ManifestReference,
  parseManifestReference,
  parseRepositoryName,
} from "../../shared/reference.ts";
import type {
  CallOptions,
  ImageEndpoint,
  Manifest,
  ManifestHead,
  OpenBlobOptions,
  OpenedBlob,
  PutManifestResult,
  Reference,
  Shortage,
  UploadSession,
} from "../engine/ports.ts";
import { diskOf } from "../files/free-space.ts";
import { BlobFolder } from "./blob-folder.ts";
import { checkLayout } from "./check-layout.ts";
import { type IndexEntry, IndexFile } from "./index-file.ts";
import { layoutError } from "./layout-error.ts";
import { beginLayout, folderState } from "./layout-folder.ts";
import { ManifestStore } from "./manifest-store.ts";
import { ReferrerScan } from "./referrer-scan.ts";

const pageSize = 1000;

/** Blobs lie once in the folder, whatever repository they belong to. */
export class OciLayout implements ImageEndpoint {
  /** The folder's absolute path. */
  readonly host: string;
  /** The repository of entries that are named by a tag alone. */
  readonly defaultRepository: string;
  readonly mounts = true;
  readonly #index: IndexFile;
  readonly #blobs: BlobFolder;
  readonly #manifests: ManifestStore;
  readonly #referrers: ReferrerScan;

  private constructor(path: string) {
    this.host = path;
    this.defaultRepository = layoutRepositoryName(path);
    this.#index = new IndexFile(path, this.defaultRepository);
    this.#blobs = new BlobFolder(path);
    this.#manifests = new ManifestStore(this.#blobs);
    this.#referrers = new ReferrerScan(this.#manifests);
  }

  /**
   * @param options.create where there is no layout yet, the first write begins one; reading finds nothing until then.
   * @throws `not-found` for a missing folder without `create`, `configuration` where something else is there.
   */
  static async open(options: { readonly path: string; readonly create: boolean }): Promise<OciLayout> {
    const path = resolve(options.path);
    const state = await folderState(path);
    if (state !== "layout" && !options.create)
      throw layoutError(
        "not-found",
        "open-layout",
        `${path} is ${state}; expected the folder of an OCI layout.`,
      );
    return new OciLayout(path);
  }

  async *listRepositories({ signal }: CallOptions): AsyncIterable<readonly string[]> {
    signal.throwIfAborted();
    yield* pages((await this.#index.entries()).map((entry) => entry.name?.repository));
  }

  async *listTags(repository: string, { signal }: CallOptions): AsyncIterable<readonly string[]> {
    signal.throwIfAborted();
    yield* pages((await this.#entriesOf(repository)).map((entry) => entry.name?.tag));
  }

  async headManifest(
    repository: string,
    reference: Reference,
    { signal }: CallOptions,
  ): Promise<ManifestHead | undefined> {
    signal.throwIfAborted();
    const wanted = this.#wanted(repository, reference);
    const entry = await this.#find(repository, wanted);
    if (entry !== undefined) {
      // An entry whose file is gone or cut off is nothing that one could read.
      return (await this.#blobs.has(entry.descriptor)) ? entry.descriptor : undefined;
    }
    if ("tag" in wanted) return undefined;
    const manifest = await this.#manifests.read(wanted.digest, undefined);
    return manifest && { digest: manifest.digest, mediaType: manifest.mediaType, size: manifest.size };
  }

  async getManifest(repository: string, reference: Reference, { signal }: CallOptions): Promise<Manifest> {
    signal.throwIfAborted();
    const wanted = this.#wanted(repository, reference);
    const descriptor = (await this.#find(repository, wanted))?.descriptor;
    if (descriptor === undefined && "tag" in wanted) await this.#entriesOf(repository);
    const digest = "digest" in wanted ? wanted.digest : descriptor?.digest;
    const manifest = digest === undefined ? undefined : await this.#manifests.read(digest, descriptor);
    if (manifest !== undefined) return manifest;
    const name = joinReference(repository, reference);
    throw layoutError("manifest-unknown", "get-manifest", `${this.host} holds no manifest ${name}.`);
  }

  /** All repositories of a layout share their blobs, so that none is ever without any. */
  async lacksRepository(): Promise<boolean> {
    return false;
  }

  async openBlob(_repository: string, blob: Descriptor, options: OpenBlobOptions): Promise<OpenedBlob> {
    const body = await this.#blobs.open(blob, options);
    return { body, offset: options.offset ?? 0, validator: undefined };
  }

  /** A layout has no such list: it is every entry of index.json whose manifest names the digest as its subject. */
  async listReferrers(
    repository: string,
    digest: Digest,
    { signal }: CallOptions,
  ): Promise<readonly Descriptor[]> {
    signal.throwIfAborted();
    parseRepositoryName(repository);
    return this.#referrers.of(digest, await this.#index.entries(), signal);
  }

  async hasBlob(_repository: string, blob: Descriptor, { signal }: CallOptions): Promise<boolean> {
    signal.throwIfAborted();
    return this.#blobs.has(blob);
  }

  /** Nothing is to be linked: what came for one repository is there for every other. */
  mountBlob(repository: string, blob: Descriptor, _from: string, options: CallOptions): Promise<boolean> {
    return this.hasBlob(repository, blob, options);
  }

  async putBlob(
    repository: string,
    blob: Descriptor,
    body: Readable,
    { signal }: CallOptions,
  ): Promise<void> {
    try {
      parseRepositoryName(repository);
      await this.#begin();
    } catch (thrown) {
      body.destroy();
      throw thrown;
    }
    await this.#blobs.write({ blob, body, signal });
  }

  async putManifest(
    repository: string,
    reference: Reference,
    manifest: Manifest,
    { signal }: CallOptions,
  ): Promise<PutManifestResult> {
    signal.throwIfAborted();
    const wanted = this.#wanted(repository, reference);
    if ("digest" in wanted && wanted.digest !== manifest.digest) {
      const message = `The manifest ${manifest.digest} cannot be written under ${wanted.digest}.`;
      throw layoutError("digest-mismatch", "put-manifest", message);
    }
    await this.#begin();
    await this.#manifests.write(manifest);
    const listsReferrer = this.#referrers.note(manifest);
    if ("tag" in wanted) await this.#index.put({ repository, tag: wanted.tag }, manifest, signal);
    // Nothing else in the folder leads to a manifest that only names another.
    else if (listsReferrer) await this.#index.add(manifest, signal);
    return { listsReferrer };
  }

  readonly parts = true;

  async beginUpload(repository: string, blob: Descriptor, { signal }: CallOptions): Promise<UploadSession> {
    signal.throwIfAborted();
    parseRepositoryName(repository);
    await this.#begin();
    return this.#blobs.begin(blob);
  }

  async continueUpload(
    _repository: string,
    blob: Descriptor,
    token: string,
    { signal }: CallOptions,
  ): Promise<UploadSession | undefined> {
    signal.throwIfAborted();
    return this.#blobs.continue(blob, token);
  }

  /**
   * Takes a tag out of index.json, or by a digest every tag of the repository that points at it. What the entries led to stays
   * in blobs/: other entries may need it, and no one but the folder's owner knows who reads it.
   */
  async deleteManifest(repository: string, reference: Reference, { signal }: CallOptions): Promise<void> {
    signal.throwIfAborted();
    const wanted = this.#wanted(repository, reference);
    const removed = await this.#index.remove(
      ({ name, descriptor }) =>
        name?.repository === repository &&
        ("tag" in wanted ? name.tag === wanted.tag : descriptor.digest === wanted.digest),
      signal,
    );
    if (removed) return;
    const what = joinReference(repository, reference);
    throw layoutError("manifest-unknown", "delete-manifest", `${this.host} holds no manifest ${what}.`);
  }

  async shortage(bytes: number): Promise<Shortage | undefined> {
    const { free } = await diskOf(this.host);
    return bytes > free ? { path: this.host, needed: bytes, free } : undefined;
  }

  /** What can be said about the folder; never throws but for the signal. */
  async check(
    signal: AbortSignal,
    { onStep = () => {} }: { readonly onStep?: ((step: CheckStep) => void) | undefined } = {},
  ): Promise<CheckStep[]> {
    const count = async (): Promise<number> => {
      let repositories = 0;
      for await (const page of this.listRepositories({ signal })) repositories += page.length;
      return repositories;
    };
    const steps = await checkLayout(this.host, count, signal);
    steps.forEach(onStep);
    return steps;
  }

  /** Nothing is kept open between calls. */
  async close(): Promise<void> {}

  /** Asked before each write: the folder may have been deleted since, and blobs without a marker are no layout. */
  async #begin(): Promise<void> {
    if ((await folderState(this.host)) !== "layout") await beginLayout(this.host);
  }

  /** Names are checked against their grammars before anything is done with them. */
  #wanted(repository: string, reference: Reference): ManifestReference {
    parseRepositoryName(repository);
    return parseManifestReference(reference);
  }

  async #find(repository: string, wanted: ManifestReference): Promise<IndexEntry | undefined> {
    const entries = await this.#index.entries();
    return "digest" in wanted
      ? entries.find((entry) => entry.descriptor.digest === wanted.digest)
      : entries.find((entry) => entry.name?.repository === repository && entry.name.tag === wanted.tag);
  }

  async #entriesOf(repository: string): Promise<readonly IndexEntry[]> {
    parseRepositoryName(repository);
    const entries = (await this.#index.entries()).filter((entry) => entry.name?.repository === repository);
    if (entries.length > 0) return entries;
    throw layoutError("repository-unknown", "list-tags", `${this.host} holds no repository ${repository}.`);
  }
}

/** Distinct names in order, by page. */
function* pages(names: readonly (string | undefined)[]): Iterable<readonly string[]> {
  const distinct = [...new Set(names.filter((name) => name !== undefined))].sort();
  for (let start = 0; start < distinct.length; start += pageSize)
    yield distinct.slice(start, start + pageSize);
}
