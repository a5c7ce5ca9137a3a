// Light, dark or like the system: applied as an attribute that the tokens listen to.
import { useEffect } from "react";
import { setSetting, useSettings } from "./settings.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export function useTheme(): Theme {
  return useSettings(({ values }) => themes.find((theme) => theme === values.theme) ?? "system");
}

export function setTheme(theme: Theme): void {
  setSetting("theme", theme);
}

/** Puts the theme on the document's root; used once, by the app. */
export function useApplyTheme(): void {
  const theme = useTheme();
  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
}
