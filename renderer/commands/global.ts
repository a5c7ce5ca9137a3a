// The commands that are there on every screen.
import { type ScreenName, screenNames } from "../../shared/window-command.ts";
import { call } from "../api/client.ts";
import { emitGap } from "../api/live.ts";
import { showError, showToast } from "../components/toast.tsx";
import { setTheme } from "../state/appearance.ts";
import { openDrawer, openOverlay, showScreen } from "../state/navigation.ts";
import { usePastToasts } from "../state/past-toasts.ts";
import { setSetting, settingNow } from "../state/settings.ts";
import { commandsText } from "../text/commands.ts";
import { commonText } from "../text/common.ts";
import type { Command } from "./registry.ts";

export function globalCommands(): readonly Command[] {
  return [...goCommands(), ...viewCommands(), ...transferCommands(), ...appCommands()];
}

function goCommands(): readonly Command[] {
  return screenNames.map((screen: ScreenName, index) => ({
    id: `go.${screen}`,
    title: commandsText.goTo(commonText.screens[screen]),
    group: commandsText.groups.go,
    keys: `Mod+${index + 1}`,
    run: () => showScreen(screen),
  }));
}

function viewCommands(): readonly Command[] {
  const group = commandsText.groups.view;
  return [
    {
      id: "view.toggleTheme",
      title: commandsText.toggleTheme,
      group,
      keys: "Mod+Shift+L",
      keywords: "dark light theme appearance",
      run: toggleTheme,
    },
    {
      id: "view.refresh",
      title: commandsText.refresh,
      group,
      keys: "Mod+Shift+R",
      keywords: "reload",
      run: emitGap,
    },
    {
      id: "view.log",
      title: commandsText.log,
      group,
      keys: "Mod+J",
      keywords: "lines debug errors",
      run: () => openDrawer({ kind: "log", runId: undefined }),
    },
    ...(["compact", "normal", "roomy"] as const).map((density) => ({
      id: `view.${density}`,
      title: commandsText[density],
      group,
      keywords: "density row height",
      isEnabled: () => settingNow("density") !== density,
      run: () => setSetting("density", density),
    })),
  ];
}

function transferCommands(): readonly Command[] {
  const group = commandsText.groups.transfers;
  return [
    {
      id: "runs.pauseAll",
      title: commandsText.pauseAll,
      group,
      keys: "Mod+Shift+P",
      keywords: "stop hold",
      run: () => void pauseAll(),
    },
    {
      id: "runs.resumeAll",
      title: commandsText.resumeAll,
      group,
      keys: "Mod+Shift+U",
      keywords: "continue go on",
      run: () => void resumeAll(),
    },
  ];
}

function appCommands(): readonly Command[] {
  const group = commandsText.groups.app;
  return [
    {
      id: "app.palette",
      title: commandsText.palette,
      group,
      keys: "Mod+K",
      unlisted: true,
      run: () => openOverlay("palette"),
    },
    {
      id: "app.shortcuts",
      title: commandsText.shortcuts,
      group,
      keys: "?",
      keywords: "keys cheat sheet help",
      run: () => openOverlay("shortcuts"),
    },
    {
      id: "app.settings",
      title: commandsText.settings,
      group,
      keys: "Mod+,",
      keywords: "preferences options",
      run: () => showScreen("settings"),
    },
    {
      id: "app.undo",
      title: commandsText.undo,
      group,
      keys: "Mod+Z",
      isEnabled: () => usePastToasts.getState().undo !== undefined,
      run: () => usePastToasts.getState().undo?.(),
    },
  ];
}

/** From what is seen now to the other one. */
function toggleTheme(): void {
  const theme = settingNow("theme");
  const dark = theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
  setTheme(dark ? "light" : "dark");
}

async function pauseAll(): Promise<void> {
  try {
    const { runs } = await call("runs.pauseAll", {});
    showToast({
      title: commandsText.paused(runs),
      ...(runs === 0 ? {} : { action: { label: commandsText.resumeAll, onSelect: () => void resumeAll() } }),
    });
  } catch (thrown) {
    showError(commandsText.pauseAll, thrown);
  }
}

async function resumeAll(): Promise<void> {
  try {
    const { runs } = await call("runs.resumeAll", {});
    showToast({ title: commandsText.resumed(runs) });
  } catch (thrown) {
    showError(commandsText.resumeAll, thrown);
  }
}
