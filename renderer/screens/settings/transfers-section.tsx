// Transfers: how many at once, how fast, and when.
import { limitsSchema } from "../../../shared/limits.ts";
import { NumberField } from "../../components/number-field.tsx";
import { changeLimits, useLimits } from "../../state/limits.ts";
import { rowText } from "../../text/settings.ts";
import { BandwidthField } from "./bandwidth-field.tsx";
import { Section } from "./section.tsx";
import { SettingRow, SwitchRow } from "./setting-row.tsx";
import { Timetable } from "./timetable.tsx";

const standard = limitsSchema.parse({});

export function TransfersSection() {
  const limits = useLimits((state) => state.limits) ?? standard;
  return (
    <Section name="transfers">
      <SettingRow
        name="parallelRuns"
        reset={{
          changed: limits.parallelRuns !== standard.parallelRuns,
          onReset: () => void changeLimits({ parallelRuns: standard.parallelRuns }),
        }}
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
      <SettingRow
        name="bandwidth"
        reset={{
          changed: limits.bandwidth !== null,
          onReset: () => void changeLimits({ bandwidth: null }),
        }}
      >
        <BandwidthField
          label={rowText("bandwidth").title}
          value={limits.bandwidth}
          onChange={(bandwidth) => void changeLimits({ bandwidth })}
        />
      </SettingRow>
      <SettingRow
        name="timetable"
        stacked
        reset={{
          changed: limits.timetable.length > 0,
          onReset: () => void changeLimits({ timetable: [] }),
        }}
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
