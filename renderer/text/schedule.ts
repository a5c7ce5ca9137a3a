// The words of schedules: their editor, and a schedule in one line.
import type { Schedule } from "../../shared/job.ts";
import { type CronForm, type Every, readCron } from "../components/cron-form.ts";

export const scheduleText = {
  when: "Runs",
  byHand: "Only when I start it",
  every: {
    hour: "Every hour",
    day: "Every day",
    weekday: "Every weekday (Monday to Friday)",
    week: "Every week, on chosen days",
    month: "Every month",
    custom: "By a cron expression",
  } satisfies Record<Every, string>,
  minute: "Minutes past the hour",
  time: "At",
  days: "On",
  dayOfMonth: "On day",
  cron: "Cron expression",
  cronHint: "Five fields: minute hour day month weekday.",
  timeZone: "Time zone",
  machineZone: "This machine’s own",
  noZone: "No time zone of that name",
  showZones: "Show time zones",
  missed: "If Freightliner was not running then",
  missedRule: { "run-once": "Run once, as soon as it is back", skip: "Leave it out" } satisfies Record<
    Schedule["missed"],
    string
  >,
  next: "Next runs",
  reading: "Reckoning the next runs…",
  here: (time: string): string => `${time} here`,
} as const;

const anySunday = Date.UTC(2023, 0, 1);
const dayName = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" });

/** `Monday`; 0 = Sunday. */
export function weekdayName(day: number): string {
  return dayName.format(anySunday + day * 86_400_000);
}

/** `02:05`. */
export function timeOfDay(hour: number, minute: number): string {
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** `Every weekday at 02:00, Europe/Vienna`. */
export function scheduleSentence(schedule: Schedule | null): string {
  if (schedule === null) return scheduleText.byHand;
  const when = formSentence(readCron(schedule.cron));
  return schedule.timeZone === null ? when : `${when}, ${schedule.timeZone}`;
}

function formSentence(form: CronForm): string {
  switch (form.every) {
    case "hour":
      return form.minute === 0 ? "Every hour" : `Every hour at ${form.minute} past`;
    case "day":
      return `Every day at ${timeOfDay(form.hour, form.minute)}`;
    case "weekday":
      return `Every weekday at ${timeOfDay(form.hour, form.minute)}`;
    case "week":
      return `Every ${form.days.map(weekdayName).join(", ")} at ${timeOfDay(form.hour, form.minute)}`;
    case "month":
      return `Every month on day ${form.day} at ${timeOfDay(form.hour, form.minute)}`;
    case "custom":
      return form.cron;
  }
}
