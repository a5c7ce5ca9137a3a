// Reads a small JSON body under a cap; more bytes than that are refused before they are kept.
import type { IncomingMessage } from "node:http";

/** Bytes; a launch token needs 60. */
const maxBody = 16 * 1024;

export type Body =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "too-large" }
  | { readonly kind: "not-json" };

/** @throws the socket's error where the client goes away. */
export async function readJsonBody(request: IncomingMessage): Promise<Body> {
  if (Number(request.headers["content-length"] ?? 0) > maxBody) return { kind: "too-large" };
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early must not tear the connection down: the refusal still has to go out on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) return { kind: "too-large" };
    chunks.push(chunk);
  }
  try {
    return { kind: "json", value: JSON.parse(Buffer.concat(chunks).toString("utf8")) };
  } catch {
    // What does not parse is an answer of its own, not an error of ours.
    return { kind: "not-json" };
  }
}
