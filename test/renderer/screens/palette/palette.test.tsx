// The palette: what it finds, by keyboard, and what it offers for a pasted reference.
import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../../../renderer/api/query.ts";
import type { CommandDescription } from "../../../../renderer/commands/description.ts";
import { type Command, registerCommands } from "../../../../renderer/commands/registry.ts";
import { windowCommands } from "../../../../renderer/commands/window-catalogue.ts";
import { CommandPalette } from "../../../../renderer/screens/palette/command-palette.tsx";
import { type PaletteSources, paletteGroups } from "../../../../renderer/screens/palette/palette-items.ts";
import { closeOverlay, openOverlay, useNavigation } from "../../../../renderer/state/navigation.ts";
import { usePanes } from "../../../../renderer/state/panes.ts";
import { closeRegistryDialog, useRegistryDialog } from "../../../../renderer/state/registry-dialogs.ts";
import { useSettings } from "../../../../renderer/state/settings.ts";
import type { Endpoint } from "../../../../shared/endpoint.ts";
import { ScriptedHost } from "../scripted-host.ts";

const endpoint: Endpoint = {
  id: "ghcr",
  name: "GitHub",
  settings: {
    kind: "registry",
    host: "ghcr.io",
    plainHttp: "auto",
    insecureSkipVerify: false,
    trustedTokenHosts: [],
    connections: 8,
  },
  credential: { source: "none", username: null, place: null, expiresAt: null, problem: null },
  capabilities: null,
  health: { state: "ok", checkedAt: null, steps: [] },
  sample: false,
  temporary: false,
};
const sources: PaletteSources = {
  commands: new Map(),
  known: new Map(),
  screen: "transfer",
  layer: undefined,
  shortcuts: {},
  endpoints: [endpoint],
  jobs: [],
  recent: [],
};
const titles = (query: string) =>
  paletteGroups(query, sources).map(
    ({ value, items }) => `${value}: ${items.map(({ title }) => title).join(", ")}`,
  );

describe("what the palette finds", () => {
  it("are settings and registries by any of their words", () => {
    expect(titles("dark")).toEqual(["Settings: Theme"]);
    expect(titles("github left")).toEqual(["Registries: GitHub: open in the left pane"]);
    expect(titles("ghcr.io")[0]).toMatch(/^Registries/);
  });

  it("are repositories that were listed already", () => {
    queryClient.setQueryData(["repositories.list", "ghcr"], {
      names: ["org/web", "org/api"],
      complete: true,
    });
    expect(titles("org/w")).toEqual(["Repositories: org/web"]);
    queryClient.clear();
  });

  it("is a pasted reference, of a registry that is there or is to be added", () => {
    expect(titles(" ghcr.io/org/app:1.2 ")).toEqual([
      "Pasted reference: Open in the left pane, Open in the right pane, Inspect, Copy from here…",
    ]);
    expect(titles("quay.io/org/app")).toEqual(["Pasted reference: Add quay.io and open it…"]);
    expect(titles("ghcr.io/ORG/app")).toEqual([]);
  });

  it("puts screens before settings whose titles begin with their names", () => {
    const known = new Map(windowCommands.map((command) => [command.id, command]));
    const commands = new Map([...known.values()].map((one) => [one.id, { ...one, run: () => undefined }]));
    const found = paletteGroups("transf", { ...sources, commands, known }).flatMap(({ items }) => items);
    const at = (title: string) => found.findIndex((item) => item.title === title);
    expect(at("Transfers at once")).toBeGreaterThan(at("Go to Transfers"));
    expect([at("Go to Transfer"), at("Go to Transfers")]).toEqual([0, 1]);
  });

  it("opens a reference with its tag in a pane", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const [group] = paletteGroups(`ghcr.io/org/app:1.2@${digest}`, sources);
    group?.items.find(({ id }) => id === "reference.right")?.run();
    expect(usePanes.getState().right).toMatchObject({
      endpointId: "ghcr",
      repository: "org/app",
      tagFilter: "1.2",
    });
    group?.items.find(({ id }) => id === "reference.inspect")?.run();
    expect(useNavigation.getState().drawer).toEqual({
      kind: "inspect",
      image: { endpointId: "ghcr", repository: "org/app", reference: digest },
    });
  });
});

describe("commands that are not here", () => {
  const known: readonly CommandDescription[] = [
    { id: "one", title: "Zap jobs", group: "Jobs", place: "jobs" },
    { id: "two", title: "Zap plan", group: "Plan", place: "plan" },
    { id: "three", title: "Zap panes", group: "Panes", place: "transfer" },
    { id: "four", title: "Zap anywhere", group: "View", inDialogs: true },
  ];
  const runnable = (id: string): readonly [string, Command] => {
    const found = known.find((command) => command.id === id);
    if (found === undefined) throw new Error(id);
    return [id, { ...found, run: () => undefined }];
  };
  const found = (query: string, change: Partial<PaletteSources>) =>
    paletteGroups(query, {
      ...sources,
      known: new Map(known.map((one) => [one.id, one])),
      ...change,
    }).flatMap(({ items }) =>
      items.map(({ title, detail }) => (detail === undefined ? title : `${title} (${detail})`)),
    );

  it("are listed with the screen that they lie on, those of a plan only when searched for", () => {
    const commands = new Map([runnable("four")]);
    expect(found("", { commands })).toEqual(["Zap anywhere", "Zap jobs (Jobs)"]);
    expect(found("zap", { commands }).filter((title) => title.startsWith("Zap"))).toEqual([
      "Zap anywhere",
      "Zap jobs (Jobs)",
      "Zap plan (In a plan)",
    ]);
  });

  it("give way to what makes sense in a plan that is open", () => {
    const commands = new Map([runnable("two"), runnable("three"), runnable("four")]);
    expect(found("", { commands, layer: "plan" })).toEqual(["Zap plan", "Zap anywhere"]);
    expect(found("github", { commands, layer: "plan" })).toEqual([]);
    expect(found("ghcr.io/org/app:1", { commands, layer: "plan" })).toEqual(["Inspect (1)"]);
  });

  it("take the person to the registry that a pasted reference needs", () => {
    const [group] = paletteGroups("quay.io/org/app:2", sources);
    group?.items[0]?.run();
    const { open } = useRegistryDialog.getState();
    expect(open).toMatchObject({ kind: "add", address: "quay.io" });
    if (open?.kind === "add") open.onAdded?.({ ...endpoint, id: "quay" });
    expect(usePanes.getState().left).toMatchObject({ endpointId: "quay", repository: "org/app" });
    closeRegistryDialog();
  });
});

describe("CommandPalette", () => {
  const run = vi.fn();
  let stop: () => void;
  beforeAll(() => {
    const host = new ScriptedHost();
    host.answer("jobs.list", () => ({ jobs: [] }));
    host.answer("settings.set", () => ({}));
  });
  beforeEach(() => {
    run.mockReset();
    useSettings.setState({ values: {}, loaded: true });
    useNavigation.setState({ drawer: undefined });
    stop = registerCommands([
      { id: "a.one", title: "First thing", group: "Things", keys: "Mod+Shift+1", run },
      { id: "a.two", title: "Second thing", group: "Things", run: () => undefined },
      { id: "a.off", title: "Third thing", group: "Things", isEnabled: () => false, run },
    ]);
    render(
      <QueryClientProvider client={queryClient}>
        <CommandPalette />
      </QueryClientProvider>,
    );
    act(() => openOverlay("palette"));
  });
  afterEach(() => {
    stop();
    cleanup();
  });

  it("runs the best answer by Enter, and remembers it", async () => {
    await userEvent.type(screen.getByRole("combobox", { name: "Command palette" }), "first");
    expect(screen.getByRole("option", { name: /First thing/ }).textContent).toContain("Ctrl+Shift+1");
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(run).toHaveBeenCalledOnce());
    expect(useNavigation.getState().overlay).toBeUndefined();
    act(() => openOverlay("palette"));
    expect(await screen.findByText("Used lately")).toBeTruthy();
  });

  it("begins empty, however soon it is opened again", async () => {
    await userEvent.type(screen.getByRole("combobox", { name: "Command palette" }), "first");
    act(() => closeOverlay());
    expect(screen.queryByDisplayValue("first")).toBeNull();
    act(() => openOverlay("palette"));
    expect(screen.getByRole<HTMLInputElement>("combobox", { name: "Command palette" }).value).toBe("");
  });

  it("leaves out what cannot be done now, and says that nothing matches", async () => {
    const field = screen.getByRole("combobox", { name: "Command palette" });
    await userEvent.type(field, "thing");
    const texts = screen.getAllByRole("option").map(({ textContent }) => textContent);
    expect(texts).toEqual(expect.arrayContaining(["First thingCtrl+Shift+1", "Second thing"]));
    expect(texts).not.toContain("Third thing");
    await userEvent.type(field, "zzz");
    expect(screen.getByText("Nothing matches")).toBeTruthy();
  });
});
