// Moving through a list by keys and by typing.
import { describe, expect, it } from "vitest";
import { isTyped, TypeAhead } from "../../../renderer/components/type-ahead.ts";
import { moveByKey } from "../../../renderer/components/virtual-rows.ts";

describe("moveByKey", () => {
  it("stays inside the list", () => {
    expect(moveByKey("ArrowDown", 9, 10, 5)).toBe(9);
    expect(moveByKey("ArrowUp", 0, 10, 5)).toBe(0);
    expect(moveByKey("PageDown", 7, 10, 5)).toBe(9);
    expect(moveByKey("PageUp", 3, 10, 5)).toBe(0);
    expect(moveByKey("End", 0, 10, 5)).toBe(9);
    expect(moveByKey("Home", 9, 10, 5)).toBe(0);
    expect(moveByKey("End", 0, 0, 5)).toBe(0);
    expect(moveByKey("x", 3, 10, 5)).toBeUndefined();
  });
});

describe("TypeAhead", () => {
  const labels = ["alpine", "api", "debian", "app"];
  const type = (ahead: TypeAhead, character: string, now: number, from: number) =>
    ahead.next(character, { now, from, count: labels.length, label: (index) => labels[index] });

  it("narrows while typing fast", () => {
    const ahead = new TypeAhead();
    expect(type(ahead, "a", 0, 2)).toBe(3);
    expect(type(ahead, "p", 100, 3)).toBe(3);
    expect(type(ahead, "i", 200, 3)).toBe(1);
  });
  it("starts anew after a pause and goes round", () => {
    const ahead = new TypeAhead();
    expect(type(ahead, "d", 0, 0)).toBe(2);
    expect(type(ahead, "a", 2000, 3)).toBe(0);
  });
  it("goes through all with the same letter", () => {
    const ahead = new TypeAhead();
    expect(type(ahead, "a", 0, 3)).toBe(0);
    expect(type(ahead, "a", 100, 0)).toBe(1);
    expect(type(ahead, "a", 200, 1)).toBe(3);
  });
  it("finds nothing where nothing fits", () => {
    expect(type(new TypeAhead(), "z", 0, 0)).toBeUndefined();
  });
});

describe("isTyped", () => {
  it("leaves commands alone", () => {
    const none = { ctrlKey: false, metaKey: false, altKey: false };
    expect(isTyped({ ...none, key: "a" })).toBe(true);
    expect(isTyped({ ...none, key: "Enter" })).toBe(false);
    expect(isTyped({ ...none, key: " " })).toBe(false);
    expect(isTyped({ ...none, key: "a", ctrlKey: true })).toBe(false);
  });
});
