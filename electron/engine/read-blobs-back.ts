// Proof that the blobs of an image arrived: each is read at the destination and hashed here.
import type { Descriptor } from "../../shared/descriptor.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { ManifestTarget } from "./copy-manifest.ts";
import { forEachAtMost } from "./in-order.ts";
import { readBlobBack } from "./read-blob.ts";
import type { RunScope } from "./run-scope.ts";

const parallelBlobs = 32;

/** @throws `verification-failed`. */
export async function readBlobsBack(
  scope: RunScope,
  { blobs, target }: { readonly blobs: readonly Descriptor[]; readonly target: ManifestTarget },
  signal: AbortSignal,
): Promise<void> {
  const { hosts } = scope.context;
  const { runId } = scope.request;
  await forEachAtMost(blobs, parallelBlobs, (blob) =>
    readBlobBack(scope.destination, { ...target, blob, hosts, runId }, signal).catch((thrown: unknown) => {
      throw isContentError(thrown) ? notAsWritten(scope, target, blob, thrown) : thrown;
    }),
  );
}

function isContentError(error: unknown): error is FreightlinerError {
  if (!(error instanceof FreightlinerError)) return false;
  return ["digest-mismatch", "size-mismatch", "blob-unknown"].includes(error.code);
}

function notAsWritten(
  scope: RunScope,
  target: ManifestTarget,
  blob: Descriptor,
  cause: FreightlinerError,
): FreightlinerError {
  return new FreightlinerError({
    code: "verification-failed",
    side: "destination",
    operation: "verify-blob",
    message: `${scope.request.destination.host}/${target.repository}@${blob.digest} is not what was written: ${cause.message}`,
    cause,
  });
}
