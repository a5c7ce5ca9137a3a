// What this person chose, kept by the engine: read once at the start, written a moment after the last change.
import { create } from "zustand";
import { call } from "../api/client.ts";

interface SettingsState {
  readonly values: Readonly<Record<string, unknown>>;
  readonly loaded: boolean;
}
export const useSettings = create<SettingsState>(() => ({ values: {}, loaded: false }));

const writeDelayMs = 400;
const waiting = new Map<string, ReturnType<typeof setTimeout>>();

export async function loadSettings(): Promise<void> {
  // Best effort: without settings the window starts with its defaults.
  const { settings } = await call("settings.get", {}).catch(() => ({ settings: {} }));
  // A choice that was made while the answer was on its way is newer than the answer.
  useSettings.setState(({ values }) => ({
    values: {
      ...settings,
      ...Object.fromEntries(Object.entries(values).filter(([key]) => waiting.has(key))),
    },
    loaded: true,
  }));
}

export function setSetting(key: string, value: unknown): void {
  useSettings.setState(({ values }) => ({ values: { ...values, [key]: value } }));
  clearTimeout(waiting.get(key));
  waiting.set(
    key,
    setTimeout(() => {
      waiting.delete(key);
      // Best effort: a choice that could not be kept is only forgotten at the next start.
      call("settings.set", { key, value }).catch(() => undefined);
    }, writeDelayMs),
  );
}
