// The live region: each sentence is a new element, so that the same words are heard again.
import { act, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { Spoken } from "../../../renderer/components/spoken.tsx";
import { say } from "../../../renderer/state/spoken.ts";

it("says the same words twice as two changes of the page, politely", () => {
  vi.useFakeTimers();
  render(<Spoken />);
  act(() => say("Copied"));
  const first = screen.getByText("Copied");
  expect(first.closest("[aria-live]")?.getAttribute("aria-live")).toBe("polite");
  act(() => say("Copied"));
  act(() => vi.advanceTimersByTime(1300));
  const second = screen.getByText("Copied");
  expect(second).not.toBe(first);
  act(() => vi.advanceTimersByTime(1300));
  vi.useRealTimers();
});
