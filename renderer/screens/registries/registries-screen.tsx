// The saved registries and folders: how each is, who signs in there, and what can be done with it.
import { Plus, Server } from "lucide-react";
import { useEffect, useState } from "react";
import type { Endpoint } from "../../../shared/endpoint.ts";
import { Button } from "../../components/button.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { loadEndpoints, useEndpoints } from "../../state/endpoints.ts";
import { registriesText } from "../../text/registries.ts";
import { AddRegistryDialog } from "./add-registry-dialog.tsx";
import { EndpointCard } from "./endpoint-card.tsx";
import { RemoveDialog, RenameDialog } from "./endpoint-dialogs.tsx";
import { SignInDialog } from "./sign-in-dialog.tsx";

type Asking = { readonly what: "sign-in" | "rename" | "remove"; readonly endpoint: Endpoint };

/** How often "checked 4 s ago" is brought up to date. */
const tickMs = 5000;

export function RegistriesScreen() {
  const { endpoints, error } = useEndpoints();
  const [adding, setAdding] = useState(false);
  const [asking, setAsking] = useState<Asking>();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  const asked = (what: Asking["what"]): Endpoint | undefined =>
    asking?.what === what ? asking.endpoint : undefined;
  const close = (): void => setAsking(undefined);
  const signIn = asked("sign-in");

  return (
    <section aria-label={registriesText.title} className="flex h-full min-h-0 flex-col bg-canvas">
      <header className="flex h-12 shrink-0 items-center border-b border-line bg-surface px-5">
        <h1 className="flex-1 text-lg font-semibold">{registriesText.title}</h1>
        <Button
          variant="primary"
          icon={<Plus aria-hidden className="size-4" />}
          onClick={() => setAdding(true)}
        >
          {registriesText.add}
        </Button>
      </header>
      {error !== undefined && endpoints.length === 0 ? (
        <ErrorState
          error={error}
          action={{ label: registriesText.reload, onSelect: () => void loadEndpoints() }}
        />
      ) : endpoints.length === 0 ? (
        <EmptyState
          icon={<Server aria-hidden className="size-6" />}
          title={registriesText.empty.title}
          text={registriesText.empty.text}
        >
          <Button onClick={() => setAdding(true)}>{registriesText.add}</Button>
        </EmptyState>
      ) : (
        <ul aria-label={registriesText.list} className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
          {endpoints.map((endpoint) => (
            <EndpointCard
              key={endpoint.id}
              endpoint={endpoint}
              now={Math.max(now, endpoint.health.checkedAt ?? 0)}
              onAsk={(what) => setAsking({ what, endpoint })}
            />
          ))}
        </ul>
      )}
      <AddRegistryDialog open={adding} onOpenChange={setAdding} />
      <SignInDialog
        target={
          signIn === undefined
            ? undefined
            : { id: signIn.id, name: signIn.name, username: signIn.credential.username }
        }
        onClose={close}
      />
      <RenameDialog endpoint={asked("rename")} onClose={close} />
      <RemoveDialog endpoint={asked("remove")} onClose={close} />
    </section>
  );
}
