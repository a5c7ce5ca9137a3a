// Checks told step by step: who is heard, how long each step took, stopping and starting anew.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { cancelCheck, forgetCheck, runCheck, useChecks } from "../../../renderer/state/registry-checks.ts";
import type { CheckStep } from "../../../shared/endpoint.ts";
import { ScriptedHost } from "../screens/scripted-host.ts";

const host = new ScriptedHost();
const reachable: CheckStep = { name: "reachable", outcome: "passed", text: "It answers." };
const skipped: CheckStep = { name: "tls", outcome: "skipped", text: "Not looked at." };

function steps(): readonly CheckStep[] | undefined {
  return useChecks.getState().byKey.one?.steps;
}
function state(): string | undefined {
  return useChecks.getState().byKey.one?.state;
}

interface Asked {
  readonly attempt: string;
  readonly signal: AbortSignal;
  readonly answer: (found: readonly CheckStep[]) => void;
}

/** Starts a check that is answered when the test wants it. */
function start(): Asked & { readonly ended: Promise<void> } {
  let asked: Asked | undefined;
  const ended = runCheck(
    "one",
    (attempt, signal) =>
      new Promise((resolve) => {
        asked = { attempt, signal, answer: resolve };
      }),
  );
  if (asked === undefined) throw new Error("nothing was asked");
  return { ...(asked as Asked), ended };
}

beforeEach(() => forgetCheck("one"));

describe("a check", () => {
  it("tells its steps as they come, with their time, and ends with the answer", async () => {
    const check = start();
    expect(state()).toBe("running");
    host.tell("check.step", { attempt: check.attempt, step: reachable });
    await vi.waitFor(() => expect(steps()).toHaveLength(1));
    host.tell("check.step", { attempt: "of-another", step: skipped });
    host.tell("check.step", { attempt: check.attempt, step: skipped });
    await vi.waitFor(() => expect(steps()).toHaveLength(2));
    expect(steps()?.[0]).toMatchObject({ ...reachable, took: expect.any(Number) });
    check.answer([{ ...reachable, text: "It still answers." }, skipped]);
    await check.ended;
    expect(state()).toBe("done");
    expect(steps()).toEqual([{ ...reachable, text: "It still answers.", took: expect.any(Number) }, skipped]);
  });

  it("keeps what it found when it is stopped, and hears nothing more of it", async () => {
    const check = start();
    host.tell("check.step", { attempt: check.attempt, step: reachable });
    await vi.waitFor(() => expect(steps()).toHaveLength(1));
    cancelCheck("one");
    expect(check.signal.aborted).toBe(true);
    host.tell("check.step", { attempt: check.attempt, step: skipped });
    check.answer([reachable, skipped]);
    await check.ended;
    expect(state()).toBe("cancelled");
    expect(steps()).toHaveLength(1);
  });

  it("gives the older one up when it is started anew", async () => {
    const older = start();
    const newer = start();
    expect(older.signal.aborted).toBe(true);
    older.answer([skipped]);
    await older.ended;
    expect(state()).toBe("running");
    newer.answer([reachable]);
    await newer.ended;
    expect(steps()).toEqual([reachable]);
  });

  it("says what broke it", async () => {
    await runCheck("one", () => Promise.reject(new Error("no engine")));
    expect(useChecks.getState().byKey.one).toMatchObject({
      state: "broken",
      error: { message: "no engine" },
    });
  });
});
