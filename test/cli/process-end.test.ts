// The end of the command's process: signals, a reader that left, an error nobody caught, output that is still on its way.
import { EventEmitter } from "node:events";
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { type EndSource, ProcessEnd } from "../../electron/cli/process-end.ts";

class FakeProcess extends EventEmitter implements EndSource {
  readonly stdout = new Slow();
  readonly stderr = new Slow();
  readonly exits: (number | undefined)[] = [];
  exit(code?: number): void {
    this.exits.push(code);
  }
}

/** Output that leaves only when the reader takes it. */
class Slow extends Writable {
  take: () => void = () => {};
  override _write(_chunk: unknown, _encoding: unknown, done: () => void): void {
    this.take = done;
  }
}

function begin(): { source: FakeProcess; end: ProcessEnd } {
  const source = new FakeProcess();
  return { source, end: new ProcessEnd(source) };
}

describe("ProcessEnd", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"])(
    "asks in order at the first %s, and ends at the second",
    (name) => {
      const { source, end } = begin();
      let asked = 0;
      end.onSignal(() => asked++);
      source.emit(name);
      expect({ asked, exits: source.exits }).toEqual({ asked: 1, exits: [] });
      source.emit(name);
      expect(source.exits).toEqual([130]);
    },
  );

  it("ends at a signal where nobody listens, also after somebody did", () => {
    const { source, end } = begin();
    end.onSignal(() => {})();
    source.emit("SIGTERM");
    expect(source.exits).toEqual([130]);
  });

  it("ends quietly without a reader, unless a run has to come to rest first", () => {
    const gone = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    const run = begin();
    let rests = 0;
    const forget = run.end.onReaderGone(() => rests++);
    run.source.stdout.emit("error", gone);
    forget();
    run.source.stdout.emit("error", gone);
    expect({ rests, exits: run.source.exits }).toEqual({ rests: 1, exits: [] });
    const list = begin();
    list.end.onSignal(() => {});
    list.source.stdout.emit("error", gone);
    expect(list.source.exits).toEqual([0]);
  });

  it("leaves the code to a command that is done, and is no success where output cannot be kept", () => {
    const { source } = begin();
    source.stdout.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    expect(source.exits).toEqual([]);
    source.stdout.emit("error", Object.assign(new Error("no space left"), { code: "ENOSPC" }));
    expect(source.exits).toEqual([1]);
  });

  it("goes on where nobody reads what is written for people", () => {
    const { source } = begin();
    source.stderr.emit("error", new Error("write EPIPE"));
    expect(source.exits).toEqual([]);
  });

  it("R001 tells an error that nobody caught, lets what runs come to rest, and makes the code 1", () => {
    const { source, end } = begin();
    const told: unknown[] = [];
    let asked = 0;
    end.onSignal(() => asked++);
    end.catchUncaught((error) => told.push(error));
    expect(end.codeOf(0)).toBe(0);
    source.emit("unhandledRejection", "first");
    source.emit("uncaughtException", "second");
    expect({ told, asked, code: end.codeOf(130) }).toEqual({ told: ["first", "second"], asked: 1, code: 1 });
    expect(source.exits).toEqual([]);
  });

  it("R001 ends at once where nothing runs", () => {
    const { source, end } = begin();
    end.catchUncaught(() => {});
    source.emit("uncaughtException", new Error("x"));
    expect(source.exits).toEqual([1]);
  });

  it("waits until a slow reader has taken everything, and for none that is gone", async () => {
    const { source, end } = begin();
    source.stdout.write("a long document");
    source.stderr.destroy();
    let flushed = false;
    const done = end.flush().then(() => {
      flushed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(flushed).toBe(false);
    source.stdout.take();
    await new Promise((resolve) => setImmediate(resolve));
    source.stdout.take();
    await done;
  });
});
