// What went wrong in full: sentence, advice, the registry's own words, and the details that a bug report needs.
import { Copy, ScrollText } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { showError, showToast } from "../../components/toast.tsx";
import { writeText } from "../../state/clipboard.ts";
import { openDrawer } from "../../state/navigation.ts";
import { transfersText } from "../../text/transfers.ts";
import { type Failure, failureDetails, failureText } from "./failure.ts";

export function FailureDialog({
  failure,
  open,
  onClose,
  onRetry,
}: {
  readonly failure: Failure;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onRetry?: () => void;
}) {
  const then = (act: () => void) => (): void => {
    act();
    onClose();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={transfersText.failureTitle}
      foot={
        <>
          <Button icon={<Copy aria-hidden className="size-3.5" />} onClick={() => void copyDetails(failure)}>
            {transfersText.copyDetails}
          </Button>
          <Button
            icon={<ScrollText aria-hidden className="size-3.5" />}
            onClick={then(() => openDrawer({ kind: "log", runId: failure.runId }))}
          >
            {transfersText.showLog}
          </Button>
          <span className="flex-1" />
          <Button onClick={onClose}>{transfersText.close}</Button>
          {onRetry !== undefined && (
            <Button variant="primary" onClick={then(onRetry)}>
              {transfersText.retryFailed}
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p>{failure.sentence}</p>
        {failure.advice !== "" && <p className="text-muted">{failure.advice}</p>}
        <p data-selectable className="rounded-md bg-sunken p-3 font-mono text-xs break-words">
          {failure.detail}
        </p>
        <dl data-selectable className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-xs">
          {failureDetails(failure).map(([name, value]) => (
            <div key={`${name} ${value}`} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="font-mono break-words">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  );
}

async function copyDetails(failure: Failure): Promise<void> {
  try {
    await writeText(failureText(failure));
    showToast({ title: transfersText.detailsCopied, tone: "ok" });
  } catch (thrown) {
    showError(transfersText.copyDetails, thrown);
  }
}
