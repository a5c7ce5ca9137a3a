// Copies to any saved registry or folder, not only to the one in the other pane.
import { useState } from "react";
import { endpointAddress } from "../../../../shared/endpoint.ts";
import { isRepositoryName } from "../../../../shared/reference.ts";
import { Select } from "../../../components/select.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { useEndpoints } from "../../../state/endpoints.ts";
import { transferText } from "../../../text/transfer.ts";
import { dropAt, dropOn } from "../commands.ts";
import { type Payload, payloadText, type Target } from "../drop-spec.ts";
import { FormDialog } from "./form-dialog.tsx";
import { closeTransferDialog } from "./open.ts";

export function CopyToDialog({ payload }: { readonly payload: Payload }) {
  const endpoints = useEndpoints((state) => state.endpoints);
  const first = endpoints.find(({ id, settings }) => id !== payload.endpointId && settings.readOnly !== true);
  const [endpointId, setEndpointId] = useState<string | null>(first?.id ?? null);
  const [folder, setFolder] = useState("");
  const text = transferText.copyTo;
  const path = folder.trim().replace(/^\/|\/$/g, "");
  const target: Target | undefined =
    endpointId === null
      ? undefined
      : { endpointId, place: path === "" ? { kind: "registry" } : { kind: "folder", path } };
  const badPath = path !== "" && !isRepositoryName(path);
  const drop = target === undefined || badPath ? undefined : dropAt(payload, target);
  const why = drop?.allowed === false ? drop.why : undefined;
  return (
    <FormDialog
      title={text.title}
      description={payloadText(payload)}
      action={text.plan}
      disabled={drop?.allowed !== true}
      onSubmit={() => {
        if (target === undefined) return;
        closeTransferDialog();
        dropOn(payload, target);
      }}
    >
      <Select
        label={text.where}
        value={endpointId}
        placeholder={transferText.picker.choose}
        options={endpoints.map(({ id, name, settings }) => ({
          value: id,
          label: name,
          ...(endpointAddress(settings) === name ? {} : { hint: endpointAddress(settings) }),
        }))}
        onValueChange={setEndpointId}
      />
      <TextField
        label={text.folder}
        hint={drop?.allowed === true ? text.lands(drop.where) : text.folderHint}
        error={badPath ? transferText.tree.badName : why}
        value={folder}
        onValueChange={setFolder}
      />
    </FormDialog>
  );
}
