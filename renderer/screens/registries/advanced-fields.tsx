// How a registry is connected to and how much is asked of it: what most registries need no word about.
import { Badge } from "../../components/badge.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { Slider } from "../../components/slider.tsx";
import { TextField } from "../../components/text-field.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { useSpeed } from "../../state/formats.ts";
import { registriesText } from "../../text/registries.ts";
import { bandwidthAtStep, noLimitStep, stepOfBandwidth } from "../transfers/bandwidth-scale.ts";
import type { FieldsProps } from "./endpoint-form.ts";
import { isLoopback } from "./parse-address.ts";

export function AdvancedFields(props: FieldsProps) {
  const { values, read, onChange } = props;
  const readOnly = (
    <Checkbox
      label={registriesText.readOnly}
      hint={registriesText.readOnlyHint}
      checked={values.readOnly}
      onCheckedChange={(next) => onChange({ ...values, readOnly: next })}
    />
  );
  const { kind } = read.address;
  if (kind === "archive") return null;
  if (kind === "layout") return readOnly;
  return (
    <>
      <Connection {...props} />
      <Load {...props} />
      <Checkbox
        label={registriesText.anonymous}
        hint={registriesText.anonymousHint}
        checked={values.anonymous}
        onCheckedChange={(anonymous) => onChange({ ...values, anonymous })}
      />
      {readOnly}
    </>
  );
}

function Connection({ values, read, onChange }: FieldsProps) {
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
      <TextField
        label={registriesText.caFile}
        value={values.caFile}
        onValueChange={(caFile) => onChange({ ...values, caFile })}
        hint={registriesText.caFileHint}
        error={read.errors.caFile}
      />
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

/** A choice that weakens the connection: red unless it harms nothing, with what it means, as soon as it is made. */
function Risky(props: {
  readonly label: string;
  readonly badge: string;
  readonly harmless?: boolean;
  readonly warning: string;
  readonly checked: boolean;
  readonly onCheckedChange: (checked: boolean) => void;
}) {
  return (
    <div className="flex flex-col gap-1.5">
      <Checkbox label={props.label} checked={props.checked} onCheckedChange={props.onCheckedChange} />
      {props.checked && (
        <p className="flex items-center gap-2 pl-6 text-xs text-muted">
          <Badge tone={props.harmless === true ? "neutral" : "bad"}>{props.badge}</Badge>
          {props.warning}
        </p>
      )}
    </div>
  );
}

function Load({ values, onChange }: FieldsProps) {
  const speed = useSpeed();
  return (
    <div className="grid grid-cols-2 items-end gap-x-4 gap-y-2">
      <NumberField
        label={registriesText.connections}
        value={values.connections}
        min={1}
        max={64}
        onValueChange={(connections) => connections !== null && onChange({ ...values, connections })}
      />
      <Checkbox
        className="pb-2"
        label={registriesText.adaptive}
        checked={values.adaptive}
        onCheckedChange={(adaptive) => onChange({ ...values, adaptive })}
      />
      <Slider
        className="col-span-2 *:last:w-36"
        label={registriesText.bandwidth}
        min={0}
        max={noLimitStep}
        value={stepOfBandwidth(values.bandwidth)}
        text={(step) => {
          const limit = bandwidthAtStep(step);
          return limit === null ? registriesText.noBandwidth : speed(limit);
        }}
        onValueChange={(step) => onChange({ ...values, bandwidth: bandwidthAtStep(step) })}
      />
    </div>
  );
}
