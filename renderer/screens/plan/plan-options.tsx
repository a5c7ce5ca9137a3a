// The options of a transfer. Overwrite and naming decide the plan, so changing them plans again.
import { useState } from "react";
import type { z } from "zod";
import { isRepositoryName } from "../../../shared/reference.ts";
import { runOptionsSchema } from "../../../shared/run.ts";
import type { Mapping, mappingSchema } from "../../../shared/selection.ts";
import { Select } from "../../components/select.tsx";
import { TextField } from "../../components/text-field.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { replan, setRunOptions, usePlan } from "../../state/plan.ts";
import { mappingWords, overwriteWords, planText } from "../../text/plan.ts";

const overwrites = runOptionsSchema.shape.overwrite.unwrap().options;
const parallel = ["1", "2", "4", "8", "16"] as const;

export function PlanOptions() {
  const { options } = usePlan();
  return (
    <fieldset className="grid grid-cols-[1fr_1fr_7rem] items-start gap-x-4 gap-y-3 border-0 border-t border-line p-0 pt-4">
      <legend className="hidden-text">{planText.options}</legend>
      <Select
        label={planText.overwrite}
        value={options.overwrite}
        options={overwrites.map((value) => ({ value, label: overwriteWords[value] }))}
        onValueChange={(overwrite) => void replan({ overwrite })}
      />
      <MappingOption />
      <Select
        label={planText.parallelImages}
        value={String(options.parallelImages)}
        options={[...new Set([...parallel, String(options.parallelImages)])]
          .toSorted((a, b) => Number(a) - Number(b))
          .map((value) => ({ value, label: value }))}
        onValueChange={(value) => setRunOptions({ parallelImages: Number(value) })}
      />
      <Checkbox
        className="col-span-3"
        label={planText.verifyBlobs}
        hint={planText.verifyBlobsHint}
        checked={options.verifyBlobs}
        onCheckedChange={(verifyBlobs) => setRunOptions({ verifyBlobs })}
      />
    </fieldset>
  );
}

function textOf(mapping: OfferedMapping): string {
  return mapping.kind === "prefix" ? mapping.prefix : mapping.kind === "into" ? mapping.repository : "";
}

/** Undefined while the text is not a name. */
function mappingOf(kind: OfferedMapping["kind"], text: string): OfferedMapping | undefined {
  const name = text.trim().replace(/^\/+|\/+$/g, "");
  if (kind === "keep") return { kind };
  if (!isRepositoryName(name)) return undefined;
  return kind === "prefix" ? { kind, prefix: name } : { kind, repository: name };
}

type OfferedMapping = Extract<Mapping, { kind: "keep" | "prefix" | "into" }>;

/** The kinds that the dialog offers; a job of the command line may have another, which then stays as it is. */
function offered(mapping: z.input<typeof mappingSchema> | undefined): OfferedMapping | undefined {
  if (mapping === undefined) return { kind: "keep" };
  return mapping.kind === "keep" || mapping.kind === "prefix" || mapping.kind === "into"
    ? mapping
    : undefined;
}

function MappingOption() {
  const spec = usePlan(({ spec }) => spec);
  const known = offered(spec?.mapping);
  const saved: OfferedMapping = known ?? { kind: "keep" };
  const [kind, setKind] = useState<OfferedMapping["kind"]>(saved.kind);
  const [text, setText] = useState(textOf(saved));
  const mapping = mappingOf(kind, text);
  // Where each image names its destination itself, a mapping would change nothing.
  const fixed =
    known === undefined ||
    spec?.selection.every((item) => item.kind === "image" && item.destinationRepository !== undefined);

  const apply = (next: OfferedMapping | undefined): void => {
    if (next === undefined || (next.kind === saved.kind && textOf(next) === textOf(saved))) return;
    void replan({ mapping: next });
  };
  return (
    <div className="flex flex-col gap-2">
      <Select
        label={planText.mapping}
        value={kind}
        disabled={fixed === true}
        options={(["keep", "prefix", "into"] as const).map((value) => ({
          value,
          label: mappingWords[value],
        }))}
        onValueChange={(next) => {
          setKind(next);
          if (next === "keep") apply({ kind: "keep" });
        }}
      />
      {kind !== "keep" && (
        <TextField
          label={planText.mappingValue[kind]}
          labelHidden
          placeholder={planText.mappingValue[kind]}
          value={text}
          onValueChange={setText}
          error={text.trim() !== "" && mapping === undefined ? planText.mappingInvalid : undefined}
          onBlur={() => apply(mapping)}
          onKeyDown={(event) => {
            if (event.key === "Enter") apply(mapping);
          }}
        />
      )}
    </div>
  );
}
