// Which element a row of a long list is drawn in.
import { describe, expect, it } from "vitest";
import { takeSlots } from "../../../renderer/components/virtual-rows.ts";

const none: ReadonlyMap<string, number> = new Map();
const slots = (before: ReadonlyMap<string, number>, keys: string) => takeSlots(before, [...keys]);

describe("takeSlots", () => {
  it("gives who comes the element of who left, and lets who stays keep its own", () => {
    const first = slots(none, "abcd");
    expect([...first]).toEqual([...["a", "b", "c", "d"].map((key, at) => [key, at])]);
    expect([...slots(first, "cdef").values()]).toEqual([2, 3, 0, 1]);
  });
  it("keeps the order of the rows, also where the one with the focus stands apart", () => {
    const far = slots(slots(none, "abcd"), "axyz");
    expect([...far.keys()].join("")).toBe("axyz");
    expect(far.get("a")).toBe(0);
    expect(new Set(far.values()).size).toBe(4);
  });
  it("needs no more elements than there are rows", () => {
    expect(Math.max(...slots(slots(none, "abcdefgh"), "hi").values())).toBe(7);
    expect([...slots(slots(none, "ab"), "cdefg").values()]).toEqual([0, 1, 2, 3, 4]);
  });
});
