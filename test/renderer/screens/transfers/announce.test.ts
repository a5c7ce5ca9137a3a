// What is said aloud about transfers: each thing once, and nothing of what was there before.
import { expect, it, vi } from "vitest";
import { Announcer } from "../../../../renderer/screens/transfers/announce.ts";
import { onSpoken, say } from "../../../../renderer/state/spoken.ts";
import { emptyRunTallies } from "../../../../shared/run.ts";
import { makeRun } from "../run-fixtures.ts";

it("says start, each quarter, and the end, once each", () => {
  const announcer = new Announcer();
  const running = makeRun(1);
  expect(announcer.hear(makeRun(1, { state: "queued" }))).toBeUndefined();
  expect(announcer.hear(running)).toBe("Started: Staging → Production");
  expect(announcer.hear(running)).toBeUndefined();
  const said = [10, 26, 30, 60, 80, 100].map((bytes) => announcer.progress(running, bytes, 100));
  expect(said).toEqual([
    undefined,
    "Staging → Production: 25 %",
    undefined,
    "Staging → Production: 50 %",
    "Staging → Production: 75 %",
    undefined,
  ]);
  const tallies = { ...emptyRunTallies, imagesSucceeded: 1 };
  expect(announcer.hear(makeRun(1, { state: "succeeded", tallies }))).toBe(
    "Done: Staging → Production, 1 image",
  );
});

it("says that a run goes on after a pause, and no quarter again", () => {
  const announcer = new Announcer();
  const states = ["queued", "running", "paused", "queued", "running"] as const;
  const said = states.map((state) => {
    const run = makeRun(1, { state });
    return [announcer.hear(run), announcer.progress(run, 30, 100)].filter((text) => text !== undefined);
  });
  expect(said.flat()).toEqual([
    "Started: Staging → Production",
    "Staging → Production: 25 %",
    "Paused: Staging → Production",
    "Resumed: Staging → Production",
  ]);
  expect(announcer.progress(makeRun(1), 60, 100)).toBe("Staging → Production: 50 %");
});

it("says that a run starts anew after it failed", () => {
  const announcer = new Announcer();
  for (const state of ["running", "failed", "queued"] as const) announcer.hear(makeRun(1, { state }));
  expect(announcer.hear(makeRun(1))).toBe("Started: Staging → Production");
  expect(announcer.progress(makeRun(1), 30, 100)).toBe("Staging → Production: 25 %");
});

it("says nothing of runs that are there when the window opens", () => {
  const announcer = new Announcer();
  expect(announcer.hear(makeRun(1, { state: "failed" }))).toBeUndefined();
  expect(announcer.progress(makeRun(2), 90, 100)).toBeUndefined();
});

it("says how many images failed, and nothing of a plan that was thrown away", () => {
  const announcer = new Announcer();
  announcer.hear(makeRun(1));
  const tallies = { ...emptyRunTallies, imagesFailed: 2 };
  expect(announcer.hear(makeRun(1, { state: "failed", tallies }))).toBe(
    "Failed: Staging → Production, 2 images could not be copied",
  );
  announcer.hear(makeRun(2, { state: "planned" }));
  expect(announcer.hear(makeRun(2, { state: "cancelled" }))).toBeUndefined();
});

it("says one sentence after the other, and of one thing only the newest", () => {
  vi.useFakeTimers();
  const heard: string[] = [];
  const stop = onSpoken((text) => heard.push(text));
  say("a: 25 %", "a");
  say("b: 25 %", "b");
  say("b: 50 %", "b");
  say("moved up");
  expect(heard).toEqual(["a: 25 %"]);
  vi.advanceTimersByTime(1300);
  expect(heard).toEqual(["a: 25 %", "b: 50 %"]);
  vi.advanceTimersByTime(5000);
  expect(heard).toEqual(["a: 25 %", "b: 50 %", "moved up"]);
  stop();
  vi.useRealTimers();
});
