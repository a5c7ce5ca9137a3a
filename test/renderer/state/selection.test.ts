// The selection of tags: some by name, all but some, ranges, toggles.
import { describe, expect, it } from "vitest";
import {
  everythingSelected,
  inverted,
  isSelected,
  nothingSelected,
  selectAlso,
  selectedCount,
  selectLess,
  selectOnly,
  toggle,
} from "../../../renderer/state/selection.ts";

describe("a selection by name", () => {
  it("holds what was chosen and nothing else", () => {
    const selection = selectOnly(["v1", "v2"]);
    expect(isSelected(selection, "v1")).toBe(true);
    expect(isSelected(selection, "v3")).toBe(false);
    expect(selectedCount(selection, 1000)).toBe(2);
  });

  it("toggles one and leaves the others, without changing the old value", () => {
    const before = selectOnly(["v1", "v2"]);
    const without = toggle(before, "v1");
    expect(isSelected(without, "v1")).toBe(false);
    expect(isSelected(without, "v2")).toBe(true);
    expect(isSelected(toggle(without, "v1"), "v1")).toBe(true);
    expect(isSelected(before, "v1")).toBe(true);
  });

  it("adds a range", () => {
    expect(selectedCount(selectAlso(selectOnly(["a"]), ["b", "c", "a"]), 10)).toBe(3);
  });

  it("starts empty", () => {
    expect(selectedCount(nothingSelected, 5)).toBe(0);
  });
});

describe("everything", () => {
  it("counts by the total, whatever that is", () => {
    expect(selectedCount(everythingSelected, 100_000)).toBe(100_000);
    expect(isSelected(everythingSelected, "anything")).toBe(true);
  });

  it("remembers only what was taken out", () => {
    const selection = toggle(toggle(everythingSelected, "v1"), "v2");
    expect(selection).toEqual({ mode: "all", except: new Set(["v1", "v2"]) });
    expect(selectedCount(selection, 10)).toBe(8);
    expect(isSelected(selection, "v1")).toBe(false);
  });

  it("takes a range back in", () => {
    const selection = selectAlso(toggle(toggle(everythingSelected, "v1"), "v2"), ["v1"]);
    expect(selection).toEqual({ mode: "all", except: new Set(["v2"]) });
  });
});

describe("inverted and selectLess", () => {
  it("invert as a query, without knowing the names", () => {
    expect(inverted(selectOnly(["a"]))).toEqual({ mode: "all", except: new Set(["a"]) });
    expect(inverted(inverted(selectOnly(["a"])))).toEqual(selectOnly(["a"]));
  });
  it("take names out", () => {
    expect(selectLess(selectOnly(["a", "b"]), ["b"])).toEqual(selectOnly(["a"]));
    expect(isSelected(selectLess(everythingSelected, ["b"]), "b")).toBe(false);
  });
});
