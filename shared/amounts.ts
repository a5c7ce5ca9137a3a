// Amounts as people write them: a speed like 20MB/s, an age like 30d, a share like 50%.

const powers: Readonly<Record<string, number>> = {
  "": 1,
  k: 1000,
  m: 1000 ** 2,
  g: 1000 ** 3,
  t: 1000 ** 4,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
  ti: 1024 ** 4,
};

/** What a speed looks like, for messages. */
export const speedExpectation =
  "expected at least 1kB/s, like 20MB/s or 1.5MiB/s (kB, MB, GB by thousands; KiB, MiB, GiB by 1024)";

/** The least that the run options take (shared/run.ts): below it no registry keeps a connection open. */
const leastSpeed = 1024;

/**
 * `20MB/s`, `512 KiB`, `1000000` → bytes per second, whole. `/s` may be left out; `1kB/s` counts as the least, 1024.
 * Undefined where it is not a speed.
 */
export function parseSpeed(text: string): number | undefined {
  const found = /^(\d{1,16}(?:\.\d{1,6})?)\s*([kmgt]i?)?b?(?:\/s|ps)?$/i.exec(text.trim());
  if (found === null) return undefined;
  const bytes = Math.round(Number(found[1]) * (powers[(found[2] ?? "").toLowerCase()] ?? Number.NaN));
  if (!Number.isSafeInteger(bytes) || bytes < 1000) return undefined;
  return Math.max(leastSpeed, bytes);
}

/** The shortest exact way to write it, for commands that are copied. */
export function speedText(bytesPerSecond: number): string {
  for (const unit of ["GB", "MB", "kB"]) {
    const power = powers[unit.slice(0, 1).toLowerCase()] ?? 1;
    if (bytesPerSecond % power === 0) return `${bytesPerSecond / power}${unit}/s`;
  }
  return `${bytesPerSecond}B/s`;
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

export const ageExpectation = "expected a number with s, m, h, d or w for seconds to weeks, like 12h or 30d";

/** A century: as old as the selection's rules take it. */
const greatestAge = 3_155_760_000;

/** `90s`, `15m`, `12h`, `30d`, `2w` → seconds. Undefined where it is not an age. */
export function parseAge(text: string): number | undefined {
  const found = /^(\d{1,10})\s*([smhdw])$/.exec(text.trim());
  if (found === null) return undefined;
  const age = Number(found[1]) * (seconds[found[2] ?? ""] ?? Number.NaN);
  return age >= 1 && age <= greatestAge ? age : undefined;
}

/** The shortest exact way to write it. */
export function ageText(age: number): string {
  for (const unit of ["w", "d", "h", "m"]) {
    const length = seconds[unit] ?? 1;
    if (age % length === 0) return `${age / length}${unit}`;
  }
  return `${age}s`;
}

export const shareExpectation = "expected a share from 0% to 100%, like 25%";

/** `25%` → 0.25. Undefined where it is not a share. */
export function parseShare(text: string): number | undefined {
  const found = /^(\d{1,3}(?:\.\d{1,12})?)\s*%$/.exec(text.trim());
  if (found === null) return undefined;
  const percent = Number(found[1]);
  // 33.3 / 100 is 0.33299999999999996.
  return percent <= 100 ? Number((percent / 100).toFixed(12)) : undefined;
}

/** `0.25` → `25%`. */
export function shareText(share: number): string {
  // 0.07 * 100 is 7.000000000000001.
  return `${Number((share * 100).toFixed(10))}%`;
}
