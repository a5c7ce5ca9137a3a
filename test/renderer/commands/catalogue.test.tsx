// The catalogue of all commands, and what happens where one of another screen is chosen.
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { catalogue } from "../../../renderer/commands/catalogue.ts";
import { normaliseKeys } from "../../../renderer/commands/keys.ts";
import { registerActions, useCommandRegistry } from "../../../renderer/commands/registry.ts";
import { runAnywhere } from "../../../renderer/commands/run-anywhere.ts";
import { rivals } from "../../../renderer/commands/shortcuts.ts";
import { ToastRegion } from "../../../renderer/components/toast.tsx";
import { showScreen, useNavigation } from "../../../renderer/state/navigation.ts";
import { ScriptedHost } from "../screens/scripted-host.ts";

describe("the catalogue", () => {
  it("names each command once, with keys that can be read and that no other wants in the same place", () => {
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
    expect(catalogue.filter(({ keys }) => keys !== undefined && normaliseKeys(keys) === undefined)).toEqual(
      [],
    );
    const clashes = catalogue.flatMap((command) =>
      rivals(command, catalogue, {}).map(({ id }) => `${command.id} and ${id}`),
    );
    expect(clashes).toEqual([]);
  });

  it("is known before any screen was shown", () => {
    const { known, commands } = useCommandRegistry.getState();
    expect(commands.has("jobs.export")).toBe(false);
    expect(known.get("jobs.export")).toMatchObject({ group: "Jobs", place: "jobs" });
  });
});

describe("a command of another screen", () => {
  beforeAll(() => void new ScriptedHost());
  beforeEach(() => {
    showScreen("transfer");
    render(<ToastRegion>{null}</ToastRegion>);
  });
  afterEach(cleanup);

  it("runs there as soon as it can", async () => {
    const run = vi.fn();
    let loaded = false;
    runAnywhere("jobs.export");
    expect(useNavigation.getState().screen).toBe("jobs");
    const stop = registerActions({ "jobs.export": { isEnabled: () => loaded, run } });
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(run).not.toHaveBeenCalled();
    loaded = true;
    await waitFor(() => expect(run).toHaveBeenCalledOnce());
    stop();
  });

  it("says why it cannot run, and nothing where the person went on", async () => {
    const stop = registerActions({ "jobs.export": { isEnabled: () => false, run: () => undefined } });
    runAnywhere("jobs.export");
    expect(await screen.findByText("There are no saved jobs yet.")).toBeTruthy();
    stop();
    runAnywhere("plan.start");
    expect(await screen.findByText(/^Open a plan first/)).toBeTruthy();
    const run = vi.fn();
    runAnywhere("history.clear");
    showScreen("settings");
    const late = registerActions({ "history.clear": { run } });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(run).not.toHaveBeenCalled();
    late();
  });
});
