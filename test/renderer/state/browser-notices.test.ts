// Notifications by the browser: only where it was allowed, gathered, quiet while focused, and a click goes there.
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { connection } from "../../../renderer/api/client.ts";
import { tellByBrowser } from "../../../renderer/state/browser-notices.ts";
import { useNavigation } from "../../../renderer/state/navigation.ts";
import { useRuns } from "../../../renderer/state/runs.ts";
import { useSettings } from "../../../renderer/state/settings.ts";
import { makeRun, runId } from "../screens/run-fixtures.ts";
import { ScriptedHost } from "../screens/scripted-host.ts";

const shown: Shown[] = [];
class Shown {
  static permission = "granted";
  onclick: () => void = () => undefined;
  readonly title: string;
  readonly options: NotificationOptions;
  constructor(title: string, options: NotificationOptions) {
    this.title = title;
    this.options = options;
    shown.push(this);
  }
  close(): void {
    shown.splice(shown.indexOf(this), 1);
  }
}

beforeAll(async () => {
  new ScriptedHost();
  await vi.waitFor(() => expect(connection.state.kind).toBe("open"));
  vi.stubGlobal("Notification", Shown);
});
let stop: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(document, "hasFocus").mockReturnValue(false);
  Shown.permission = "granted";
  useSettings.setState({ values: {}, loaded: true });
  useRuns.setState({ runs: [makeRun(1), makeRun(2)] });
  stop = tellByBrowser();
});
afterEach(() => {
  stop();
  shown.length = 0;
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const end = (...numbers: number[]) =>
  useRuns.setState(({ runs }) => ({
    runs: runs.map((run) =>
      numbers.some((number) => runId(number) === run.id)
        ? { ...run, state: "succeeded" as const, startedAt: 0, finishedAt: 60_000 }
        : run,
    ),
  }));

describe("tellByBrowser", () => {
  it("gathers what ends together, and a click goes to the newest of it", () => {
    end(1);
    end(2);
    vi.advanceTimersByTime(2000);
    expect(shown.map(({ title }) => title)).toEqual(["2 transfers done"]);
    shown[0]?.onclick();
    expect(useNavigation.getState()).toMatchObject({ screen: "transfers", focus: { runId: runId(2) } });
    expect(shown).toEqual([]);
  });

  it("is quiet while the window has the focus, and where it was not allowed", () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    end(1);
    vi.spyOn(document, "hasFocus").mockReturnValue(false);
    Shown.permission = "default";
    end(2);
    vi.advanceTimersByTime(2000);
    expect(shown).toEqual([]);
  });

  it("says that all have ended, once, where that was asked for", () => {
    useSettings.setState({
      values: { afterQueue: "notify", notifications: { succeeded: false } },
      loaded: true,
    });
    end(1);
    expect(shown).toEqual([]);
    end(2);
    expect(shown.map(({ title }) => title)).toEqual(["All transfers have ended"]);
  });
});
