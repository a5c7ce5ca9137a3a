// A time of day as it is typed, and one step on from it.

const written = /^([01]?\d|2[0-3])[:.]?([0-5]\d)$/;

/** `HH:MM` of `9:05`, `9.05` or `0905`; undefined for what is no time, or not yet. */
export function readTime(text: string): string | undefined {
  const [, hour, minute] = written.exec(text.trim()) ?? [];
  if (hour === undefined || minute === undefined) return undefined;
  // Three digits may be the start of four.
  if (/^\d{3}$/.test(text.trim())) return undefined;
  return `${hour.padStart(2, "0")}:${minute}`;
}

/** True for both digits of both parts: what nobody types more behind. */
export function isInFull(text: string): boolean {
  return /^\d\d[:.]\d\d$/.test(text.trim());
}

const minutesADay = 24 * 60;

/** An hour or a minute later or earlier, around midnight as well. */
export function stepTime(time: string, part: "hour" | "minute", by: 1 | -1): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const step = part === "hour" ? 60 : 1;
  const next = (hour * 60 + minute + by * step + minutesADay) % minutesADay;
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(next / 60))}:${two(next % 60)}`;
}
