// Repository names as a tree, and the tree as flat rows.
import { describe, expect, it } from "vitest";
import {
  buildTree,
  filterNames,
  parentIndex,
  siblingFolders,
  treeRows,
} from "../../../../renderer/screens/transfer/tree-rows.ts";

const names = ["shop/web", "shop/api", "shop/db/seed", "tools", "tools/lint", "app10", "app9"];
const rowsOf = (expanded: readonly string[], openAll = false) =>
  treeRows(buildTree(names), new Set(expanded), { rootLabel: "All", openAll });

describe("treeRows", () => {
  it("shows folders first and numbers in their order", () => {
    expect(rowsOf([]).map((row) => row.path)).toEqual(["", "shop", "tools", "app9", "app10"]);
  });

  it("counts the repositories in and below each folder", () => {
    const rows = rowsOf([]);
    expect(rows.find((row) => row.path === "shop")?.count).toBe(3);
    expect(rows.find((row) => row.path === "tools")?.count).toBe(2);
    expect(rows[0]?.count).toBe(names.length);
  });

  it("shows what lies in an open folder, one level deeper, with its place in the set", () => {
    const rows = rowsOf(["shop"]);
    expect(rows.map((row) => row.path)).toEqual([
      "",
      "shop",
      "shop/db",
      "shop/api",
      "shop/web",
      "tools",
      "app9",
      "app10",
    ]);
    expect(rows.find((row) => row.path === "shop/api")).toMatchObject({
      kind: "repository",
      label: "api",
      level: 3,
      position: 2,
      setSize: 3,
      expandable: false,
    });
  });

  it("lets a path be a repository and hold others", () => {
    const tools = rowsOf(["tools"]).find((row) => row.path === "tools");
    expect(tools).toMatchObject({ kind: "repository", expandable: true, expanded: true });
  });

  it("keeps a closed folder's open children hidden", () => {
    expect(rowsOf(["shop/db"]).some((row) => row.path === "shop/db/seed")).toBe(false);
  });

  it("opens everything while filtering", () => {
    expect(rowsOf([], true).filter((row) => row.kind === "repository")).toHaveLength(names.length);
  });

  it("counts a name once", () => {
    expect(buildTree(["a/b", "a/b"]).count).toBe(1);
  });

  it("makes 10,000 repositories fast enough to type a filter", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `team-${index % 100}/service-${index}`);
    const started = performance.now();
    const rows = treeRows(buildTree(many), new Set(), { rootLabel: "All", openAll: true });
    expect(rows).toHaveLength(1 + 100 + 10_000);
    expect(performance.now() - started).toBeLessThan(1500);
  });
});

describe("travel in the tree", () => {
  it("finds the folder of a row", () => {
    const rows = rowsOf(["shop"]);
    const api = rows.findIndex((row) => row.path === "shop/api");
    expect(rows[parentIndex(rows, api)]?.path).toBe("shop");
    expect(parentIndex(rows, 0)).toBe(0);
  });

  it("finds the folders beside a row and no others", () => {
    const rows = rowsOf(["shop"]);
    expect(siblingFolders(rows, 1)).toEqual(["shop", "tools"]);
    expect(
      siblingFolders(
        rows,
        rows.findIndex((row) => row.path === "shop/api"),
      ),
    ).toEqual(["shop/db"]);
  });
});

describe("filterNames", () => {
  it("wants every word, in any letter case", () => {
    expect(filterNames(names, "SHOP e")).toEqual(["shop/web", "shop/db/seed"]);
    expect(filterNames(names, "  ")).toBe(names);
    expect(filterNames(names, "nothing")).toEqual([]);
  });
});
