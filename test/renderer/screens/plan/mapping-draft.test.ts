// A mapping while it is typed: what it means, and what is said at which field while it means nothing.
import { describe, expect, it } from "vitest";
import {
  draftOf,
  type MappingDraft,
  mappingKinds,
  readMapping,
  readRewrite,
} from "../../../../renderer/screens/plan/options/mapping-draft.ts";
import type { Mapping } from "../../../../shared/selection.ts";

const draft = (change: Partial<MappingDraft>): MappingDraft => ({ ...draftOf({ kind: "keep" }), ...change });

describe("readMapping", () => {
  it.each<Mapping>([
    { kind: "keep" },
    { kind: "prefix", prefix: "mirror/team" },
    { kind: "into", repository: "team/app" },
    { kind: "strip", levels: 2, prefix: "" },
    { kind: "flatten", prefix: "all", separator: "__" },
    { kind: "flatten", prefix: "" },
    { kind: "template", pattern: "(.*)", replacement: "mirror/$1" },
  ])("reads back what $kind means", (mapping) => {
    expect(mappingKinds).toContain(mapping.kind);
    expect(readMapping(draftOf(mapping))).toEqual({ ok: true, value: mapping });
  });

  it("takes slashes around a path away, and says nothing of a field that is still empty", () => {
    expect(readMapping(draft({ kind: "prefix", prefix: "/mirror/ " }))).toEqual({
      ok: true,
      value: { kind: "prefix", prefix: "mirror" },
    });
    expect(readMapping(draft({ kind: "into" }))).toEqual({ ok: false, field: "repository", text: undefined });
  });

  it("says at its field what cannot be a name", () => {
    expect(readMapping(draft({ kind: "prefix", prefix: "Mirror" }))).toMatchObject({
      ok: false,
      field: "prefix",
    });
  });

  it("says what RE2 says of the pattern, and which groups there are to the replacement", () => {
    const bad = readRewrite({ pattern: "(a", replacement: "b" });
    expect(bad).toMatchObject({ ok: false, field: "pattern" });
    expect(bad.ok ? "" : bad.text).toContain("missing closing )");
    const group = readRewrite({ pattern: "(a)", replacement: "$2" });
    expect(group).toMatchObject({ ok: false, field: "replacement" });
    expect(group.ok ? "" : group.text).toContain("$1");
  });
});
