// Filter field and chips as the engine's rule; each rule is one that the contract takes.
import { describe, expect, it } from "vitest";
import { readQuery } from "../../../../renderer/screens/transfer/tag-filter.ts";
import { slowPart, tagListOf } from "../../../../renderer/screens/transfer/tag-list.ts";
import { emptyPane, type PanesState } from "../../../../renderer/state/panes.ts";
import { type TagChips, withoutChip } from "../../../../renderer/state/tag-chips.ts";
import { tagRuleSchema } from "../../../../shared/selection.ts";
import { compileTagRule } from "../../../../shared/tag-matching.ts";

const noDates = { createdAt: () => Promise.resolve(undefined) } as never;

function ruleOf(text: string, chips: TagChips) {
  const read = readQuery(text, chips);
  if (read.kind !== "query") throw new Error(read.why);
  return read.query.filter;
}
/** What the engine's own matching takes of these tags. */
async function taken(text: string, chips: TagChips, tags: readonly string[]): Promise<readonly string[]> {
  return compileTagRule(tagRuleSchema.parse(ruleOf(text, chips) ?? {})).select(tags, noDates);
}
const tags = ["latest", "v1.0.0", "v1.1.0", "v1.2.0-rc1", "v2.0.0", "web-1"];

describe("readQuery", () => {
  it("asks for nothing where nothing is filtered", () => {
    expect(readQuery(" ", {})).toEqual({ kind: "query", query: {} });
  });
  it("keeps a field alone as plain globs", () => {
    expect(ruleOf("v1.* web", {})).toEqual({ include: ["v1.*", "*web*"] });
  });
  it("lets through only what meets the field and every chip", async () => {
    expect(await taken("v1", { semver: { range: ">=1.1", prereleases: false } }, tags)).toEqual(["v1.1.0"]);
    expect(await taken("v", { glob: { include: ["*.0"], exclude: ["v2*"] } }, tags)).toEqual([
      "v1.0.0",
      "v1.1.0",
    ]);
    expect(await taken("1", { regex: "v.*" }, tags)).toEqual(["v1.0.0", "v1.1.0", "v1.2.0-rc1"]);
  });
  it("counts pre-releases only where that is asked for, also for the latest", async () => {
    const latest = { count: 1, by: "semver" as const };
    expect(await taken("v1", { latest: { ...latest, prereleases: false } }, tags)).toEqual(["v1.1.0"]);
    expect(await taken("v1", { latest: { ...latest, prereleases: true } }, tags)).toEqual(["v1.2.0-rc1"]);
  });
  it("asks for platforms and sizes beside the rule", () => {
    const read = readQuery("", { platforms: ["linux/arm64"], size: { largest: 1024 } });
    expect(read).toEqual({ kind: "query", query: { facts: { platforms: ["linux/arm64"], largest: 1024 } } });
  });
  it("says why where no rule can say it", () => {
    const chips: TagChips = { glob: { include: ["v*"], exclude: [] }, regex: "v.*" };
    expect(readQuery("1", chips).kind).toBe("unreadable");
    expect(readQuery("[a", {}).kind).toBe("unreadable");
    expect(readQuery("1", withoutChip(chips, "regex")).kind).toBe("query");
  });
});

describe("tagListOf", () => {
  const state: PanesState = {
    left: { ...emptyPane, endpointId: "a", repository: "shop/web" },
    right: { ...emptyPane, endpointId: "b", repository: "other" },
    active: "left",
    compare: { on: true, only: "missing" },
  };
  it("compares with the same repository of the other registry", () => {
    expect(tagListOf(state, "left")?.against).toEqual({
      endpointId: "b",
      repository: "shop/web",
      markers: ["missing"],
    });
    expect(tagListOf({ ...state, compare: { on: false, only: "missing" } }, "left")?.against).toBeUndefined();
    const same = { ...state, right: { ...state.right, endpointId: "a" } };
    expect(tagListOf(same, "left")?.against).toBeUndefined();
  });
  it("knows what takes long", () => {
    const plain = tagListOf({ ...state, compare: { on: false, only: "all" } }, "left");
    if (plain === undefined) throw new Error("no list");
    expect(slowPart(plain)).toBeUndefined();
    expect(slowPart({ ...plain, sort: "created" })).toBe("images");
    expect(slowPart({ ...plain, filter: { latest: { count: 3 } } })).toBe("images");
    expect(slowPart({ ...plain, filter: { latest: { count: 3, by: "semver" } } })).toBeUndefined();
  });
});
