// The tag filter's text as globs.
import { describe, expect, it } from "vitest";
import { readTagFilter } from "../../../../renderer/screens/transfer/tag-filter.ts";

describe("readTagFilter", () => {
  it("is none for nothing", () => {
    expect(readTagFilter("   ")).toEqual({ kind: "none" });
  });
  it("matches plain text anywhere and a glob as it stands", () => {
    expect(readTagFilter("rc v1.*")).toEqual({ kind: "globs", include: ["*rc*", "v1.*"] });
    expect(readTagFilter("{alpha,beta}-?")).toEqual({ kind: "globs", include: ["{alpha,beta}-?"] });
  });
  it("says which pattern cannot be read", () => {
    expect(readTagFilter("ok [a")).toEqual({ kind: "unreadable", why: "[a" });
  });
  it("takes at most as many patterns as one listing may", () => {
    expect(readTagFilter(Array.from({ length: 21 }, (_, index) => `t${index}`).join(" ")).kind).toBe(
      "unreadable",
    );
  });
});
