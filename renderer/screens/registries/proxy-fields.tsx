// The way to a registry: as the environment says, directly, or by a proxy of its own with its own sign-in.

import { SecretField } from "../../components/secret-field.tsx";
import { Select } from "../../components/select.tsx";
import { TextField } from "../../components/text-field.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { formText } from "../../text/registry-form.ts";
import type { EndpointForm } from "./endpoint-form.ts";
import type { FieldsProps } from "./read-endpoint-form.ts";

const uses = ["environment", "none", "own"] as const satisfies readonly EndpointForm["proxyUse"][];

export function ProxyFields(props: FieldsProps) {
  const { values, onChange } = props;
  return (
    <>
      <Select
        label={formText.proxyUse}
        value={values.proxyUse}
        options={uses.map((value) => ({ value, label: formText.proxyUses[value] }))}
        onValueChange={(proxyUse) => onChange({ ...values, proxyUse })}
      />
      {values.proxyUse === "own" && <OwnProxy {...props} />}
    </>
  );
}

function OwnProxy({ values, read, onChange }: FieldsProps) {
  const { errors } = read;
  return (
    <>
      <TextField
        label={formText.proxy}
        value={values.proxy}
        onValueChange={(proxy) => onChange({ ...values, proxy })}
        placeholder={formText.proxyHint}
        error={values.proxy === "" ? undefined : errors.proxy}
        inputMode="url"
      />
      <div className="flex flex-col gap-1">
        <div className="grid grid-cols-2 gap-4">
          <TextField
            label={formText.proxyUser}
            value={values.proxyUser}
            onValueChange={(proxyUser) => onChange({ ...values, proxyUser })}
            autoComplete="off"
          />
          <SecretField
            label={formText.proxyPassword}
            value={values.proxyPassword}
            onValueChange={(proxyPassword) => onChange({ ...values, proxyPassword })}
            error={errors.proxyPassword}
            autoComplete="off"
          />
        </div>
        {values.proxyUser !== "" && <p className="text-xs text-muted">{formText.proxyCheck}</p>}
      </div>
      {values.proxySignIn && (
        <Checkbox
          label={formText.proxyKept}
          checked
          onCheckedChange={(proxySignIn) => onChange({ ...values, proxySignIn })}
        />
      )}
    </>
  );
}
