// Raw HTTP against a registry with node:http alone, so that tests judge and feed without the client under test.
import { createHash } from "node:crypto";
import { type IncomingHttpHeaders, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { manifestAccept } from "../../shared/media-types.ts";

/** What a raw request needs to know of a registry; RealRegistry, sample servers and FixtureRegistry all fit. */
export interface RawTarget {
  /** `http://127.0.0.1:5000` or https; certificates are not checked here. */
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable;
  /** Hash and count the body instead of keeping it (large blobs). */
  readonly discard?: boolean;
}

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** One request, no redirects followed. A reply of any status is returned; only a broken connection throws. */
export async function rawRequest(
  target: RawTarget,
  path: string,
  options: RawRequest = {},
): Promise<RawReply> {
  const { reply, chunks } = await exchange(target, path, options);
  return { status: reply.status, headers: reply.headers, body: Buffer.concat(chunks) };
}

/** GET of a body that is only hashed and counted. */
export async function rawDigest(
  target: RawTarget,
  path: string,
): Promise<{ status: number; digest: string; bytes: number }> {
  const { reply, digest, bytes } = await exchange(target, path, { discard: true });
  return { status: reply.status, digest, bytes };
}

interface Exchange {
  readonly reply: { readonly status: number; readonly headers: IncomingHttpHeaders };
  readonly chunks: Buffer[];
  readonly digest: string;
  readonly bytes: number;
}

async function exchange(target: RawTarget, path: string, options: RawRequest): Promise<Exchange> {
  const url = new URL(path, target.url);
  const headers: Record<string, string> = { ...options.headers };
  if (target.user !== undefined) {
    headers.authorization = `Basic ${Buffer.from(`${target.user}:${target.password ?? ""}`).toString("base64")}`;
  }
  const body = options.body;
  if (body instanceof Uint8Array) headers["content-length"] = String(body.byteLength);
  else if (body === undefined && !["GET", "HEAD"].includes(options.method ?? "GET"))
    headers["content-length"] = "0";
  const begin = url.protocol === "https:" ? tlsRequest : plainRequest;
  const request = begin(url, {
    method: options.method ?? "GET",
    headers,
    agent: false,
    ...(url.protocol === "https:" ? { rejectUnauthorized: false } : {}),
  });
  const answered = new Promise<Exchange>((resolve, reject) => {
    request.once("error", reject);
    request.once("response", (response) => {
      const chunks: Buffer[] = [];
      const hash = createHash("sha256");
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.byteLength;
        hash.update(chunk);
        if (options.discard !== true) chunks.push(chunk);
      });
      response.once("error", reject);
      response.once("aborted", () =>
        reject(new Error(`The body of ${url.href} broke off after ${bytes} bytes.`)),
      );
      response.once("end", () =>
        resolve({
          reply: { status: response.statusCode ?? 0, headers: response.headers },
          chunks,
          digest: `sha256:${hash.digest("hex")}`,
          bytes,
        }),
      );
    });
  });
  if (body === undefined || body instanceof Uint8Array) request.end(body);
  // The reply tells the outcome, also where the server answered before it read everything.
  else void pipeline(body, request).catch(() => undefined);
  return answered;
}

function expectStatus(reply: RawReply, statuses: readonly number[], what: string): RawReply {
  if (statuses.includes(reply.status)) return reply;
  throw new Error(
    `${what}: expected ${statuses.join(" or ")}, got ${reply.status} ${reply.body.toString("utf8", 0, 400)}`,
  );
}

/** The manifest's exact bytes; throws where there is none. */
export async function getManifest(
  target: RawTarget,
  repository: string,
  reference: string,
): Promise<{ bytes: Buffer; mediaType: string; digest: string }> {
  const reply = expectStatus(
    await rawRequest(target, `/v2/${repository}/manifests/${reference}`, {
      headers: { accept: manifestAccept.join(", ") },
    }),
    [200],
    `GET manifest ${repository}:${reference}`,
  );
  return { bytes: reply.body, mediaType: String(reply.headers["content-type"]), digest: sha256(reply.body) };
}

/** The status of a manifest HEAD and the digest in its header. */
export async function headManifest(
  target: RawTarget,
  repository: string,
  reference: string,
): Promise<{ status: number; digest: string | undefined; size: number }> {
  const reply = await rawRequest(target, `/v2/${repository}/manifests/${reference}`, {
    method: "HEAD",
    headers: { accept: manifestAccept.join(", ") },
  });
  const digest = reply.headers["docker-content-digest"];
  return {
    status: reply.status,
    digest: typeof digest === "string" ? digest : undefined,
    size: Number(reply.headers["content-length"] ?? 0),
  };
}

export interface RawManifest {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

export async function putManifest(
  target: RawTarget,
  where: { readonly repository: string; readonly reference: string },
  manifest: RawManifest,
): Promise<string> {
  expectStatus(
    await rawRequest(target, `/v2/${where.repository}/manifests/${where.reference}`, {
      method: "PUT",
      headers: { "content-type": manifest.mediaType },
      body: manifest.bytes,
    }),
    [201],
    `PUT manifest ${where.repository}:${where.reference}`,
  );
  return sha256(manifest.bytes);
}

/** True where a HEAD of the blob answers 200. */
export async function hasBlob(target: RawTarget, repository: string, digest: string): Promise<boolean> {
  const reply = await rawRequest(target, `/v2/${repository}/blobs/${digest}`, { method: "HEAD" });
  return expectStatus(reply, [200, 404], `HEAD blob ${repository}@${digest}`).status === 200;
}

export async function getBlob(target: RawTarget, repository: string, digest: string): Promise<Buffer> {
  const path = `/v2/${repository}/blobs/${digest}`;
  return expectStatus(await rawRequest(target, path), [200], `GET blob ${repository}@${digest}`).body;
}

/** POST and one PUT; nothing is sent where the blob is already there. */
export async function putBlob(
  target: RawTarget,
  repository: string,
  blob: { readonly digest: string; readonly size: number; readonly body: Uint8Array | (() => Readable) },
): Promise<void> {
  if (await hasBlob(target, repository, blob.digest)) return;
  const opened = expectStatus(
    await rawRequest(target, `/v2/${repository}/blobs/uploads/`, { method: "POST" }),
    [202],
    `POST upload ${repository}`,
  );
  const location = new URL(String(opened.headers.location), target.url);
  const path = `${location.pathname}${location.search}${location.search === "" ? "?" : "&"}digest=${encodeURIComponent(blob.digest)}`;
  const body = blob.body instanceof Uint8Array ? blob.body : blob.body();
  expectStatus(
    await rawRequest(target, path, {
      method: "PUT",
      headers: { "content-type": "application/octet-stream", "content-length": String(blob.size) },
      body,
    }),
    [201],
    `PUT blob ${repository}@${blob.digest}`,
  );
}

/** The tags served, following `Link`; an unknown repository has none. */
export async function listTags(target: RawTarget, repository: string): Promise<readonly string[]> {
  const tags: string[] = [];
  let path: string | undefined = `/v2/${repository}/tags/list`;
  for (let page = 0; path !== undefined && page < 1000; page += 1) {
    const reply: RawReply = await rawRequest(target, path);
    if (reply.status === 404) return tags;
    const body = JSON.parse(reply.body.toString("utf8")) as { tags: string[] | null };
    tags.push(...(body.tags ?? []));
    path = /<([^>]+)>/.exec(String(reply.headers.link ?? ""))?.[1];
  }
  return tags;
}
