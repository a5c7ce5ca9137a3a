// What is known of a command before any screen is shown: its name, its keys, and where it can be run.
import { type ScreenName, screenNames } from "../../shared/window-command.ts";

/** What lies over the screens and has commands of its own. */
export const layers = ["plan", "inspect", "compare", "report"] as const;
export type Layer = (typeof layers)[number];

export interface CommandDescription {
  /** `group.verb`, as in `panes.copyToOther`; kept in settings and sent by native menus. */
  readonly id: string;
  readonly title: string;
  /** Heading in the palette and the shortcut sheet. */
  readonly group: string;
  /** Where it can be run; everywhere without it. */
  readonly place?: ScreenName | Layer;
  /** Default keys: "Mod+K" (Mod = Cmd on macOS, else Ctrl), "F5", "?". */
  readonly keys?: string;
  /** Further words by which the palette finds it. */
  readonly keywords?: string;
  /** What must be there for it: said to whom it cannot serve now. */
  readonly needs?: string;
  /** Can be run while a dialog or drawer is open, too. Those of the drawer itself can anyway. */
  readonly inDialogs?: boolean;
  /** Left out of the palette, such as the palette itself. */
  readonly unlisted?: boolean;
}

export function isLayer(place: CommandDescription["place"]): place is Layer {
  return layers.some((layer) => layer === place);
}

export function isScreen(place: CommandDescription["place"]): place is ScreenName {
  return screenNames.some((screen) => screen === place);
}
