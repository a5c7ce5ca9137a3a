// Where a person is who just began: after the first transfer that arrived, the window says once what to do next.
import { onLive } from "../api/live.ts";
import { setSetting, useSettings } from "./settings.ts";

const key = "firstSteps";
/** `waiting` = nothing arrived yet; `arrived` = it did, and that was not yet acknowledged. Nothing else is of interest. */
type FirstSteps = "waiting" | "arrived";

function now(): unknown {
  return useSettings.getState().values[key];
}

export function useFirstSteps(): FirstSteps | undefined {
  const value = useSettings(({ values }) => values[key]);
  return value === "waiting" || value === "arrived" ? value : undefined;
}

/** The first start was seen: what arrives next is the first. */
export function expectFirstTransfer(): void {
  if (now() === undefined) setSetting(key, "waiting");
}

export function endFirstSteps(): void {
  setSetting(key, "done");
}

onLive("run.changed", ({ state, tallies }) => {
  if (state === "succeeded" && tallies.imagesSucceeded > 0 && now() === "waiting") setSetting(key, "arrived");
});
