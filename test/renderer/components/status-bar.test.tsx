// The status bar: what it says of the transfers while they move, and once all of them wait.
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { StatusBar } from "../../../renderer/components/status-bar.tsx";
import { useRuns } from "../../../renderer/state/runs.ts";
import { makeRun } from "../screens/run-fixtures.ts";
import { ScriptedHost } from "../screens/scripted-host.ts";

const waiting = (id: number, host: string, seconds: number) =>
  makeRun(id, {
    state: "running",
    waitingFor: { host, failure: "connection refused", until: Date.now() + seconds * 1000 },
  });

describe("StatusBar", () => {
  beforeAll(() => new ScriptedHost().answer("limits.get", () => ({})));
  afterEach(() => {
    cleanup();
    useRuns.setState({ runs: [] });
  });

  it("says what all transfers wait for, the one first that is tried soonest", () => {
    useRuns.setState({ runs: [waiting(1, "slow.test", 300), waiting(2, "soon.test", 60)] });
    render(<StatusBar />);
    expect(screen.getByText(/^Waiting for soon.test: connection refused; next try in 1 min$/)).toBeTruthy();
  });

  it("says nothing of waits while one of them moves", () => {
    useRuns.setState({ runs: [waiting(1, "slow.test", 300), makeRun(2, { state: "running" })] });
    render(<StatusBar />);
    expect(screen.getByText("2 active")).toBeTruthy();
    expect(screen.queryByText(/^Waiting/)).toBeNull();
  });
});
