// A small blob as bytes in memory, proven by its digest: configurations.
import type { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { VerifiedBody } from "./verify.ts";

export interface SmallBlob {
  readonly repository: string;
  /** The caller bounds its size; not a byte more than that is taken. */
  readonly blob: Descriptor;
}

/** @throws `blob-unknown`, `size-mismatch`, `digest-mismatch`, and what the side throws. */
export function readSmallBlob(
  side: EndpointSide,
  { repository, blob }: SmallBlob,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const what = `${side.endpoint.host}/${repository}`;
  return side.ask("get-blob", signal, async (endpoint, options) => {
    const { body } = await endpoint.openBlob(repository, blob, options);
    return collect(new VerifiedBody(body, blob, { what }));
  });
}

async function collect(body: VerifiedBody & Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  } catch (error) {
    throw body.failure ?? error;
  }
  return Buffer.concat(chunks);
}
