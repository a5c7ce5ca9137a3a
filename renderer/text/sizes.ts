// Sizes and speeds as people read them, with the decimal sign of the user's locale.
import { formatBytes as format, type UnitSystem } from "../../shared/units.ts";
import { formatCount, plural } from "./common.ts";

const writers = [0, 1].map(
  (digits) =>
    new Intl.NumberFormat(undefined, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      useGrouping: false,
    }),
);

/** `1536` → `1.5 KiB`, or `1,5 KiB`. */
export function formatBytes(bytes: number, units: UnitSystem): string {
  // The digits come rounded from there: only their sign is the locale's.
  return format(bytes, units).replace(/^[\d.]+/, (number) => {
    const digits = number.includes(".") ? 1 : 0;
    return writers[digits]?.format(Number(number)) ?? number;
  });
}

/** `1,536 bytes`: what a rounded size says exactly. */
export function exactBytes(bytes: number): string {
  return plural(bytes, "byte", "bytes");
}

/** `1,536 of 4,096 bytes`. */
export function exactBytesOf(done: number, total: number): string {
  return `${formatCount(done)} of ${exactBytes(total)}`;
}

/** `12.3 MiB/s`. */
export function formatSpeed(bytesPerSecond: number, units: UnitSystem): string {
  return `${formatBytes(bytesPerSecond, units)}/s`;
}
