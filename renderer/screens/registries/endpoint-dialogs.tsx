// The small dialogs of one endpoint: another name, and the question before it is removed.
import { type FormEvent, useRef, useState } from "react";
import { type Endpoint, endpointAddress } from "../../../shared/endpoint.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { TextField } from "../../components/text-field.tsx";
import { removeEndpoint, renameEndpoint } from "../../state/registries.ts";
import { registriesText } from "../../text/registries.ts";

interface AskProps {
  /** Undefined keeps it closed. */
  readonly endpoint: Endpoint | undefined;
  readonly onClose: () => void;
}

export function RenameDialog({ endpoint, onClose }: AskProps) {
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      open={endpoint !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={endpoint === undefined ? "" : registriesText.renameTitle(endpoint.name)}
      width="small"
      initialFocus={field}
      foot={
        <>
          <Button onClick={onClose}>{registriesText.cancel}</Button>
          <Button variant="primary" onClick={() => form.current?.requestSubmit()}>
            {registriesText.renameButton}
          </Button>
        </>
      }
    >
      {endpoint !== undefined && (
        <RenameForm key={endpoint.id} form={form} field={field} endpoint={endpoint} onClose={onClose} />
      )}
    </Dialog>
  );
}

function RenameForm({
  form,
  field,
  endpoint,
  onClose,
}: {
  readonly form: React.RefObject<HTMLFormElement | null>;
  readonly field: React.RefObject<HTMLInputElement | null>;
  readonly endpoint: Endpoint;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(endpoint.name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const next = name.trim();
    if (next === "") return;
    if (next !== endpoint.name) void renameEndpoint(endpoint, next);
    onClose();
  };
  return (
    <form ref={form} onSubmit={submit}>
      <TextField
        ref={field}
        label={registriesText.nameField}
        value={name}
        onValueChange={setName}
        maxLength={100}
        required
      />
    </form>
  );
}

export function RemoveDialog({ endpoint, onClose }: AskProps) {
  const remove = (): void => {
    if (endpoint !== undefined) void removeEndpoint(endpoint);
    onClose();
  };
  return (
    <Dialog
      open={endpoint !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={endpoint === undefined ? "" : registriesText.removeTitle(endpoint.name)}
      width="small"
      foot={
        <>
          <Button onClick={onClose}>{registriesText.cancel}</Button>
          <Button variant="danger" onClick={remove}>
            {endpoint === undefined ? "" : registriesText.removeButton(endpoint.name)}
          </Button>
        </>
      }
    >
      {endpoint !== undefined && <RemoveText endpoint={endpoint} />}
    </Dialog>
  );
}

/** Nothing brings a password back that was kept with it. */
function RemoveText({ endpoint: { settings, credential } }: { readonly endpoint: Endpoint }) {
  const { source } = credential;
  const { removeBody, removePassword, removeProxyPassword, removeOnlyProxyPassword } = registriesText;
  const password = source === "saved" || source === "entered" ? removePassword[source] : undefined;
  const hasProxy = settings.kind === "registry" && settings.proxySignIn === true;
  const proxy = password === undefined ? removeOnlyProxyPassword : removeProxyPassword;
  const passwords = [password, hasProxy ? proxy : undefined].filter((text) => text !== undefined);
  return (
    <>
      <p>{removeBody(endpointAddress(settings))}</p>
      {passwords.length > 0 && <p className="mt-2">{passwords.join(" ")}</p>}
    </>
  );
}
