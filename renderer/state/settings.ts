// What this person chose, kept by the engine: read once at the start, written a moment after the last change.
import { useMemo } from "react";
import { create } from "zustand";
import { isSettingKey, readSetting, type SettingKey, type SettingValue } from "../../shared/settings.ts";
import { call } from "../api/client.ts";
import { onGap, onLive } from "../api/live.ts";
import { showError } from "../components/toast.tsx";
import { commonText } from "../text/common.ts";

interface SettingsState {
  readonly values: Readonly<Record<string, unknown>>;
  readonly loaded: boolean;
}
export const useSettings = create<SettingsState>(() => ({ values: {}, loaded: false }));

const writeDelayMs = 400;
const waiting = new Map<string, ReturnType<typeof setTimeout>>();
/** Writes on their way, by key: until they are answered, what the engine tells of the key may be older. */
const underWay = new Map<string, number>();

export async function loadSettings(): Promise<void> {
  // Best effort: without settings the window starts with its defaults.
  const { settings } = await call("settings.get", {}).catch(() => ({ settings: {} }));
  // A choice that was made while the answer was on its way is newer than the answer.
  useSettings.setState(({ values }) => ({
    values: {
      ...settings,
      ...Object.fromEntries(Object.entries(values).filter(([key]) => isOwn(key))),
    },
    loaded: true,
  }));
}

/** The value that holds for one of the known settings. */
export function useSetting<K extends SettingKey>(key: K): SettingValue<K> {
  const value = useSettings((state) => state.values[key]);
  return useMemo(() => readSetting({ [key]: value }, key), [key, value]);
}

/** The same outside of React. */
export function settingNow<K extends SettingKey>(key: K): SettingValue<K> {
  return readSetting(useSettings.getState().values, key);
}

/** Null forgets what was chosen: the default holds again. */
export function setSetting<K extends string>(
  key: K,
  value: K extends SettingKey ? SettingValue<K> | null : unknown,
): void {
  keep(key, value);
  clearTimeout(waiting.get(key));
  waiting.set(
    key,
    setTimeout(() => void write(key), writeDelayMs),
  );
}

function isOwn(key: string): boolean {
  return waiting.has(key) || underWay.has(key);
}

function keep(key: string, value: unknown): void {
  useSettings.setState(({ values }) => {
    const { [key]: _, ...rest } = values;
    return { values: value === null || value === undefined ? rest : { ...rest, [key]: value } };
  });
}

async function write(key: string): Promise<void> {
  clearTimeout(waiting.get(key));
  waiting.delete(key);
  underWay.set(key, (underWay.get(key) ?? 0) + 1);
  const value = useSettings.getState().values[key] ?? null;
  try {
    await call("settings.set", { key, value });
  } catch (thrown) {
    // What the window remembers by itself (widths, open folders) is only forgotten at the next start.
    if (isSettingKey(key)) showError(commonText.saveSetting, thrown);
  } finally {
    const left = (underWay.get(key) ?? 1) - 1;
    if (left === 0) underWay.delete(key);
    else underWay.set(key, left);
  }
}

// Another window changed it.
onLive("settings.changed", ({ key, value }) => {
  if (isOwn(key) || JSON.stringify(useSettings.getState().values[key]) === JSON.stringify(value)) return;
  keep(key, value);
});
onGap(() => void loadSettings());

// What was chosen just before the window closes is not lost.
if (typeof window !== "undefined")
  window.addEventListener("pagehide", () => {
    for (const key of [...waiting.keys()]) void write(key);
  });
