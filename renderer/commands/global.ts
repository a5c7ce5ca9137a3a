// What the commands do that are there on every screen.
import { call } from "../api/client.ts";
import { emitGap } from "../api/live.ts";
import { showError, showToast } from "../components/toast.tsx";
import { setTheme } from "../state/appearance.ts";
import { toggleBandwidth } from "../state/limits.ts";
import { openDrawer, openOverlay, showScreen } from "../state/navigation.ts";
import { usePastToasts } from "../state/past-toasts.ts";
import { setSetting, settingNow } from "../state/settings.ts";
import { commandsText } from "../text/commands.ts";
import { isDialogOpen } from "./layer.ts";
import { goToRegion } from "./regions.ts";
import type { Action } from "./registry.ts";
import type { WindowCommandId } from "./window-catalogue.ts";

/** All but the list of messages, which the status bar opens. */
export function globalActions(): Readonly<Record<Exclude<WindowCommandId, "view.messages">, Action>> {
  return {
    "go.transfer": { run: () => showScreen("transfer") },
    "go.transfers": { run: () => showScreen("transfers") },
    "go.jobs": { run: () => showScreen("jobs") },
    "go.history": { run: () => showScreen("history") },
    "go.registries": { run: () => showScreen("registries") },
    "go.settings": { run: () => showScreen("settings") },
    "view.nextRegion": { run: () => goToRegion(1) },
    "view.previousRegion": { run: () => goToRegion(-1) },
    "view.toggleTheme": { run: toggleTheme },
    "view.refresh": { run: emitGap },
    "view.log": { run: () => openDrawer({ kind: "log", runId: undefined }) },
    "view.compact": density("compact"),
    "view.normal": density("normal"),
    "view.roomy": density("roomy"),
    "runs.pauseAll": { run: () => void pauseAll() },
    "runs.resumeAll": { run: () => void resumeAll() },
    "transfers.toggleBandwidth": { run: () => void toggleBandwidth() },
    "app.palette": { isEnabled: () => !isDialogOpen(), run: () => openOverlay("palette") },
    "app.shortcuts": { run: () => openOverlay("shortcuts") },
    "app.settings": { run: () => showScreen("settings") },
    "app.undo": {
      isEnabled: () => usePastToasts.getState().undo !== undefined,
      run: () => usePastToasts.getState().undo?.(),
    },
  };
}

function density(name: "compact" | "normal" | "roomy"): Action {
  return { isEnabled: () => settingNow("density") !== name, run: () => setSetting("density", name) };
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
