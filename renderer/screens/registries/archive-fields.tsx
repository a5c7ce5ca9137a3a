// Whether an archive is read from or written to.

import { Select } from "../../components/select.tsx";
import { formText } from "../../text/registry-form.ts";
import type { FieldsProps } from "./read-endpoint-form.ts";

const uses = ["read", "write"] as const;

export function ArchiveFields({ values, onChange }: FieldsProps) {
  return (
    <Select
      label={formText.archiveUse}
      value={values.archiveUse}
      options={uses.map((value) => ({
        value,
        label: formText.archiveUses[value],
        hint: formText.archiveUseHints[value],
      }))}
      onValueChange={(archiveUse) => onChange({ ...values, archiveUse })}
    />
  );
}
