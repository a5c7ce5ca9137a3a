// The row of a run that cannot move: what it waits for stands in words where its numbers would be.
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { RunCells } from "../../../../renderer/screens/transfers/run-cells.tsx";
import { makeRun } from "../run-fixtures.ts";

afterEach(cleanup);

it("says for which host a run waits, why, and when it is tried again", () => {
  const waitingFor = { host: "ghcr.io", failure: "connection refused", until: Date.now() + 30_000 };
  render(
    <RunCells
      run={makeRun(1, { state: "running", waitingFor })}
      expanded={false}
      focused={false}
      onToggle={() => undefined}
    />,
  );
  expect(screen.getByText("Waiting for ghcr.io: connection refused; next try in 30 s")).toBeTruthy();
  expect(screen.getByText("Waiting")).toBeTruthy();
});

it("tells in full, in the tooltip, what a narrow list cuts", () => {
  const cells = (state: "succeeded" | "failed") =>
    render(
      <RunCells run={makeRun(1, { state })} expanded={false} focused={false} onToggle={() => undefined} />,
    );
  cells("succeeded");
  expect(screen.getByText(/moved in/).title).toBe(screen.getByText(/moved in/).textContent);
  cleanup();
  cells("failed");
  expect(screen.getByText(/images failed/).title).toBe(screen.getByText(/images failed/).textContent);
});
