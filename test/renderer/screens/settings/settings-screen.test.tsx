// The Settings screen: search, resetting, recording keys, the timetable, and settings as text.
import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { connection } from "../../../../renderer/api/client.ts";
import { queryClient } from "../../../../renderer/api/query.ts";
import { listenForCommands } from "../../../../renderer/commands/listen.ts";
import { registerCommands } from "../../../../renderer/commands/registry.ts";
import { ToastRegion } from "../../../../renderer/components/toast.tsx";
import { SettingsScreen } from "../../../../renderer/screens/settings/settings-screen.tsx";
import { useLimits } from "../../../../renderer/state/limits.ts";
import { showScreen } from "../../../../renderer/state/navigation.ts";
import { usePastToasts } from "../../../../renderer/state/past-toasts.ts";
import { setSetting, settingNow, useSettings } from "../../../../renderer/state/settings.ts";
import { limitsSchema } from "../../../../shared/limits.ts";
import { ScriptedHost } from "../scripted-host.ts";

let host: ScriptedHost;
let ran = 0;
beforeAll(async () => {
  HTMLElement.prototype.scrollIntoView = () => undefined;
  host = new ScriptedHost();
  host.answer("settings.set", () => ({}));
  host.answer("limits.set", (limits) => limits);
  host.answer("backups.list", () => ({ backups: [] }));
  await waitFor(() => expect(connection.state.kind).toBe("open"));
  listenForCommands();
  registerCommands([
    { id: "test.one", title: "Do one thing", group: "Testing", keys: "F7", run: () => ran++ },
    { id: "test.other", title: "Do another thing", group: "Testing", keys: "F8", run: () => undefined },
  ]);
});
beforeEach(() => {
  ran = 0;
  useSettings.setState({ values: {}, loaded: true });
  useLimits.setState({ limits: limitsSchema.parse({}) });
  render(
    <QueryClientProvider client={queryClient}>
      <ToastRegion>
        <SettingsScreen />
      </ToastRegion>
    </QueryClientProvider>,
  );
});
afterEach(cleanup);

const headings = () => screen.getAllByRole("heading", { level: 2 }).map(({ textContent }) => textContent);
const values = () => useSettings.getState().values;
const search = () => screen.getByRole("searchbox", { name: "Search settings" });

describe("the Settings screen", () => {
  it("finds settings by their words and says where nothing matches", async () => {
    await userEvent.type(search(), "dark");
    await waitFor(() => expect(headings()).toEqual(["Appearance"]));
    expect(screen.getByText("Theme")).toBeTruthy();
    expect(screen.queryByText("Density")).toBeNull();
    await userEvent.clear(search());
    await userEvent.type(search(), "zebra");
    await userEvent.click(await screen.findByRole("button", { name: "Show all settings" }));
    expect(headings()).toContain("About");
  });

  it("shows only what this face can do", () => {
    expect(headings()).not.toContain("Updates");
    expect(screen.queryByText("Keep the computer awake")).toBeNull();
    expect(screen.queryByRole("button", { name: "Quit Freightliner" })).toBeNull();
  });

  it("clears the history with the History screen's own question: which, how many, and what the button does", async () => {
    host.answer("runs.list", ({ states }) => ({ runs: [], total: states?.includes("failed") ? 7 : 5 }));
    host.answer("runs.clear", () => ({ removed: 5 }));
    await userEvent.click(screen.getByRole("button", { name: "Clear…" }));
    const box = within(await screen.findByRole("dialog", { name: "Clear the history" }));
    await box.findByRole("button", { name: "Remove 7 transfers for good" });
    await userEvent.click(box.getByRole("combobox", { name: "Which transfers" }));
    await userEvent.click(await screen.findByRole("option", { name: "Done and cancelled ones" }));
    await userEvent.click(await box.findByRole("button", { name: "Remove 5 transfers for good" }));
    await waitFor(() => expect(host.calls("runs.clear")).toEqual([{ states: ["succeeded", "cancelled"] }]));
    expect(await screen.findByText("Removed 5 transfers from the history")).toBeTruthy();
  });

  it("sets, resets, and takes the reset back", async () => {
    expect(screen.queryByRole("button", { name: "Reset to default: Density" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Roomy" }));
    expect(values().density).toBe("roomy");
    await userEvent.click(screen.getByRole("button", { name: "Reset to default: Density" }));
    expect(values().density).toBeUndefined();
    act(() => usePastToasts.getState().undo?.());
    expect(values().density).toBe("roomy");
  });

  it("takes back the reset of a limit, of the timetable and of what is told", async () => {
    const limits = limitsSchema.parse({
      bandwidth: 1_048_576,
      timetable: [{ days: [1], from: "08:00", to: "18:00", bytesPerSecond: 2048 }],
    });
    act(() => useLimits.setState({ limits }));
    for (const title of ["Bandwidth of all transfers", "Bandwidth by time"]) {
      await userEvent.click(screen.getByRole("button", { name: `Reset to default: ${title}` }));
      expect(useLimits.getState().limits).not.toEqual(limits);
      await act(async () => usePastToasts.getState().undo?.());
      expect(useLimits.getState().limits).toEqual(limits);
    }
    act(() => setSetting("notifications", { ...settingNow("notifications"), failed: false, shortest: 90 }));
    const before = settingNow("notifications");
    const [reset] = screen.getAllByRole("button", { name: "Reset to default: Transfers that failed" });
    if (reset === undefined) throw new Error("No reset of the rule for failures");
    await userEvent.click(reset);
    expect(settingNow("notifications")).toEqual({ ...before, failed: true });
    await act(async () => usePastToasts.getState().undo?.());
    expect(settingNow("notifications")).toEqual(before);
  });

  it("shows the notices of its parts", async () => {
    vi.stubGlobal(
      "fetch",
      async () => new Response("# Licenses\n\nMIT", { headers: { "content-type": "text/plain" } }),
    );
    await userEvent.click(screen.getByRole("button", { name: "Third-party notices…" }));
    expect(await screen.findByText(/# Licenses/)).toBeTruthy();
    vi.unstubAllGlobals();
  });

  it("goes to the setting that was asked for", async () => {
    await userEvent.type(search(), "backup");
    act(() => showScreen("settings", { settings: "shortcuts" }));
    await waitFor(() => expect(document.activeElement?.id).toBe("setting-shortcuts"));
    act(() => showScreen("settings"));
  });
});

describe("shortcuts", () => {
  const recorder = (title: string) =>
    screen.getByRole("button", { name: new RegExp(`^Change the keys of “${title}”`) });

  it("are recorded by pressing them, without running anything, and warn of others", async () => {
    await userEvent.click(recorder("Do another thing"));
    await userEvent.keyboard("{F7}");
    expect(ran).toBe(0);
    expect(values().shortcuts).toEqual({ "test.other": "F7" });
    expect(screen.getByText("Also: Do one thing")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Reset to default: Do another thing" }));
    expect(values().shortcuts).toBeUndefined();
    expect(screen.queryByText(/^Also:/)).toBeNull();
  });

  it("stay with Escape and go with Backspace", async () => {
    await userEvent.click(recorder("Do one thing"));
    await userEvent.keyboard("{Escape}");
    expect(values().shortcuts).toBeUndefined();
    await userEvent.click(recorder("Do one thing"));
    await userEvent.keyboard("{Backspace}");
    expect(values().shortcuts).toEqual({ "test.one": "" });
    await userEvent.keyboard("{F7}");
    expect(ran).toBe(0);
  });
});

describe("the timetable", () => {
  it("adds a rule, changes its days, shows the week, and takes it away", async () => {
    await userEvent.click(screen.getByRole("button", { name: "Add a rule" }));
    const rule = screen.getByRole("listitem", { name: "Rule 1" });
    await userEvent.click(within(rule).getByRole("button", { name: "Friday" }));
    expect(host.calls("limits.set").at(-1)).toMatchObject({
      timetable: [{ days: [1, 2, 3, 4], from: "08:00", to: "18:00" }],
    });
    expect(
      screen.getByRole("img", { name: /^Monday: 00:00–08:00 No limit, 08:00–18:00 5.0 MiB\/s/ }),
    ).toBeTruthy();
    expect(screen.getByRole("img", { name: "Friday: 00:00–24:00 No limit" })).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Remove rule 1" }));
    expect(screen.queryByRole("listitem", { name: "Rule 1" })).toBeNull();
  });
});

describe("settings as text", () => {
  const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Settings as JSON" });
  const paste = async (text: string) => {
    await userEvent.clear(field());
    await userEvent.click(field());
    await userEvent.paste(text);
  };

  it("hold what differs from the defaults", () => {
    act(() =>
      useSettings.setState({ values: { theme: "dark", density: "normal", panes: {} }, loaded: true }),
    );
    expect(JSON.parse(field().value)).toEqual({ theme: "dark" });
  });

  it("name the key of every error and cannot be applied", async () => {
    await paste('{"theme": "pink", "notifications": {"shortest": -1}, "colour": 1}');
    const problems = screen.getAllByText(/^“/).map(({ textContent }) => textContent ?? "");
    expect(problems.map((text) => text.split("”")[0])).toEqual([
      "“theme",
      "“notifications.shortest",
      "“colour",
    ]);
    expect(screen.getByRole("button", { name: "Apply" }).hasAttribute("disabled")).toBe(true);
    await paste("{");
    expect(screen.getByText(/^This is not JSON/)).toBeTruthy();
  });

  it("are applied as a whole, what is not named goes back to its default, and undo takes it back", async () => {
    act(() => useSettings.setState({ values: { theme: "dark" }, loaded: true }));
    await paste('{"accent": "blue"}');
    await userEvent.click(screen.getByRole("button", { name: "Apply" }));
    expect(values()).toEqual({ accent: "blue" });
    act(() => usePastToasts.getState().undo?.());
    expect(values()).toEqual({ theme: "dark" });
  });
});
