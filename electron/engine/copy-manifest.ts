// Writes manifests, their exact bytes, and proves what stands under the reference afterwards.
import { digestAlgorithm } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import type { Manifest, PutManifestResult, Reference } from "./ports.ts";
import type { RunScope } from "./run-scope.ts";
import { withSoleRight } from "./sole-right.ts";
import { digestOf } from "./verify.ts";

/** A registry of several nodes may show a new tag a moment late. */
const readBackTries = 3;
/** Milliseconds. */
const readBackDelay = 500;

export interface ManifestTarget {
  readonly repository: string;
  readonly reference: Reference;
}

/** One writer at a time per manifest and host. @throws `blob-unknown` where parts are missing. */
export async function writeManifest(
  scope: RunScope,
  target: ManifestTarget,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<PutManifestResult> {
  return alone(scope, manifest, signal, () => put(scope, target, manifest, signal));
}

/**
 * Writes an image's last manifest and reads it back before anybody else here writes the same one: distribution 2.8 rewrites
 * the revision's link in place, and who reads it in that moment is answered 500.
 */
export async function writeAndReadBack(
  scope: RunScope,
  target: ManifestTarget,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<void> {
  await alone(scope, manifest, signal, async () => {
    await put(scope, target, manifest, signal);
    await readBack(scope, target, manifest, signal);
  });
}

/** Nobody else writes the same bytes to that host, in this process or another. */
function alone<T>(
  scope: RunScope,
  { digest }: Manifest,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const { host } = scope.request.destination;
  return scope.context.flights.writeManifest({ host, digest }, signal, () =>
    withSoleRight(scope, `manifest:${host}@${digest}`, signal, work),
  );
}

function put(
  scope: RunScope,
  target: ManifestTarget,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<PutManifestResult> {
  // What plans saw there is no longer so.
  scope.context.sights.forgetTag({ host: scope.request.destination.host, ...target });
  return scope.destination.ask("put-manifest", signal, (endpoint, options) =>
    endpoint.putManifest(target.repository, target.reference, manifest, options),
  );
}

/**
 * Reads the reference back and compares the digest of its body, computed here, with the pinned one.
 * @throws `verification-failed`.
 */
export async function readBack(
  scope: RunScope,
  target: ManifestTarget,
  expected: Pick<Manifest, "digest">,
  signal: AbortSignal,
): Promise<void> {
  let found = "nothing";
  for (let attempt = 1; attempt <= readBackTries; attempt++) {
    if (attempt > 1) await scope.context.clock.sleep(readBackDelay, signal);
    const manifest = await scope.destination.ask("get-manifest", signal, (endpoint, options) =>
      endpoint.getManifest(target.repository, target.reference, options).catch((error: unknown) => {
        if (error instanceof FreightlinerError && error.code === "manifest-unknown") return undefined;
        throw error;
      }),
    );
    found = manifest === undefined ? "nothing" : digestOf(manifest.bytes, digestAlgorithm(expected.digest));
    if (found === expected.digest) return;
  }
  throw new FreightlinerError({
    code: "verification-failed",
    side: "destination",
    operation: "read-back",
    message: `${scope.request.destination.host}/${joinReference(target.repository, target.reference)} was read back as ${found} where ${expected.digest} was written.`,
  });
}
