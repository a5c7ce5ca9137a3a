// Why something does not go on: the sentence, and the endpoint that can be signed in to.
import { expect, it } from "vitest";
import { imageFailure, runFailure } from "../../../../renderer/screens/transfers/failure.ts";
import { makeImage, makeRun, wireError } from "../run-fixtures.ts";

it("names the end that refuses, so that one can sign in to it", () => {
  const run = makeRun(1, { state: "paused", stateReason: "sign-in-needed", error: wireError });
  expect(runFailure(run)).toMatchObject({
    sentence: "The destination (Production) wants a valid sign-in.",
    action: "sign-in",
    endpoint: { id: "b" },
  });
});

it("asks for a sign-in also where the error is not known any more", () => {
  expect(runFailure(makeRun(1, { state: "paused", stateReason: "sign-in-needed" }))?.action).toBe("sign-in");
});

it("says nothing of a run that goes on, and only of images that failed", () => {
  expect(runFailure(makeRun(1, { error: wireError }))).toBeUndefined();
  expect(runFailure(makeRun(1, { state: "paused", stateReason: "user" }))).toBeUndefined();
  expect(imageFailure(makeRun(1), makeImage(1, { error: wireError }))).toBeUndefined();
  expect(imageFailure(makeRun(1), makeImage(1, { state: "failed", error: wireError }))?.detail).toBe(
    "401 from localhost:2",
  );
});
