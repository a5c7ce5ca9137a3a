// Sizes and times by the settings, and settings that several windows change.
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { useApplyAppearance, useRowHeight } from "../../../renderer/state/appearance.ts";
import { useBytes, useSpeed, useTime } from "../../../renderer/state/formats.ts";
import { setSetting, useSettings } from "../../../renderer/state/settings.ts";
import { exactTime, relativeTime } from "../../../renderer/text/times.ts";
import { ScriptedHost } from "../screens/scripted-host.ts";

let host: ScriptedHost;
beforeAll(() => {
  host = new ScriptedHost();
  host.answer("settings.set", () => ({}));
});
beforeEach(() => useSettings.setState({ values: {}, loaded: true }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const change = (values: Record<string, unknown>) =>
  act(() => useSettings.setState(({ values: before }) => ({ values: { ...before, ...values } })));

function Figures() {
  const bytes = useBytes();
  const speed = useSpeed();
  useApplyAppearance();
  return <p>{`${bytes(1_500_000)} ${speed(1_500_000)} ${useRowHeight()}`}</p>;
}

function Moment({ at }: { readonly at: number }) {
  const { text, title } = useTime()(at);
  return <time title={title}>{text}</time>;
}

describe("formats and appearance", () => {
  it("follow the unit setting", () => {
    render(<Figures />);
    expect(screen.getByText("1.4 MiB 1.4 MiB/s 28")).toBeTruthy();
    change({ units: "decimal" });
    expect(screen.getByText("1.5 MB 1.5 MB/s 28")).toBeTruthy();
  });

  it("put the look on the root and take it away again", () => {
    render(<Figures />);
    const { dataset } = document.documentElement;
    expect({ ...dataset }).toEqual({});
    change({ theme: "dark", accent: "blue", density: "roomy", fontSize: "large", motion: "reduced" });
    expect({ ...dataset }).toEqual({
      theme: "dark",
      accent: "blue",
      density: "roomy",
      font: "large",
      motion: "reduced",
    });
    expect(screen.getByText(/ 36$/)).toBeTruthy();
    change({ theme: "system", accent: "teal", density: "normal", fontSize: "normal", motion: "system" });
    expect({ ...dataset }).toEqual({});
  });

  it("say a moment relative with the exact one as tooltip, or the other way round", () => {
    const at = Date.now() - 4 * 60_000;
    render(<Moment at={at} />);
    const relative = relativeTime(at, Date.now());
    expect(screen.getByText(relative).title).toBe(exactTime(at));
    change({ times: "exact" });
    expect(screen.getByText(exactTime(at)).title).toBe(relative);
  });
});

describe("settings", () => {
  it("are written once, a moment after the last change, and null forgets", async () => {
    vi.useFakeTimers();
    setSetting("theme", "dark");
    setSetting("theme", "light");
    await vi.advanceTimersByTimeAsync(500);
    expect(host.calls("settings.set").slice(-1)).toEqual([{ key: "theme", value: "light" }]);
    setSetting("theme", null);
    expect(useSettings.getState().values).toEqual({});
    await vi.advanceTimersByTimeAsync(500);
    expect(host.calls("settings.set").slice(-1)).toEqual([{ key: "theme", value: null }]);
  });

  it("follow another window, but not while an own change is on its way", async () => {
    vi.useFakeTimers();
    host.tell("settings.changed", { key: "density", value: "compact" });
    expect(useSettings.getState().values.density).toBe("compact");
    setSetting("density", "roomy");
    host.tell("settings.changed", { key: "density", value: "normal" });
    expect(useSettings.getState().values.density).toBe("roomy");
    await vi.advanceTimersByTimeAsync(500);
    host.tell("settings.changed", { key: "density", value: "normal" });
    expect(useSettings.getState().values.density).toBe("normal");
  });
});
