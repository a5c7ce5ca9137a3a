// Sizes, speeds and durations as people read them: never more digits than matter.

/** `binary` = KiB of 1024 bytes, `decimal` = kB of 1000. */
export type UnitSystem = "binary" | "decimal";

const systems = {
  binary: { step: 1024, names: ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] },
  decimal: { step: 1000, names: ["B", "kB", "MB", "GB", "TB", "PB"] },
} as const;

/** `1536` → `1.5 KiB`. */
export function formatBytes(bytes: number, system: UnitSystem = "binary"): string {
  const { step, names } = systems[system];
  let value = bytes;
  let unit = 0;
  while (value >= step && unit < names.length - 1) {
    value /= step;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  const text = value.toFixed(digits);
  // 1023.96 KiB would print as "1024 KiB".
  return text === String(step) && unit < names.length - 1
    ? `1.0 ${names[unit + 1]}`
    : `${text} ${names[unit]}`;
}

/** `12.3 MiB/s`. */
export function formatSpeed(bytesPerSecond: number, system: UnitSystem = "binary"): string {
  return `${formatBytes(bytesPerSecond, system)}/s`;
}

/** `850 ms`, `12 s`, `4 min 10 s`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** `about 4 min`; rounded so that it does not jump. */
export function formatTimeLeft(seconds: number | undefined): string {
  if (seconds === undefined) return "estimating";
  if (seconds < 10) return "a few seconds";
  if (seconds < 55) return `about ${Math.ceil(seconds / 10) * 10} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${Math.max(1, minutes)} min`;
  const hours = Math.round(minutes / 6) / 10;
  return `about ${hours} h`;
}
