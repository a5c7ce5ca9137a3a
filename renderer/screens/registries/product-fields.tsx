// What runs at an address: as its name tells or chosen by hand, with the address of its own API.

import { type ProviderId, providerIds } from "../../../shared/provider.ts";
import { Select } from "../../components/select.tsx";
import { TextField } from "../../components/text-field.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { formText } from "../../text/registry-form.ts";
import { kindWords } from "../../text/registry-kinds.ts";
import type { FieldsProps } from "./read-endpoint-form.ts";
import { kindOfHost } from "./registry-kind.ts";

export function ProductFields({ values, read, onChange }: FieldsProps) {
  const byName = read.address.kind === "registry" ? kindOfHost(read.address.host) : "generic";
  return (
    <>
      <Select<ProviderId | "automatic">
        label={formText.provider}
        value={values.provider}
        options={[
          {
            value: "automatic",
            label: formText.byName(kindWords[byName].name),
            hint: formText.byNameHint,
          },
          ...providerIds.map((value) => ({ value, label: kindWords[value].name })),
        ]}
        onValueChange={(provider) => onChange({ ...values, provider })}
      />
      <TextField
        label={formText.apiUrl}
        value={values.apiUrl}
        onValueChange={(apiUrl) => onChange({ ...values, apiUrl })}
        hint={formText.apiUrlHint}
        error={read.errors.apiUrl}
        inputMode="url"
      />
      <Checkbox
        label={formText.createRepositories}
        hint={formText.createRepositoriesHint}
        checked={values.createRepositories}
        onCheckedChange={(createRepositories) => onChange({ ...values, createRepositories })}
      />
    </>
  );
}
