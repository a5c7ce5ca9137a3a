// When a saved job runs: rhythm, time, time zone and what becomes of missed times, with the next runs as they will come.
import { useState } from "react";
import type { Schedule } from "../../shared/job.ts";
import { scheduleText } from "../text/schedule.ts";
import { ComboField } from "./combo-field.tsx";
import { type CronForm, type Every, readCron, withEvery, writeCron } from "./cron-form.ts";
import { NextRuns } from "./next-runs.tsx";
import { NumberField } from "./number-field.tsx";
import { ScheduleTime } from "./schedule-time.tsx";
import { Select } from "./select.tsx";
import { TextField } from "./text-field.tsx";

export interface ScheduleFieldProps {
  /** Null = never by itself. */
  readonly value: Schedule | null;
  readonly onChange: (value: Schedule | null) => void;
}

const rhythms: readonly Every[] = ["hour", "day", "weekday", "week", "month", "custom"];
const nightly: Schedule = { cron: "0 2 * * *", timeZone: null, missed: "run-once" };

export function ScheduleField({ value, onChange }: ScheduleFieldProps) {
  /** An expression that says what a choice says, too, stays one while it is typed. */
  const [typed, setTyped] = useState(false);
  const read = readCron((value ?? nightly).cron);
  const form: CronForm = typed ? withEvery(read, "custom") : read;

  const choose = (every: Every | "never"): void => {
    setTyped(every === "custom");
    if (every === "never") onChange(null);
    else onChange({ ...(value ?? nightly), cron: writeCron(withEvery(read, every)) });
  };
  const change = (next: CronForm): void => onChange({ ...(value ?? nightly), cron: writeCron(next) });

  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-start gap-3">
        <Select
          label={scheduleText.when}
          className="min-w-56 flex-1"
          value={value === null ? "never" : form.every}
          options={[
            { value: "never", label: scheduleText.byHand },
            ...rhythms.map((every) => ({ value: every, label: scheduleText.every[every] })),
          ]}
          onValueChange={choose}
        />
        {value !== null && <Time form={form} onChange={change} />}
      </div>
      {value !== null && (
        <>
          <div className="grid grid-cols-2 gap-3">
            <TimeZone value={value.timeZone} onChange={(timeZone) => onChange({ ...value, timeZone })} />
            <Select
              label={scheduleText.missed}
              value={value.missed}
              options={(["run-once", "skip"] as const).map((rule) => ({
                value: rule,
                label: scheduleText.missedRule[rule],
              }))}
              onValueChange={(missed) => onChange({ ...value, missed })}
            />
          </div>
          <NextRuns schedule={value} />
        </>
      )}
    </div>
  );
}

function Time({ form, onChange }: { readonly form: CronForm; readonly onChange: (form: CronForm) => void }) {
  switch (form.every) {
    case "hour":
      return (
        <NumberField
          label={scheduleText.minute}
          className="w-40"
          min={0}
          max={59}
          value={form.minute}
          onValueChange={(minute) => onChange({ ...form, minute: minute ?? 0 })}
        />
      );
    case "custom":
      return (
        <TextField
          label={scheduleText.cron}
          hint={scheduleText.cronHint}
          className="w-56"
          value={form.cron}
          onValueChange={(cron) => onChange({ ...form, cron })}
        />
      );
    case "day":
    case "weekday":
    case "week":
    case "month":
      return <ScheduleTime form={form} onChange={onChange} />;
  }
}

const zones = [scheduleText.machineZone, "UTC", ...Intl.supportedValuesOf("timeZone")];

function TimeZone({
  value,
  onChange,
}: {
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}) {
  return (
    <ComboField
      label={scheduleText.timeZone}
      value={value ?? scheduleText.machineZone}
      options={value === null || zones.includes(value) ? zones : [value, ...zones]}
      onValueChange={(zone) => onChange(zone === scheduleText.machineZone ? null : zone)}
      showLabel={scheduleText.showZones}
      empty={scheduleText.noZone}
    />
  );
}
