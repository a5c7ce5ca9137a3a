// A failure in a row: the sentence, its details on demand, and the action in place.
import { Info } from "lucide-react";
import { useState } from "react";
import { isFinished, type Run } from "../../../shared/run.ts";
import { Button, IconButton } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { actionLabel } from "../../text/errors.ts";
import { transfersText } from "../../text/transfers.ts";
import { SignInDialog, type SignInTarget } from "../registries/sign-in-dialog.tsx";
import type { Failure } from "./failure.ts";
import { commandRun } from "./run-actions.tsx";

export function FailureCell({
  run,
  failure,
  tabIndex,
}: {
  readonly run: Run;
  readonly failure: Failure;
  readonly tabIndex: 0 | -1;
}) {
  const [signIn, setSignIn] = useState<SignInTarget>();
  const [details, setDetails] = useState(false);
  const goOn = (): void => {
    if (isFinished(run.state)) void commandRun("runs.retryFailed", run.id, transfersText.retryFailed);
    else if (run.state === "paused") void commandRun("runs.resume", run.id, transfersText.resume);
  };
  const canSignIn = failure.action === "sign-in" && failure.endpoint !== undefined;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="min-w-0 truncate text-xs text-bad" title={`${failure.sentence} ${failure.detail}`}>
        {failure.sentence}
      </span>
      {canSignIn && (
        <Button size="small" tabIndex={tabIndex} onClick={() => setSignIn(failure.endpoint)}>
          {actionLabel("sign-in")}
        </Button>
      )}
      <IconButton
        label={transfersText.details}
        icon={<Info aria-hidden className="size-3.5" />}
        tabIndex={tabIndex}
        onClick={() => setDetails(true)}
      />
      <SignInDialog target={signIn} onClose={() => setSignIn(undefined)} onSignedIn={goOn} />
      <FailureDialog
        failure={failure}
        open={details}
        onClose={() => setDetails(false)}
        {...(isFinished(run.state) && run.startedAt !== null ? { onRetry: goOn } : {})}
      />
    </span>
  );
}

function FailureDialog({
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
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={transfersText.failureTitle}
      foot={
        <>
          <Button onClick={onClose}>{transfersText.close}</Button>
          {onRetry !== undefined && (
            <Button
              variant="primary"
              onClick={() => {
                onRetry();
                onClose();
              }}
            >
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
      </div>
    </Dialog>
  );
}
