// An upload in parts, step by step: POST, PATCH with Content-Range for each part, PUT with the digest.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-a-blob-in-chunks
import type { Readable } from "node:stream";
import { z } from "zod";
import { FreightlinerError } from "../../shared/errors.ts";
import type { CallOptions, UploadSession } from "../engine/ports.ts";
import { type BlobTarget, hasBlob, whatOf } from "./blobs.ts";
import { discard, parseJson } from "./body.ts";
import type { RegistryClient } from "./client.ts";
import { type ExchangeResponse, headerOf } from "./exchange.ts";
import type { Deadlines } from "./limits.ts";
import { isRedirect, resolveLocation } from "./redirects.ts";
import { pushScope } from "./scopes.ts";
import { offsetAfterPart, offsetOfStatus } from "./upload-range.ts";

/** Appends without touching a byte of what is there: sessions are checked by who wrote them. */
export function withDigest(session: URL, digest: string): URL {
  const { href } = session;
  return new URL(`${href}${href.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`);
}

export interface SessionParts {
  readonly client: RegistryClient;
  readonly deadlines: Deadlines;
  readonly target: Omit<BlobTarget, "signal">;
  readonly largestPart: number | undefined;
  /** Gives a session back; best effort, never throws. */
  readonly giveBack: (session: URL, repository: string) => Promise<void>;
}

export interface SessionState {
  /** The origin of the registry that opened it: a kept session is of use there only. */
  readonly registry: string;
  readonly location: URL;
  readonly offset: number;
  readonly leastPart: number;
}

const tokenSchema = z.object({
  registry: z.string(),
  location: z.url(),
  offset: z.number().int().nonnegative(),
  leastPart: z.number().int().nonnegative(),
});

export class RegistryUpload implements UploadSession {
  readonly leastPart: number;
  readonly largestPart: number | undefined;
  readonly #parts: SessionParts;
  readonly #registry: string;
  /** The newest one: registries sign the offset into it. */
  #location: URL;
  #offset: number;
  /** The registry took a part for the whole blob. */
  #complete = false;

  constructor(parts: SessionParts, state: SessionState) {
    this.#parts = parts;
    this.#registry = state.registry;
    this.#location = state.location;
    this.#offset = state.offset;
    this.leastPart = state.leastPart;
    this.largestPart = parts.largestPart;
  }

  get offset(): number {
    return this.#offset;
  }

  get token(): string {
    return JSON.stringify({
      registry: this.#registry,
      // It lies in the database. With a secret in it, it leads nowhere any more, and the upload begins anew.
      location: this.#parts.client.withoutSecrets(this.#location.href),
      offset: this.#offset,
      leastPart: this.leastPart,
    } satisfies z.infer<typeof tokenSchema>);
  }

  async append(part: Readable, size: number, { signal }: CallOptions): Promise<void> {
    const { client, deadlines, target } = this.#parts;
    const end = this.#offset + size;
    const response = await client.call({
      method: "PATCH",
      target: this.#location,
      scopes: [pushScope(target.repository)],
      operation: "patch-blob",
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(size),
        // Inclusive, and without a unit: the specification's own form.
        "content-range": `${this.#offset}-${end - 1}`,
      },
      body: part,
      lane: "upload",
      // Storage behind the registry may have to move the part before it is acknowledged.
      headersMs: deadlines.commitMs,
      signal,
    });
    await this.#judgePart(response, end, signal);
  }

  async commit({ signal }: CallOptions): Promise<void> {
    if (this.#complete) return;
    const { client, deadlines, target } = this.#parts;
    const response = await client.call({
      method: "PUT",
      target: withDigest(this.#location, target.blob.digest),
      scopes: [pushScope(target.repository)],
      operation: "put-blob",
      headers: { "content-type": "application/octet-stream", "content-length": "0" },
      body: new Uint8Array(0),
      lane: "upload",
      headersMs: deadlines.commitMs,
      signal,
    });
    await judgeCommit(client, response, { ...target, signal });
  }

  cancel(): Promise<void> {
    return this.#parts.giveBack(this.#location, this.#parts.target.repository);
  }

  async #judgePart(response: ExchangeResponse, end: number, signal: AbortSignal): Promise<void> {
    const { client, target } = this.#parts;
    const { status, url } = response;
    if (status === 401 || isRedirect(response)) {
      response.body.destroy();
      // The part is used up; asking for the status signs in anew and says from where to go on.
      throw lost(`${url.host} answered ${status} to a part of ${whatOf({ ...target, signal })}`, status);
    }
    if (status >= 300) {
      const what = whatOf({ ...target, signal });
      throw await client.errorOf(response, { operation: "patch-blob", subject: "upload", what });
    }
    discard(response.body);
    // ECR takes the last part for the whole and refuses the PUT then (regclient blob.go).
    if (status === 201 && (await hasBlob(client, { ...target, signal }))) {
      this.#complete = true;
      this.#offset = end;
      return;
    }
    const location = headerOf(response.headers, "location");
    if (location !== undefined) this.#location = client.locationOf(location, url, "patch-blob");
    const offset = offsetAfterPart(headerOf(response.headers, "range"), end);
    if (offset !== end)
      throw lost(`${url.host} acknowledged ${offset} bytes of an upload where ${end} were sent`, status);
    this.#offset = end;
  }
}

function lost(found: string, status: number): FreightlinerError {
  return new FreightlinerError({
    code: "upload-lost",
    operation: "patch-blob",
    message: `${found}; its status has to be asked for.`,
    status,
  });
}

/** @throws FreightlinerError where the answer to the closing PUT does not mean that the blob is there. */
export async function judgeCommit(
  client: RegistryClient,
  response: ExchangeResponse,
  target: BlobTarget,
): Promise<void> {
  const { status, url } = response;
  const operation = "put-blob";
  if (status === 201 || status === 204) {
    discard(response.body);
    return;
  }
  if (status === 401 || isRedirect(response)) {
    response.body.destroy();
    // The body is used up, so only a new session helps; its POST signs in anew or says what is wrong.
    throw new FreightlinerError({
      code: "upload-lost",
      operation,
      message: `${url.host} answered ${status} in the middle of the upload of ${whatOf(target)}; it has to start again.`,
      status,
    });
  }
  if (status >= 300)
    throw await client.errorOf(response, { operation, subject: "upload", what: whatOf(target) });
  discard(response.body);
  if (await hasBlob(client, target)) return;
  throw new FreightlinerError({
    code: "upload-lost",
    operation,
    message: `${url.host} answered ${status} to the upload of ${whatOf(target)}, but does not have it.`,
    status,
  });
}

/**
 * Asks how far an upload came. Undefined where the registry does not know it any more, does not let us ask, or says
 * something that cannot be relied on; then it is given back. A token is data of a file: it leads nowhere but where the
 * registry that gave it out may send us (protocol.md 8, row 4).
 * @throws what the transport throws, and what may be over in a moment (`rate-limited`, `registry-failure`).
 */
export async function continueSession(
  parts: SessionParts,
  token: string,
  signal: AbortSignal,
): Promise<RegistryUpload | undefined> {
  const { client, target } = parts;
  const registry = (await client.home(signal)).base;
  const kept = keptSession(token, registry);
  if (kept === undefined || kept.offset > target.blob.size) return undefined;
  const response = await askStatus(parts, kept.location, signal);
  if (response === undefined) return undefined;
  discard(response.body);
  const newest = headerOf(response.headers, "location");
  const location = newest === undefined ? kept.location : locationIn(newest, response.url);
  if (location === undefined) return undefined;
  const range = headerOf(response.headers, "range");
  const offset = offsetOfStatus(range, { acknowledged: kept.offset, size: target.blob.size });
  if (offset !== undefined) return new RegistryUpload(parts, { ...kept, location, offset });
  void parts.giveBack(location, target.repository);
  return undefined;
}

/** Undefined for a token of another registry, or of a session that this one could not have sent us to. */
function keptSession(token: string, registry: URL): SessionState | undefined {
  const { success, data } = tokenSchema.safeParse(parseJson(Buffer.from(token)));
  if (!success || data.registry !== registry.origin) return undefined;
  const location = locationIn(data.location, registry);
  return location && { ...data, location };
}

/** Undefined where it leads to where nobody follows. */
function locationIn(text: string, from: URL): URL | undefined {
  try {
    return resolveLocation(text, from, "get-upload");
  } catch (error) {
    if (error instanceof FreightlinerError) return undefined;
    throw error;
  }
}

/** Undefined where another try would be answered the same: a new upload then shows what is really wrong, if anything is. */
async function askStatus(
  { client, target }: SessionParts,
  location: URL,
  signal: AbortSignal,
): Promise<ExchangeResponse | undefined> {
  const operation = "get-upload";
  let response: ExchangeResponse;
  try {
    response = await client.call({
      method: "GET",
      target: location,
      scopes: [pushScope(target.repository)],
      operation,
      signal,
    });
  } catch (error) {
    if (error instanceof FreightlinerError && lastingRefusals.has(error.code)) return undefined;
    throw error;
  }
  const { status } = response;
  if (status < 400) return response;
  if (status < 500 && status !== 408 && status !== 429) {
    response.body.destroy();
    return undefined;
  }
  const what = whatOf({ ...target, signal });
  const error = await client.errorOf(response, { operation, subject: "upload", what });
  if (error.code === "unsupported") return undefined;
  throw error;
}

const lastingRefusals: ReadonlySet<string> = new Set(["forbidden", "redirect-refused", "protocol"]);
