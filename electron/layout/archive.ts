// An archive file as a source and a destination: unpacked into a layout, worked on there, and packed again when a run is over.
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import type { CheckStep } from "../../shared/endpoint.ts";
import { FreightlinerError, toWire } from "../../shared/errors.ts";
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
import { Stopped } from "../engine/ports.ts";
import { ioError } from "../files/errors.ts";
import { type Disk, diskOf } from "../files/free-space.ts";
import { ArchiveWork, archiveStamp } from "./archive-work.ts";
import { BlobFolder } from "./blob-folder.ts";
import { OciLayout } from "./layout.ts";
import { layoutError } from "./layout-error.ts";
import { packArchive } from "./pack-archive.ts";
import { unpackArchive } from "./unpack-archive.ts";
import { hasDockerList, unpackDockerArchive } from "./unpack-docker-archive.ts";

export interface ArchiveOptions {
  /** Absolute path of the file. */
  readonly path: string;
  /** Where it is not said, the file tells. */
  readonly format?: "oci" | "docker" | undefined;
  /** A folder for this archive alone; made where it is missing. */
  readonly workFolder: string;
  /** The repository of images that are named by a tag alone. */
  readonly repository: string;
  /** Where there is no file yet, the first run that writes makes it. */
  readonly create: boolean;
}

export class ImageArchive implements ImageEndpoint {
  /** The file's absolute path. */
  readonly host: string;
  readonly mounts = true;
  readonly parts = true;
  readonly #options: ArchiveOptions;
  readonly #work: ArchiveWork;
  readonly #closed = new AbortController();
  #opening: Promise<OciLayout> | undefined;
  #marking: Promise<void> | undefined;
  #packing: Promise<void> | undefined;

  constructor(options: ArchiveOptions) {
    this.host = options.path;
    this.#options = options;
    this.#work = new ArchiveWork(options.workFolder);
  }

  async *listRepositories(options: CallOptions): AsyncGenerator<readonly string[]> {
    yield* (await this.#layout(options)).listRepositories(options);
  }

  async *listTags(repository: string, options: CallOptions): AsyncGenerator<readonly string[]> {
    yield* (await this.#layout(options)).listTags(repository, options);
  }

  async headManifest(
    repository: string,
    reference: Reference,
    options: CallOptions,
  ): Promise<ManifestHead | undefined> {
    return (await this.#layout(options)).headManifest(repository, reference, options);
  }

  async getManifest(repository: string, reference: Reference, options: CallOptions): Promise<Manifest> {
    return (await this.#layout(options)).getManifest(repository, reference, options);
  }

  async lacksRepository(): Promise<boolean> {
    return false;
  }

  async openBlob(repository: string, blob: Descriptor, options: OpenBlobOptions): Promise<OpenedBlob> {
    return (await this.#layout(options)).openBlob(repository, blob, options);
  }

  async listReferrers(
    repository: string,
    digest: Digest,
    options: CallOptions,
  ): Promise<readonly Descriptor[]> {
    return (await this.#layout(options)).listReferrers(repository, digest, options);
  }

  async hasBlob(repository: string, blob: Descriptor, options: CallOptions): Promise<boolean> {
    return (await this.#layout(options)).hasBlob(repository, blob, options);
  }

  mountBlob(repository: string, blob: Descriptor, _from: string, options: CallOptions): Promise<boolean> {
    return this.hasBlob(repository, blob, options);
  }

  async putBlob(repository: string, blob: Descriptor, body: Readable, options: CallOptions): Promise<void> {
    let layout: OciLayout;
    try {
      layout = await this.#toWrite(options);
    } catch (error) {
      body.destroy();
      throw error;
    }
    await layout.putBlob(repository, blob, body, options);
  }

  async putManifest(
    repository: string,
    reference: Reference,
    manifest: Manifest,
    options: CallOptions,
  ): Promise<PutManifestResult> {
    return (await this.#toWrite(options)).putManifest(repository, reference, manifest, options);
  }

  async beginUpload(repository: string, blob: Descriptor, options: CallOptions): Promise<UploadSession> {
    return (await this.#toWrite(options)).beginUpload(repository, blob, options);
  }

  async continueUpload(
    repository: string,
    blob: Descriptor,
    token: string,
    options: CallOptions,
  ): Promise<UploadSession | undefined> {
    return (await this.#toWrite(options)).continueUpload(repository, blob, token, options);
  }

  async deleteManifest(repository: string, reference: Reference, options: CallOptions): Promise<void> {
    await (await this.#toWrite(options)).deleteManifest(repository, reference, options);
  }

  /** Packs what was written since the last time; several callers share one packing. */
  async settle({ signal }: CallOptions): Promise<void> {
    signal.throwIfAborted();
    this.#packing ??= this.#pack(signal).finally(() => {
      this.#packing = undefined;
    });
    await this.#packing;
  }

  /** All of it lies in the folder where it is worked on, and once more where it is packed, until that has taken the old one's place. */
  async shortage(bytes: number, options: CallOptions): Promise<Shortage | undefined> {
    await this.#layout(options);
    const { path, workFolder, repository } = this.#options;
    const packed = bytes + (await new BlobFolder(join(workFolder, repository)).bytes());
    const [work, target] = await Promise.all([diskOf(workFolder), diskOf(dirname(path))]);
    if (work.id === target.id) return short(path, bytes + packed, target);
    return short(workFolder, bytes, work) ?? short(path, packed, target);
  }

  /** What can be said about the file; never throws but for the signal. */
  async check(
    signal: AbortSignal,
    { onStep = () => {} }: { readonly onStep?: ((step: CheckStep) => void) | undefined } = {},
  ): Promise<CheckStep[]> {
    const { path, create } = this.#options;
    const steps: CheckStep[] = [];
    const say = (step: CheckStep): void => {
      steps.push(step);
      onStep(step);
    };
    const missing = (await archiveStamp(path).catch(() => "")) === null;
    let format: "oci" | "docker" = "oci";
    try {
      let count = 0;
      for await (const page of this.listRepositories({ signal })) count += page.length;
      format = (await this.#work.note())?.format ?? "oci";
      const kind = format === "oci" ? "an OCI archive" : "a docker archive";
      const there = missing ? "does not exist yet; the first copy makes it" : `is ${kind}`;
      say({ name: "reachable", outcome: "passed", text: `${path} ${there}.` });
      const repositories = count === 1 ? "1 repository" : `${count} repositories`;
      say({ name: "catalog", outcome: "passed", text: `It holds ${repositories}.` });
    } catch (thrown) {
      signal.throwIfAborted();
      const error = ioError("check", path, thrown);
      say({ name: "reachable", outcome: "failed", text: error.message, error: toWire(error) });
    }
    const writable = format === "oci" && create;
    say({
      name: "push",
      outcome: writable ? "passed" : "warning",
      text: writable ? "Images can be written to it." : "It can only be read.",
    });
    return steps;
  }

  /** What waits to be packed stays in its folder for the next time. */
  async close(): Promise<void> {
    this.#closed.abort(new Stopped("shutdown"));
    await this.#opening?.catch(() => undefined);
    await this.#packing?.catch(() => undefined);
    if (this.#opening !== undefined) await this.#work.leave();
  }

  /** Unpacked once, whoever waits for it; a caller that stops waiting stops nobody else. */
  async #layout({ signal }: CallOptions): Promise<OciLayout> {
    signal.throwIfAborted();
    this.#opening ??= this.#open().catch(async (error: unknown) => {
      this.#opening = undefined;
      await this.#work.leave();
      throw error;
    });
    return untilStopped(this.#opening, signal);
  }

  async #open(): Promise<OciLayout> {
    const { path, workFolder, repository, create } = this.#options;
    const folder = join(workFolder, repository);
    try {
      await mkdir(workFolder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw ioError("open-archive", workFolder, error);
    }
    await this.#work.enter();
    const stamp = await archiveStamp(path);
    if (stamp === null && !create)
      throw layoutError("not-found", "open-archive", `${path} is missing; expected an archive.`);
    const note = await this.#work.note();
    if (note?.stamp === stamp) return OciLayout.open({ path: folder, create: true });
    if (note?.dirty === true) throw changedMeanwhile(path, workFolder);
    await rm(folder, { recursive: true, force: true });
    const format = stamp === null ? "oci" : await this.#unpack(folder);
    await this.#work.write({ stamp, format, dirty: false });
    return OciLayout.open({ path: folder, create: true });
  }

  /** What kind of archive it was. A layout that docker put a list of its own beside is a layout. */
  async #unpack(folder: string): Promise<"oci" | "docker"> {
    const { path, format } = this.#options;
    const { signal } = this.#closed;
    if (format !== "docker") {
      try {
        await unpackArchive(path, folder, signal);
        return "oci";
      } catch (error) {
        const other = error instanceof FreightlinerError && error.code === "protocol";
        if (format === "oci" || !other || !(await hasDockerList(path, signal))) throw error;
      }
    }
    await unpackDockerArchive(path, folder, signal);
    return "docker";
  }

  /** Before the first write it is noted that the folder knows more than the file. */
  async #toWrite(options: CallOptions): Promise<OciLayout> {
    const layout = await this.#layout(options);
    this.#marking ??= this.#mark().catch((error: unknown) => {
      this.#marking = undefined;
      throw error;
    });
    await untilStopped(this.#marking, options.signal);
    return layout;
  }

  async #mark(): Promise<void> {
    const { stamp = null, format = "oci" } = (await this.#work.note()) ?? {};
    if (format === "docker")
      throw layoutError(
        "unsupported",
        "write-archive",
        `${this.host} is a docker archive, which can only be read; expected an OCI archive (oci-archive:).`,
      );
    await this.#work.write({ stamp, format, dirty: true });
  }

  async #pack(signal: AbortSignal): Promise<void> {
    const { path, workFolder, repository } = this.#options;
    await this.#layout({ signal });
    const note = await this.#work.note();
    if (note?.dirty !== true) return;
    if ((await archiveStamp(path)) !== note.stamp) throw changedMeanwhile(path, workFolder);
    // What is written while it is packed waits for the next packing.
    this.#marking = undefined;
    await packArchive(join(workFolder, repository), path, AbortSignal.any([signal, this.#closed.signal]));
    const stamp = await archiveStamp(path);
    await this.#work.write({ stamp, format: note.format, dirty: this.#marking !== undefined });
  }
}

function short(path: string, needed: number, { free }: Disk): Shortage | undefined {
  return needed > free ? { path, needed, free } : undefined;
}

function changedMeanwhile(path: string, workFolder: string): Error {
  return layoutError(
    "busy",
    "write-archive",
    `${path} was changed by another program while images for it wait in ${workFolder}; move one of the two away.`,
  );
}

/** Waits for work that others wait for, too. */
async function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
