// The dialog that adds a place or changes one: what it is, a check that tells each step, and saving either way.
import { type FormEvent, useEffect, useRef, useState } from "react";
import { type FreightlinerError, toFreightlinerError } from "../../../shared/errors.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { tryEndpoint } from "../../state/registries.ts";
import { cancelCheck, forgetCheck, useCheck } from "../../state/registry-checks.ts";
import { registriesText } from "../../text/registries.ts";
import { CheckView, hasFailed } from "./check-steps.tsx";
import { EndpointFields } from "./endpoint-fields.tsx";
import type { EndpointForm } from "./endpoint-form.ts";
import { FailureBox } from "./failure-box.tsx";
import { type ReadForm, readForm } from "./read-endpoint-form.ts";

export interface EndpointDialogProps {
  readonly title: string;
  readonly description?: string;
  readonly start: EndpointForm;
  readonly folder?: boolean;
  /** The saved endpoint that is changed. */
  readonly savedId?: string;
  readonly saveLabel: string;
  readonly open: boolean;
  readonly onClose: () => void;
  /** Saves it; throws where that does not succeed. */
  readonly onSave: (read: ReadForm, name: string) => Promise<void>;
}

/** What is not saved has one check: only one such dialog is ever open. */
const draft = "draft";

export function EndpointDialog(props: EndpointDialogProps) {
  const { start, open, onClose, onSave } = props;
  const [values, setValues] = useState(start);
  const [failure, setFailure] = useState<FreightlinerError>();
  const [saving, setSaving] = useState(false);
  const address = useRef<HTMLInputElement>(null);
  const check = useCheck(draft);
  const read = readForm(values);
  const ready = read.settings !== undefined;
  /** One that is saved was looked at when it was added. */
  const archive = props.savedId === undefined ? read.archive : undefined;
  const pinNow = check?.steps.find(({ pin }) => pin !== undefined)?.pin;

  useEffect(() => {
    if (open) setValues(start);
    setFailure(undefined);
    setSaving(false);
    return () => forgetCheck(draft);
  }, [open, start]);

  const change = (next: EndpointForm): void => {
    // What was checked was something else.
    if (checkedPart(next) !== checkedPart(values)) forgetCheck(draft);
    setFailure(undefined);
    setValues(next);
  };
  const runCheck = (): void => {
    if (read.settings !== undefined) void tryEndpoint(draft, read.settings, read.credential, props.savedId);
  };
  const save = async (): Promise<void> => {
    if (!ready || saving) return;
    setSaving(true);
    try {
      await onSave(read, values.name.trim());
      onClose();
    } catch (thrown) {
      setFailure(toFreightlinerError(thrown, "endpoints.save"));
      setSaving(false);
    }
  };
  /** Enter checks first and saves then. */
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (check?.state === "running") return;
    if (check?.state === "done" || read.address.kind === "archive") void save();
    else runCheck();
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={props.title}
      initialFocus={address}
      {...(props.description === undefined ? {} : { description: props.description })}
      foot={
        <>
          {read.address.kind !== "archive" && (
            <CheckButton running={check?.state === "running"} ready={ready} onCheck={runCheck} />
          )}
          <Button onClick={onClose}>{registriesText.cancel}</Button>
          <Button variant="primary" disabled={!ready || saving} onClick={() => void save()}>
            {saveLabel(
              props.saveLabel,
              archive !== undefined,
              saving,
              check !== undefined && hasFailed(check.steps),
            )}
          </Button>
        </>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <EndpointFields
          addressRef={address}
          values={values}
          read={read}
          onChange={change}
          folder={props.folder ?? false}
          saved={props.savedId !== undefined}
          pinNow={pinNow}
        />
        {check !== undefined && (
          <CheckView check={check} where={read.address.kind === "registry" ? read.address.host : undefined} />
        )}
        {failure !== undefined && <FailureBox error={failure} onUnlocked={() => void save()} />}
        {/* Lets Enter send the form. */}
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}

/** A name is only a name, and where a password will lie changes no answer. */
function checkedPart({ name: _, remember: __, ...rest }: EndpointForm): string {
  return JSON.stringify(rest);
}

function saveLabel(usual: string, archive: boolean, saving: boolean, failed: boolean): string {
  if (archive) return saving ? registriesText.opening : registriesText.openArchive;
  return failed ? registriesText.saveAnyway : usual;
}

/** One button in one place, so that the same key starts, stops and repeats it. */
function CheckButton({
  running,
  ready,
  onCheck,
}: {
  readonly running: boolean;
  readonly ready: boolean;
  readonly onCheck: () => void;
}) {
  return (
    <Button className="mr-auto" disabled={!ready} onClick={() => (running ? cancelCheck(draft) : onCheck())}>
      {running ? registriesText.cancelCheck : registriesText.check}
    </Button>
  );
}
