// Mirroring: deletes at the destination, apart from the rest and in red, with its limits.
import { TriangleAlert } from "lucide-react";
import { mirrorSchema, type RunOptions } from "../../../../shared/run.ts";
import { NumberField } from "../../../components/number-field.tsx";
import { Switch } from "../../../components/switch.tsx";
import { changeOptions } from "../../../state/plan.ts";
import { optionsText } from "../../../text/plan-options.ts";

export function MirrorOption({ mirror }: { readonly mirror: RunOptions["mirror"] }) {
  const on = mirror !== null;
  return (
    <div
      className={`flex flex-col gap-3 rounded-md border px-3 py-2.5 ${on ? "border-bad bg-bad-soft" : "border-line"}`}
    >
      <h4 className="flex items-center gap-1.5 text-xs font-semibold text-bad">
        <TriangleAlert aria-hidden className="size-3.5" />
        {optionsText.mirrorTitle}
      </h4>
      <Switch
        label={optionsText.mirror}
        hint={optionsText.mirrorHint}
        checked={on}
        onCheckedChange={(wanted) => changeOptions({ mirror: wanted ? mirrorSchema.parse({}) : null })}
      />
      {mirror !== null && (
        <>
          <div className="grid grid-cols-2 gap-3">
            <NumberField
              label={optionsText.maxDelete}
              min={0}
              max={1_000_000}
              value={mirror.maxDelete}
              onValueChange={(maxDelete) =>
                changeOptions({ mirror: { ...mirror, maxDelete: maxDelete ?? 0 } })
              }
            />
            <NumberField
              label={optionsText.maxShare}
              unit={optionsText.percent}
              min={0}
              max={100}
              value={Math.round(mirror.maxShare * 100)}
              onValueChange={(percent) =>
                changeOptions({ mirror: { ...mirror, maxShare: (percent ?? 0) / 100 } })
              }
            />
          </div>
          <p className="text-xs text-muted">{optionsText.mirrorGuard}</p>
        </>
      )}
    </div>
  );
}
