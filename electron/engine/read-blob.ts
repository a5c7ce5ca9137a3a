// Reads a blob of one side to its end and hashes it: for those who want proof rather than a promise.
import type { Descriptor } from "../../shared/descriptor.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { HostSlots } from "./host-slots.ts";
import { readVerified } from "./verify.ts";

export interface BlobToRead {
  readonly repository: string;
  readonly blob: Descriptor;
  readonly slots: HostSlots;
}

/** @throws `blob-unknown`, `digest-mismatch` or `size-mismatch` (after a second try), and what the side throws. */
export function readBlobBack(
  side: EndpointSide,
  { repository, blob, slots }: BlobToRead,
  signal: AbortSignal,
): Promise<void> {
  const { host } = side.endpoint;
  return side.retrying("read-blob", signal, () =>
    slots.within({ hosts: [host], lane: "bulk", signal }, async () => {
      const { body } = await side.endpoint.openBlob(repository, blob, { signal });
      await readVerified(body, blob, { what: `${host}/${repository}` });
    }),
  );
}
