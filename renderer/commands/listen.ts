// The one listener for keys, and for what menus, the tray and notifications ask of the window.
import type { WindowCommand } from "../../shared/window-command.ts";
import { onLive } from "../api/live.ts";
import { showScreen } from "../state/navigation.ts";
import { settingNow } from "../state/settings.ts";
import { isLayer } from "./description.ts";
import { combinationOf, formatKeys, isMac, worksWhileTyping } from "./keys.ts";
import { isDialogOpen } from "./layer.ts";
import { useCommandRegistry } from "./registry.ts";
import { runAnywhere } from "./run-anywhere.ts";
import { commandsWithKeys } from "./shortcuts.ts";

const typed =
  "input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [contenteditable=true], [role=menu], [role=listbox]";

/** A key that a list, a field or a menu took for itself does nothing here. */
export function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || event.isComposing) return;
  const combination = combinationOf(event, isMac());
  if (combination === undefined) return;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(typed) != null && !worksWhileTyping(combination)) return;
  // What records keys in the settings takes them all.
  if (target?.closest("[data-records-keys]") != null) return;
  const { commands } = useCommandRegistry.getState();
  const modal = isModalOpen();
  const found = commandsWithKeys(formatKeys(combination), commands.values(), settingNow("shortcuts")).filter(
    (command) => !modal || command.inDialogs === true || (isLayer(command.place) && !isDialogOpen()),
  );
  // The newest registration is the closest to what is on the screen.
  const chosen = found.findLast((command) => command.isEnabled?.() !== false);
  if (chosen === undefined) return;
  event.preventDefault();
  // One key has one meaning: the toasts would take F6 for themselves.
  event.stopImmediatePropagation();
  chosen.run();
}

/** Popovers are dialogs too, but what lies around them stays in use. */
function isModalOpen(): boolean {
  return document.querySelector("[data-modal][data-open]") !== null;
}

function obey(command: WindowCommand): void {
  switch (command.kind) {
    case "screen":
      showScreen(command.screen);
      return;
    case "run":
      showScreen("transfers", { runId: command.runId });
      return;
    case "command":
      runAnywhere(command.id);
      return;
  }
}

/** Starts listening; returns how to stop. */
export function listenForCommands(): () => void {
  window.addEventListener("keydown", onKeyDown);
  const stop = onLive("window.command", obey);
  return () => {
    window.removeEventListener("keydown", onKeyDown);
    stop();
  };
}
