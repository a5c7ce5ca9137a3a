// Why nothing could be planned or started, with the way out of it: sign in in place, or try again.
import { CircleAlert } from "lucide-react";
import { useState } from "react";
import type { FreightlinerError } from "../../../shared/errors.ts";
import { Button } from "../../components/button.tsx";
import { ErrorDetails, isSaidByCode } from "../../components/error-details.tsx";
import { ErrorState } from "../../components/states.tsx";
import { useEndpoint } from "../../state/endpoints.ts";
import { planNow, takeChangesBack, usePlan } from "../../state/plan.ts";
import { openUnlock } from "../../state/secrets.ts";
import { explainError } from "../../text/errors.ts";
import { planText } from "../../text/plan.ts";
import { secretsText } from "../../text/secrets.ts";
import { SignInDialog } from "../registries/sign-in-dialog.tsx";

/** Fills the place of the plan. */
export function PlanFailure({ error }: { readonly error: FreightlinerError }) {
  const { label, act, name, dialog } = useWayOut(error);
  return (
    <>
      <ErrorState error={error} where={name} action={{ label, onSelect: act }} />
      {dialog}
    </>
  );
}

/** Stands over a plan that was there before. */
export function PlanFailureBar({ error }: { readonly error: FreightlinerError }) {
  const stale = usePlan((plan) => plan.stale);
  const { label, act, name, dialog } = useWayOut(error);
  return (
    <div
      role="alert"
      className="flex items-center gap-3 rounded-md border border-bad bg-bad-soft px-3 py-1.5 text-sm text-bad"
    >
      <CircleAlert aria-hidden className="size-4 shrink-0" />
      <div className="min-w-0 flex-1">
        <p data-selectable>
          {explainError(error, { other: name }).sentence} {isSaidByCode(error.code) ? "" : error.message}
        </p>
        {isSaidByCode(error.code) && <ErrorDetails error={error} />}
      </div>
      <Button size="small" onClick={act}>
        {label}
      </Button>
      {stale && (
        <Button size="small" onClick={takeChangesBack}>
          {planText.back}
        </Button>
      )}
      {dialog}
    </div>
  );
}

function useWayOut(error: FreightlinerError) {
  const spec = usePlan((plan) => plan.spec);
  const endpoint = useEndpoint(error.side === "source" ? spec?.sourceId : spec?.destinationId);
  const [asking, setAsking] = useState(false);
  const again = (): void => void planNow();
  const signsIn =
    error.side !== "local" &&
    endpoint?.settings.kind === "registry" &&
    explainError(error).action === "sign-in";
  const dialog = (
    <SignInDialog
      target={
        asking && endpoint !== undefined
          ? { id: endpoint.id, name: endpoint.name, username: endpoint.credential.username }
          : undefined
      }
      onClose={() => setAsking(false)}
      onSignedIn={again}
    />
  );
  if (explainError(error).action === "unlock")
    return { label: secretsText.unlock, act: () => openUnlock(again), name: endpoint?.name, dialog };
  return {
    label: signsIn ? planText.signIn : planText.retry,
    act: signsIn ? () => setAsking(true) : again,
    name: endpoint?.name,
    dialog,
  };
}
