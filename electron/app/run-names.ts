// The images of a run by the names that people and scripts know them by.
import { type EndpointSettings, endpointAddress, transportOf } from "../../shared/endpoint.ts";
import { isHost, joinReference } from "../../shared/reference.ts";
import type { Run, RunEnd, RunImage } from "../../shared/run.ts";

/** What the name of an image begins with. */
export type Place = Pick<RunEnd, "address" | "transport">;

export function placeOf(settings: EndpointSettings): Place {
  return { address: endpointAddress(settings), transport: transportOf(settings) };
}

/** `host/repository:tag`, or `oci:DIR:repository:tag` for a folder, and alike for an archive. */
export function imageName(
  { address, transport }: Place,
  repository: string,
  reference: string | null,
): string {
  const name = reference === null ? repository : joinReference(repository, reference);
  // Runs of earlier versions know no transport, and no archives.
  if (transport === undefined && isHost(address)) return `${address}/${name}`;
  return `${transport ?? "oci"}:${address}:${name}`;
}
export function sourceName(run: Run, image: RunImage): string {
  return imageName(run.source, image.sourceRepository, image.sourceReference);
}
export function destinationName(run: Run, image: RunImage): string {
  return imageName(run.destination, image.destinationRepository, image.destinationReference);
}
