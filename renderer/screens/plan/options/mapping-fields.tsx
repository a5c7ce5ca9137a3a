// The fields that a kind of mapping has.

import type { Mapping } from "../../../../shared/selection.ts";
import { NumberField } from "../../../components/number-field.tsx";
import { Select } from "../../../components/select.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { optionsText, separatorWords } from "../../../text/plan-options.ts";
import { type DraftField, type MappingDraft, type Read, separators } from "./mapping-draft.ts";

interface FieldsProps {
  readonly draft: MappingDraft;
  readonly read: Read<Mapping>;
  readonly onChange: (part: Partial<MappingDraft>) => void;
}

export function MappingFields({ draft, read, onChange }: FieldsProps) {
  const errorOf = (field: DraftField): string | undefined =>
    !read.ok && read.field === field ? read.text : undefined;
  const prefix = (label: string) => (
    <TextField
      label={label}
      value={draft.prefix}
      placeholder={optionsText.prefixHint}
      error={errorOf("prefix")}
      onValueChange={(text) => onChange({ prefix: text })}
    />
  );
  switch (draft.kind) {
    case "keep":
      return null;
    case "prefix":
      return prefix(optionsText.prefix);
    case "into":
      return (
        <TextField
          label={optionsText.repository}
          value={draft.repository}
          placeholder={optionsText.repositoryHint}
          error={errorOf("repository")}
          onValueChange={(repository) => onChange({ repository })}
        />
      );
    case "strip":
      return (
        <>
          <NumberField
            label={optionsText.levels}
            min={1}
            max={32}
            value={draft.levels}
            onValueChange={(levels) => onChange({ levels: levels ?? 1 })}
          />
          {prefix(optionsText.prefixOptional)}
        </>
      );
    case "flatten":
      return (
        <>
          <Select
            label={optionsText.separator}
            value={draft.separator}
            options={separators.map((value) => ({ value, label: separatorWords[value] }))}
            onValueChange={(separator) => onChange({ separator })}
          />
          {prefix(optionsText.prefixOptional)}
        </>
      );
    case "template":
      return (
        <>
          <TextField
            label={optionsText.pattern}
            value={draft.pattern}
            placeholder={optionsText.patternHint}
            error={errorOf("pattern")}
            onValueChange={(pattern) => onChange({ pattern })}
          />
          <TextField
            label={optionsText.replacement}
            value={draft.replacement}
            hint={optionsText.replacementHint}
            error={errorOf("replacement")}
            onValueChange={(replacement) => onChange({ replacement })}
          />
        </>
      );
  }
}
