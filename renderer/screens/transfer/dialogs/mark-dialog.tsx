// The group and colour of a registry.
import { useState } from "react";
import { Select } from "../../../components/select.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { useEndpoint } from "../../../state/endpoints.ts";
import { type MarkColour, markColours, markRegistry, useRegistryMarks } from "../../../state/places.ts";
import { placesText } from "../../../text/places.ts";
import { markLook } from "../path/endpoint-picker.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { closeTransferDialog } from "./open.ts";

export function MarkDialog({ endpointId }: { readonly endpointId: string }) {
  const kept = useRegistryMarks()[endpointId];
  const name = useEndpoint(endpointId)?.name ?? "";
  const [group, setGroup] = useState(kept?.group ?? "");
  const [colour, setColour] = useState<MarkColour | "none">(kept?.colour ?? "none");
  const text = placesText.group;
  return (
    <FormDialog
      title={text.title(name)}
      action={text.save}
      onSubmit={() => {
        const wanted = group.trim().slice(0, 60);
        markRegistry(endpointId, {
          ...(wanted === "" ? {} : { group: wanted }),
          ...(colour === "none" ? {} : { colour }),
        });
        closeTransferDialog();
      }}
    >
      <TextField label={text.name} hint={text.hint} value={group} onValueChange={setGroup} />
      <Select
        label={text.colour}
        value={colour}
        options={[
          { value: "none" as const, label: text.none },
          ...markColours.map((value) => ({
            value,
            label: text.colours[value],
            icon: <span aria-hidden className={`h-4 w-1 rounded-sm ${markLook[value]}`} />,
          })),
        ]}
        onValueChange={setColour}
      />
    </FormDialog>
  );
}
