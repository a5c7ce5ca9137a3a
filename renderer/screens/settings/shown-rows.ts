// Which settings are shown: what this face can do, and what the search finds.
import { createContext, useContext } from "react";
import type { Capabilities } from "../../../shared/contract.ts";
import { rank } from "../../commands/rank.ts";
import {
  rowText,
  type SectionName,
  type SettingRowName,
  sectionNames,
  settingRowNames,
} from "../../text/settings.ts";

/** Settings that only some faces have. */
const needs: Partial<Record<SettingRowName, (can: Capabilities["can"]) => boolean>> = {
  keepAwake: (can) => can.keepAwake,
  closeToTray: (can) => can.tray,
  notifyBrowser: (can) => !can.notify,
  checkForUpdates: (can) => can.updates,
  updateStatus: (can) => can.updates,
};

export type ShownRows = ReadonlySet<SettingRowName>;

export function shownRows(query: string, can: Capabilities["can"]): ShownRows {
  return new Set(
    settingRowNames.filter((name) => {
      const { section, title, hint, keywords } = rowText(name);
      const further = `${hint ?? ""} ${keywords ?? ""} ${sectionNames[section]}`;
      return needs[name]?.(can) !== false && rank(query, title, further) !== undefined;
    }),
  );
}

/** In their order, those with something to show. */
export function shownSections(rows: ShownRows): readonly SectionName[] {
  return (Object.keys(sectionNames) as SectionName[]).filter((section) =>
    [...rows].some((row) => rowText(row).section === section),
  );
}

export const ShownRowsContext = createContext<ShownRows>(new Set());

export function useIsShown(name: SettingRowName): boolean {
  return useContext(ShownRowsContext).has(name);
}
