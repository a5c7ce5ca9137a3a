// Asks what to probe a registry with: which repository, and whether it may be written to.
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Endpoint } from "../../../shared/endpoint.ts";
import { type FreightlinerError, toFreightlinerError } from "../../../shared/errors.ts";
import { repositoryNameSchema } from "../../../shared/selection.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { TextField } from "../../components/text-field.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { probeEndpoint } from "../../state/registries.ts";
import { registriesText } from "../../text/registries.ts";
import { detailsText } from "../../text/registry-details.ts";
import { FailureBox } from "./failure-box.tsx";

export function ProbeDialog({
  endpoint,
  onClose,
}: {
  readonly endpoint: Endpoint;
  readonly onClose: () => void;
}) {
  const first = useRef<HTMLInputElement>(null);
  const [repository, setRepository] = useState(endpoint.capabilities?.repository ?? "");
  const [write, setWrite] = useState(false);
  const { running, failure, start } = useProbe(endpoint, onClose);
  const readOnly = endpoint.settings.readOnly === true;
  const name = repository.trim();
  const valid = name === "" ? !write : repositoryNameSchema.safeParse(name).success;

  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (valid && !running) start({ write, ...(name === "" ? {} : { repository: name }) });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={detailsText.probeTitle(endpoint.name)}
      description={detailsText.probeLead}
      width="small"
      initialFocus={first}
      foot={
        <>
          <span role="status" className="mr-auto text-xs text-muted">
            {running ? detailsText.probing : ""}
          </span>
          <Button onClick={onClose}>{registriesText.cancel}</Button>
          <Button variant="primary" disabled={!valid || running} onClick={() => submit()}>
            {write ? detailsText.probeWriteStart : detailsText.probeStart}
          </Button>
        </>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <TextField
          ref={first}
          label={write ? detailsText.probeRepositoryToWrite : detailsText.probeRepository}
          value={repository}
          onValueChange={setRepository}
          hint={detailsText.probeRepositoryHint}
          error={name === "" || valid ? undefined : detailsText.probeRepositoryInvalid}
          autoComplete="off"
        />
        <Checkbox
          label={detailsText.probeWrite}
          hint={readOnly ? detailsText.probeReadOnly : detailsText.probeWriteHint}
          checked={write}
          disabled={readOnly}
          onCheckedChange={setWrite}
        />
        {failure !== undefined && <FailureBox error={failure} where={endpoint.name} />}
        {/* Lets Enter send the form. */}
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}

interface Probe {
  readonly running: boolean;
  readonly failure: FreightlinerError | undefined;
  readonly start: (options: { readonly repository?: string; readonly write: boolean }) => void;
}

/** Runs until it is done or the dialog is closed, which stops it. */
function useProbe(endpoint: Endpoint, onDone: () => void): Probe {
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<FreightlinerError>();
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const start: Probe["start"] = (options) => {
    const mine = new AbortController();
    abort.current = mine;
    setRunning(true);
    setFailure(undefined);
    probeEndpoint(endpoint, options, mine.signal).then(onDone, (thrown: unknown) => {
      if (mine.signal.aborted) return;
      setFailure(toFreightlinerError(thrown, "probe"));
      setRunning(false);
    });
  };
  return { running, failure, start };
}
