// The options of a transfer. What the plan depends on is planned again while the old plan stays in sight.
import { RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { defaultRunOptions, type JobSpec, type RunOptions } from "../../../../shared/run.ts";
import { Button } from "../../../components/button.tsx";
import { NumberField } from "../../../components/number-field.tsx";
import { Select } from "../../../components/select.tsx";
import { Checkbox } from "../../../components/toggle.tsx";
import { changeOptions, changeSpec } from "../../../state/plan.ts";
import { differsFromDefaults } from "../../../state/plan-defaults.ts";
import { optionsText } from "../../../text/plan-options.ts";
import { MappingOption } from "./mapping-option.tsx";
import { MirrorOption } from "./mirror-option.tsx";
import { OverwriteOption } from "./overwrite-option.tsx";
import { PlatformsOption } from "./platforms-option.tsx";

const mebi = 1024 * 1024;

export function PlanOptions({ spec, children }: { readonly spec: JobSpec; readonly children?: ReactNode }) {
  const { options } = spec;
  return (
    <section
      aria-label={optionsText.options}
      className="flex w-84 shrink-0 flex-col gap-5 overflow-y-auto border-l border-line px-4 pt-3 pb-5"
    >
      {children}
      <div className="-mb-3 flex h-6 items-center justify-between">
        <h3 className="text-sm font-semibold">{optionsText.options}</h3>
        {differsFromDefaults(options) && (
          <Button
            size="small"
            variant="quiet"
            title={optionsText.resetHint}
            icon={<RotateCcw aria-hidden className="size-3.5" />}
            onClick={() => changeSpec({ options: defaultRunOptions })}
          >
            {optionsText.reset}
          </Button>
        )}
      </div>
      <OverwriteOption options={options} />
      <MappingOption spec={spec} />
      <PlatformsOption platforms={options.platforms} />
      <ContentOptions options={options} />
      <RunningOptions options={options} />
      <MirrorOption mirror={options.mirror} />
    </section>
  );
}

function ContentOptions({ options }: { readonly options: RunOptions }) {
  return (
    <div className="flex flex-col gap-3">
      <Checkbox
        label={optionsText.attachments}
        hint={optionsText.attachmentsHint}
        checked={options.attachments}
        onCheckedChange={(attachments) => changeOptions({ attachments })}
      />
      <Select
        label={optionsText.foreignLayers}
        value={options.foreignLayers}
        options={(["if-held", "never"] as const).map((value) => ({
          value,
          label: optionsText.foreign[value],
        }))}
        onValueChange={(foreignLayers) => changeOptions({ foreignLayers })}
      />
    </div>
  );
}

/** What the plan does not depend on. */
function RunningOptions({ options }: { readonly options: RunOptions }) {
  return (
    <fieldset className="flex flex-col gap-3 border-0 border-t border-line p-0 pt-4">
      <legend className="hidden-text">{optionsText.running}</legend>
      <Checkbox
        label={optionsText.verifyBlobs}
        hint={optionsText.verifyBlobsHint}
        checked={options.verifyBlobs}
        onCheckedChange={(verifyBlobs) => changeOptions({ verifyBlobs })}
      />
      <div className="grid grid-cols-2 gap-3">
        <NumberField
          label={optionsText.parallelImages}
          min={1}
          max={64}
          value={options.parallelImages}
          onValueChange={(images) => changeOptions({ parallelImages: images ?? 1 })}
        />
        <NumberField
          label={optionsText.bandwidth}
          unit={optionsText.bandwidthUnit}
          placeholder={optionsText.noLimit}
          min={1}
          value={options.bandwidth === null ? null : Math.max(1, Math.round(options.bandwidth / mebi))}
          onValueChange={(speed) => changeOptions({ bandwidth: speed === null ? null : speed * mebi })}
        />
      </div>
    </fieldset>
  );
}
