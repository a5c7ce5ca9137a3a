// A dead process is told from a living one, and one of another machine is never called dead.
import { describe, expect, it } from "vitest";
import { isGone, thisProcess } from "../../electron/app/process-identity.ts";
import { endChild, startChild } from "../support/child.ts";

describe("process identity", () => {
  it("is new each time, and this process lives", () => {
    expect(thisProcess()).not.toBe(thisProcess());
    expect(isGone(thisProcess())).toBe(false);
  });
  it("R008: sees that a killed process is gone", async () => {
    const child = startChild("sleep", ["60"]);
    const identity = JSON.stringify({ ...JSON.parse(thisProcess()), pid: child.pid });
    expect(isGone(identity)).toBe(false);
    await endChild(child, "SIGKILL");
    expect(isGone(identity)).toBe(true);
  });
  it("does not judge what it cannot know", () => {
    const elsewhere = JSON.stringify({ ...JSON.parse(thisProcess()), machine: "another", pid: 999_999_999 });
    expect([elsewhere, "not json", "{}", '{"pid":-1}'].map(isGone)).toEqual([false, false, false, false]);
  });
});
