// Transfers: how many at once, how fast, and when.
import { type Limits, limitsSchema } from "../../../shared/limits.ts";
import { NumberField } from "../../components/number-field.tsx";
import { changeLimits, useLimits } from "../../state/limits.ts";
import { rowText } from "../../text/settings.ts";
import { BandwidthField } from "./bandwidth-field.tsx";
import { Section } from "./section.tsx";
import { resetTo, SettingRow, SwitchRow } from "./setting-row.tsx";
import { Timetable } from "./timetable.tsx";

const standard = limitsSchema.parse({});

/** @param part what of the limits the row is about. */
function resetOf(
  name: "parallelRuns" | "bandwidth" | "timetable",
  limits: Limits,
  part: (limits: Limits) => Partial<Limits>,
) {
  const before = part(limits);
  const usual = part(standard);
  return resetTo(
    rowText(name).title,
    JSON.stringify(before) !== JSON.stringify(usual),
    () => void changeLimits(usual),
    () => void changeLimits(before),
  );
}

export function TransfersSection() {
  const limits = useLimits((state) => state.limits) ?? standard;
  return (
    <Section name="transfers">
      <SettingRow
        name="parallelRuns"
        reset={resetOf("parallelRuns", limits, ({ parallelRuns }) => ({ parallelRuns }))}
      >
        <NumberField
          label={rowText("parallelRuns").title}
          labelHidden
          value={limits.parallelRuns}
          min={1}
          max={16}
          className="w-28"
          onValueChange={(next) => next !== null && void changeLimits({ parallelRuns: Math.round(next) })}
        />
      </SettingRow>
      <SettingRow name="bandwidth" reset={resetOf("bandwidth", limits, ({ bandwidth }) => ({ bandwidth }))}>
        <BandwidthField
          label={rowText("bandwidth").title}
          value={limits.bandwidth}
          onChange={(bandwidth) => void changeLimits({ bandwidth })}
        />
      </SettingRow>
      <SettingRow
        name="timetable"
        stacked
        reset={resetOf("timetable", limits, ({ timetable }) => ({ timetable }))}
      >
        <Timetable
          limits={limits}
          onChange={(timetable) => void changeLimits({ timetable: [...timetable] })}
        />
      </SettingRow>
      <SwitchRow name="keepAwake" />
    </Section>
  );
}
