// Says at the top of the window that the engine is away, and how it comes back.
import { KeyRound, Unplug } from "lucide-react";
import type { FreightlinerError } from "../../shared/errors.ts";
import { connection } from "../api/client.ts";
import { useConnection } from "../state/connection.ts";
import { commonText } from "../text/common.ts";
import { Button } from "./button.tsx";
import { EmptyState } from "./states.tsx";

export function ConnectionBanner() {
  const state = useConnection();
  const text = commonText.connection;
  if (state.kind !== "lost") return null;
  return (
    <div
      role="alert"
      className="flex h-9 shrink-0 items-center gap-2 border-b border-line bg-warn-soft px-3 text-sm"
    >
      <Unplug aria-hidden className="size-4 text-warn" />
      <span className="font-medium">{text.lost}</span>
      <span className="min-w-0 flex-1 truncate text-muted">{text.lostHint}</span>
      <Button size="small" onClick={() => connection.retryNow()}>
        {text.retryNow}
      </Button>
    </div>
  );
}

/** In the place of everything: this page has no session. What kept it from signing in is more than that it is not. */
export function SignedOut({ error }: { readonly error: FreightlinerError }) {
  const text = commonText.connection;
  return (
    <main className="flex h-full flex-col bg-surface">
      <EmptyState
        icon={<KeyRound aria-hidden className="size-6" />}
        title={text.signedOut}
        text={error.operation === "sign-in" ? error.message : text.signedOutHint}
      />
    </main>
  );
}
