// The images of a run by the names that people and scripts know them by.
import { isHost, joinReference } from "../../shared/reference.ts";
import type { Run, RunImage } from "../../shared/run.ts";

/** `host/repository:tag`, or `oci:DIR:repository:tag` for a folder. */
export function imageName(address: string, repository: string, reference: string | null): string {
  const name = reference === null ? repository : joinReference(repository, reference);
  return isHost(address) ? `${address}/${name}` : `oci:${address}:${name}`;
}
export function sourceName(run: Run, image: RunImage): string {
  return imageName(run.source.address, image.sourceRepository, image.sourceReference);
}
export function destinationName(run: Run, image: RunImage): string {
  return imageName(run.destination.address, image.destinationRepository, image.destinationReference);
}
