// Deletes tags at the destination: each is looked at once more before it goes, by tag where the registry can, else by digest.
import { FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import type { RunImage } from "../../shared/run.ts";
import { DigestDeletes } from "./digest-deletes.ts";
import { forEachAtMost } from "./in-order.ts";
import type { ImageOutcome } from "./ports.ts";
import type { RunScope } from "./run-scope.ts";

/** A registry of several nodes may show a deleted tag a moment longer. */
const goneTries = 3;
/** Milliseconds. */
const goneDelay = 500;

export interface DeleteRequest {
  readonly scope: RunScope;
  readonly repository: string;
  /** Rows of this repository whose references this run holds. */
  readonly rows: readonly RunImage[];
  /** Tags deleted at once. */
  readonly parallel: number;
  readonly ended: (row: RunImage, end: ImageOutcome | FreightlinerError) => void;
}

/** What was learned about the registry while tags were deleted. */
export interface DeleteManners {
  /** False once it refused to delete a tag for being one. */
  byTag: boolean;
  /** What it said where it deletes no digests either: nobody needs to ask it again. */
  refusal?: FreightlinerError;
}

const gone: ImageOutcome = { state: "succeeded", verified: true, destinationDigest: null, error: null };

/**
 * Every row ends, with an outcome or its error. A tag that is not there any more is done; one that points elsewhere than
 * planned stays (`verification-failed`).
 * @throws what concerns the whole side (no sign-in), and the signal's reason.
 */
export async function deleteTags(
  request: DeleteRequest,
  manners: DeleteManners,
  signal: AbortSignal,
): Promise<void> {
  const { rows, parallel } = request;
  const { refusal } = manners;
  if (refusal !== undefined) {
    for (const row of rows) request.ended(row, refusal);
    return;
  }
  const left: RunImage[] = [];
  await forEachAtMost(rows, parallel, (row) =>
    ending(request, row, signal, async () => {
      if (!(await stillAsPlanned(request.scope, row, signal))) return gone;
      if (manners.byTag && (await wentByTag(request.scope, row, signal))) return gone;
      manners.byTag = false;
      left.push(row);
      return undefined;
    }),
  );
  // In the plan's order, not in that of the answers, so that the same deletes always end alike.
  if (left.length > 0) await deleteDigests(request, left.toSorted(byId), manners, signal);
}

function byId(one: RunImage, other: RunImage): number {
  return one.id - other.id;
}

/** An index that goes keeps what it holds only until it is gone itself. */
async function deleteDigests(
  request: DeleteRequest,
  rows: readonly RunImage[],
  manners: DeleteManners,
  signal: AbortSignal,
): Promise<void> {
  const { scope, repository } = request;
  const digests = new DigestDeletes(scope, repository, rows);
  for (let group = digests.next(); group !== undefined; group = digests.next()) {
    for (const row of group.rows)
      await ending(request, row, signal, async () => {
        if (manners.refusal !== undefined) throw manners.refusal;
        await digests.refresh(signal);
        if (!(await stillAsPlanned(scope, row, signal))) return gone;
        const refusal = digests.refusal(group) ?? (await digests.attachment(group, signal));
        if (refusal !== undefined) throw refusal;
        await deleteReference(scope, repository, group.digest, signal).catch((error: unknown) => {
          if (isUnsupported(error)) manners.refusal = error.at("destination");
          throw error;
        });
        await isGone(scope, row, signal);
        digests.went(group);
        return gone;
      });
  }
}

/** @returns false where the registry deletes no tags. */
async function wentByTag(scope: RunScope, row: RunImage, signal: AbortSignal): Promise<boolean> {
  const { destinationRepository, destinationReference } = row;
  try {
    await deleteReference(scope, destinationRepository, destinationReference ?? "", signal);
  } catch (error) {
    if (isUnsupported(error)) return false;
    throw error;
  }
  await isGone(scope, row, signal);
  return true;
}

/** What is gone already counts as deleted: the answer to an earlier try may have been lost (protocol.md 5). */
async function deleteReference(
  scope: RunScope,
  repository: string,
  reference: string,
  signal: AbortSignal,
): Promise<void> {
  await scope.destination.ask("delete-manifest", signal, async (endpoint, options) => {
    try {
      await endpoint.deleteManifest(repository, reference, options);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  });
}

function isUnsupported(error: unknown): error is FreightlinerError {
  return error instanceof FreightlinerError && error.code === "unsupported";
}

function isAbsent(error: unknown): boolean {
  if (!(error instanceof FreightlinerError)) return false;
  return error.code === "manifest-unknown" || error.code === "repository-unknown";
}

/** False where the tag is not there any more. @throws `verification-failed` where it has come to point elsewhere. */
async function stillAsPlanned(scope: RunScope, row: RunImage, signal: AbortSignal): Promise<boolean> {
  const there = await standing(scope, row, signal);
  if (there === undefined) return false;
  if (there === row.replacesDigest) return true;
  const name = joinReference(row.destinationRepository, row.destinationReference ?? "");
  const planned = row.replacesDigest ?? "nothing that could be read";
  throw failure(
    `${name} has come to point at ${there} where ${planned} was to be deleted; plan it again.`,
    "verification-failed",
  );
}

async function isGone(scope: RunScope, row: RunImage, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; attempt <= goneTries; attempt++) {
    if (attempt > 1) await scope.context.clock.sleep(goneDelay, signal);
    if ((await standing(scope, row, signal).catch(hidden)) === undefined) return;
  }
  const name = joinReference(row.destinationRepository, row.destinationReference ?? "");
  throw failure(`${name} was deleted, but the registry still answers for it.`, "verification-failed");
}

/** Some registries answer 403 for what is missing (protocol.md 2.6); it was served a moment ago. */
function hidden(error: unknown): undefined {
  if (error instanceof FreightlinerError && error.code === "forbidden") return undefined;
  throw error;
}

async function standing(scope: RunScope, row: RunImage, signal: AbortSignal): Promise<string | undefined> {
  const head = await scope.destination.ask("head-manifest", signal, (endpoint, options) =>
    endpoint.headManifest(row.destinationRepository, row.destinationReference ?? "", options),
  );
  return head?.digest;
}

/** Ends the row with what the work gives or throws; undefined leaves it open. */
async function ending(
  request: DeleteRequest,
  row: RunImage,
  signal: AbortSignal,
  work: () => Promise<ImageOutcome | undefined>,
): Promise<void> {
  let end: ImageOutcome | FreightlinerError | undefined;
  try {
    end = await work();
  } catch (thrown) {
    signal.throwIfAborted();
    end = toFreightlinerError(thrown, "delete-manifest").at("destination");
    if (end.code === "unauthorized") throw end;
  }
  if (end !== undefined) request.ended(row, end);
}

function failure(message: string, code: "verification-failed"): FreightlinerError {
  return new FreightlinerError({ code, side: "destination", operation: "delete-manifest", message });
}
