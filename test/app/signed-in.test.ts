// Runs that wait for a sign-in: which go on when there is a new one, and that none is missed.
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../electron/app/log.ts";
import { SignedIn } from "../../electron/app/signed-in.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { Run } from "../../shared/run.ts";

function run(id: string, change: Partial<Run> = {}): Run {
  const spec = { sourceId: "left", destinationId: "right" };
  return { id, state: "paused", stateReason: "sign-in-needed", spec, ...change } as Run;
}

function stage(runs: readonly Run[], { resumes = true, fails = false } = {}) {
  const resumed: string[] = [];
  const signedIn = new SignedIn({
    store: { runs: { open: () => runs } as never },
    resume: (id) => {
      if (fails) throw new FreightlinerError({ code: "illegal-transition", operation: "x", message: "x" });
      resumed.push(id);
    },
    resumes,
    log: silentLog,
  });
  return { signedIn, resumed };
}

describe("after a sign-in", () => {
  const elsewhere = { sourceId: "else", destinationId: "where" } as Run["spec"];
  const runs = [
    run("waits"),
    run("locked", { stateReason: "secrets-locked" }),
    run("paused-by-hand", { stateReason: "user" }),
    run("runs", { state: "running", stateReason: null }),
    run("elsewhere", { spec: elsewhere }),
  ];

  it("those go on that wait for one of that endpoint", () => {
    const { signedIn, resumed } = stage(runs);
    signedIn.changed("right");
    expect(resumed).toEqual(["waits", "locked"]);
    signedIn.changed("else");
    expect(resumed).toEqual(["waits", "locked", "elsewhere"]);
  });

  it("none goes on in a command, and one that another process took up is left to it", () => {
    const command = stage(runs, { resumes: false });
    command.signedIn.changed("right");
    expect(command.resumed).toEqual([]);
    expect(() => stage(runs, { fails: true }).signedIn.changed("right")).not.toThrow();
  });

  it("one goes on that was being paused when it came, and only once", async () => {
    const { signedIn, resumed } = stage([]);
    signedIn.changed("left");
    signedIn.runStarted(run("a", { state: "running", stateReason: null }));
    signedIn.runEnded(run("a"));
    await nextTurn();
    expect(resumed).toEqual([]);
    signedIn.runStarted(run("a", { state: "running", stateReason: null }));
    signedIn.changed("right");
    signedIn.runEnded(run("a"));
    await nextTurn();
    expect(resumed).toEqual(["a"]);
    signedIn.runStarted(run("a", { state: "running", stateReason: null }));
    signedIn.runEnded(run("a"));
    await nextTurn();
    expect(resumed).toEqual(["a"]);
  });
});
