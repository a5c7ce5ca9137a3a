// The fields of the add form: what kind of place it is, where it is, and who signs in.

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { Badge } from "../../components/badge.tsx";
import { TextField } from "../../components/text-field.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { registriesText } from "../../text/registries.ts";
import { type EndpointForm, type ReadForm, withAddress } from "./endpoint-form.ts";
import { isLoopback, parseAddress } from "./parse-address.ts";

interface FieldsProps {
  readonly values: EndpointForm;
  readonly read: ReadForm;
  readonly onChange: (values: EndpointForm) => void;
}

export function EndpointFields({ values, read, onChange }: FieldsProps) {
  return (
    <>
      <ToggleGroup
        aria-label={registriesText.kind}
        value={[values.kind]}
        onValueChange={([next]) =>
          (next === "registry" || next === "layout") && onChange({ ...values, kind: next })
        }
        className="flex w-max rounded-md border border-line-strong bg-sunken p-0.5"
      >
        {(["registry", "layout"] as const).map((kind) => (
          <Toggle
            key={kind}
            value={kind}
            className="h-6.5 rounded-sm px-3 text-sm text-muted data-pressed:bg-raised data-pressed:text-text data-pressed:shadow-pop"
          >
            {registriesText.kinds[kind]}
          </Toggle>
        ))}
      </ToggleGroup>
      {values.kind === "registry" ? (
        <RegistryFields values={values} read={read} onChange={onChange} />
      ) : (
        <TextField
          label={registriesText.path}
          value={values.path}
          onValueChange={(path) => onChange({ ...values, path })}
          placeholder={registriesText.pathPlaceholder}
          hint={registriesText.pathHint}
          error={read.pathError}
        />
      )}
      <TextField
        label={registriesText.name}
        value={values.name}
        onValueChange={(name) => onChange({ ...values, name })}
        maxLength={100}
      />
    </>
  );
}

function RegistryFields({ values, read, onChange }: FieldsProps) {
  const parsed = parseAddress(values.address);
  const loopback = parsed.kind === "registry" && isLoopback(parsed.host);
  return (
    <>
      <TextField
        label={registriesText.address}
        value={values.address}
        onValueChange={(address) => onChange(withAddress(values, address))}
        placeholder={registriesText.addressPlaceholder}
        hint={
          read.ignoredPath === "" ? registriesText.addressHint : registriesText.ignoredPath(read.ignoredPath)
        }
        error={read.addressError}
        autoComplete="off"
        inputMode="url"
      />
      <div className="flex flex-col gap-1.5">
        <Checkbox
          label={registriesText.plainHttp}
          checked={values.plainHttp}
          onCheckedChange={(plainHttp) => onChange({ ...values, plainHttp })}
        />
        {values.plainHttp && (
          <p className="flex items-center gap-2 pl-6 text-xs text-muted">
            <Badge tone="bad">{registriesText.plainHttpBadge}</Badge>
            {loopback ? registriesText.plainHttpLoopback : registriesText.plainHttpWarning}
          </p>
        )}
      </div>
      <div className="flex flex-col gap-1">
        <div className="grid grid-cols-2 gap-4">
          <TextField
            label={registriesText.username}
            value={values.username}
            onValueChange={(username) => onChange({ ...values, username })}
            autoComplete="off"
          />
          <TextField
            label={registriesText.password}
            type="password"
            value={values.password}
            onValueChange={(password) => onChange({ ...values, password })}
            autoComplete="off"
          />
        </div>
        <p className={`text-xs ${read.credentialError === undefined ? "text-muted" : "text-bad"}`}>
          {read.credentialError ?? registriesText.credentialHint}
        </p>
      </div>
    </>
  );
}
