// The commands that are there on every screen.
import { screenNames } from "../../shared/window-command.ts";
import { commandsText } from "../text/commands.ts";
import { commonText } from "../text/common.ts";
import type { CommandDescription } from "./description.ts";

const { go, view, transfers, app } = commandsText.groups;

export const windowCommands = [
  ...screenNames.map((screen, index) => ({
    id: `go.${screen}` as const,
    title: commandsText.goTo(commonText.screens[screen]),
    group: go,
    keys: `Mod+${index + 1}`,
  })),
  {
    id: "view.nextRegion",
    title: commandsText.nextRegion,
    group: go,
    keys: "F6",
    keywords: "focus area pane",
    unlisted: true,
  },
  {
    id: "view.previousRegion",
    title: commandsText.previousRegion,
    group: go,
    keys: "Shift+F6",
    keywords: "focus area pane",
    unlisted: true,
  },
  {
    id: "view.toggleTheme",
    title: commandsText.toggleTheme,
    group: view,
    keys: "Mod+Shift+L",
    keywords: "dark light theme appearance",
    inDialogs: true,
  },
  {
    id: "view.refresh",
    title: commandsText.refresh,
    group: view,
    keys: "Mod+Shift+R",
    keywords: "reload",
    inDialogs: true,
  },
  { id: "view.log", title: commandsText.log, group: view, keys: "Mod+J", keywords: "lines debug errors" },
  {
    id: "view.messages",
    title: commandsText.messages,
    group: view,
    keys: "Mod+Shift+M",
    keywords: "toasts notices bell",
  },
  ...(["compact", "normal", "roomy"] as const).map((density) => ({
    id: `view.${density}` as const,
    title: commandsText[density],
    group: view,
    keywords: "density row height",
    needs: commandsText.isSo,
    inDialogs: true,
  })),
  {
    id: "runs.pauseAll",
    title: commandsText.pauseAll,
    group: transfers,
    keys: "Mod+Shift+P",
    keywords: "stop hold",
    inDialogs: true,
  },
  {
    id: "runs.resumeAll",
    title: commandsText.resumeAll,
    group: transfers,
    keys: "Mod+Shift+U",
    keywords: "continue go on",
    inDialogs: true,
  },
  {
    id: "transfers.toggleBandwidth",
    title: commandsText.toggleLimit,
    group: transfers,
    keywords: "speed throttle lift",
    inDialogs: true,
  },
  {
    id: "app.palette",
    title: commandsText.palette,
    group: app,
    keys: "Mod+K",
    unlisted: true,
    inDialogs: true,
  },
  {
    id: "app.shortcuts",
    title: commandsText.shortcuts,
    group: app,
    keys: "?",
    keywords: "keys cheat sheet help",
  },
  {
    id: "app.settings",
    title: commandsText.settings,
    group: app,
    keys: "Mod+,",
    keywords: "preferences options",
  },
  { id: "app.undo", title: commandsText.undo, group: app, keys: "Mod+Z", needs: commandsText.nothingToUndo },
] as const satisfies readonly CommandDescription[];

export type WindowCommandId = (typeof windowCommands)[number]["id"];
