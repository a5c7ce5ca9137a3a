// The web host's switches and signals.
import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { readCommandLine } from "../../electron/web/command-line.ts";
import { stopBySignal } from "../../electron/web/stop-by-signal.ts";

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
