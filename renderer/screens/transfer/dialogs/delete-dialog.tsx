// Deletes tags at a registry: what goes is named, and more than one asks to type the repository's name.
import { useState } from "react";
import { call } from "../../../api/client.ts";
import { TextField } from "../../../components/text-field.tsx";
import { showError, showToast } from "../../../components/toast.tsx";
import { useEndpoint } from "../../../state/endpoints.ts";
import { transferText } from "../../../text/transfer.ts";
import { forgetTag } from "../tag-details.ts";
import { refreshTags } from "../tag-pages.ts";
import { FormDialog } from "./form-dialog.tsx";
import { closeTransferDialog } from "./open.ts";

/** So many names are listed. */
const mostShown = 8;

export interface DeleteDialogProps {
  readonly endpointId: string;
  readonly repository: string;
  readonly tags: readonly string[];
}

export function DeleteDialog(props: DeleteDialogProps) {
  const { endpointId, repository, tags } = props;
  const registry = useEndpoint(endpointId)?.name ?? "";
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const text = transferText.delete;
  const several = tags.length > 1;
  const run = async (): Promise<void> => {
    setBusy(true);
    await deleteTags(props);
    closeTransferDialog();
  };
  return (
    <FormDialog
      title={several ? text.titleMany(tags.length, repository) : text.title(`${repository}:${tags[0]}`)}
      description={text.from(registry)}
      action={text.action}
      danger
      disabled={busy || (several && typed !== repository)}
      onSubmit={() => void run()}
    >
      <p className="text-sm">{text.warning}</p>
      {several && (
        <>
          <ul data-selectable className="font-mono text-xs text-muted">
            {tags.slice(0, mostShown).map((tag) => (
              <li key={tag} className="truncate">
                {tag}
              </li>
            ))}
            {tags.length > mostShown && <li>{text.more(tags.length - mostShown)}</li>}
          </ul>
          <TextField label={text.type(repository)} value={typed} onValueChange={setTyped} />
        </>
      )}
    </FormDialog>
  );
}

/** Stops at the first that cannot be deleted: the next ones would fail alike. */
async function deleteTags({ endpointId, repository, tags }: DeleteDialogProps): Promise<void> {
  let done = 0;
  try {
    for (const reference of tags) {
      await call("image.delete", { endpointId, repository, reference });
      forgetTag({ endpointId, repository }, reference);
      done++;
    }
    showToast({ title: transferText.delete.done(done), tone: "ok" });
  } catch (thrown) {
    showError(transferText.delete.action, thrown);
  }
  // Best effort: the list stays as it was where the registry does not answer now.
  if (done > 0) await refreshTags(endpointId, repository).catch(() => undefined);
}
