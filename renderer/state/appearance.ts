// How the window looks, from the settings: attributes that the tokens of theme.css listen to, and the height of a row.
import { useEffect } from "react";
import type { SettingValue } from "../../shared/settings.ts";
import { setSetting, useSetting } from "./settings.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = SettingValue<"theme">;

/** Height of a row of any list in pixels, by density; `--row` in theme.css says the same. */
export const rowHeights: Readonly<Record<SettingValue<"density">, number>> = {
  compact: 24,
  normal: 28,
  roomy: 36,
};

export function useTheme(): Theme {
  return useSetting("theme");
}

export function setTheme(theme: Theme): void {
  setSetting("theme", theme);
}

export function useRowHeight(): number {
  return rowHeights[useSetting("density")];
}

/** Puts the look on the document's root; used once, by the app. The default of each leaves its attribute away. */
export function useApplyAppearance(): void {
  useRootAttribute("data-theme", useSetting("theme"), "system");
  useRootAttribute("data-accent", useSetting("accent"), "teal");
  useRootAttribute("data-density", useSetting("density"), "normal");
  useRootAttribute("data-font", useSetting("fontSize"), "normal");
  useRootAttribute("data-motion", useSetting("motion"), "system");
}

function useRootAttribute(name: string, value: string, standard: string): void {
  useEffect(() => {
    if (value === standard) document.documentElement.removeAttribute(name);
    else document.documentElement.setAttribute(name, value);
  }, [name, value, standard]);
}
