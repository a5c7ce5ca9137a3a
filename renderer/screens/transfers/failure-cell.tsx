// A failure in a row: the sentence, its details on demand, and the action in place.
import { Info } from "lucide-react";
import { useState } from "react";
import { isFinished, type Run } from "../../../shared/run.ts";
import { Button, IconButton } from "../../components/button.tsx";
import { showScreen } from "../../state/navigation.ts";
import { openUnlock } from "../../state/secrets.ts";
import { actionLabel } from "../../text/errors.ts";
import { transfersText } from "../../text/transfers.ts";
import { SignInDialog, type SignInTarget } from "../registries/sign-in-dialog.tsx";
import type { Failure } from "./failure.ts";
import { FailureDialog } from "./failure-dialog.tsx";
import { commandRun, retryImage } from "./run-actions.tsx";

/** The way on: a failed run copies what is missing again, a paused one goes on. */
function goOn(run: Run): void {
  if (isFinished(run.state)) void commandRun("runs.retryFailed", run.id, transfersText.retryFailed);
  else if (run.state === "paused") void commandRun("runs.resume", run.id, transfersText.resume);
}

function canGoOn({ state, startedAt }: Run): boolean {
  return state === "paused" || (isFinished(state) && startedAt !== null);
}

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
  const act = actOn(run, failure, setSignIn);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="min-w-0 truncate text-xs text-bad" title={`${failure.sentence} ${failure.detail}`}>
        {failure.sentence}
      </span>
      {act !== undefined && (
        <Button size="small" tabIndex={tabIndex} onClick={act}>
          {actionLabel(failure.action)}
        </Button>
      )}
      <IconButton
        label={transfersText.details}
        icon={<Info aria-hidden className="size-3.5" />}
        tabIndex={tabIndex}
        onClick={() => setDetails(true)}
      />
      <SignInDialog target={signIn} onClose={() => setSignIn(undefined)} onSignedIn={() => goOn(run)} />
      <FailureDialog
        failure={failure}
        open={details}
        onClose={() => setDetails(false)}
        {...(canGoOn(run) ? { onRetry: () => goOn(run) } : {})}
      />
    </span>
  );
}

/** What the button in place does; undefined where only the details help. */
function actOn(
  run: Run,
  { action, endpoint, imageId }: Failure,
  signIn: (target: SignInTarget) => void,
): (() => void) | undefined {
  switch (action) {
    case "sign-in":
      return endpoint === undefined ? undefined : () => signIn(endpoint);
    case "retry":
      // On an image's row it means that image; the run's own button tries all again.
      if (imageId !== undefined && run.state === "failed") return () => void retryImage(run.id, imageId);
      return canGoOn(run) ? () => goOn(run) : undefined;
    case "unlock":
      return () => openUnlock(() => goOn(run));
    case "check-address":
      return () => showScreen("registries");
    default:
      return undefined;
  }
}
