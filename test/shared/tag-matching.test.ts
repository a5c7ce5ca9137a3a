// Tag rules on whole lists: patterns, versions, dates, and that dates are asked for only of tags that still matter.
import fc from "fast-check";
import compareVersions from "semver/functions/compare.js";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { tagRuleSchema } from "../../shared/selection.ts";
import { compileTagRule } from "../../shared/tag-matching.ts";

const day = 86_400_000;
const now = Date.parse("2026-06-01T00:00:00Z");
const attachment = `sha256-${"0".repeat(64)}`;

type RuleInput = z.input<typeof tagRuleSchema>;

/** Dates in days before now; null = the image does not say; left out = cannot be read. */
type Ages = Readonly<Record<string, number | null>>;

async function select(input: RuleInput, list: readonly string[], ages: Ages = {}) {
  const asked: string[] = [];
  const taken = await compileTagRule(tagRuleSchema.parse(input)).select(list, {
    now,
    datesOf: async (tags) => {
      asked.push(...tags);
      const known = tags.filter((tag) => Object.hasOwn(ages, tag));
      return new Map(known.map((tag) => [tag, ages[tag] == null ? null : now - (ages[tag] ?? 0) * day]));
    },
  });
  return { taken, asked };
}

const taken = async (input: RuleInput, list: readonly string[], ages: Ages = {}) =>
  (await select(input, list, ages)).taken;

describe("tag rules by name", () => {
  const list = ["v1.0.0", "v1.1.0", "v2.0.0-rc.1", "latest", "nightly-7", attachment];

  it.each<[string, RuleInput, readonly string[]]>([
    ["nothing said", {}, ["v1.0.0", "v1.1.0", "v2.0.0-rc.1", "latest", "nightly-7"]],
    ["names", { names: ["latest", "gone", "latest"] }, ["latest", "gone"]],
    ["includes", { include: ["nightly-*", "lat*"] }, ["latest", "nightly-7"]],
    ["a name beside an include", { names: ["gone"], include: ["nightly-*"] }, ["gone", "nightly-7"]],
    [
      "a set beside an include",
      { include: ["latest"], sets: [{ regex: "v1.*" }] },
      ["v1.0.0", "v1.1.0", "latest"],
    ],
    ["sets are alternatives", { sets: [{ glob: "lat*" }, { semver: "1.0.0" }] }, ["v1.0.0", "latest"]],
    ["conditions of a set all hold", { sets: [{ glob: "v*", regex: ".*0", semver: ">=1.1" }] }, ["v1.1.0"]],
    ["a regex is for the whole tag", { sets: [{ regex: "v1|at" }] }, []],
    [
      "excludes beat all else",
      { names: ["latest"], sets: [{ glob: "v*" }], exclude: ["*0", "l*"] },
      ["v2.0.0-rc.1"],
    ],
    ["attachments are never matched", { sets: [{ glob: "**" }, { regex: ".*" }] }, list.slice(0, 5)],
    ["attachments can be named", { names: [attachment] }, [attachment]],
  ])("take: %s", async (_, input, expected) => {
    expect(await taken(input, list)).toEqual(expected);
    const rule = tagRuleSchema.parse(input);
    for (const tag of list)
      expect([tag, compileTagRule(rule).matchesName(tag)]).toEqual([tag, expected.includes(tag)]);
  });

  it("need no list only where nothing but names is asked for", () => {
    const needsList = (input: RuleInput) => compileTagRule(tagRuleSchema.parse(input)).needsList;
    expect([
      needsList({ names: ["a"] }),
      needsList({ names: ["a"], exclude: ["b*"], latest: { count: 1 } }),
    ]).toEqual([false, false]);
    expect([
      needsList({}),
      needsList({ exclude: ["b*"] }),
      needsList({ names: ["a"], include: ["b"] }),
    ]).toEqual([true, true, true]);
    expect(needsList({ names: ["a"], sets: [{ latest: { count: 1 } }] })).toBe(true);
  });

  it("S009: a hostile pattern takes linear time, and what RE2 does not know is refused", async () => {
    const long = `${"a".repeat(127)}!`.replace("!", "b");
    const rule = { sets: [{ regex: "(a+)+$" }, { regex: "(a|aa)*c" }, { regex: "(.*a){20}c" }] };
    expect(
      await taken(
        rule,
        Array.from({ length: 200 }, () => long),
      ),
    ).toEqual([]);
    for (const regex of ["(?=a)", "(a)\\1", "(", "a{2000}"])
      expect(tagRuleSchema.safeParse({ sets: [{ regex }] }).error?.message).toContain("RE2");
    expect(tagRuleSchema.safeParse({ sets: [{ semver: "not a range" }] }).error?.message).toContain(
      "range like",
    );
    expect(tagRuleSchema.safeParse({ sets: [{ prereleases: true }] }).error?.message).toContain(
      "at least one of",
    );
  }, 5_000);
});

describe("tag rules by version", () => {
  const list = [
    "latest",
    "1.2",
    "1.2.3",
    "v1.10.0",
    "v1.9.0",
    "v2.0.0",
    "v2.1.0-rc.1",
    "v2.1.0-rc.2",
    "01.2.3",
  ];

  it.each<[string, RuleInput, readonly string[]]>([
    [
      "full versions only, with or without v",
      { sets: [{ semver: "*" }] },
      ["1.2.3", "v1.10.0", "v1.9.0", "v2.0.0"],
    ],
    ["a range", { sets: [{ semver: ">=1.9 <2" }] }, ["v1.10.0", "v1.9.0"]],
    ["alternatives in a range", { sets: [{ semver: "1.2.x || ^2" }] }, ["1.2.3", "v2.0.0"]],
    [
      "pre-releases of the version that the range names",
      { sets: [{ semver: ">=2.1.0-rc.2" }] },
      ["v2.1.0-rc.2"],
    ],
    [
      "pre-releases where asked for",
      { sets: [{ semver: "2.x", prereleases: true }] },
      ["v2.0.0", "v2.1.0-rc.1", "v2.1.0-rc.2"],
    ],
    ["the latest by version", { latest: { count: 2, by: "semver" } }, ["v1.10.0", "v2.0.0"]],
    ["the latest of a set", { sets: [{ glob: "v1*", latest: { count: 1, by: "semver" } }] }, ["v1.10.0"]],
    [
      "the latest with pre-releases",
      { sets: [{ prereleases: true, latest: { count: 2, by: "semver" } }] },
      ["v2.1.0-rc.1", "v2.1.0-rc.2"],
    ],
    [
      "pre-releases of a range count for the rule's latest too",
      { sets: [{ semver: ">=2.1.0-rc.1" }, { semver: "1.x" }], latest: { count: 1, by: "semver" } },
      ["v2.1.0-rc.2"],
    ],
    [
      "pre-releases where nothing else matches",
      { include: ["*-rc*"], latest: { count: 1, by: "semver" } },
      ["v2.1.0-rc.2"],
    ],
    ["no version, nothing by version", { include: ["latest"], latest: { count: 1, by: "semver" } }, []],
  ])("take: %s", async (_, input, expected) => {
    const found = await select(input, list);
    expect(found).toEqual({ taken: expected, asked: [] });
  });

  it("agree with npm's order for every version", async () => {
    const number = fc.nat({ max: 40 });
    const version = fc
      .tuple(fc.boolean(), number, number, number, fc.option(fc.tuple(fc.constantFrom("rc", "beta"), number)))
      .map(([v, a, b, c, pre]) => `${v ? "v" : ""}${a}.${b}.${c}${pre === null ? "" : `-${pre.join(".")}`}`);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(version, { maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        async (tags, count) => {
          const rule = { sets: [{ prereleases: true, latest: { count, by: "semver" as const } }] };
          const found = await taken(rule, tags);
          expect(found.length).toBe(Math.min(count, tags.length));
          expect(found).toEqual(tags.filter((tag) => found.includes(tag)));
          const rest = tags.filter((tag) => !found.includes(tag));
          for (const left of rest)
            for (const tag of found) expect(compareVersions(left, tag)).toBeLessThanOrEqual(0);
        },
      ),
    );
  });
});

describe("tag rules by creation date", () => {
  const ages: Ages = { a: 1, b: 40, c: 5, d: null, e: 5 };
  const list = ["a", "b", "c", "d", "e", "unreadable"];

  it.each<[string, RuleInput, readonly string[]]>([
    ["the newest", { latest: { count: 2 } }, ["a", "e"]],
    ["those that do not say are the oldest", { latest: { count: 4 } }, ["a", "b", "c", "e"]],
    ["and come last", { latest: { count: 5 } }, ["a", "b", "c", "d", "e"]],
    ["young ones", { newerThanSeconds: 30 * 86_400 }, ["a", "c", "e"]],
    [
      "the newest of a set beside a name",
      { names: ["b"], sets: [{ regex: "[ce]", latest: { count: 1 } }] },
      ["b", "e"],
    ],
    [
      "an age in one set, none in the other",
      { sets: [{ newerThanSeconds: 2 * 86_400 }, { glob: "b" }] },
      ["a", "b"],
    ],
  ])("take: %s", async (_, input, expected) => {
    expect(await taken(input, list, ages)).toEqual(expected);
  });

  it("tell equal dates apart by version, then by name", async () => {
    const same: Ages = { "v1.9.0": 1, "v1.10.0": 1, edge: 1, "build-9": 1, "build-10": 1 };
    const tags = Object.keys(same);
    expect(await taken({ latest: { count: 1 } }, tags, same)).toEqual(["v1.10.0"]);
    expect(await taken({ latest: { count: 3 } }, tags, same)).toEqual(["v1.9.0", "v1.10.0", "edge"]);
    expect(await taken({ include: ["build-*"], latest: { count: 1 } }, tags, same)).toEqual(["build-10"]);
  });

  it("are asked for only where they decide", async () => {
    const tags = Array.from({ length: 50 }, (_, at) => `v1.${at}.0`);
    const all: Ages = Object.fromEntries(tags.map((tag, at) => [tag, 100 - at]));
    expect((await select({ exclude: ["v1.*"], newerThanSeconds: 60 }, tags, all)).asked).toEqual([]);
    expect((await select({ include: ["v1.1.0", "v1.2.0"], latest: { count: 2 } }, tags, all)).asked).toEqual(
      [],
    );
    expect((await select({ sets: [{ semver: "1.7.x", newerThanSeconds: 60 }] }, tags, all)).asked).toEqual([
      "v1.7.0",
    ]);
    const newest = await select(
      { newerThanSeconds: 90 * 86_400, latest: { count: 3, by: "semver" } },
      tags,
      all,
    );
    expect(newest.taken).toEqual(["v1.47.0", "v1.48.0", "v1.49.0"]);
    expect(newest.asked.length).toBeLessThan(8);
  });

  it("find the young ones among the newest versions, however many are old", async () => {
    const tags = Array.from({ length: 40 }, (_, at) => `1.${at}.0`);
    const all: Ages = Object.fromEntries(tags.map((tag, at) => [tag, at % 10 === 0 ? 1 : 100]));
    const rule: RuleInput = { sets: [{ newerThanSeconds: 50 * 86_400, latest: { count: 2, by: "semver" } }] };
    expect(await taken(rule, tags, all)).toEqual(["1.20.0", "1.30.0"]);
  });
});

describe("any tag rule", () => {
  const tag = fc.constantFrom(
    "v1.0.0",
    "v1.2.0",
    "2.0.0",
    "2.0.0-rc.1",
    "latest",
    "edge",
    "a-1",
    "a-2",
    attachment,
  );
  const pattern = fc.constantFrom("v*", "a-*", "*", "latest", "2.*", "*-rc*");
  const latest = fc.record({
    count: fc.integer({ min: 1, max: 4 }),
    by: fc.constantFrom("semver" as const, "created" as const),
  });
  const age = fc.integer({ min: 1, max: 20 }).map((days) => days * 86_400);
  const set = fc.oneof(
    pattern.map((glob) => ({ glob })),
    fc.constantFrom("v.*", "a-[0-9]").map((regex) => ({ regex })),
    fc.record({ semver: fc.constantFrom("1.x", ">=1.1"), prereleases: fc.boolean() }),
    fc.record({ glob: pattern, latest }),
    fc.record({ glob: pattern, newerThanSeconds: age }),
  );
  const options = { noNullPrototype: true, requiredKeys: [] as never[] };
  const rule = fc.record(
    {
      names: fc.array(tag, { maxLength: 2 }),
      include: fc.array(pattern, { maxLength: 2 }),
      exclude: fc.array(pattern, { maxLength: 1 }),
      sets: fc.array(set, { maxLength: 2 }),
      newerThanSeconds: age,
      latest,
    },
    options,
  );
  const list = fc.uniqueArray(tag, { maxLength: 9 });
  const ages = fc.dictionary(tag, fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constant(null)));
  const given = (input: object): RuleInput => tagRuleSchema.parse(input);

  it("takes only what its names and patterns match, each once, in a stable order, and is a function of list and dates", async () => {
    await fc.assert(
      fc.asyncProperty(rule, list, ages, async (input, tags, dates) => {
        const parsed = tagRuleSchema.parse(given(input));
        const found = await taken(parsed, tags, dates);
        expect(found.length).toBe(new Set(found).size);
        for (const one of found) expect(compileTagRule(parsed).matchesName(one)).toBe(true);
        const listed = found.filter((one) => !parsed.names.includes(one));
        expect(listed).toEqual(tags.filter((one) => listed.includes(one)));
        expect(await taken(parsed, tags, dates)).toEqual(found);
        const beside = found.filter((one) => !parsed.names.includes(one)).length;
        if (parsed.latest !== undefined) expect(beside).toBeLessThanOrEqual(parsed.latest.count);
      }),
      { numRuns: 300 },
    );
  });

  it("takes the same whatever the list's order is, but for order", async () => {
    await fc.assert(
      fc.asyncProperty(rule, list, ages, async (input, tags, dates) => {
        const parsed = tagRuleSchema.parse(given(input));
        const found = await taken(parsed, tags, dates);
        expect((await taken(parsed, tags.toReversed(), dates)).toSorted()).toEqual(found.toSorted());
      }),
    );
  });

  it("never takes more where an exclude is added to names and patterns", async () => {
    await fc.assert(
      fc.asyncProperty(rule, list, pattern, async (input, tags, exclude) => {
        const { latest: _, ...base } = tagRuleSchema.parse(given(input));
        const wide = { ...base, sets: base.sets.filter((each) => each.latest === undefined) };
        if (wide.sets.length !== base.sets.length) return;
        const dates = Object.fromEntries(tags.map((one) => [one, 1]));
        const before = await taken(wide, tags, dates);
        const after = await taken({ ...wide, exclude: [...base.exclude, exclude] }, tags, dates);
        expect(before).toEqual(expect.arrayContaining([...after]));
      }),
    );
  });
});
