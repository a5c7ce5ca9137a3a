// The rule for tags that exist with other content, by example on a tag of the plan.
import { useState } from "react";
import type { RunOptions } from "../../../../shared/run.ts";
import { runOptionsSchema } from "../../../../shared/run.ts";
import { Select } from "../../../components/select.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { changeOptions } from "../../../state/plan.ts";
import { usePlanRows } from "../../../state/plan-rows.ts";
import { optionsText, overwriteExample, overwriteWords } from "../../../text/plan-options.ts";

const rules = runOptionsSchema.shape.overwrite.unwrap().options;
const suffixSchema = runOptionsSchema.shape.keepBothSuffix.unwrap();

export function OverwriteOption({ options }: { readonly options: RunOptions }) {
  const [typed, setTyped] = useState<string>();
  const suffix = typed ?? options.keepBothSuffix;
  const valid = suffixSchema.safeParse(suffix).success;
  const tag = usePlanRows(
    ({ samples }) =>
      (samples.find(({ replacesDigest }) => replacesDigest !== null) ?? samples[0])?.sourceReference ??
      "v1.2",
  );
  return (
    <div className="flex flex-col gap-2">
      <Select
        label={optionsText.overwrite}
        value={options.overwrite}
        options={rules.map((value) => ({ value, label: overwriteWords[value] }))}
        onValueChange={(overwrite) => changeOptions({ overwrite })}
      />
      {options.overwrite === "keep-both" && (
        <TextField
          label={optionsText.suffix}
          value={suffix}
          error={valid ? undefined : optionsText.suffixInvalid}
          onValueChange={(text) => {
            setTyped(text);
            if (suffixSchema.safeParse(text).success) changeOptions({ keepBothSuffix: text });
          }}
        />
      )}
      <p className="text-xs break-words text-muted">{overwriteExample(options.overwrite, tag, suffix)}</p>
    </div>
  );
}
