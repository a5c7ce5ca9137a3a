// The numbers of a row: never all before it is all, the newest that is known, honest about what is not.
import { describe, expect, it } from "vitest";
import { blobNumbers, imageNumbers, runNumbers } from "../../../../renderer/screens/transfers/row-numbers.ts";
import {
  blobKindText,
  bytesOfText,
  countText,
  imagesText,
  leftText,
  percentText,
  resultText,
  runStateText,
  speedText,
} from "../../../../renderer/text/transfers.ts";
import { emptyPlanTotals, emptyRunTallies } from "../../../../shared/run.ts";
import { makeBlob, makeImage, makeRun } from "../run-fixtures.ts";

const mebi = 1024 * 1024;
const progress = { bytes: 3 * mebi, total: 12 * mebi, bytesPerSecond: 2 * mebi, secondsLeft: null };

describe("runNumbers", () => {
  it("takes live progress before what was last recorded", () => {
    expect(runNumbers(makeRun(1), progress, "binary")).toEqual({
      fraction: 0.25,
      bytes: "3.0 / 12.0 MiB",
      exact: "3,145,728 of 12,582,912 bytes",
      speed: "2.0 MiB/s",
      left: "estimating",
    });
  });

  it("falls back on the record while nothing moves, without speed and time", () => {
    const run = makeRun(1, {
      state: "paused",
      tallies: { ...emptyRunTallies, bytesTransferred: 6 * mebi },
      plan: { ...emptyPlanTotals, bytesToTransfer: 12 * mebi },
    });
    expect(runNumbers(run, undefined, "binary")).toEqual({
      fraction: 0.5,
      bytes: "6.0 / 12.0 MiB",
      exact: "6,291,456 of 12,582,912 bytes",
      speed: "",
      left: "",
    });
  });

  it("is never all before the run is done", () => {
    expect(runNumbers(makeRun(1), { ...progress, bytes: 12 * mebi }, "binary").fraction).toBe(0.99);
    expect(runNumbers(makeRun(1, { state: "succeeded" }), undefined, "binary").fraction).toBe(1);
  });
});

it("says what an image really moved once it is done", () => {
  const image = makeImage(1, { state: "succeeded", bytesToTransfer: 10 * mebi, bytesTransferred: 4 * mebi });
  expect(imageNumbers(image, undefined, "binary")).toMatchObject({ fraction: 1, bytes: "4.0 / 4.0 MiB" });
});

it("counts a blob that is there as whole and one that waits as nothing", () => {
  expect(
    blobNumbers(makeBlob("a", { state: "done", outcome: "mounted" }), undefined, "binary"),
  ).toMatchObject({
    fraction: 1,
  });
  expect(blobNumbers(makeBlob("a"), undefined, "binary")).toEqual({
    fraction: 0,
    bytes: "0 / 100 B",
    exact: "0 of 100 bytes",
    speed: "",
    left: "",
  });
  expect(blobNumbers(makeBlob("a"), { ...progress, bytes: 40, total: 100 }, "binary").speed).toBe(
    "2.0 MiB/s",
  );
});

describe("words", () => {
  it("say the unit once where both have the same", () => {
    expect(bytesOfText(512, 2 * mebi, "binary")).toBe("512 B / 2.0 MiB");
    expect(bytesOfText(mebi, 2 * mebi, "binary")).toBe("1.0 / 2.0 MiB");
    expect(bytesOfText(3 * mebi, 2 * mebi, "binary")).toBe("2.0 / 2.0 MiB");
    expect(bytesOfText(0, 0, "binary")).toBe("–");
  });

  it("say speed and time left, or that it is being estimated, or nothing", () => {
    expect(speedText(undefined, "binary")).toBe("");
    expect(leftText(null, true)).toBe("estimating");
    expect(leftText(200, true)).toBe("about 3 min");
    expect(leftText(200, false)).toBe("");
    expect(percentText(0.999)).toBe("99 %");
    expect(percentText(1)).toBe("100 %");
    expect(percentText(undefined)).toBe("");
  });

  it("count images and say what a run did", () => {
    const run = makeRun(1, {
      tallies: {
        ...emptyRunTallies,
        imagesSucceeded: 2,
        imagesSkipped: 1,
        imagesFailed: 1,
        imagesRemaining: 3,
        bytesTransferred: 12 * mebi,
        bytesPresent: mebi,
        activeMs: 4200,
      },
    });
    expect(imagesText(run)).toBe("3 of 7 images, 1 skipped, 1 failed");
    expect(countText(run)).toBe("3 of 7, 1 failed");
    expect(resultText(run, "binary")).toBe("12.0 MiB moved in 4 s, 1.0 MiB already there");
    const mirrored = { ...run, tallies: { ...run.tallies, imagesRemaining: 1, imagesDeleted: 2 } };
    expect(countText(mirrored)).toBe("5 of 7, 1 failed");
    expect(resultText(mirrored, "binary")).toBe(
      "12.0 MiB moved in 4 s, 1.0 MiB already there, 2 tags deleted",
    );
  });

  it("say why a run is paused and that a failure was not total", () => {
    expect(runStateText(makeRun(1, { state: "paused", stateReason: "sign-in-needed" }))).toBe(
      "Needs sign-in",
    );
    const tallies = { ...emptyRunTallies, imagesSucceeded: 1, imagesFailed: 1 };
    expect(runStateText(makeRun(1, { state: "failed", tallies }))).toBe("Partly done");
    expect(runStateText(makeRun(1, { state: "failed" }))).toBe("Failed");
  });

  it("say what a blob is in a word", () => {
    expect(blobKindText("application/vnd.oci.image.config.v1+json")).toBe("config");
    expect(blobKindText("application/vnd.docker.container.image.v1+json")).toBe("config");
    expect(blobKindText("application/vnd.docker.image.rootfs.diff.tar.gzip")).toBe("layer");
    expect(blobKindText("application/spdx+json")).toBe("spdx+json");
  });
});
