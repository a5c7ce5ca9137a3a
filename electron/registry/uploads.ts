// Writes blobs: in a session with one streamed PUT, or in parts; and mounts from other repositories.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs
import type { Readable } from "node:stream";
import { FreightlinerError } from "../../shared/errors.ts";
import { parseRepositoryName } from "../../shared/reference.ts";
import type { UploadSession } from "../engine/ports.ts";
import { type BlobTarget, whatOf } from "./blobs.ts";
import { discard } from "./body.ts";
import type { RegistryClient } from "./client.ts";
import { type ExchangeResponse, headerOf } from "./exchange.ts";
import type { Deadlines } from "./limits.ts";
import { pullScope, pushScope } from "./scopes.ts";
import { UploadBody } from "./upload-body.ts";
import {
  continueSession,
  judgeCommit,
  RegistryUpload,
  type SessionParts,
  withDigest,
} from "./upload-session.ts";

/** Registries with tokens say "forbidden" of a project that is not there, so as not to tell what exists. */
const missingRepository: ReadonlySet<string> = new Set(["repository-unknown", "forbidden", "unauthorized"]);

/** A larger least size of a part is somebody's joke: such a registry gets blobs whole (protocol.md 8, row 24). */
const largestLeastPart = 64 * 1024 * 1024;

export interface UploadOptions {
  /** Bytes of a part that the registry is known to take at most. */
  readonly largestPart?: number | undefined;
  /** Makes a repository that the registry does not know; false where that cannot be done. */
  readonly makeRepository?: ((repository: string, signal: AbortSignal) => Promise<boolean>) | undefined;
}

export class Uploads {
  readonly #client: RegistryClient;
  readonly #deadlines: Deadlines;
  readonly #options: UploadOptions;
  readonly #courtesies = new Set<Promise<void>>();

  constructor(client: RegistryClient, deadlines: Deadlines, options: UploadOptions = {}) {
    this.#client = client;
    this.#deadlines = deadlines;
    this.#options = options;
  }

  /** Waits for sessions that are being given back; each has a short deadline. */
  async settle(): Promise<void> {
    await Promise.all(this.#courtesies);
  }

  /** False where the registry would rather have the bytes, or may not read the other repository. */
  async mount(target: BlobTarget, from: string): Promise<boolean> {
    const { repository, blob, signal } = target;
    const query = `mount=${encodeURIComponent(blob.digest)}&from=${encodeURIComponent(parseRepositoryName(from))}`;
    const operation = "mount-blob";
    let response: ExchangeResponse;
    try {
      response = await this.#client.call({
        method: "POST",
        target: `/v2/${parseRepositoryName(repository)}/blobs/uploads/?${query}`,
        // The one to be written to comes first: some token services look at the first scope only.
        scopes: [pushScope(repository), pullScope(from)],
        operation,
        signal,
      });
    } catch (error) {
      const noRight =
        error instanceof FreightlinerError && (error.code === "unauthorized" || error.code === "forbidden");
      if (noRight) return false;
      throw error;
    }
    const { status } = response;
    if (status === 201) {
      discard(response.body);
      return true;
    }
    if (status === 202) {
      // It opened an upload instead, which nobody is going to use.
      discard(response.body);
      if (headerOf(response.headers, "location") !== undefined)
        void this.#giveBack(this.#sessionOf(response, operation), repository);
      return false;
    }
    if (status >= 400 && status < 500 && status !== 429) {
      response.body.destroy();
      return false;
    }
    throw await this.#client.errorOf(response, { operation, subject: "upload-start", what: whatOf(target) });
  }

  /**
   * Streams the blob. The session is opened first: its bodiless POST settles the sign-in, so that no body meets a 401.
   * @throws what the body threw, `upload-lost`, `digest-mismatch`, `size-mismatch`, `repository-unknown` and others.
   */
  async put(target: BlobTarget, body: Readable): Promise<void> {
    let session: URL;
    try {
      session = this.#sessionOf(await this.#open(target), "start-upload");
    } catch (error) {
      body.destroy();
      throw error;
    }
    let response: ExchangeResponse;
    try {
      response = await this.#send(target, session, body);
      await judgeCommit(this.#client, response, target);
    } catch (error) {
      void this.#giveBack(session, target.repository);
      throw error;
    }
  }

  /** @throws `unsupported` where the registry asks for parts that are larger than makes sense. */
  async begin(target: BlobTarget): Promise<UploadSession> {
    const response = await this.#open(target);
    const location = this.#sessionOf(response, "start-upload");
    const least = Number(headerOf(response.headers, "oci-chunk-min-length")?.trim() ?? 0);
    const leastPart = Number.isSafeInteger(least) && least > 0 ? least : 0;
    if (leastPart <= largestLeastPart) {
      const registry = (await this.#client.home(target.signal)).base.origin;
      return new RegistryUpload(this.#sessionParts(target), { registry, location, offset: 0, leastPart });
    }
    void this.#giveBack(location, target.repository);
    throw new FreightlinerError({
      code: "unsupported",
      operation: "start-upload",
      message: `${response.url.host} asks for parts of at least ${leastPart} bytes; at most ${largestLeastPart} are sent.`,
    });
  }

  /** Undefined where the registry does not know the upload any more, or where it stands cannot be relied on. */
  continue(target: BlobTarget, token: string): Promise<UploadSession | undefined> {
    return continueSession(this.#sessionParts(target), token, target.signal);
  }

  #sessionParts({ repository, blob }: BlobTarget): SessionParts {
    return {
      client: this.#client,
      deadlines: this.#deadlines,
      target: { repository, blob },
      largestPart: this.#options.largestPart,
      giveBack: (session, of) => this.#giveBack(session, of),
    };
  }

  /** The 202 that opens a session; a repository that is missing is made, where the registry wants that said. */
  async #open(target: BlobTarget): Promise<ExchangeResponse> {
    try {
      return await this.#start(target);
    } catch (error) {
      const missing = error instanceof FreightlinerError && missingRepository.has(error.code);
      const { repository, signal } = target;
      if (!missing || !(await this.#options.makeRepository?.(repository, signal))) throw error;
      return this.#start(target);
    }
  }

  async #start(target: BlobTarget): Promise<ExchangeResponse> {
    const { repository, signal } = target;
    const operation = "start-upload";
    const response = await this.#client.call({
      method: "POST",
      target: `/v2/${parseRepositoryName(repository)}/blobs/uploads/`,
      scopes: [pushScope(repository)],
      operation,
      signal,
    });
    if (response.status !== 202) {
      if (response.status >= 400) {
        throw await this.#client.errorOf(response, { operation, subject: "upload-start", what: repository });
      }
      response.body.destroy();
      throw new FreightlinerError({
        code: "protocol",
        operation,
        message: `${response.url.host} answered ${response.status} when an upload to ${repository} was begun; 202 was expected.`,
      });
    }
    discard(response.body);
    return response;
  }

  #sessionOf(response: ExchangeResponse, operation: string): URL {
    return this.#client.locationOf(headerOf(response.headers, "location"), response.url, operation);
  }

  async #send(target: BlobTarget, session: URL, body: Readable): Promise<ExchangeResponse> {
    const { repository, blob, signal } = target;
    const guarded = new UploadBody(body, blob.size, whatOf(target));
    return this.#client.call({
      method: "PUT",
      target: withDigest(session, blob.digest),
      scopes: [pushScope(repository)],
      operation: "put-blob",
      headers: { "content-type": "application/octet-stream", "content-length": String(blob.size) },
      body: blob.size === 0 ? await emptyBody(guarded) : guarded,
      lane: "upload",
      headersMs: this.#deadlines.commitMs,
      signal,
    });
  }

  /** Best effort by design: a registry that does not take it back forgets the session by itself. */
  #giveBack(session: URL, repository: string): Promise<void> {
    const courtesy = this.#client
      .call({
        method: "DELETE",
        target: session,
        scopes: [pushScope(repository)],
        operation: "cancel-upload",
        // Its own deadline: the caller's signal is often the very reason for giving up.
        signal: AbortSignal.timeout(this.#deadlines.cancelMs),
      })
      .then((response) => discard(response.body))
      .catch(() => undefined)
      .finally(() => this.#courtesies.delete(courtesy));
    this.#courtesies.add(courtesy);
    return courtesy;
  }
}

/** An empty blob has no last byte to hold back: its stream must have ended well before the request begins. */
async function emptyBody(guarded: UploadBody): Promise<Uint8Array> {
  guarded.resume();
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  guarded.once("end", () => resolve(new Uint8Array(0)));
  guarded.once("error", reject);
  return promise;
}
