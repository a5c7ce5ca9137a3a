// Sizes, speeds and times as this person wants to read them: by the settings `units` and `times`.
import { useCallback } from "react";
import type { UnitSystem } from "../../shared/units.ts";
import { useNow } from "../components/when.tsx";
import { formatBytes, formatSpeed } from "../text/sizes.ts";
import { exactTime, relativeTime } from "../text/times.ts";
import { useSetting } from "./settings.ts";

/** For text functions that take the unit system: `formatBytes(n, units)`. */
export function useUnits(): UnitSystem {
  return useSetting("units");
}

/** `1536` → `1.5 KiB` or `1.5 kB`. */
export function useBytes(): (bytes: number) => string {
  const units = useUnits();
  return useCallback((bytes: number) => formatBytes(bytes, units), [units]);
}

/** `12.3 MiB/s`. */
export function useSpeed(): (bytesPerSecond: number) => string {
  const units = useUnits();
  return useCallback((bytesPerSecond: number) => formatSpeed(bytesPerSecond, units), [units]);
}

export interface TimeWords {
  /** What stands there. */
  readonly text: string;
  /** What the tooltip says: the exact time where the text is relative, and the other way round. */
  readonly title: string;
}

/** Words for moments in milliseconds since 1970; relative ones stay right as time goes by. */
export function useTime(): (at: number) => TimeWords {
  const times = useSetting("times");
  const now = useNow();
  return useCallback(
    (at: number) => {
      const relative = relativeTime(at, Math.max(now, Date.now()));
      return times === "relative"
        ? { text: relative, title: exactTime(at) }
        : { text: exactTime(at), title: relative };
    },
    [times, now],
  );
}
