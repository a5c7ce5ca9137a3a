// What is to happen to one image, by what its tag points at where it is to land.
import { type Digest, shortDigest } from "../../shared/digest.ts";
import { isTag, joinReference } from "../../shared/reference.ts";
import type { RunOptions } from "../../shared/run.ts";
import type { ImageFindings } from "./image-findings.ts";
import type { Reference } from "./ports.ts";
import type { Verdict } from "./replace-rule.ts";

export interface Decision extends Pick<ImageFindings, "action" | "reason" | "replacesDigest"> {
  /** Written there instead of under the tag that was asked for. */
  readonly tag?: string;
}

export interface Standing {
  readonly repository: string;
  readonly reference: Reference;
  readonly writes: Digest;
  readonly there: Digest;
}

export interface DecisionParts {
  readonly options: Pick<RunOptions, "overwrite" | "keepBothSuffix">;
  /** What a reference of that repository points at. */
  readonly standing: (reference: Reference) => Promise<Digest | undefined>;
  readonly compareAge: () => Promise<Verdict>;
}

/** Something else stands there. */
export async function decideDifferent(at: Standing, parts: DecisionParts): Promise<Decision> {
  const { overwrite } = parts.options;
  const replacesDigest = at.there;
  const points = `${joinReference(at.repository, at.reference)} points at ${shortDigest(at.there)}`;
  switch (overwrite) {
    case "never":
      return { action: "conflict", reason: `${points} and nothing is overwritten.`, replacesDigest };
    case "stop":
      return { action: "conflict", reason: `${points}, and that stops the transfer.`, replacesDigest };
    case "if-different":
    case "always":
      return { action: "overwrite", reason: `${points}, which is replaced.`, replacesDigest };
    case "if-newer": {
      const { kind, why } = await parts.compareAge();
      const action = ({ replace: "overwrite", keep: "skip", undated: "conflict" } as const)[kind];
      return { action, reason: `${points}, ${why}.`, replacesDigest };
    }
    case "keep-both":
      return keepBoth(at, points, parts);
  }
}

/** Beside it, under the tag with the suffix, unless that one is taken as well. */
async function keepBoth(at: Standing, points: string, parts: DecisionParts): Promise<Decision> {
  const tag = `${at.reference}${parts.options.keepBothSuffix}`;
  if (!isTag(tag)) {
    const reason = `${points}, and "${tag}" would be too long for a tag.`;
    return { action: "conflict", reason, replacesDigest: at.there };
  }
  const other = await parts.standing(tag);
  if (other === undefined)
    return {
      action: "copy",
      reason: `${points}; written beside it as ${tag}.`,
      replacesDigest: undefined,
      tag,
    };
  if (other === at.writes) {
    const reason = `${points}; already beside it as ${tag}.`;
    return { action: "skip", reason, replacesDigest: other, tag };
  }
  const reason = `${points}, and ${tag} is taken by ${shortDigest(other)}.`;
  return { action: "conflict", reason, replacesDigest: other, tag };
}
