// The rows of images and blobs: what is under way stands still where its run does, and says so as the run does.
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { ProgressFrame } from "../../../../renderer/api/live.ts";
import { BlobCells, ImageCells } from "../../../../renderer/screens/transfers/image-cells.tsx";
import { isSameRow } from "../../../../renderer/screens/transfers/run-rows.ts";
import { progressKey } from "../../../../shared/contract.ts";
import type { Run } from "../../../../shared/run.ts";
import { makeBlob, makeImage, makeRun } from "../run-fixtures.ts";

const image = makeImage(1, { state: "running" });
const blob = makeBlob("a", { state: "transferring" });
const waitingFor = { host: "ghcr.io", failure: "connection refused", until: Date.now() + 30_000 };
const frame = new ProgressFrame({ nextFrame: (draw) => draw(), credit: () => undefined });

function report(run: Run, bytesPerSecond: number | null): void {
  const value = bytesPerSecond === null ? null : { bytes: 40, total: 100, bytesPerSecond, secondsLeft: 60 };
  act(() =>
    frame.add([
      [progressKey.image(run.id, image.id), value],
      [progressKey.blob(run.id, blob.repository, blob.digest), value],
    ]),
  );
}

function show(run: Run): void {
  render(
    <>
      <ImageCells
        run={run}
        image={image}
        id="x"
        expanded={false}
        focused={false}
        onToggle={() => undefined}
      />
      <BlobCells run={run} blob={blob} />
    </>,
  );
}

afterEach(() => {
  report(makeRun(1), null);
  cleanup();
});

describe("images and blobs under way", () => {
  it.each([
    ["Paused", makeRun(1, { state: "paused", stateReason: "user" })],
    ["Waiting", makeRun(1, { state: "running", waitingFor })],
    ["Waiting", makeRun(1, { state: "queued" })],
  ])("are %s as their run is, without speed and time left", (word, run) => {
    // The speed that was, as long as no newer one comes.
    report(run, 8);
    show(run);
    expect(screen.getAllByText(word)).toHaveLength(2);
    expect(screen.queryByText(/Running|Moving|min|B\/s/)).toBeNull();
  });

  it("run where their run does", () => {
    const run = makeRun(1, { state: "running" });
    report(run, 8);
    show(run);
    expect(screen.getByText("Running")).toBeTruthy();
    expect(screen.getByText("Moving")).toBeTruthy();
    expect(screen.getAllByText("8 B/s")).toHaveLength(2);
  });

  it("are drawn anew when their run begins to wait", () => {
    const row = (run: Run) =>
      ({ kind: "blob", id: "b", level: 3, posInSet: 1, setSize: 1, run, image, blob }) as const;
    const moving = row(makeRun(1, { state: "running" }));
    expect(isSameRow(moving, row(makeRun(1, { state: "running", waitingFor })))).toBe(false);
    expect(isSameRow(moving, row(makeRun(1, { state: "running" })))).toBe(true);
  });
});
