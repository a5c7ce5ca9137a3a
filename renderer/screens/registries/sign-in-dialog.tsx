// Asks for a user name and password of one endpoint and hands them to the engine.
import { type FormEvent, useRef, useState } from "react";
import type { Endpoint } from "../../../shared/endpoint.ts";
import { type FreightlinerError, toFreightlinerError } from "../../../shared/errors.ts";
import { call } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { SecretField } from "../../components/secret-field.tsx";
import { TextField } from "../../components/text-field.tsx";
import { rememberEndpoint, useEndpoint } from "../../state/endpoints.ts";
import { registriesText } from "../../text/registries.ts";
import { kindWords } from "../../text/registry-kinds.ts";
import { FailureBox } from "./failure-box.tsx";
import { kindOf } from "./registry-kind.ts";
import { RememberField } from "./remember-field.tsx";

export interface SignInTarget {
  readonly id: string;
  readonly name: string;
  readonly username?: string | null;
}

/** @param target undefined keeps the dialog closed. */
export function SignInDialog({
  target,
  onClose,
  onSignedIn,
}: {
  readonly target: SignInTarget | undefined;
  readonly onClose: () => void;
  readonly onSignedIn?: (endpoint: Endpoint) => void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const first = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={target !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={target === undefined ? "" : registriesText.signInTitle(target.name)}
      width="small"
      initialFocus={first}
      foot={
        <>
          <Button onClick={onClose}>{registriesText.cancel}</Button>
          <Button variant="primary" disabled={busy} onClick={() => form.current?.requestSubmit()}>
            {registriesText.signInButton}
          </Button>
        </>
      }
    >
      {target !== undefined && (
        <SignInForm
          key={target.id}
          form={form}
          first={first}
          target={target}
          onBusy={setBusy}
          onSignedIn={(endpoint) => {
            onSignedIn?.(endpoint);
            onClose();
          }}
        />
      )}
    </Dialog>
  );
}

function SignInForm({
  form,
  first,
  target,
  onBusy,
  onSignedIn,
}: {
  readonly form: React.RefObject<HTMLFormElement | null>;
  /** The first field that is still empty. */
  readonly first: React.RefObject<HTMLInputElement | null>;
  readonly target: SignInTarget;
  readonly onBusy: (busy: boolean) => void;
  readonly onSignedIn: (endpoint: Endpoint) => void;
}) {
  const [username, setUsername] = useState(target.username ?? "");
  const [password, setPassword] = useState("");
  const [remember, setRemember] = useState(true);
  const [error, setError] = useState<FreightlinerError>();
  const known = (target.username ?? "") !== "";
  const endpoint = useEndpoint(target.id);
  const words = endpoint === undefined ? undefined : kindWords[kindOf(endpoint.settings)];

  const send = async (): Promise<void> => {
    onBusy(true);
    setError(undefined);
    try {
      await call("endpoints.signIn", { id: target.id, credential: { username, password }, remember });
      const endpoint = await call("endpoints.check", { id: target.id });
      rememberEndpoint(endpoint);
      const refused = endpoint.health.steps.find(
        (step) => step.name === "sign-in" && step.outcome === "failed",
      );
      if (refused === undefined) onSignedIn(endpoint);
      else setError(toFreightlinerError(new Error(refused.text), "sign-in"));
    } catch (thrown) {
      setError(toFreightlinerError(thrown, "sign-in"));
    } finally {
      onBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (username !== "" && password !== "") void send();
  };
  return (
    <form ref={form} onSubmit={submit} className="flex flex-col gap-3">
      <TextField
        {...(known ? {} : { ref: first })}
        label={registriesText.usernameField}
        value={username}
        onValueChange={setUsername}
        hint={words?.user}
        autoComplete="username"
        required
      />
      <SecretField
        {...(known ? { ref: first } : {})}
        label={registriesText.password}
        value={password}
        onValueChange={setPassword}
        hint={words?.secret}
        autoComplete="current-password"
        required
      />
      <RememberField checked={remember} onCheckedChange={setRemember} />
      {error !== undefined &&
        (error.code === "internal" ? (
          <p role="alert" className="text-sm text-bad">
            {error.message}
          </p>
        ) : (
          <FailureBox error={error} where={target.name} onUnlocked={() => void send()} />
        ))}
      {/* Lets Enter send the form. */}
      <input type="submit" hidden />
    </form>
  );
}
