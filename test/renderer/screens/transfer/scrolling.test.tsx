// A step of scrolling draws the rows that come into sight, in the elements of those that left, and no others.
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useMemo } from "react";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { detailKey, useTagFacts } from "../../../../renderer/screens/transfer/tag-details.ts";
import { TagTable } from "../../../../renderer/screens/transfer/tag-table.tsx";
import { TreeList } from "../../../../renderer/screens/transfer/tree-list.tsx";
import { buildTree, treeRows } from "../../../../renderer/screens/transfer/tree-rows.ts";
import { emptyPane, usePane, usePanes } from "../../../../renderer/state/panes.ts";
import type * as TransferText from "../../../../renderer/text/transfer.ts";

/** What each row says of itself, once at every drawing. */
const drawn: string[] = [];
vi.mock("../../../../renderer/text/transfer.ts", async (original) => {
  const real = await original<typeof TransferText>();
  return {
    ...real,
    missingText: (registry: string) => {
      drawn.push(registry);
      return real.missingText(registry);
    },
    agoText: (at: number, now: number) => {
      drawn.push(String(at));
      return real.agoText(at, now);
    },
  };
});

const rowHeight = 28;
const names = Array.from({ length: 300 }, (_, at) => `app-${at}`);
const list = { endpointId: "a", repository: "app", sort: "name" } as const;

beforeAll(() => {
  // jsdom lays nothing out: without a height a virtual list shows no rows.
  for (const height of ["offsetHeight", "clientHeight"])
    Object.defineProperty(HTMLElement.prototype, height, { configurable: true, value: 560 });
  HTMLElement.prototype.scrollTo = () => undefined;
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  );
  const style = document.createElement("style");
  style.textContent = "[role=tree], [role=grid] { overflow-y: auto }";
  document.head.append(style);
});
afterEach(cleanup);

function Tree() {
  const { expanded } = usePane("left");
  const rows = useMemo(
    () => treeRows(buildTree(names), expanded, { rootLabel: "All", openAll: false }),
    [expanded],
  );
  return <TreeList side="left" rows={rows} missingIn={(name) => name} />;
}

function Tags() {
  const tags = { matched: 300, total: 300, loading: false, error: null, at: (at: number) => names[at] };
  return <TagTable side="left" list={list} tags={tags} onPages={() => undefined} />;
}

function scrollTo(element: HTMLElement, top: number): void {
  drawn.length = 0;
  act(() => {
    element.scrollTop = top;
    fireEvent.scroll(element);
  });
}

const elements = (role: string) => screen.getAllByRole(role);

describe("scrolling", () => {
  it("draws one row of the repositories for one row that comes", () => {
    usePanes.setState({ left: { ...emptyPane, endpointId: "a" }, right: emptyPane, active: "left" });
    render(<Tree />);
    scrollTo(screen.getByRole("tree"), rowHeight * 100);
    const before = elements("treeitem");
    scrollTo(screen.getByRole("tree"), rowHeight * 101);
    expect(new Set(drawn).size).toBe(1);
    expect(elements("treeitem").every((element) => before.includes(element))).toBe(true);
  });
  it("draws one row of the tags for one row that comes", () => {
    usePanes.setState({
      left: { ...emptyPane, endpointId: "a", repository: "app" },
      right: emptyPane,
      active: "left",
    });
    const detail = { digest: null, mediaType: null, kind: null, size: null, platforms: [], error: null };
    useTagFacts.setState({
      details: new Map(
        names.map((tag, at) => [detailKey(list, tag), { ...detail, tag, created: at * 1000 }]),
      ),
    });
    render(<Tags />);
    scrollTo(screen.getByRole("grid"), rowHeight * 100);
    const before = elements("row");
    expect(drawn.length).toBeGreaterThan(10);
    scrollTo(screen.getByRole("grid"), rowHeight * 101);
    expect(new Set(drawn).size).toBe(1);
    expect(elements("row").every((element) => before.includes(element))).toBe(true);
  });
});
