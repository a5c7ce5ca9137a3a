// The log drawer: reads on, filters, and goes to the lines of one run.
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connection } from "../../../../renderer/api/client.ts";
import { LogDrawer } from "../../../../renderer/screens/settings/log-drawer.tsx";
import { plainLine } from "../../../../renderer/screens/settings/log-lines.ts";
import { closeDrawer, openDrawer, useNavigation } from "../../../../renderer/state/navigation.ts";
import type { LogLine } from "../../../../shared/log-line.ts";
import { runId } from "../run-fixtures.ts";
import { ScriptedHost } from "../scripted-host.ts";

const line = (id: number, change: Partial<LogLine> = {}): LogLine => ({
  id,
  at: id * 1000,
  level: "info",
  message: `line ${id}`,
  runId: null,
  fields: "{}",
  ...change,
});

let host: ScriptedHost;
beforeAll(async () => {
  for (const height of ["offsetHeight", "clientHeight"])
    Object.defineProperty(HTMLElement.prototype, height, { configurable: true, value: 400 });
  HTMLElement.prototype.scrollTo = () => undefined;
  host = new ScriptedHost();
  await waitFor(() => expect(connection.state.kind).toBe("open"));
});
beforeEach(() => {
  host.answer("logs.read", ({ after }) =>
    after === undefined
      ? { lines: [line(1), line(2, { level: "error", runId: runId(7), fields: '{"host":"a"}' })], next: 2 }
      : { lines: after === 2 ? [line(3)] : [], next: 3 },
  );
  render(<LogDrawer />);
});
afterEach(() => {
  act(closeDrawer);
  cleanup();
});

describe("LogDrawer", () => {
  it("shows what is there and what comes", async () => {
    act(() => openDrawer({ kind: "log", runId: undefined }));
    expect(await screen.findByText("line 1")).toBeTruthy();
    expect(await screen.findByText("line 3", {}, { timeout: 3000 })).toBeTruthy();
    expect(host.calls("logs.read").at(-1)).toMatchObject({ level: "info", after: expect.any(Number) });
  });

  it("filters by level and text at the engine", async () => {
    act(() => openDrawer({ kind: "log", runId: undefined }));
    await screen.findByText("line 1");
    await userEvent.click(screen.getByRole("button", { name: "Errors" }));
    await userEvent.type(screen.getByRole("searchbox", { name: "Filter lines" }), "tls");
    await waitFor(() =>
      expect(host.calls("logs.read")).toContainEqual({ level: "error", limit: 1000, text: "tls" }),
    );
  });

  it("goes to the lines of one run and back to all", async () => {
    act(() => openDrawer({ kind: "log", runId: undefined }));
    await screen.findByText("line 1");
    await userEvent.click(screen.getByTitle(/^Only this transfer/));
    expect(useNavigation.getState().drawer).toEqual({ kind: "log", runId: runId(7) });
    await waitFor(() =>
      expect(host.calls("logs.read")).toContainEqual(expect.objectContaining({ runId: runId(7) })),
    );
    await userEvent.click(screen.getByRole("button", { name: "Show all transfers" }));
    expect(useNavigation.getState().drawer).toEqual({ kind: "log", runId: undefined });
  });

  it("writes a line for a file", () => {
    expect(plainLine(line(2, { level: "warn", runId: "7", fields: '{"a":1}' }))).toBe(
      '1970-01-01T00:00:02.000Z warn  [7] line 2 {"a":1}',
    );
  });
});
