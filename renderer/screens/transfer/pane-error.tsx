// An error in the place of a pane's list, with the way out of it: sign in, or read it again.
import { useState } from "react";
import type { FreightlinerError } from "../../../shared/errors.ts";
import { ErrorState } from "../../components/states.tsx";
import { useEndpoint } from "../../state/endpoints.ts";
import { type Side, usePane } from "../../state/panes.ts";
import { openUnlock } from "../../state/secrets.ts";
import { commonText } from "../../text/common.ts";
import { explainError } from "../../text/errors.ts";
import { secretsText } from "../../text/secrets.ts";
import { transferText } from "../../text/transfer.ts";
import { SignInDialog } from "../registries/sign-in-dialog.tsx";
import { refreshPane } from "./commands.ts";

export function PaneError({ side, error }: { readonly side: Side; readonly error: FreightlinerError }) {
  const endpoint = useEndpoint(usePane(side).endpointId);
  const [asking, setAsking] = useState(false);
  const again = (): void => void refreshPane(side);
  const unlocks = explainError(error).action === "unlock";
  const signsIn = endpoint?.settings.kind === "registry" && explainError(error).action === "sign-in";
  return (
    <>
      <ErrorState
        error={error}
        where={endpoint?.name}
        action={
          unlocks
            ? { label: secretsText.unlock, onSelect: () => openUnlock(again) }
            : signsIn
              ? { label: transferText.signIn, onSelect: () => setAsking(true) }
              : { label: commonText.retry, onSelect: again }
        }
      />
      <SignInDialog
        target={
          asking && endpoint !== undefined
            ? { id: endpoint.id, name: endpoint.name, username: endpoint.credential.username }
            : undefined
        }
        onClose={() => setAsking(false)}
        onSignedIn={again}
      />
    </>
  );
}
