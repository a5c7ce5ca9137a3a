// Rows of a virtual list stay where they are in the document while it scrolls, and stand in their order when it rests.
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { inOrder, useVirtualRows } from "../../../renderer/components/virtual-rows.ts";

beforeAll(() => {
  // jsdom lays nothing out: without a height a virtual list shows no rows.
  for (const height of ["offsetHeight", "clientHeight"])
    Object.defineProperty(HTMLElement.prototype, height, { configurable: true, value: 560 });
});
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function List() {
  const list = useVirtualRows({ count: 1000, focus: 0 });
  return (
    <div ref={list.scroller} data-testid="list">
      {list.drawn.map(({ item, slot }) => (
        <p key={slot}>{item.index}</p>
      ))}
    </div>
  );
}

const rows = (): readonly Element[] => [...screen.getByTestId("list").children];
const numbers = (): readonly number[] => rows().map((row) => Number(row.textContent));
const ascending = (list: readonly number[]): readonly number[] => list.toSorted((a, b) => a - b);

function scrollTo(top: number): void {
  const list = screen.getByTestId("list");
  list.scrollTop = top;
  act(() => void list.dispatchEvent(new Event("scroll")));
}

describe("rows as they are drawn", () => {
  it("keep their places in the document while the list scrolls", () => {
    render(<List />);
    // Over the top rows' reserve: from here on as many rows as before come and go.
    scrollTo(600);
    const before = rows();
    scrollTo(900);
    expect(Math.max(...numbers())).toBeGreaterThan(40);
    expect(numbers()).not.toEqual(ascending(numbers()));
    expect(rows().slice(0, before.length)).toEqual(before);
  });

  it("stand in the order that they are read in, as soon as it rests", () => {
    render(<List />);
    scrollTo(600);
    scrollTo(900);
    const scrolled = numbers();
    act(() => void vi.advanceTimersByTime(1000));
    expect(numbers()).toEqual(ascending(scrolled));
  });
});

describe("inOrder", () => {
  it("puts those that are not known at the end, as they come", () => {
    const drawn = inOrder(
      [3, 7, 1, 5].map((slot) => ({ slot })),
      [5, 1, 3],
    );
    expect(drawn.map(({ slot }) => slot)).toEqual([5, 1, 3, 7]);
  });
});
