// Globs: what they match, and that none of them can hang.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, compileGlobs } from "../../shared/glob.ts";
import { selectionSchema } from "../../shared/selection.ts";

/** Braces written out, then one character after the other: slow, and with no regular expression in it. */
function matchesByHand(glob: string, text: string): boolean {
  return writtenOut(glob).some((plain) => matchesPlain(plain, text));
}

function writtenOut(glob: string): readonly string[] {
  const start = glob.indexOf("{");
  if (start < 0) return [glob];
  const end = glob.indexOf("}", start);
  const choices = glob.slice(start + 1, end).split(",");
  return choices.flatMap((choice) => writtenOut(glob.slice(0, start) + choice + glob.slice(end + 1)));
}

function matchesPlain(glob: string, text: string, at = 0): boolean {
  const rest = glob.slice(at);
  if (rest === "") return text === "";
  const any = (skip: number, cross: boolean): boolean => {
    for (let taken = 0; taken <= text.length; taken++) {
      if (matchesPlain(glob, text.slice(taken), at + skip)) return true;
      if (!cross && text[taken] === "/") return false;
    }
    return false;
  };
  const isSegment = rest.startsWith("**/") && (at === 0 || glob[at - 1] === "/");
  if (isSegment) return matchesPlain(glob, text, at + 3) || anyEndingInSlash(glob, text, at);
  if (rest.startsWith("**")) return any(2, true);
  if (rest.startsWith("*")) return any(1, false);
  const [first] = text;
  if (first === undefined) return false;
  if (rest.startsWith("[ab]")) return "ab".includes(first) && matchesPlain(glob, text.slice(1), at + 4);
  if (rest.startsWith("[!a]")) return !"a/".includes(first) && matchesPlain(glob, text.slice(1), at + 4);
  const one = rest[0] === "?" ? first !== "/" : rest[0] === first;
  return one && matchesPlain(glob, text.slice(1), at + 1);
}

function anyEndingInSlash(glob: string, text: string, at: number): boolean {
  for (let end = text.indexOf("/"); end >= 0; end = text.indexOf("/", end + 1))
    if (matchesPlain(glob, text.slice(end + 1), at + 3)) return true;
  return false;
}

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

  it("agrees with a matcher that was written another way", () => {
    const piece = fc.constantFrom("a", "b", "/", "*", "**", "?", "[ab]", "[!a]", "{a,b/c}", "{c,ab}");
    const pattern = fc.array(piece, { minLength: 1, maxLength: 7 }).map((pieces) => pieces.join(""));
    const text = fc
      .array(fc.constantFrom("a", "b", "c", "/"), { maxLength: 7 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, text, (glob, name) => {
        expect([glob, name, compileGlob(glob).matches(name)]).toEqual([
          glob,
          name,
          matchesByHand(glob, name),
        ]);
      }),
      { numRuns: 2000 },
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

describe("selections", () => {
  it("are parsed, and what is wrong is named", () => {
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
