// Asks before a registry is added that a reference or a link named.
import { useState } from "react";
import { call } from "../../../api/client.ts";
import { showError } from "../../../components/toast.tsx";
import { rememberEndpoint } from "../../../state/endpoints.ts";
import { useUnknownRegistry } from "../../../state/jump.ts";
import { placesText } from "../../../text/places.ts";
import { FormDialog } from "../dialogs/form-dialog.tsx";

export function UnknownRegistryDialog() {
  const { host, onAdded } = useUnknownRegistry();
  const [busy, setBusy] = useState(false);
  if (host === undefined) return null;
  const close = (): void => useUnknownRegistry.setState({ host: undefined });
  const add = async (): Promise<void> => {
    setBusy(true);
    try {
      const endpoint = await call("endpoints.add", { settings: { kind: "registry", host } });
      rememberEndpoint(endpoint);
      close();
      onAdded(endpoint);
    } catch (thrown) {
      showError(placesText.unknown.add(host), thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <FormDialog
      title={placesText.unknown.title}
      action={placesText.unknown.add(host)}
      disabled={busy}
      onSubmit={() => void add()}
      onClose={close}
    >
      <p className="text-sm">{placesText.unknown.text(host)}</p>
    </FormDialog>
  );
}
