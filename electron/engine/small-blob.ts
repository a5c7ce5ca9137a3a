// A small blob as bytes in memory, proven by its digest: configurations.
import type { Descriptor } from "../../shared/descriptor.ts";
import { digestAlgorithm } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { ImageSource } from "./ports.ts";
import { digestOf } from "./verify.ts";

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
  return side.ask("get-blob", signal, async (endpoint: ImageSource, options) => {
    const { body } = await endpoint.openBlob(repository, blob, options);
    const what = `${endpoint.host}/${repository}@${blob.digest}`;
    const bytes = new Uint8Array(blob.size);
    let length = 0;
    for await (const chunk of body) {
      const part: Uint8Array = chunk;
      if (length + part.length > blob.size)
        throw wrong("size-mismatch", `${what} served more than the ${blob.size} bytes expected.`);
      bytes.set(part, length);
      length += part.length;
    }
    if (length !== blob.size)
      throw wrong("size-mismatch", `${what} served ${length} bytes where ${blob.size} were expected.`);
    const found = digestOf(bytes, digestAlgorithm(blob.digest));
    if (found !== blob.digest) throw wrong("digest-mismatch", `${what} served bytes of ${found}.`);
    return bytes;
  });
}

function wrong(code: "size-mismatch" | "digest-mismatch", message: string): FreightlinerError {
  return new FreightlinerError({ code, operation: "get-blob", message });
}
