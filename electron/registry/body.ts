// Reads the small bodies of answers: capped, uncompressed, within a deadline.
import type { Readable } from "node:stream";
import { FreightlinerError } from "../../shared/errors.ts";
import { type ExchangeResponse, headersOf, lengthOf } from "./exchange.ts";
import { caps } from "./limits.ts";

export interface ReadOptions {
  /** Bytes. */
  readonly limit: number;
  /** What is read, for errors: "the manifest of app:v1". */
  readonly what: string;
  readonly operation: string;
  readonly deadlineMs: number;
}

/** We ask for identity; a body that is compressed anyway has other bytes than its digest or its cap says. */
export function refuseEncoded(response: ExchangeResponse, what: string, operation: string): void {
  const encoding = headersOf(response.headers, "content-encoding").join(", ").trim().toLowerCase();
  if (encoding === "" || encoding === "identity") return;
  response.body.destroy();
  throw new FreightlinerError({
    code: "protocol",
    operation,
    message: `${response.url.host} sent ${what} with Content-Encoding "${encoding.slice(0, 40)}", though only unencoded content was asked for.`,
  });
}

/** @throws FreightlinerError `too-large` beyond the limit, `timeout`, `protocol` for an encoded body. */
export async function readBody(response: ExchangeResponse, options: ReadOptions): Promise<Uint8Array> {
  const { body } = response;
  const { limit, what, operation, deadlineMs } = options;
  refuseEncoded(response, what, operation);
  const tooLarge = () =>
    new FreightlinerError({
      code: "too-large",
      operation,
      message: `${response.url.host} sent more than ${limit} bytes as ${what}.`,
    });
  if ((lengthOf(response.headers) ?? 0) > limit) {
    body.destroy();
    throw tooLarge();
  }
  const deadline = setTimeout(() => {
    body.destroy(
      new FreightlinerError({
        code: "timeout",
        operation,
        message: `${response.url.host} did not send ${what} within ${deadlineMs / 1000} seconds.`,
      }),
    );
  }, deadlineMs);
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > limit) throw tooLarge();
      chunks.push(chunk);
    }
    // A copy also of a single piece: a view would keep the whole socket buffer behind it.
    return Buffer.concat(chunks, size);
  } finally {
    clearTimeout(deadline);
    body.destroy();
  }
}

/** Milliseconds; a rest that takes longer is not worth its connection. */
const discardMs = 10_000;

/**
 * Lets go of a body nobody wants: a short one is read so that its connection can be used again. One that drips would keep
 * it for hours, and the requests that wait for a free connection with it (protocol.md 8, row 20).
 */
export function discard(body: Readable, deadlineMs = discardMs): void {
  let size = 0;
  const deadline = setTimeout(() => body.destroy(), deadlineMs);
  deadline.unref();
  body.once("close", () => clearTimeout(deadline));
  body.on("data", (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > caps.error) body.destroy();
  });
}

/** JSON as unknown, or undefined where the text is none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Not JSON: the caller says what was expected in its place.
    return undefined;
  }
}
