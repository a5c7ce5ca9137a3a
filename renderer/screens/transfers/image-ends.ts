// An image in one text: where it comes from and, where that is not the same, where it goes.
import type { RunImage } from "../../../shared/run.ts";

function joined(repository: string, reference: string | null): string {
  if (reference === null) return repository;
  return reference.includes(":") ? `${repository}@${reference}` : `${repository}:${reference}`;
}

/** Both ends where they differ; what is deleted has only the one. */
export function imageEnds(image: RunImage): string {
  const source = joined(image.sourceRepository, image.sourceReference);
  const destination = joined(image.destinationRepository, image.destinationReference);
  return image.action === "delete" || source === destination ? destination : `${source} → ${destination}`;
}
