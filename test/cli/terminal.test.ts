// Questions at a terminal: what is echoed, what ends a line, and what ends the question.
import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { askAtTerminal } from "../../electron/cli/terminal.ts";

class Keyboard extends EventEmitter {
  readonly raw: boolean[] = [];
  setRawMode(raw: boolean): void {
    this.raw.push(raw);
  }
  resume(): void {}
  pause(): void {}
}

function ask(secret: boolean, ...keys: readonly string[]) {
  const keyboard = new Keyboard();
  const stop = new AbortController();
  let shown = "";
  const answer = askAtTerminal(
    keyboard,
    (text) => {
      shown += text;
    },
    { text: "Who? ", secret, signal: stop.signal },
  );
  for (const key of keys) keyboard.emit("data", Buffer.from(key));
  return { answer, keyboard, stop, shown: () => shown };
}

describe("a question at the terminal", () => {
  it("shows what is typed, but not where it is a secret", async () => {
    const open = ask(false, "ad", "x\u007f", "a\r");
    expect(await open.answer).toBe("ada");
    expect(open.shown()).toBe("Who? adx\b \ba\n");
    const secret = ask(true, "hünter", "3\b", "2\n");
    expect(await secret.answer).toBe("hünter2");
    expect(secret.shown()).toBe("Who? \n");
    expect(secret.keyboard.raw).toEqual([true, false]);
    expect(secret.keyboard.listenerCount("data")).toBe(0);
  });

  it("leaves out keys that are no characters", async () => {
    expect(await ask(true, "a\u001b[A\u001b[3~\tb\r").answer).toBe("ab");
  });

  it("ends with Ctrl-C, Ctrl-D, the input's end, a stop, or a line without end", async () => {
    for (const key of ["\u0003", "\u0004"])
      await expect(ask(true, `x${key}`).answer).rejects.toMatchObject({ code: "cancelled" });
    const gone = ask(true, "x");
    gone.keyboard.emit("end");
    await expect(gone.answer).rejects.toMatchObject({ code: "cancelled" });
    const stopped = ask(true, "x");
    const reason = new Error("stop");
    stopped.stop.abort(reason);
    await expect(stopped.answer).rejects.toBe(reason);
    expect(stopped.keyboard.raw).toEqual([true, false]);
    await expect(ask(true, "x".repeat(65_537)).answer).rejects.toMatchObject({ code: "usage" });
  });
});
