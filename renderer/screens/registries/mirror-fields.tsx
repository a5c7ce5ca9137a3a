// Where a registry is read from instead: mirrors that this machine names, each with a tick, and others by hand.

import { useState } from "react";
import { type Mirror, mirrorSchema } from "../../../shared/endpoint.ts";
import { isHost } from "../../../shared/reference.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/text-field.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { formText } from "../../text/registry-form.ts";
import type { FieldsProps } from "./read-endpoint-form.ts";

/** As many as settings take. */
const most = 8;

export function MirrorFields({
  values,
  onChange,
  offered,
}: FieldsProps & { readonly offered: readonly Mirror[] }) {
  const [seen, setSeen] = useState<readonly Mirror[]>(values.mirrors);
  const chosen = new Set(values.mirrors.map(({ location }) => location));
  // What was ticked off stays in sight, to be ticked again.
  const all = distinct([...seen, ...values.mirrors, ...offered]);
  const put = (mirrors: readonly Mirror[]): void => onChange({ ...values, mirrors });
  return (
    <>
      <p className="text-xs text-muted">{all.length === 0 ? formText.noMirrors : formText.mirrorsHint}</p>
      {all.map((mirror) => (
        <Checkbox
          key={mirror.location}
          label={formText.mirror(mirror.location)}
          hint={formText.mirrorFacts(mirror).join(", ") || undefined}
          checked={chosen.has(mirror.location)}
          disabled={!chosen.has(mirror.location) && values.mirrors.length >= most}
          onCheckedChange={(next) => {
            setSeen(all);
            put(
              next
                ? [...values.mirrors, mirror]
                : values.mirrors.filter(({ location }) => location !== mirror.location),
            );
          }}
        />
      ))}
      {values.mirrors.length < most && (
        <AddMirror onAdd={(mirror) => put(distinct([...values.mirrors, mirror]))} />
      )}
    </>
  );
}

function distinct(mirrors: readonly Mirror[]): readonly Mirror[] {
  return [...new Map(mirrors.map((mirror) => [mirror.location, mirror] as const)).values()];
}

function AddMirror({ onAdd }: { readonly onAdd: (mirror: Mirror) => void }) {
  const [location, setLocation] = useState("");
  const parsed = mirrorSchema.safeParse({ location: location.trim() });
  const mirror = parsed.success && isHost(location.trim().split("/")[0] ?? "") ? parsed.data : undefined;
  const add = (): void => {
    if (mirror === undefined) return;
    onAdd(mirror);
    setLocation("");
  };
  return (
    <div className="flex items-start gap-2">
      <TextField
        className="flex-1"
        label={formText.mirrorAdd}
        value={location}
        onValueChange={setLocation}
        hint={formText.mirrorAddHint}
        error={location === "" || mirror !== undefined ? undefined : formText.mirrorInvalid}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // It would check the whole form.
          event.preventDefault();
          add();
        }}
      />
      <Button type="button" className="mt-5" disabled={mirror === undefined} onClick={add}>
        {formText.mirrorAddButton}
      </Button>
    </div>
  );
}
