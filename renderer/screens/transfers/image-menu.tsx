// What can be done with the image or blob of a row: try it again, look into it on either side, copy its digest.
import { Copy, RotateCcw, Search } from "lucide-react";
import type { RunImage } from "../../../shared/run.ts";
import type { MenuItem } from "../../components/menu.tsx";
import { showError, showToast } from "../../components/toast.tsx";
import { writeText } from "../../state/clipboard.ts";
import { openDrawer } from "../../state/navigation.ts";
import { transfersText } from "../../text/transfers.ts";
import { retryImage } from "./run-actions.tsx";
import type { TransferRow } from "./run-rows.ts";

const icon = "size-3.5";

/** Empty for rows that are no image and no blob. */
export function imageItems(row: TransferRow | undefined): readonly MenuItem[] {
  if (row?.kind === "blob") return [copyItem(row.blob.digest)];
  if (row?.kind !== "image") return [];
  const { image, run } = row;
  const digest = image.writesDigest ?? image.digest;
  return [
    ...(run.state === "failed" && image.state === "failed" ? [retryItem(run.id, image.id)] : []),
    ...inspectItem(
      transfersText.inspect,
      run.source.id,
      image.sourceRepository,
      image.action === "delete" ? null : image.sourceReference,
    ),
    ...inspectItem(
      transfersText.inspectCopy,
      run.destination.id,
      image.destinationRepository,
      isThere(image) ? image.destinationReference : null,
    ),
    ...(digest === null ? [] : [copyItem(digest)]),
  ];
}

/** True where the destination has it by now. */
function isThere({ state, action }: RunImage): boolean {
  return action !== "delete" && (state === "succeeded" || state === "skipped");
}

function inspectItem(
  label: string,
  endpointId: string,
  repository: string,
  reference: string | null,
): readonly MenuItem[] {
  if (reference === null) return [];
  return [
    {
      id: label,
      label,
      icon: <Search aria-hidden className={icon} />,
      onSelect: () => openDrawer({ kind: "inspect", image: { endpointId, repository, reference } }),
    },
  ];
}

function retryItem(runId: string, imageId: number): MenuItem {
  return {
    id: "retry",
    label: transfersText.retryImage,
    icon: <RotateCcw aria-hidden className={icon} />,
    onSelect: () => void retryImage(runId, imageId),
  };
}

function copyItem(digest: string): MenuItem {
  return {
    id: "digest",
    label: transfersText.copyDigest,
    icon: <Copy aria-hidden className={icon} />,
    onSelect: () => void copy(digest),
  };
}

async function copy(digest: string): Promise<void> {
  try {
    await writeText(digest);
    showToast({ title: transfersText.digestCopied, text: digest, tone: "ok" });
  } catch (thrown) {
    showError(transfersText.copyDigest, thrown);
  }
}
