// Shows the dialog of the panes that is open.
import { assertNever } from "../../../../shared/assert-never.ts";
import { CopyToDialog } from "./copy-to-dialog.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { MarkDialog } from "./mark-dialog.tsx";
import { useTransferDialog } from "./open.ts";
import { PatternDialog } from "./pattern-dialog.tsx";
import { SyncFileDialog } from "./sync-file-dialog.tsx";

export function TransferDialogs() {
  const { dialog } = useTransferDialog();
  if (dialog === undefined) return null;
  switch (dialog.kind) {
    case "mark":
      return <MarkDialog {...dialog} />;
    case "copy-to":
      return <CopyToDialog {...dialog} />;
    case "delete":
      return <DeleteDialog {...dialog} />;
    case "pattern":
      return <PatternDialog {...dialog} />;
    case "sync-file":
      return <SyncFileDialog {...dialog} />;
    default:
      return assertNever(dialog);
  }
}
