// How the connection to a registry is encrypted, and by whom its certificate may be signed.

import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/text-field.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { registriesText } from "../../text/registries.ts";
import { formText } from "../../text/registry-form.ts";
import { isLoopback } from "./parse-address.ts";
import type { FieldsProps } from "./read-endpoint-form.ts";
import { Risky } from "./risky.tsx";

export function TlsFields({
  pinNow,
  ...props
}: FieldsProps & {
  /** The key that the last check found at the server. */
  readonly pinNow: string | undefined;
}) {
  const { values, read, onChange } = props;
  const loopback = read.address.kind === "registry" && isLoopback(read.address.host);
  return (
    <>
      <Risky
        label={registriesText.plainHttp}
        badge={registriesText.plainHttpBadge}
        harmless={loopback}
        warning={loopback ? registriesText.plainHttpLoopback : registriesText.plainHttpWarning}
        checked={values.plainHttp}
        onCheckedChange={(plainHttp) => onChange({ ...values, plainHttp })}
      />
      <Risky
        label={registriesText.unverified}
        badge={registriesText.unverifiedBadge}
        warning={registriesText.unverifiedWarning}
        checked={values.insecureSkipVerify}
        onCheckedChange={(insecureSkipVerify) => onChange({ ...values, insecureSkipVerify })}
      />
      <Checkbox
        label={formText.tls13}
        hint={formText.tls13Hint}
        checked={values.tls13Only}
        onCheckedChange={(tls13Only) => onChange({ ...values, tls13Only })}
      />
      <TextField
        label={registriesText.caFile}
        value={values.caFile}
        onValueChange={(caFile) => onChange({ ...values, caFile })}
        hint={registriesText.caFileHint}
        error={read.errors.caFile}
      />
      <ClientFields {...props} />
      <PinFields {...props} pinNow={pinNow} />
      <TextField
        label={registriesText.trustedTokenHosts}
        value={values.trustedTokenHosts}
        onValueChange={(trustedTokenHosts) => onChange({ ...values, trustedTokenHosts })}
        hint={registriesText.trustedTokenHostsHint}
        error={read.errors.trustedTokenHosts}
      />
    </>
  );
}

function ClientFields({ values, read, onChange }: FieldsProps) {
  return (
    <div className="flex flex-col gap-1">
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label={formText.client}
          value={values.clientCertFile}
          onValueChange={(clientCertFile) => onChange({ ...values, clientCertFile })}
          error={read.errors.clientCertFile}
        />
        <TextField
          label={formText.clientKey}
          value={values.clientKeyFile}
          onValueChange={(clientKeyFile) => onChange({ ...values, clientKeyFile })}
          error={read.errors.clientKeyFile}
        />
      </div>
      <p className="text-xs text-muted">{formText.clientHint}</p>
    </div>
  );
}

function PinFields({
  values,
  read,
  onChange,
  pinNow,
}: FieldsProps & { readonly pinNow: string | undefined }) {
  const known = pinNow !== undefined && values.pins.includes(pinNow);
  return (
    <div className="flex flex-col items-start gap-1.5">
      <TextField
        className="self-stretch"
        label={formText.pins}
        value={values.pins}
        onValueChange={(pins) => onChange({ ...values, pins })}
        hint={formText.pinsHint}
        error={read.errors.pins}
      />
      {known && <p className="text-xs text-muted">{formText.pinned}</p>}
      {pinNow !== undefined && !known && (
        <Button type="button" size="small" onClick={() => onChange({ ...values, pins: pinNow })}>
          {formText.pinNow}
        </Button>
      )}
    </div>
  );
}
