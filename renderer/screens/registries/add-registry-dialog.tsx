// Adds a registry, an OCI folder or an OCI archive by whatever names it.
import { useMemo } from "react";
import { type Endpoint, endpointAddress } from "../../../shared/endpoint.ts";
import { addEndpoint, changeEndpoint, openArchive } from "../../state/registries.ts";
import { registriesText } from "../../text/registries.ts";
import { EndpointDialog } from "./endpoint-dialog.tsx";
import { emptyForm } from "./endpoint-form.ts";
import { formOf } from "./form-of-endpoint.ts";
import type { ReadForm } from "./read-endpoint-form.ts";

export interface AddRegistryDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onAdded?: ((endpoint: Endpoint) => void) | undefined;
  /** What stands in the address field at first. */
  readonly address?: string;
  /** Asks for a folder or an archive in the first place. */
  readonly folder?: boolean;
}

async function add(read: ReadForm, name: string): Promise<Endpoint | undefined> {
  if (read.archive !== undefined) return await openArchive(read.archive, name);
  const { settings } = read;
  return settings === undefined ? undefined : await addEndpoint({ ...read, settings, name });
}

export function AddRegistryDialog(props: AddRegistryDialogProps) {
  const { address = "", folder = false } = props;
  const start = useMemo(() => ({ ...emptyForm, address }), [address]);
  return (
    <EndpointDialog
      title={registriesText.addTitle}
      description={registriesText.addLead}
      start={start}
      folder={folder}
      saveLabel={registriesText.save}
      open={props.open}
      onClose={() => props.onOpenChange(false)}
      onSave={async (read, name) => {
        const endpoint = await add(read, name);
        if (endpoint !== undefined) props.onAdded?.(endpoint);
      }}
    />
  );
}

interface SavedDialogProps {
  readonly endpoint: Endpoint;
  readonly onClose: () => void;
}

/** All settings of a saved endpoint; what runs goes on with the new ones. */
export function EditRegistryDialog({ endpoint, onClose }: SavedDialogProps) {
  // Events bring the same endpoint anew while it is edited: what was typed stays.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as it was when the dialog opened
  const start = useMemo(() => formOf(endpoint), [endpoint.id]);
  return (
    <EndpointDialog
      open
      savedId={endpoint.id}
      title={registriesText.editTitle(endpoint.name)}
      start={start}
      saveLabel={registriesText.saveEdit}
      onClose={onClose}
      onSave={async (read, name) => {
        const { settings } = read;
        if (settings !== undefined) await changeEndpoint(endpoint, { ...read, settings, name });
      }}
    />
  );
}

/** The same registry once more, for another account. */
export function DuplicateRegistryDialog({ endpoint, onClose }: SavedDialogProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: as it was when the dialog opened
  const start = useMemo(() => formOf(endpoint), [endpoint.id]);
  return (
    <EndpointDialog
      open
      title={registriesText.duplicateTitle(endpoint.name)}
      start={start}
      saveLabel={registriesText.save}
      onClose={onClose}
      onSave={async (read, typed) => {
        const { settings, credential } = read;
        if (settings === undefined) return;
        const host = endpointAddress(endpoint.settings);
        const who = credential === undefined ? host : `${credential.username} at ${host}`;
        const name = typed === endpoint.name || typed === "" ? who : typed;
        await addEndpoint({ ...read, settings, name: name.slice(0, 100) });
      }}
    />
  );
}
