// What is known of an image at the destination after a run: its digest there, and how that is known.
import type { RunImage } from "../../../shared/run.ts";

/** The digest that stands at the destination: read back, or found there where nothing was to do. */
export function standingDigest(image: RunImage): string | null {
  return image.destinationDigest ?? (image.action === "skip" ? image.replacesDigest : null);
}

export type Proof = "verified" | "compared" | "kept" | "none";

/** `compared`: nothing was written, as the destination already answered with the digest that would have been. */
export function proofOf(image: RunImage): Proof {
  if (image.verified) return "verified";
  if (image.state !== "skipped") return "none";
  const standing = standingDigest(image);
  return standing !== null && standing === (image.writesDigest ?? image.digest) ? "compared" : "kept";
}
