// Puts referrers on the list under the referrers tag, where the destination keeps no list of its own.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests-with-subject
import type { Descriptor } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import { writeManifest } from "./copy-manifest.ts";
import type { Manifest } from "./ports.ts";
import { entriesOf, isReferrersIndex, referrersTag, withReferrers } from "./referrers-tag.ts";
import type { RunScope } from "./run-scope.ts";
import { withSoleRight } from "./sole-right.ts";

/** A program other than ours may write the list at the same moment; nothing at the registry guards it. */
const mergeTries = 5;

export interface WrittenReferrer {
  readonly descriptor: Descriptor;
  /** The destination said that it lists it (OCI-Subject). */
  readonly isListed: boolean;
}

export interface NewReferrers {
  readonly repository: string;
  readonly subject: Digest;
  readonly referrers: readonly WrittenReferrer[];
}

interface Unlisted extends Omit<NewReferrers, "referrers"> {
  readonly referrers: readonly Descriptor[];
}

/** @throws `tag-immutable` where the tag is no list, `verification-failed` where others keep writing over ours. */
export async function addReferrers(
  scope: RunScope,
  { repository, subject, referrers }: NewReferrers,
  signal: AbortSignal,
): Promise<void> {
  const api = scope.attachments.destinationApi;
  // ECR said OCI-Subject before it had the API (protocol.md 3.2): the word counts only where there is a list.
  const unsure = referrers.filter((one) => !one.isListed || api.present !== true);
  if (unsure.length === 0) return;
  const listed = await api.list({ repository, digest: subject }, signal);
  const known = new Set((listed ?? []).map((one) => one.digest));
  const missing = unsure.map((one) => one.descriptor).filter((one) => !known.has(one.digest));
  if (missing.length === 0) return;
  const { host } = scope.request.destination;
  const key = `referrers:${host}/${repository}@${subject}`;
  await scope.context.flights.mergeReferrers({ host, repository, digest: subject }, signal, () =>
    withSoleRight(scope, key, signal, () =>
      merge(scope, { repository, subject, referrers: missing }, signal),
    ),
  );
}

async function merge(scope: RunScope, added: Unlisted, signal: AbortSignal): Promise<void> {
  const { repository, subject, referrers } = added;
  const target = { repository, reference: referrersTag(subject) };
  for (let attempt = 1; attempt <= mergeTries; attempt++) {
    const there = await readList(scope, added, signal);
    const listed = (there === undefined ? [] : entriesOf(there)).map((one) => one.digest);
    if (there !== undefined && referrers.every((one) => listed.includes(one.digest))) {
      scope.context.journal.rememberManifest(there.digest, { children: listed });
      return;
    }
    await writeManifest(scope, target, withReferrers(there, referrers), signal);
  }
  const name = joinReference(repository, target.reference);
  throw new FreightlinerError({
    code: "verification-failed",
    side: "destination",
    operation: "read-back",
    message: `The list of referrers ${name} did not keep its new entries in ${mergeTries} tries: something else writes it, too.`,
  });
}

async function readList(
  scope: RunScope,
  { repository, subject }: Unlisted,
  signal: AbortSignal,
): Promise<Manifest | undefined> {
  const tag = referrersTag(subject);
  const there = await scope.destination.ask("get-manifest", signal, (endpoint, options) =>
    endpoint.getManifest(repository, tag, options).catch((error: unknown) => {
      if (error instanceof FreightlinerError && error.code === "manifest-unknown") return undefined;
      throw error;
    }),
  );
  if (there === undefined || isReferrersIndex(there, subject)) return there;
  throw new FreightlinerError({
    code: "tag-immutable",
    side: "destination",
    operation: "put-manifest",
    message: `${joinReference(repository, tag)} is no list of referrers and is not overwritten.`,
  });
}
