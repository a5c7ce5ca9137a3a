// The tree of repositories by keyboard: roving focus, folders, type-ahead, and opening a repository.
import { act, cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useMemo } from "react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { TreeList } from "../../../../renderer/screens/transfer/tree-list.tsx";
import { buildTree, treeRows } from "../../../../renderer/screens/transfer/tree-rows.ts";
import { emptyPane, usePane, usePanes } from "../../../../renderer/state/panes.ts";

const names = ["shop/web", "shop/api", "shop/db/seed", "tools/lint", "alpine", "debian"];

function Tree() {
  const { expanded } = usePane("left");
  const rows = useMemo(
    () => treeRows(buildTree(names), expanded, { rootLabel: "All repositories", openAll: false }),
    [expanded],
  );
  const missingIn = (name: string) => (name === "alpine" ? "Mirror" : undefined);
  return <TreeList side="left" rows={rows} missingIn={missingIn} />;
}

beforeAll(() => {
  // jsdom lays nothing out: without a height a virtual list shows no rows.
  for (const height of ["offsetHeight", "clientHeight"]) {
    Object.defineProperty(HTMLElement.prototype, height, { configurable: true, value: 560 });
  }
  HTMLElement.prototype.scrollTo = () => undefined;
  // Nothing changes its size here.
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  );
  // The style sheet is not loaded either; auto-scrolling looks for what can scroll.
  const style = document.createElement("style");
  style.textContent = "[role=tree] { overflow-y: auto }";
  document.head.append(style);
});
beforeEach(() => {
  usePanes.setState({ left: { ...emptyPane, endpointId: "a" }, right: emptyPane, active: "left" });
  render(<Tree />);
});
afterEach(cleanup);

const item = (name: string) => within(screen.getByRole("tree")).getByRole("treeitem", { name });
const focused = () => document.activeElement?.textContent ?? "";

describe("TreeList", () => {
  it("has one row that Tab reaches", async () => {
    await userEvent.tab();
    expect(document.activeElement).toBe(item("All repositories"));
    expect(screen.getAllByRole("treeitem").filter((row) => row.tabIndex === 0)).toHaveLength(1);
  });

  it("opens and closes folders, and goes in and out of them, by the arrows", async () => {
    await userEvent.tab();
    await userEvent.keyboard("{ArrowDown}");
    expect(document.activeElement).toBe(item("shop"));
    expect(item("shop").getAttribute("aria-expanded")).toBe("false");
    await userEvent.keyboard("{ArrowRight}");
    expect(item("shop").getAttribute("aria-expanded")).toBe("true");
    await userEvent.keyboard("{ArrowRight}");
    expect(document.activeElement).toBe(item("db"));
    await userEvent.keyboard("{ArrowLeft}");
    expect(document.activeElement).toBe(item("shop"));
    await userEvent.keyboard("{ArrowLeft}");
    expect(screen.queryByRole("treeitem", { name: "web" })).toBeNull();
  });

  it("opens all folders of a level by *", async () => {
    act(() => item("tools").focus());
    await userEvent.keyboard("*");
    expect(item("shop").getAttribute("aria-expanded")).toBe("true");
    expect(item("lint").getAttribute("aria-level")).toBe("3");
  });

  it("finds rows by their first letters and shows a repository by Enter", async () => {
    act(() => item("All repositories").focus());
    await userEvent.keyboard("de");
    expect(focused()).toContain("debian");
    await userEvent.keyboard("{Enter}");
    expect(usePanes.getState().left.repository).toBe("debian");
    expect(item("debian").getAttribute("aria-selected")).toBe("true");
  });

  it("goes to both ends", async () => {
    await userEvent.tab();
    await userEvent.keyboard("{End}");
    expect(focused()).toContain("debian");
    await userEvent.keyboard("{Home}");
    expect(focused()).toContain("All repositories");
  });

  it("says how many repositories a folder holds and what the other side does not have", () => {
    expect(item("shop").getAttribute("aria-description")).toBe("3 repositories");
    expect(item("alpine").getAttribute("aria-description")).toBe("Missing in Mirror");
    expect(item("debian").hasAttribute("aria-description")).toBe(false);
  });

  it("opens and closes a folder by a click, without leaving the keyboard behind", async () => {
    await userEvent.click(item("shop"));
    expect(item("shop").getAttribute("aria-expanded")).toBe("true");
    await userEvent.click(item("web"));
    expect(usePanes.getState().left.repository).toBe("shop/web");
    await userEvent.keyboard("{ArrowUp}");
    expect(document.activeElement).toBe(item("api"));
  });
});
