// Keeps the machine awake while transfers run: one blocker, however many runs.
import type { PowerSaveBlocker } from "electron";

/** Returns the listener for the number of active runs. The display may sleep. */
export function keepAwake(blocker: PowerSaveBlocker): (active: number) => void {
  let held: number | undefined;
  return (active) => {
    if (active > 0 && held === undefined) held = blocker.start("prevent-app-suspension");
    else if (active === 0 && held !== undefined) {
      blocker.stop(held);
      held = undefined;
    }
  };
}
