// What most registries need no word about, in parts: product, encryption, proxy, mirrors, load, and whether it is written to.

import { type ReactNode, useId } from "react";
import { NumberField } from "../../components/number-field.tsx";
import { Slider } from "../../components/slider.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { useSpeed } from "../../state/formats.ts";
import type { HostHints } from "../../state/registry-hints.ts";
import { registriesText } from "../../text/registries.ts";
import { formText } from "../../text/registry-form.ts";
import { bandwidthAtStep, noLimitStep, stepOfBandwidth } from "../transfers/bandwidth-scale.ts";
import { MirrorFields } from "./mirror-fields.tsx";
import { ProductFields } from "./product-fields.tsx";
import { ProxyFields } from "./proxy-fields.tsx";
import type { FieldsProps } from "./read-endpoint-form.ts";
import { TlsFields } from "./tls-fields.tsx";

export interface AdvancedProps extends FieldsProps {
  readonly hints: HostHints | undefined;
  /** The key that the last check found at the server. */
  readonly pinNow: string | undefined;
}

export function AdvancedFields({ hints, pinNow, ...props }: AdvancedProps) {
  const { values, read, onChange } = props;
  const readOnly = (
    <Checkbox
      label={registriesText.readOnly}
      hint={registriesText.readOnlyHint}
      checked={values.readOnly}
      onCheckedChange={(next) => onChange({ ...values, readOnly: next })}
    />
  );
  if (read.address.kind !== "registry") return readOnly;
  const { parts } = formText;
  return (
    <>
      <Part title={parts.product}>
        <ProductFields {...props} />
      </Part>
      <Part title={parts.tls}>
        <TlsFields {...props} pinNow={pinNow} />
      </Part>
      <Part title={parts.proxy}>
        <ProxyFields {...props} />
      </Part>
      <Part title={parts.mirrors}>
        <MirrorFields {...props} offered={hints?.mirrors ?? []} />
      </Part>
      <Part title={parts.load}>
        <Load {...props} />
      </Part>
      <Part title={parts.safety}>{readOnly}</Part>
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3 pb-2">
      <h3 id={id} className="text-xs font-semibold text-muted">
        {title}
      </h3>
      {children}
    </section>
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
