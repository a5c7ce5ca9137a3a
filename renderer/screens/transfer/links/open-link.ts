// A deep link as a plan: both of its ends are found among the saved registries, or asked for; nothing is started.
import type { MethodInput } from "../../../../shared/contract.ts";
import type { DeepLink } from "../../../../shared/deep-link.ts";
import { FreightlinerError } from "../../../../shared/errors.ts";
import { showError } from "../../../components/toast.tsx";
import { useEndpoints } from "../../../state/endpoints.ts";
import { askToAdd, findReference, type Spot } from "../../../state/jump.ts";
import { showScreen } from "../../../state/navigation.ts";
import { planLink } from "../../../state/plan.ts";
import { placesText } from "../../../text/places.ts";

type PlanSpec = MethodInput<"runs.plan">;
type Item = PlanSpec["selection"][number];
interface End extends Spot {
  readonly endpointId: string;
}

/** Both ends are found one after the other, so that two unknown registries are asked for one after the other. */
export function openLink(link: DeepLink): void {
  withEnd(link.from, (from) =>
    withEnd(link.to, (to) => {
      showScreen("transfer");
      planLink(specOf(from, to)).catch(failed);
    }),
  );
}

function failed(thrown: unknown): void {
  showError(placesText.link.failed, thrown);
}

function withEnd(text: string, then: (end: End) => void): void {
  const found = findReference(text, useEndpoints.getState().endpoints);
  switch (found.kind) {
    case "known":
      then(found);
      return;
    case "unknown":
      askToAdd(found.host, (endpoint) => then({ ...found, endpointId: endpoint.id }));
      return;
    case "none":
      failed(
        new FreightlinerError({
          code: "invalid-reference",
          operation: "open-link",
          message: placesText.notAReference(text),
        }),
      );
  }
}

/** What the link asks for: an image, a repository, or all of a registry. */
export function specOf(from: End, to: End): PlanSpec {
  const reference = from.digest ?? from.tag;
  const into = to.repository;
  const item: Item =
    from.repository === undefined
      ? { kind: "repositories", include: ["**"], tags: {} }
      : reference === undefined
        ? { kind: "repositories", names: [from.repository], tags: {} }
        : {
            kind: "image",
            repository: from.repository,
            reference,
            ...(into === undefined ? {} : { destinationRepository: into }),
            ...(to.tag === undefined && from.digest === undefined ? {} : destinationTag(to.tag ?? from.tag)),
          };
  const mapping: PlanSpec["mapping"] =
    into === undefined
      ? { kind: "keep" }
      : from.repository === undefined
        ? { kind: "prefix", prefix: into }
        : { kind: "into", repository: into };
  return { sourceId: from.endpointId, destinationId: to.endpointId, selection: [item], mapping };
}

function destinationTag(tag: string | undefined): { destinationTag?: string } {
  return tag === undefined ? {} : { destinationTag: tag };
}
