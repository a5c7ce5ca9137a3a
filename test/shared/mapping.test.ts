// Mapping of repositories and tags: always a valid name or a refusal that names input and result.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FreightlinerError } from "../../shared/errors.ts";
import { keepsApart, mapRepository, mapTag } from "../../shared/mapping.ts";
import { isRepositoryName, isTag } from "../../shared/reference.ts";
import { type Mapping, mappingSchema, tagRenameSchema } from "../../shared/selection.ts";

const template = (pattern: string, replacement: string): Mapping => ({
  kind: "template",
  pattern,
  replacement,
});

function errorOf(work: () => unknown): FreightlinerError {
  try {
    work();
  } catch (error) {
    if (error instanceof FreightlinerError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("mapping a repository", () => {
  it.each<[string, Mapping, string]>([
    ["a/b", { kind: "keep" }, "a/b"],
    ["a/b", { kind: "prefix", prefix: "/mirror/" }, "mirror/a/b"],
    ["a/b", { kind: "into", repository: "c" }, "c"],
    ["a/b/c", { kind: "strip", levels: 1, prefix: "" }, "b/c"],
    ["a/b/c", { kind: "strip", levels: 9, prefix: "" }, "c"],
    ["a", { kind: "strip", levels: 1, prefix: "x/y" }, "x/y/a"],
    ["a/b/c", { kind: "flatten", prefix: "" }, "c"],
    ["a/b/c", { kind: "flatten", separator: "__", prefix: "x" }, "x/a__b__c"],
    ["team/app", template("([^/]+)/(.*)", "mirror/$2-$1"), "mirror/app-team"],
    ["team/app", template("(?P<org>[^/]+)/(?P<name>.*)", `\${name}/\${org}`), "app/team"],
    ["team/app", template("team/(.*)", "x/$0"), "x/team/app"],
    ["app", template("(?:(.*)/)?(app)", "x$1/$2"), "x/app"],
  ])("%s by %o gives %s", (repository, mapping, expected) => {
    expect(mapRepository(repository, mapping)).toBe(expected);
  });

  it.each<[string, Mapping, string]>([
    [
      "a/b",
      { kind: "prefix", prefix: "Bad Prefix" },
      '"a/b" into "Bad Prefix/a/b", which is not a repository name',
    ],
    ["a/b", template("(.*)/b", "$1-"), '"a/b" into "a-", which is not a repository name'],
    ["team/app", template("other/(.*)", "$1"), 'pattern "other/(.*)" does not match "team/app"'],
    ["team/app", template("app", "x"), "does not match"],
    ["a", template("a", "x$$"), '"a" into "x$", which'],
    ["a".repeat(255), { kind: "prefix", prefix: "x" }, "which is not a repository name"],
  ])("refuses %s by %o", (repository, mapping, message) => {
    const error = errorOf(() => mapRepository(repository, mapping));
    expect([error.code, error.message]).toEqual(["usage", expect.stringContaining(message)]);
  });

  const component = fc.stringMatching(/^[a-z0-9]{1,6}(?:[._-][a-z0-9]{1,4})?$/);
  const name = fc.array(component, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/"));
  const prefix = fc.oneof(fc.constant(""), name);
  const separator = fc.constantFrom("-", "_", "__", ".");
  const anyMapping: fc.Arbitrary<Mapping> = fc.oneof(
    fc.constant<Mapping>({ kind: "keep" }),
    fc.record({
      kind: fc.constant("prefix" as const),
      prefix: fc.oneof(prefix, fc.string({ maxLength: 9 })),
    }),
    fc.record({ kind: fc.constant("into" as const), repository: name }),
    fc.record({ kind: fc.constant("strip" as const), levels: fc.integer({ min: 1, max: 8 }), prefix }),
    fc.record({ kind: fc.constant("flatten" as const), separator, prefix }),
    fc.constantFrom(template("([^/]*)(?:/(.*))?", "x/$2$1"), template("(.*)", "$1-"), template("a.*", "A")),
  );

  it("S009: gives a repository name or refuses, and never anything else", () => {
    fc.assert(
      fc.property(name, anyMapping, (repository, mapping) => {
        try {
          expect(isRepositoryName(mapRepository(repository, mapping))).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: "usage", message: expect.stringContaining(repository) });
        }
      }),
      { numRuns: 500 },
    );
  });

  it("keeps names apart where it says so", () => {
    fc.assert(
      fc.property(fc.tuple(name, name), anyMapping, ([a, b], mapping) => {
        if (!keepsApart(mapping) || a === b) return;
        const results = [a, b].map((one) => {
          try {
            return mapRepository(one, mapping);
          } catch {
            return Symbol(one);
          }
        });
        expect(results[0]).not.toBe(results[1]);
      }),
      { numRuns: 300 },
    );
  });

  it("strip and flatten keep the last component, prefixes go before and nothing else changes", () => {
    fc.assert(
      fc.property(
        name,
        fc.integer({ min: 1, max: 8 }),
        prefix,
        separator,
        (repository, levels, before, joint) => {
          const [strip, flatten] = [
            mapRepository(repository, { kind: "strip", levels, prefix: "" }),
            mapRepository(repository, { kind: "flatten", prefix: "" }),
          ];
          const last = repository.split("/").at(-1);
          expect([strip.split("/").at(-1), flatten]).toEqual([last, last]);
          expect(strip.split("/").length).toBe(Math.max(1, repository.split("/").length - levels));
          expect(`/${repository}`.endsWith(`/${strip}`)).toBe(true);
          const once = mapRepository(repository, { kind: "strip", levels: 1, prefix: "" });
          if (levels > 1)
            expect(strip).toBe(mapRepository(once, { kind: "strip", levels: levels - 1, prefix: "" }));
          const joined = mapRepository(repository, { kind: "flatten", separator: joint, prefix: "" });
          expect(joined).toBe(repository.replaceAll("/", joint));
          expect(mapRepository(repository, { kind: "prefix", prefix: before })).toBe(
            before === "" ? repository : `${before}/${repository}`,
          );
          expect(mapRepository(repository, { kind: "strip", levels, prefix: before })).toBe(
            mapRepository(strip, { kind: "prefix", prefix: before }),
          );
        },
      ),
    );
  });
});

describe("renaming a tag", () => {
  it.each([
    ["v1.2.3", "v(.*)", "$1", "1.2.3"],
    ["latest", "v(.*)", "$1", "latest"],
    ["1.2.3-alpine", "(\\d+)\\.(\\d+)\\..*", "$1.$2", "1.2"],
    ["a", "(?P<x>a)", `\${x}\${x}-$0`, "aa-a"],
  ])("%s by %s → %s gives %s", (tag, pattern, replacement, expected) => {
    expect(mapTag(tag, { pattern, replacement })).toBe(expected);
    expect(mapTag(tag, null)).toBe(tag);
  });

  it("refuses what is no tag and names both", () => {
    const error = errorOf(() => mapTag("v1", { pattern: "v(.*)", replacement: "-$1" }));
    expect([error.code, error.message]).toEqual([
      "usage",
      'The renaming turns the tag "v1" into "-1", which is not a tag.',
    ]);
  });

  it("S009: gives a tag or refuses", () => {
    const tag = fc.stringMatching(/^[a-z0-9_][a-zA-Z0-9._-]{0,20}$/);
    const replacement = fc.oneof(
      fc.constantFrom("$1", "x-$1", "$1$1", ".$1"),
      fc.string({ minLength: 1, maxLength: 9 }),
    );
    fc.assert(
      fc.property(tag, replacement, (text, into) => {
        const rename = { pattern: "(.*?)-?[0-9]*", replacement: into };
        if (!tagRenameSchema.safeParse(rename).success) return;
        try {
          expect(isTag(mapTag(text, rename))).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: "usage", message: expect.stringContaining(`"${text}"`) });
        }
      }),
    );
  });
});

describe("patterns with groups", () => {
  it.each(["$2", `\${name}`, "$", `\${`, "a$b", "$10"])(
    "refuse %s where there is only one group",
    (replacement) => {
      expect(mappingSchema.safeParse(template("(a)", replacement)).error?.message).toContain(
        "groups that the pattern has",
      );
      expect(tagRenameSchema.safeParse({ pattern: "(a)", replacement }).success).toBe(false);
      expect(errorOf(() => mapRepository("a", template("(a)", replacement))).message).toContain(
        "expected $0, $1",
      );
    },
  );
  it("read $$ as a dollar and no name of a group from Object.prototype", () => {
    expect(tagRenameSchema.safeParse({ pattern: "(a)", replacement: "$$" }).success).toBe(true);
    expect(tagRenameSchema.safeParse({ pattern: "(a)", replacement: `\${constructor}` }).success).toBe(false);
  });
});
