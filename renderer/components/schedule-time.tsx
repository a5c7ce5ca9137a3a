// The time of day of a schedule, and the days where it has any.
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { scheduleText, timeOfDay, weekdayName } from "../text/schedule.ts";
import type { CronForm } from "./cron-form.ts";
import { NumberField } from "./number-field.tsx";
import { TimeField } from "./time-field.tsx";

type TimedForm = Extract<CronForm, { readonly hour: number }>;

export function ScheduleTime({
  form,
  onChange,
}: {
  readonly form: TimedForm;
  readonly onChange: (form: TimedForm) => void;
}) {
  const setTime = (text: string): void => {
    const [hour, minute] = text.split(":").map(Number);
    if (hour !== undefined && minute !== undefined) onChange({ ...form, hour, minute });
  };
  return (
    <>
      {form.every === "week" && (
        <Weekdays days={form.days} onChange={(days) => onChange({ ...form, days })} />
      )}
      {form.every === "month" && (
        <NumberField
          label={scheduleText.dayOfMonth}
          className="w-28"
          min={1}
          max={31}
          value={form.day}
          onValueChange={(day) => onChange({ ...form, day: day ?? 1 })}
        />
      )}
      <TimeField
        label={scheduleText.time}
        className="w-20"
        value={timeOfDay(form.hour, form.minute)}
        onValueChange={setTime}
      />
    </>
  );
}

/** As most calendars have them: Monday first. */
const week = [1, 2, 3, 4, 5, 6, 0];

function Weekdays({
  days,
  onChange,
}: {
  readonly days: readonly number[];
  readonly onChange: (days: readonly number[]) => void;
}) {
  return (
    <div className="flex flex-col gap-1">
      <span aria-hidden className="text-xs font-medium text-text">
        {scheduleText.days}
      </span>
      <ToggleGroup
        aria-label={scheduleText.days}
        multiple
        value={days.map(String)}
        // A week without days would never come: the last one stays.
        onValueChange={(next) => next.length > 0 && onChange(next.map(Number))}
        className="inline-flex h-8 rounded-md border border-control bg-surface p-px"
      >
        {week.map((day) => (
          <Toggle
            key={day}
            value={String(day)}
            aria-label={weekdayName(day)}
            className="w-8 rounded-sm text-xs text-muted hover:text-text focus-visible:outline-2 focus-visible:outline-accent data-pressed:bg-accent-soft data-pressed:font-medium data-pressed:text-accent-strong forced-colors:data-pressed:underline"
          >
            {weekdayName(day).slice(0, 2)}
          </Toggle>
        ))}
      </ToggleGroup>
    </div>
  );
}
