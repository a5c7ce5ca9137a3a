// Progress for people: bars that redraw in place and never wrap, lines where there is no terminal, nothing with --quiet.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  bar,
  createProgressView,
  type ProgressView,
  progressText,
  waitText,
} from "../../electron/cli/progress-view.ts";
import { progressKey } from "../../shared/contract.ts";
import type { HostStatus } from "../../shared/host.ts";
import type { RunImage } from "../../shared/run.ts";

const esc = "\u001b";
const runId = "0".repeat(26);
const value = (bytes: number, total = 100 * 1024, secondsLeft: number | null = 90) => ({
  ...{ bytes, total, bytesPerSecond: 2048, secondsLeft },
});
const image = (id: number, state: RunImage["state"], name = `team/app-${id}`): RunImage =>
  ({ id, runId, state, sourceRepository: name, sourceReference: "v1" }) as RunImage;

function open(options: {
  isTTY: boolean;
  quiet?: boolean;
  colour?: boolean;
  columns?: number;
  now?: () => number;
}): {
  view: ProgressView;
  written: string[];
} {
  const written: string[] = [];
  const output = {
    isTTY: options.isTTY,
    columns: options.columns ?? 100,
    write: (text: string) => written.push(text),
  };
  const { quiet = false, colour = false, now = () => 0 } = options;
  return { view: createProgressView({ output, colour, quiet, now }), written };
}

/** What a terminal shows after all writes: the escapes used here and no others. */
function screen(written: readonly string[]): string[] {
  let lines: string[] = [""];
  let row = 0;
  for (const piece of written.join("").split(new RegExp(`(${esc}\\[\\d*[A-Z]|\\n|\\r)`))) {
    const up = new RegExp(`^${esc}\\[(\\d+)A$`).exec(piece);
    if (up) row -= Number(up[1]);
    else if (piece === "\u001b[K" || piece === "\r") continue;
    else if (piece === "\u001b[J") lines = lines.slice(0, row);
    else if (piece === "\n") row++;
    else if (piece !== "") lines[row] = piece;
    expect(row).toBeGreaterThanOrEqual(0);
  }
  return lines;
}

const waits: HostStatus = {
  ...{ host: "hub.example", limit: 8, most: 8, adaptive: true, bulk: 0, small: 0, waiting: 3 },
  ...{
    state: "waiting",
    until: new Date(2026, 0, 1, 14, 2, 7).getTime(),
    reason: "It asks for 30 s of rest.",
  },
  ...{ bandwidth: null, bytesPerSecond: 0, latencyMs: null, quota: null },
};
const waitLine = "Waiting for hub.example until 14:02:07: It asks for 30 s of rest.";

describe("a host that is waited for", () => {
  it("is named with the time and the reason above the bar, and gone when it goes on", () => {
    const { view, written } = open({ isTTY: true });
    view.phase("Planning…");
    view.host(waits);
    expect(screen(written)).toEqual([waitLine, "Planning…"]);
    view.host({ ...waits, state: "ok", until: null });
    expect(screen(written)).toEqual(["Planning…"]);
  });

  it("is in the next line where there is no terminal", () => {
    let now = 0;
    const { view, written } = open({ isTTY: false, now: () => now });
    view.phase("Planning…");
    now = 6_000;
    view.host(waits);
    view.end();
    expect(written.join("")).toBe(`Planning…\nPlanning…\n${waitLine}\n`);
  });
});

describe("a host that does not answer", () => {
  it("is named with the cause and the time until it is asked again", () => {
    const away = { ...waits, state: "open", failure: "connection refused", until: 12_000 } as const;
    expect(waitText(away, 0)).toBe(`Waiting for ${waits.host}: connection refused; next try in 12 s`);
    expect(waitText({ ...away, until: null }, 0)).toBe(
      `Waiting for ${waits.host}: connection refused; trying now`,
    );
  });
});

describe("bars on a terminal", () => {
  it("show each running image and the whole, redrawn in place", () => {
    const { view, written } = open({ isTTY: true });
    view.phase("Planning…");
    view.image(image(1, "running"));
    view.image(image(2, "running"));
    view.progress([
      [progressKey.run(runId), value(50 * 1024)],
      [progressKey.image(runId, 1), value(25 * 1024)],
      [progressKey.blob(runId, "r", "d"), value(1)],
    ]);
    expect(screen(written)).toEqual([
      expect.stringMatching(/^ {2}team\/app-1:v1 +█{3}░{9} 25\.0 KiB of 100 KiB$/),
      expect.stringMatching(/^ {2}team\/app-2:v1 *$/),
      "████████████░░░░░░░░░░░░ 50.0 KiB of 100 KiB, 2.0 KiB/s, about 2 min left; 0 done",
    ]);
    view.image(image(1, "succeeded"));
    view.image(image(2, "failed"));
    view.progress([[progressKey.image(runId, 1), null]]);
    expect(screen(written)).toEqual([expect.stringMatching(/; 1 done, 1 failed$/)]);
    expect(written.every((text) => text.startsWith("\r"))).toBe(true);
  });
  it("take themselves away at the end and never come back", () => {
    const { view, written } = open({ isTTY: true });
    view.phase("Planning…");
    view.end();
    view.end();
    view.image(image(1, "running"));
    expect(screen(written)).toEqual([]);
  });
  it("never wrap, count what is not shown, and make names safe", () => {
    const { view, written } = open({ isTTY: true, columns: 50, colour: true });
    for (let id = 1; id <= 9; id++)
      view.image(image(id, "running", `very/long/\u001b[2Jname/of/a/repository/number-${id}`));
    view.progress([
      [progressKey.run(runId), value(1)],
      [progressKey.image(runId, 1), value(1)],
    ]);
    const last = (written.at(-1) ?? "").split("\n");
    expect(last).toHaveLength(6 + 1 + 1 + 1);
    expect(last.join("")).toContain("and 3 more");
    expect(written.join("")).not.toContain("\u001b[2J");
    expect(last.join("")).toContain("\u001b[32m");
    for (const line of last)
      expect(
        line.replace(new RegExp(`${esc}\\[\\d*[A-Za-z]`, "g"), "").replace("\r", "").length,
      ).toBeLessThan(50);
  });
});

describe("lines without a terminal", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("come every few seconds, also while nothing changes, and not twice the same", () => {
    let now = 0;
    const { view, written } = open({ isTTY: false, now: () => now });
    view.phase("Sending 100 KiB…");
    view.progress([[progressKey.run(runId), value(1024)]]);
    expect(written).toEqual(["Sending 100 KiB…\n"]);
    now = 5_000;
    view.progress([[progressKey.run(runId), value(50 * 1024)]]);
    expect(written.at(-1)).toBe("50.0 KiB of 100 KiB, 2.0 KiB/s, about 2 min left; 0 done\n");
    vi.advanceTimersByTime(20_000);
    expect(written).toHaveLength(2);
    view.image(image(1, "succeeded"));
    vi.advanceTimersByTime(5_000);
    expect(written.at(-1)).toMatch(/; 1 done\n$/);
    view.end();
    view.image(image(2, "succeeded"));
    vi.advanceTimersByTime(60_000);
    expect(written).toHaveLength(3);
  });
  it("are silent with --quiet", () => {
    const { view, written } = open({ isTTY: true, quiet: true });
    view.phase("x");
    view.image(image(1, "running"));
    view.progress([]);
    view.end();
    expect(written).toEqual([]);
  });
});

describe("numbers", () => {
  it("never claim more than there is", () => {
    expect(bar(value(0, 0), 4)).toBe("░░░░");
    expect(bar(value(999, 1000), 4)).toBe("███░");
    expect(bar(value(1000, 1000), 4)).toBe("████");
    expect(progressText(value(10, 10, 0))).toBe("10 B of 10 B, 2.0 KiB/s");
    expect(progressText(value(1, 10, null))).toMatch(/, estimating$/);
  });
});
