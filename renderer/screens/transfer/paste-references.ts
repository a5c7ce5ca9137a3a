// Several references pasted into a pane at once: a plan to copy them there.
import type { MethodInput } from "../../../shared/contract.ts";
import { showError, showToast } from "../../components/toast.tsx";
import { useEndpoints } from "../../state/endpoints.ts";
import { findReference, type Spot } from "../../state/jump.ts";
import { type Side, usePanes } from "../../state/panes.ts";
import { planTransfer } from "../../state/plan.ts";
import { readOnlyText, transferText } from "../../text/transfer.ts";
import { endpointOf } from "./tag-actions.ts";
import { mostListed } from "./tag-pages.ts";

/** Plans a copy of all references of the text, one a line; false where it holds other things. */
export function pasteReferences(side: Side, text: string): boolean {
  const lines = text.trim().split(/\s+/);
  if (lines.length < 2 || lines.length > mostListed) return false;
  const { endpoints } = useEndpoints.getState();
  const found = lines.map((line) => findReference(line, endpoints));
  if (found.some(({ kind }) => kind === "none")) return false;
  const known = found.flatMap((one) => (one.kind === "known" && one.repository !== undefined ? [one] : []));
  const sourceId = known[0]?.endpointId;
  const destination = endpointOf(usePanes.getState()[side].endpointId);
  if (
    sourceId === undefined ||
    known.length < found.length ||
    known.some((one) => one.endpointId !== sourceId)
  )
    showToast({ title: transferText.drop.oneRegistry });
  else if (destination === undefined || destination.id === sourceId)
    showToast({ title: transferText.drop.samePlace });
  else if (destination.settings.readOnly === true) showToast({ title: readOnlyText(destination.name) });
  else
    planTransfer({ sourceId, destinationId: destination.id, selection: known.map(itemOf) }).catch(
      (thrown: unknown) => showError(transferText.commands.paste, thrown),
    );
  return true;
}

/** An image, or all tags of a repository. */
function itemOf({ repository = "", tag, digest }: Spot): MethodInput<"runs.plan">["selection"][number] {
  const reference = digest ?? tag;
  return reference === undefined
    ? { kind: "repositories", names: [repository], tags: {} }
    : { kind: "image", repository, reference };
}
