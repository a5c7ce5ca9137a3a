// Globs: what they match, and that none of them can hang.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, compileGlobs } from "../../shared/glob.ts";
import { mapRepository } from "../../shared/mapping.ts";
import { selectionSchema } from "../../shared/selection.ts";
import { compileTagRule } from "../../shared/tag-matching.ts";

describe("globs", () => {
  it.each([
    ["v*", "v1.2", true],
    ["v*", "latest", false],
    ["v?.?", "v1.2", true],
    ["team/*", "team/app", true],
    ["team/*", "team/a/b", false],
    ["team/**", "team/a/b", true],
    ["**/app", "app", true],
    ["**/app", "x/y/app", true],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/b", true],
    ["a/**/b", "axb", false],
    ["{alpha,beta}-*", "beta-2", true],
    ["{alpha,beta}-*", "gamma-2", false],
    ["v[0-9].x", "v7.x", true],
    ["v[!0-9].x", "v7.x", false],
    ["v[!0-9].x", "va.x", true],
    ["a.b", "axb", false],
    ["a\\*b", "a*b", true],
    ["a\\*b", "axb", false],
    ["a+b(c)$", "a+b(c)$", true],
    ["a,b", "a,b", true],
    ["a}", "a}", true],
  ])("%s on %s is %s", (pattern, text, expected) => {
    expect(compileGlob(pattern).matches(text)).toBe(expected);
  });

  it.each([["[abc"], ["{a,b"], [""], ["x".repeat(1001)], ["[z-a]"]])("refuses %s naming it", (pattern) => {
    expect(() => compileGlob(pattern)).toThrow(/cannot be read/);
  });

  it("matches every literal text by its own quoted form", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{1,30}$/), (text) => {
        const quoted = text.replace(/[*?[\]{}\\,]/g, "\\$&");
        expect(compileGlob(quoted).matches(text)).toBe(true);
      }),
    );
  });

  it("is linear where backtracking engines hang", () => {
    const started = performance.now();
    expect(compileGlob("*a*a*a*a*a*a*a*a*b").matches("a".repeat(2000))).toBe(false);
    // Backtracking needs hours for this; the bound only tells linear from exponential.
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("combines includes and excludes", () => {
    const both = compileGlobs(["v*", "release-*"], ["*-rc*"]);
    expect(["v1", "release-1", "v1-rc1", "latest"].filter((tag) => both.matches(tag))).toEqual([
      "v1",
      "release-1",
    ]);
    expect(compileGlobs([], ["x*"]).matches("y")).toBe(true);
  });
});

describe("tag rules", () => {
  const digestTag = `sha256-${"0".repeat(64)}.sig`;
  const rule = (names: string[], include: string[], exclude: string[]) =>
    compileTagRule({ names, include, exclude, sets: [] });

  it("takes all but attachments where nothing is said", () => {
    expect(["latest", digestTag].filter((tag) => rule([], [], []).matchesName(tag))).toEqual(["latest"]);
  });
  it("takes names and includes, less the excludes", () => {
    const mixed = rule(["latest", "v9-rc"], ["v1*"], ["*-rc"]);
    expect(["latest", "v1.1", "v1-rc", "v9-rc", "v2"].filter((tag) => mixed.matchesName(tag))).toEqual([
      "latest",
      "v1.1",
    ]);
  });
  it("takes an attachment only by name", () => {
    expect(rule([digestTag], [], []).matchesName(digestTag)).toBe(true);
    expect(rule([], ["sha256-*"], []).matchesName(digestTag)).toBe(false);
  });
  it("maps repositories and refuses what is no name", () => {
    expect(mapRepository("a/b", { kind: "keep" })).toBe("a/b");
    expect(mapRepository("a/b", { kind: "prefix", prefix: "/mirror/" })).toBe("mirror/a/b");
    expect(mapRepository("a/b", { kind: "into", repository: "c" })).toBe("c");
    expect(() => mapRepository("a/b", { kind: "prefix", prefix: "Bad Prefix" })).toThrow(
      "not a repository name",
    );
  });
  it("parses selections and names what is wrong", () => {
    expect(
      selectionSchema.safeParse([{ kind: "repositories", names: ["A"], tags: {} }]).error?.message,
    ).toContain("expected a repository name");
    expect(selectionSchema.safeParse([{ kind: "repositories", include: ["["], tags: {} }]).success).toBe(
      false,
    );
    expect(selectionSchema.safeParse([{ kind: "image", repository: "a", reference: "v1" }]).success).toBe(
      true,
    );
    expect(selectionSchema.safeParse([]).success).toBe(false);
  });
});
