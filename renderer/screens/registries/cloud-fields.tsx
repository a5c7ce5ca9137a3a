// Which of a machine's cloud identities signs in: only what the registry's cloud knows.

import { TextField } from "../../components/text-field.tsx";
import { signInText } from "../../text/registry-form.ts";
import { kindInForm } from "./kind-hint.tsx";
import type { FieldsProps } from "./read-endpoint-form.ts";
import type { RegistryKind } from "./registry-kind.ts";

export function isCloud(kind: RegistryKind | undefined): boolean {
  return kind === "ecr" || kind === "ecr-public" || kind === "google" || kind === "acr";
}

export function CloudFields({ values, read, onChange }: FieldsProps) {
  switch (kindInForm(values, read.address)) {
    case "ecr":
    case "ecr-public":
      return (
        <TextField
          label={signInText.profile}
          value={values.profile}
          onValueChange={(profile) => onChange({ ...values, profile })}
          hint={signInText.profileHint}
        />
      );
    case "google":
      return (
        <TextField
          label={signInText.keyFile}
          value={values.keyFile}
          onValueChange={(keyFile) => onChange({ ...values, keyFile })}
          hint={signInText.keyFileHint}
          error={read.errors.keyFile}
        />
      );
    case "acr":
      return (
        <div className="flex flex-col gap-1">
          <div className="grid grid-cols-2 gap-4">
            <TextField
              label={signInText.tenant}
              value={values.tenant}
              onValueChange={(tenant) => onChange({ ...values, tenant })}
            />
            <TextField
              label={signInText.client}
              value={values.client}
              onValueChange={(client) => onChange({ ...values, client })}
            />
          </div>
          <p className="text-xs text-muted">{signInText.azureHint}</p>
        </div>
      );
    default:
      return <p className="text-xs text-muted">{signInText.cloudNone}</p>;
  }
}
