// The rail at the left: the screens, and the appearance at its foot.
import { clsx } from "clsx";
import {
  ArrowLeftRight,
  CalendarClock,
  History,
  Keyboard,
  ListChecks,
  Monitor,
  Moon,
  Search,
  Server,
  Settings,
  Sun,
} from "lucide-react";
import type { ReactNode } from "react";
import { type ScreenName, screenNames } from "../../shared/window-command.ts";
import { goToScreen } from "../commands/regions.ts";
import { useShortcutText } from "../commands/shortcuts.ts";
import { setTheme, type Theme, themes, useTheme } from "../state/appearance.ts";
import { openOverlay, showScreen, useNavigation } from "../state/navigation.ts";
import iconUrl from "../styles/icon.svg";
import { commandsText } from "../text/commands.ts";
import { commonText } from "../text/common.ts";
import { IconButton } from "./button.tsx";
import { Menu } from "./menu.tsx";

const screenIcons: Readonly<Record<ScreenName, ReactNode>> = {
  transfer: <ArrowLeftRight aria-hidden className="size-4.5" />,
  transfers: <ListChecks aria-hidden className="size-4.5" />,
  jobs: <CalendarClock aria-hidden className="size-4.5" />,
  history: <History aria-hidden className="size-4.5" />,
  registries: <Server aria-hidden className="size-4.5" />,
  settings: <Settings aria-hidden className="size-4.5" />,
};

const themeIcons: Readonly<Record<Theme, ReactNode>> = {
  system: <Monitor aria-hidden className="size-4" />,
  light: <Sun aria-hidden className="size-4" />,
  dark: <Moon aria-hidden className="size-4" />,
};

export function Rail() {
  const theme = useTheme();
  const screen = useNavigation((state) => state.screen);
  const paletteKeys = useShortcutText("app.palette");
  const sheetKeys = useShortcutText("app.shortcuts");
  return (
    <nav
      aria-label="Screens"
      data-region=""
      className="flex w-18 shrink-0 flex-col items-stretch gap-1 border-r border-line bg-canvas px-1.5 py-2"
    >
      <button
        type="button"
        onClick={goToScreen}
        className="fixed top-2 left-2 z-70 rounded-md bg-raised px-3 py-1.5 text-sm shadow-pop not-focus:hidden-text"
      >
        {commandsText.skipRail}
      </button>
      <img src={iconUrl} alt="" className="mx-auto mt-1 mb-2 size-7" />
      {screenNames.map((name) => (
        <RailButton
          key={name}
          current={screen === name}
          onSelect={() => showScreen(name)}
          label={commonText.screens[name]}
        >
          {screenIcons[name]}
        </RailButton>
      ))}
      <div className="flex-1" />
      <div className="flex flex-col items-center gap-1">
        <IconButton
          label={named(commandsText.palette, paletteKeys)}
          icon={<Search aria-hidden className="size-4" />}
          size="normal"
          onClick={() => openOverlay("palette")}
        />
        <IconButton
          label={named(commandsText.shortcuts, sheetKeys)}
          icon={<Keyboard aria-hidden className="size-4" />}
          size="normal"
          onClick={() => openOverlay("shortcuts")}
        />
        <Menu
          trigger={<IconButton label={commonText.theme.label} icon={themeIcons[theme]} size="normal" />}
          groups={[
            themes.map((name) => ({
              id: name,
              label: commonText.theme[name],
              icon: themeIcons[name],
              onSelect: () => setTheme(name),
            })),
          ]}
        />
      </div>
    </nav>
  );
}

/** `Command palette (Ctrl+K)`. */
function named(title: string, keys: string | undefined): string {
  const name = title.replace(/…$/, "");
  return keys === undefined ? name : `${name} (${keys})`;
}

function RailButton({
  current,
  onSelect,
  label,
  children,
}: {
  readonly current: boolean;
  readonly onSelect: () => void;
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      onClick={onSelect}
      aria-current={current ? "page" : undefined}
      className={clsx(
        "flex h-12 flex-col items-center justify-center gap-1 rounded-md text-2xs transition-colors duration-100",
        current
          ? "bg-accent-soft font-medium text-accent-strong"
          : "text-muted hover:bg-hover hover:text-text",
      )}
    >
      {children}
      {label}
    </button>
  );
}
