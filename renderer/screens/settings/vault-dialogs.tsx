// The dialogs about the place of passwords, which any screen, error or command may open.
import { type FormEvent, type RefObject, useRef, useState } from "react";
import { type FreightlinerError, toFreightlinerError } from "../../../shared/errors.ts";
import { shortestPassphrase } from "../../../shared/secrets.ts";
import { useCommands } from "../../commands/registry.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { SecretField } from "../../components/secret-field.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { showScreen } from "../../state/navigation.ts";
import {
  changePassphrase,
  chooseSecrets,
  closeVaultDialog,
  lockVault,
  openUnlock,
  unlockVault,
  useSecrets,
  useVaultDialog,
} from "../../state/secrets.ts";
import { say } from "../../state/spoken.ts";
import { explainError } from "../../text/errors.ts";
import { fieldsOf, secretsText, type VaultDialogKind } from "../../text/secrets.ts";

export function VaultDialogs() {
  const open = useVaultDialog((state) => state.open);
  const vault = useSecrets(({ status }) => status?.place === "vault");
  const locked = useSecrets(({ status }) => status?.locked === true);
  useCommands(
    () => ({
      "secrets.place": { run: () => showScreen("settings", { settings: "secretStore" }) },
      ...(locked ? { "secrets.unlock": { run: () => openUnlock() } } : {}),
      ...(vault && !locked ? { "secrets.lock": { run: () => void lockVault() } } : {}),
    }),
    [vault, locked],
  );
  if (open === undefined) return null;
  return (
    <VaultDialog
      key={open.kind}
      kind={open.kind}
      onDone={() => {
        closeVaultDialog();
        open.onDone?.();
      }}
    />
  );
}

function VaultDialog({ kind, onDone }: { readonly kind: VaultDialogKind; readonly onDone: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const first = useRef<HTMLInputElement>(null);
  const [ready, setReady] = useState(false);
  const { title, description, submit } = secretsText.dialogs[kind];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && closeVaultDialog()}
      title={title}
      description={description === "" ? undefined : description}
      width="small"
      {...(kind === "clear" ? {} : { initialFocus: first })}
      foot={
        <>
          <Button onClick={closeVaultDialog}>{secretsText.cancel}</Button>
          <Button
            variant={kind === "clear" ? "danger" : "primary"}
            disabled={!ready}
            onClick={() => form.current?.requestSubmit()}
          >
            {submit}
          </Button>
        </>
      }
    >
      {kind === "clear" ? (
        <ClearForm form={form} onReady={setReady} onDone={onDone} />
      ) : (
        <PassphraseForm kind={kind} form={form} first={first} onReady={setReady} onDone={onDone} />
      )}
    </Dialog>
  );
}

interface FormProps {
  readonly form: RefObject<HTMLFormElement | null>;
  readonly first: RefObject<HTMLInputElement | null>;
  /** True while it can be sent. */
  readonly onReady: (ready: boolean) => void;
  readonly onDone: () => void;
}

/** Sends once at a time; what went wrong stands in the form. */
function useSending(onDone: () => void) {
  const [error, setError] = useState<FreightlinerError>();
  const [busy, setBusy] = useState(false);
  const send = async (work: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await work();
      onDone();
    } catch (thrown) {
      setError(toFreightlinerError(thrown, "secrets"));
      setBusy(false);
    }
  };
  return { error, busy, send };
}

function PassphraseForm({
  kind,
  form,
  first,
  onReady,
  onDone,
}: FormProps & { readonly kind: VaultDialogKind }) {
  const fields = fieldsOf(kind);
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const { error, busy, send } = useSending(onDone);
  const differs = again !== "" && again !== next;
  const ready = isReady(fields, { current, next, again });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) void send(() => act(kind, current, next));
  };
  const type = (set: (value: string) => void, values: Partial<Values>) => (value: string) => {
    set(value);
    const [name] = Object.keys(values);
    onReady(isReady(fields, { current, next, again, ...(name === undefined ? {} : { [name]: value }) }));
  };
  const refused = error?.code === "unauthorized" ? secretsText.wrong : undefined;
  return (
    <form ref={form} onSubmit={submit} aria-busy={busy} className="flex flex-col gap-3">
      {fields.current && (
        <SecretField
          ref={first}
          label={fields.next ? secretsText.current : secretsText.passphrase}
          value={current}
          onValueChange={type(setCurrent, { current })}
          error={refused}
          autoComplete="current-password"
          required
        />
      )}
      {fields.next && (
        <>
          <SecretField
            {...(fields.current ? {} : { ref: first })}
            label={fields.current ? secretsText.next : secretsText.passphrase}
            value={next}
            onValueChange={type(setNext, { next })}
            hint={secretsText.strength(next)}
            autoComplete="new-password"
            required
          />
          <SecretField
            label={secretsText.again}
            value={again}
            onValueChange={type(setAgain, { again })}
            error={differs ? secretsText.notTheSame : undefined}
            autoComplete="new-password"
            required
          />
        </>
      )}
      {error !== undefined && refused === undefined && (
        <p role="alert" className="text-sm text-bad">
          {explainError(error).sentence} {error.message}
        </p>
      )}
      {/* Enter sends the form, wherever the focus is. */}
      <input type="submit" hidden />
    </form>
  );
}

interface Values {
  readonly current: string;
  readonly next: string;
  readonly again: string;
}

function isReady(fields: ReturnType<typeof fieldsOf>, { current, next, again }: Values): boolean {
  if (fields.current && current === "") return false;
  return !fields.next || (next.length >= shortestPassphrase && next === again);
}

async function act(kind: VaultDialogKind, current: string, next: string): Promise<void> {
  switch (kind) {
    case "unlock":
      await unlockVault(current);
      say(secretsText.unlocked);
      return;
    case "open":
      return chooseSecrets({ place: "vault", passphrase: current });
    case "make":
      return chooseSecrets({ place: "vault", passphrase: next });
    case "change":
      return changePassphrase(current, next);
    case "clear":
      return chooseSecrets({ place: "clear", acceptClear: true });
  }
}

function ClearForm({ form, onReady, onDone }: Omit<FormProps, "first">) {
  const [known, setKnown] = useState(false);
  const { error, send } = useSending(onDone);
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (known) void send(() => act("clear", "", ""));
      }}
      className="flex flex-col gap-3 text-sm"
    >
      <p className="text-bad">{secretsText.clearWarning}</p>
      <Checkbox
        label={secretsText.clearTick}
        checked={known}
        onCheckedChange={(next) => {
          setKnown(next);
          onReady(next);
        }}
      />
      {error !== undefined && (
        <p role="alert" className="text-bad">
          {explainError(error).sentence} {error.message}
        </p>
      )}
    </form>
  );
}
