// What the checks of conformance share: one repository of a registry, spoken to by raw HTTP.
import { createHash } from "node:crypto";
import { request } from "node:http";
import { expect } from "vitest";

export interface ConformanceTarget {
  readonly url: string;
}

export interface ConformanceCheck {
  /** Begins with the number of the point. */
  readonly title: string;
  readonly run: (target: ConformanceTarget) => Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export type Algorithm = "sha256" | "sha512";
export const algorithms = ["sha256", "sha512"] as const;
export const octets = { "content-type": "application/octet-stream" };
export const ociManifest = "application/vnd.oci.image.manifest.v1+json";
export const ociIndex = "application/vnd.oci.image.index.v1+json";
export const ociConfig = "application/vnd.oci.image.config.v1+json";
export const ociLayer = "application/vnd.oci.image.layer.v1.tar";
export const emptyType = "application/vnd.oci.empty.v1+json";
export const accept = { accept: `${ociManifest}, ${ociIndex}` };

let counter = 0;
/** Bytes that no other check uses. */
export function freshBytes(length = 3000): Buffer {
  counter += 1;
  return Buffer.alloc(length, `conformance ${counter} `);
}
/** A repository that no other check uses. */
export function freshRepository(): string {
  counter += 1;
  return `conformance/check-${counter}`;
}
export function digestOf(bytes: Uint8Array, algorithm: Algorithm = "sha256"): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

export class Session {
  readonly #url: string;
  readonly repository: string;

  constructor(target: ConformanceTarget, repository = freshRepository()) {
    this.#url = target.url;
    this.repository = repository;
  }

  /** A path below the repository, or a Location as it was answered. */
  send(
    method: string,
    path: string,
    options: {
      readonly body?: Uint8Array;
      readonly headers?: Record<string, string>;
      readonly stream?: boolean;
    } = {},
  ): Promise<Answer> {
    const absolute = /^(https?:|\/)/.test(path) ? path : `/v2/${this.repository}/${path}`;
    const url = new URL(absolute, this.#url);
    const { body, stream = false } = options;
    const length: Record<string, string> =
      stream || (body === undefined && (method === "GET" || method === "HEAD"))
        ? {}
        : { "content-length": String(body?.length ?? 0) };
    return new Promise((resolve, reject) => {
      const headers = { ...length, ...options.headers };
      const asked = request(url, { method, headers, agent: false }, (reply) => {
        const chunks: Buffer[] = [];
        reply.on("data", (chunk: Buffer) => chunks.push(chunk));
        reply.once("error", reject);
        reply.once("end", () =>
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks) }),
        );
      });
      asked.once("error", reject);
      asked.end(body);
    });
  }

  async open(): Promise<string> {
    const opened = await this.send("POST", "blobs/uploads/");
    expect(opened.status, "POST of an upload").toBe(202);
    return locationOf(opened);
  }
  patch(location: string, body: Uint8Array, start?: number): Promise<Answer> {
    const range: Record<string, string> =
      start === undefined ? {} : { "content-range": `${start}-${start + body.length - 1}` };
    return this.send("PATCH", location, {
      body,
      headers: { ...octets, ...range },
      stream: start === undefined,
    });
  }
  close(location: string, digest: string, body?: Uint8Array, start?: number): Promise<Answer> {
    const range: Record<string, string> =
      start === undefined || body === undefined
        ? {}
        : { "content-range": `${start}-${start + body.length - 1}` };
    const joint = location.includes("?") ? "&" : "?";
    const headers = { ...octets, ...range };
    const target = `${location}${joint}digest=${encodeURIComponent(digest)}`;
    return this.send("PUT", target, { ...(body === undefined ? {} : { body }), headers });
  }
  async pushBlob(body: Uint8Array, digest = digestOf(body)): Promise<string> {
    expect((await this.close(await this.open(), digest, body)).status, "PUT of a blob").toBe(201);
    return digest;
  }
  putManifest(reference: string, bytes: Uint8Array, mediaType: string): Promise<Answer> {
    return this.send("PUT", `manifests/${reference}`, {
      body: bytes,
      headers: { "content-type": mediaType },
    });
  }
  async json(path: string): Promise<{ readonly answer: Answer; readonly value: Record<string, unknown> }> {
    const answer = await this.send("GET", path);
    expect(answer.status, `GET ${path}`).toBe(200);
    return { answer, value: JSON.parse(answer.body.toString()) as Record<string, unknown> };
  }
}

export function locationOf(answer: Answer): string {
  const { location } = answer.headers;
  expect(location, "Location").toBeTypeOf("string");
  return String(location);
}

export type Check = (
  title: string,
  run: (session: Session, target: ConformanceTarget) => Promise<void>,
) => void;

/** A list of checks and the function that adds to it. */
export function checkList(): { readonly checks: readonly ConformanceCheck[]; readonly check: Check } {
  const checks: ConformanceCheck[] = [];
  const check: Check = (title, run) => {
    checks.push({ title, run: (target) => run(new Session(target), target) });
  };
  return { checks, check };
}
