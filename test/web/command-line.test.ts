// The web host's switches and signals.
import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { readCommandLine } from "../../electron/web/command-line.ts";
import { stopBySignal } from "../../electron/web/stop-by-signal.ts";
import { howToWish, listenForWishes } from "../../electron/web/wishes.ts";

describe("readCommandLine", () => {
  it("reads switches", () => {
    const none = { kind: "run", port: 0, open: "none", leaveWithWindow: false, home: undefined };
    expect(readCommandLine([])).toEqual(none);
    const args = ["--port", "8080", "--open", "--quit-with-window", "--home=/d"];
    expect(readCommandLine(args)).toEqual({
      kind: "run",
      port: 8080,
      open: "window",
      leaveWithWindow: true,
      home: "/d",
    });
    expect(readCommandLine(["--help", "--port", "x"])).toEqual({ kind: "help" });
  });

  it.each([
    [["--port", "http"], '--port must be a number from 0 to 65535, but is "http"'],
    [["--port", "65536"], "65535"],
    [["--port", "-1"], "--port"],
    [["--port="], "--port"],
    [["--prot", "1"], "Unknown option '--prot'"],
    [["extra"], "extra"],
  ])("says what is wrong with %j", (args, words) => {
    expect(readCommandLine(args)).toMatchObject({ kind: "problem", text: expect.stringContaining(words) });
  });
});

describe("wishes", () => {
  const source = (isTTY: boolean, platform: NodeJS.Platform) => {
    const stdin = Object.assign(new EventEmitter(), { isTTY, paused: 0, pause: () => stdin.paused++ });
    return Object.assign(new EventEmitter(), { pid: 7, platform, stdin });
  };

  it("are Enter at a terminal and SIGUSR2", () => {
    const given = source(true, "linux");
    let wishes = 0;
    const stop = listenForWishes(given, () => wishes++);
    given.stdin.emit("data", "\n");
    given.emit("SIGUSR2");
    expect(wishes).toBe(2);
    stop();
    given.stdin.emit("data", "\n");
    given.emit("SIGUSR2");
    expect(wishes).toBe(2);
    expect(given.stdin.paused).toBe(1);
    expect(howToWish(given)).toContain("Enter");
  });

  it("leave a pipe alone, and Windows without a signal it does not know", () => {
    const piped = source(false, "linux");
    listenForWishes(piped, () => {})();
    expect(piped.stdin.paused).toBe(0);
    expect(howToWish(piped)).toContain("kill -USR2 7");
    const windows = source(false, "win32");
    listenForWishes(windows, () => {});
    expect(windows.listenerCount("SIGUSR2")).toBe(0);
    expect(howToWish(windows)).not.toContain("kill");
  });
});

describe("stopBySignal", () => {
  it("stops at the first signal and ends at the second", () => {
    const exits: number[] = [];
    const source = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) });
    const signal = stopBySignal(source);
    expect(signal.aborted).toBe(false);
    source.emit("SIGTERM");
    expect(signal.aborted).toBe(true);
    expect(exits).toEqual([]);
    source.emit("SIGINT");
    expect(exits).toEqual([130]);
  });
});
