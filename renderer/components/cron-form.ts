// Cron expressions of five fields as the choices that people make, and back; what no choice says stays as it was typed.

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}
export type CronForm =
  | { readonly every: "hour"; readonly minute: number }
  | ({ readonly every: "day" | "weekday" } & TimeOfDay)
  /** Days of the week, 0 = Sunday. */
  | ({ readonly every: "week"; readonly days: readonly number[] } & TimeOfDay)
  | ({ readonly every: "month"; readonly day: number } & TimeOfDay)
  | { readonly every: "custom"; readonly cron: string };
export type Every = CronForm["every"];

export function readCron(cron: string): CronForm {
  const custom: CronForm = { every: "custom", cron };
  const fields = cron.trim().split(/\s+/);
  const [minuteText, hourText, day, month, week] = fields;
  const minute = numberIn(minuteText, 0, 59);
  if (fields.length !== 5 || minute === undefined || month !== "*") return custom;
  if (hourText === "*" && day === "*" && week === "*") return { every: "hour", minute };
  const hour = numberIn(hourText, 0, 23);
  if (hour === undefined) return custom;
  if (week === "*") {
    if (day === "*") return { every: "day", hour, minute };
    const dayOfMonth = numberIn(day, 1, 31);
    return dayOfMonth === undefined ? custom : { every: "month", day: dayOfMonth, hour, minute };
  }
  if (day !== "*") return custom;
  if (week === "1-5") return { every: "weekday", hour, minute };
  const days = week?.split(",").map((text) => numberIn(text, 0, 7)) ?? [];
  if (!days.every((one) => one !== undefined)) return custom;
  return { every: "week", days: sorted(days.map((one) => one % 7)), hour, minute };
}

export function writeCron(form: CronForm): string {
  switch (form.every) {
    case "hour":
      return `${form.minute} * * * *`;
    case "day":
      return `${form.minute} ${form.hour} * * *`;
    case "weekday":
      return `${form.minute} ${form.hour} * * 1-5`;
    case "week":
      return `${form.minute} ${form.hour} * * ${sorted(form.days).join(",")}`;
    case "month":
      return `${form.minute} ${form.hour} ${form.day} * *`;
    case "custom":
      return form.cron;
  }
}

/** The same time in another rhythm. */
export function withEvery(form: CronForm, every: Every): CronForm {
  const minute = "minute" in form ? form.minute : 0;
  const hour = "hour" in form ? form.hour : 2;
  switch (every) {
    case "hour":
      return { every, minute };
    case "day":
    case "weekday":
      return { every, hour, minute };
    case "week":
      return { every, days: [1], hour, minute };
    case "month":
      return { every, day: 1, hour, minute };
    case "custom":
      return { every, cron: writeCron(form) };
  }
}

function numberIn(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined || !/^\d{1,2}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= least && number <= most ? number : undefined;
}

function sorted(days: readonly number[]): number[] {
  return [...new Set(days)].toSorted((a, b) => a - b);
}
