// The limits of the whole program, kept current by the engine's events, and the quick way to lift and restore the bandwidth's.
import { create } from "zustand";
import type { Limits } from "../../shared/limits.ts";
import { call } from "../api/client.ts";
import { onGap, onLive } from "../api/live.ts";
import { showError } from "../components/toast.tsx";
import { transfersText } from "../text/transfers.ts";
import { setSetting, useSettings } from "./settings.ts";

/** Undefined until it was read. */
export const useLimits = create<{ readonly limits: Limits | undefined }>(() => ({ limits: undefined }));

/** Where the last bandwidth is kept while none holds. */
const lastBandwidthKey = "limits.lastBandwidth";
const usualBandwidth = 10 * 1024 * 1024;

export async function loadLimits(): Promise<void> {
  // Best effort: without them the controls of the limits are not shown.
  const limits = await call("limits.get", {}).catch(() => undefined);
  if (limits !== undefined) useLimits.setState({ limits });
}

/** Holds at once, also for what runs. */
export async function changeLimits(change: Partial<Limits>): Promise<void> {
  const { limits } = useLimits.getState();
  if (limits === undefined) return;
  const next = { ...limits, ...change };
  useLimits.setState({ limits: next });
  try {
    await call("limits.set", next);
  } catch (thrown) {
    showError(transfersText.limits.title, thrown);
    await loadLimits();
  }
}

/** Lifts the limit of all transfers together, or puts back the one that was lifted last. */
export async function toggleBandwidth(): Promise<void> {
  const { limits } = useLimits.getState();
  if (limits === undefined) return;
  if (limits.bandwidth !== null) {
    setSetting(lastBandwidthKey, limits.bandwidth);
    await changeLimits({ bandwidth: null });
    return;
  }
  const last = useSettings.getState().values[lastBandwidthKey];
  await changeLimits({ bandwidth: typeof last === "number" && last >= 1024 ? last : usualBandwidth });
}

onLive("limits.changed", (limits) => useLimits.setState({ limits }));
onGap(() => void loadLimits());
