// The global listener: which command a key runs, and when none.
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { listenForCommands } from "../../../renderer/commands/listen.ts";
import { type Command, registerCommands, useCommandRegistry } from "../../../renderer/commands/registry.ts";
import { commandsWithKeys, keysFor, rivals, setShortcut } from "../../../renderer/commands/shortcuts.ts";
import { useNavigation } from "../../../renderer/state/navigation.ts";
import { useSettings } from "../../../renderer/state/settings.ts";
import { ScriptedHost } from "../screens/scripted-host.ts";

let host: ScriptedHost;
const stops: (() => void)[] = [];
beforeAll(() => {
  host = new ScriptedHost();
  host.answer("settings.set", () => ({}));
});
beforeEach(() => {
  useSettings.setState({ values: {}, loaded: true });
  stops.push(listenForCommands());
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  document.body.replaceChildren();
});

function add(change: Partial<Command> & Pick<Command, "id">): Command & { run: ReturnType<typeof vi.fn> } {
  const command = { title: change.id, group: "Test", ...change, run: vi.fn() };
  stops.push(registerCommands([command]));
  return command;
}

function focused(html: string): void {
  const box = document.createElement("div");
  box.innerHTML = html;
  document.body.append(box);
  box.querySelector<HTMLElement>("[data-focus]")?.focus();
}

describe("keys", () => {
  it("run the command that has them, and the nearest of two", async () => {
    const outer = add({ id: "outer", keys: "Mod+K" });
    await userEvent.keyboard("{Control>}k{/Control}");
    const inner = add({ id: "inner", keys: "Mod+k" });
    await userEvent.keyboard("{Control>}k{/Control}");
    expect([outer.run.mock.calls.length, inner.run.mock.calls.length]).toEqual([1, 1]);
  });

  it("run nothing that is not enabled, or that a list took", async () => {
    const off = add({ id: "off", keys: "F5", isEnabled: () => false });
    const on = add({ id: "on", keys: "F6" });
    document.body.addEventListener("keydown", (event) => event.preventDefault(), { once: true });
    await userEvent.keyboard("{F6}");
    await userEvent.keyboard("{F5}");
    expect(off.run).not.toHaveBeenCalled();
    expect(on.run).not.toHaveBeenCalled();
  });

  it("leave a text field alone", async () => {
    const sheet = add({ id: "sheet", keys: "?" });
    const palette = add({ id: "palette", keys: "Mod+K" });
    focused('<input data-focus aria-label="x">');
    await userEvent.keyboard("?{Control>}k{/Control}");
    expect(sheet.run).not.toHaveBeenCalled();
    expect(palette.run).toHaveBeenCalledOnce();
  });

  it("do nothing behind a dialog, but for the dialog's own", async () => {
    const behind = add({ id: "behind", keys: "F5" });
    const own = add({ id: "own", keys: "F6", inDialogs: true });
    focused("<div data-modal data-open><button data-focus>x</button></div>");
    await userEvent.keyboard("{F5}{F6}");
    expect(behind.run).not.toHaveBeenCalled();
    expect(own.run).toHaveBeenCalledOnce();
  });

  it("are what the person set, and the default again when that is taken back", async () => {
    const command = add({ id: "mine", keys: "F7" });
    setShortcut(command, "Alt+M");
    await userEvent.keyboard("{F7}");
    expect(command.run).not.toHaveBeenCalled();
    await userEvent.keyboard("{Alt>}m{/Alt}");
    expect(command.run).toHaveBeenCalledOnce();
    setShortcut(command, null);
    expect(useSettings.getState().values).toEqual({});
    setShortcut(command, "");
    expect(keysFor(command, { mine: "" })).toBe("");
    await userEvent.keyboard("{F7}");
    expect(command.run).toHaveBeenCalledOnce();
  });
});

describe("commands", () => {
  it("with the same keys are found", () => {
    const one = add({ id: "one", keys: "Mod+Shift+K" });
    const other = add({ id: "other", keys: "F9" });
    const all = [...useCommandRegistry.getState().commands.values()];
    expect(commandsWithKeys("Shift+Mod+K", all, { other: "Mod+Shift+k" })).toEqual([one, other]);
    expect(rivals(one, all, { other: "Mod+Shift+k" })).toEqual([other]);
    expect(commandsWithKeys("", [one, other], {})).toEqual([]);
  });

  it("of two screens may have the same keys", () => {
    const here = { id: "here", title: "Here", group: "Test", keys: "F9", place: "transfer" } as const;
    expect(rivals(here, [here, { ...here, id: "there", place: "jobs" }], {})).toEqual([]);
    const everywhere = { id: "everywhere", title: "Everywhere", group: "Test", keys: "F9" };
    expect(rivals(here, [here, everywhere], {})).toEqual([everywhere]);
  });

  it("come from menus and notifications too", () => {
    const command = add({ id: "runs.pauseAll" });
    host.tell("window.command", { kind: "command", id: "runs.pauseAll" });
    expect(command.run).toHaveBeenCalledOnce();
    host.tell("window.command", { kind: "run", runId: "7" });
    expect(useNavigation.getState()).toMatchObject({ screen: "transfers", focus: { runId: "7" } });
    host.tell("window.command", { kind: "screen", screen: "jobs" });
    expect(useNavigation.getState().screen).toBe("jobs");
  });
});
