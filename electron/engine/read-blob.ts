// Reads a blob of one side to its end and hashes it: for those who want proof rather than a promise.
import type { Descriptor } from "../../shared/descriptor.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { Hosts } from "./hosts.ts";
import { readVerified } from "./verify.ts";

export interface BlobToRead {
  readonly repository: string;
  readonly blob: Descriptor;
  readonly hosts: Hosts;
  /** The run whose bandwidth it counts against, where it is part of one. */
  readonly runId?: string;
}

/** @throws `blob-unknown`, `digest-mismatch` or `size-mismatch` (after a second try), and what the side throws. */
export function readBlobBack(
  side: EndpointSide,
  { repository, blob, hosts, runId }: BlobToRead,
  signal: AbortSignal,
): Promise<void> {
  const { host } = side.endpoint;
  return side.retrying("read-blob", signal, () =>
    hosts.within({ hosts: [host], lane: "bulk", size: blob.size, waiter: side.waiter, signal }, async () => {
      const { body } = await side.endpoint.openBlob(repository, blob, { signal });
      const meter = hosts.bandwidth.meter({ runId: runId ?? null, hosts: [host] });
      const pace = (bytes: number): Promise<void> | undefined => meter.take(bytes, signal);
      await readVerified(body, blob, { what: `${host}/${repository}`, pace });
    }),
  );
}
