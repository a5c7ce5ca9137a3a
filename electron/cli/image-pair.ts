// Two images as the contract names them: what the second leaves open is as the first says.
import type { MethodInput } from "../../shared/contract.ts";
import { destinationRepository, sourceRepository } from "./layout-repository.ts";
import type { Sides } from "./repository-pairs.ts";
import type { Session } from "./session.ts";
import type { ImageTarget } from "./target.ts";

export async function imagePair(
  session: Session,
  sides: Sides,
  from: ImageTarget,
  to: ImageTarget,
): Promise<MethodInput<"image.verify">> {
  const reference = from.digest ?? from.tag ?? "latest";
  return {
    source: {
      endpointId: sides.source.id,
      repository: await sourceRepository(session, sides.source.id, from),
      reference,
    },
    destination: {
      endpointId: sides.destination.id,
      repository: destinationRepository(to),
      reference: to.digest ?? to.tag ?? reference,
    },
  };
}
