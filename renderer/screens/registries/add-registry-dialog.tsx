// Adds a registry by its address or an OCI folder by its path, after a check that shows each of its steps.
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { CheckStep, Endpoint } from "../../../shared/endpoint.ts";
import { type FreightlinerError, toFreightlinerError } from "../../../shared/errors.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { addEndpoint, tryEndpoint } from "../../state/registries.ts";
import { explainError } from "../../text/errors.ts";
import { registriesText } from "../../text/registries.ts";
import { CheckSteps, checkSummary } from "./check-steps.tsx";
import { EndpointFields } from "./endpoint-fields.tsx";
import { type EndpointForm, emptyForm, readForm } from "./endpoint-form.ts";

export interface AddRegistryDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onAdded?: (endpoint: Endpoint) => void;
  /** What is chosen when it opens; a registry by default. */
  readonly kind?: EndpointForm["kind"];
}

type Check =
  | { readonly state: "none" }
  | { readonly state: "running" }
  | { readonly state: "done"; readonly steps: readonly CheckStep[] }
  | { readonly state: "broken"; readonly error: FreightlinerError };

export function AddRegistryDialog({
  open,
  onOpenChange,
  onAdded,
  kind = "registry",
}: AddRegistryDialogProps) {
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState<EndpointForm>({ ...emptyForm, kind });
  const [check, setCheck] = useState<Check>({ state: "none" });
  const [saving, setSaving] = useState(false);
  const running = useRef<AbortController>(undefined);
  const read = readForm(values);

  useEffect(() => {
    if (open) setValues({ ...emptyForm, kind });
    setCheck({ state: "none" });
    setSaving(false);
    return () => running.current?.abort();
  }, [open, kind]);

  const change = (next: EndpointForm): void => {
    running.current?.abort();
    setValues(next);
    // What was checked was something else.
    setCheck({ state: "none" });
  };
  const runCheck = async (): Promise<void> => {
    if (read.settings === undefined) return;
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    setCheck({ state: "running" });
    try {
      const { steps } = await tryEndpoint(read.settings, read.credential, mine.signal);
      if (!mine.signal.aborted) setCheck({ state: "done", steps });
    } catch (thrown) {
      if (!mine.signal.aborted)
        setCheck({ state: "broken", error: toFreightlinerError(thrown, "endpoints.try") });
    }
  };
  const save = async (): Promise<void> => {
    if (read.settings === undefined) return;
    setSaving(true);
    try {
      const { settings, credential } = read;
      const endpoint = await addEndpoint({ settings, credential, name: values.name.trim() });
      onAdded?.(endpoint);
      onOpenChange(false);
    } catch (thrown) {
      setCheck({ state: "broken", error: toFreightlinerError(thrown, "endpoints.add") });
      setSaving(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void (check.state === "done" ? save() : runCheck());
  };

  const failed = check.state === "done" && check.steps.some((step) => step.outcome === "failed");
  const ready = read.settings !== undefined;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={registriesText.addTitle}
      foot={
        <>
          <Button
            className="mr-auto"
            disabled={!ready || check.state === "running"}
            onClick={() => void runCheck()}
          >
            {check.state === "running" ? registriesText.checking : registriesText.check}
          </Button>
          <Button onClick={() => onOpenChange(false)}>{registriesText.cancel}</Button>
          <Button variant="primary" disabled={!ready || saving} onClick={() => void save()}>
            {failed ? registriesText.saveAnyway : registriesText.save}
          </Button>
        </>
      }
    >
      <form ref={form} onSubmit={submit} className="flex flex-col gap-4">
        <EndpointFields values={values} read={read} onChange={change} />
        <CheckResult check={check} />
        {/* Lets Enter check first and add then. */}
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}

function CheckResult({ check }: { readonly check: Check }) {
  return (
    <div aria-live="polite">
      {check.state === "running" && (
        <Framed>
          <CheckSteps steps={[]} running />
        </Framed>
      )}
      {check.state === "done" && (
        <Framed>
          <p className="mb-2 font-medium">{checkSummary(check.steps)}</p>
          <CheckSteps steps={check.steps} />
        </Framed>
      )}
      {check.state === "broken" && (
        <Framed>
          <p className="text-bad">{explainError(check.error).sentence}</p>
          <p data-selectable className="text-xs text-muted">
            {check.error.message}
          </p>
        </Framed>
      )}
    </div>
  );
}

function Framed({ children }: { readonly children: React.ReactNode }) {
  return <div className="rounded-md border border-line bg-sunken p-3">{children}</div>;
}
