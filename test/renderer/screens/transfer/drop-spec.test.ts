// A drop becomes a job: what is copied, under which names, and what cannot be dropped.
import { describe, expect, it } from "vitest";
import {
  dropOf,
  globsOf,
  type Payload,
  payloadText,
  type Target,
} from "../../../../renderer/screens/transfer/drop-spec.ts";
import { compileGlobs } from "../../../../shared/glob.ts";
import { jobSpecSchema } from "../../../../shared/run.ts";

const web: Payload = {
  kind: "tags",
  endpointId: "left1",
  repository: "shop/web",
  tags: { by: "name", names: ["v1", "v2", "v3"] },
};
const repository: Payload = { kind: "repository", endpointId: "left1", repository: "shop/web" };
const folder: Payload = { kind: "folder", endpointId: "left1", path: "shop", count: 4 };
const registry: Payload = { kind: "registry", endpointId: "left1", name: "Harbour", count: 12 };

const at = (place: Target["place"], endpointId = "right1"): Target => ({ endpointId, place });
const pane = at({ kind: "registry" });

function specOf(payload: Payload, target: Target) {
  const drop = dropOf(payload, target);
  if (!drop.allowed) throw new Error(`refused: ${drop.why}`);
  // Whatever the screen makes must pass the contract's own schema.
  jobSpecSchema.parse(drop.spec);
  return drop.spec;
}

describe("what is copied", () => {
  it("takes named tags as images", () => {
    expect(specOf(web, pane)).toEqual({
      sourceId: "left1",
      destinationId: "right1",
      mapping: { kind: "keep" },
      selection: ["v1", "v2", "v3"].map((reference) => ({
        kind: "image",
        repository: "shop/web",
        reference,
      })),
    });
  });

  it("takes very many named tags as one rule", () => {
    const names = Array.from({ length: 1001 }, (_, index) => `b${index}`);
    const spec = specOf({ ...web, tags: { by: "name", names } }, pane);
    expect(spec.selection).toEqual([{ kind: "repositories", names: ["shop/web"], tags: { names } }]);
  });

  it("takes 'all that the filter shows, less some' as a rule, not as names", () => {
    const spec = specOf(
      { ...web, tags: { by: "rule", rule: { include: ["v1.*"] }, except: ["v1.2", "v1.3"], count: 98 } },
      pane,
    );
    expect(spec.selection).toEqual([
      { kind: "repositories", names: ["shop/web"], tags: { include: ["v1.*"], exclude: ["{v1.2,v1.3}"] } },
    ]);
  });

  it("takes a repository with all its tags, a folder by glob, and the whole registry", () => {
    expect(specOf(repository, pane).selection).toEqual([
      { kind: "repositories", names: ["shop/web"], tags: {} },
    ]);
    expect(specOf(folder, pane).selection).toEqual([
      { kind: "repositories", include: ["shop/**"], tags: {} },
    ]);
    expect(specOf(registry, pane).selection).toEqual([{ kind: "repositories", include: ["**"], tags: {} }]);
  });
});

describe("where it lands", () => {
  it("keeps names on the pane", () => {
    expect(specOf(folder, pane).mapping).toEqual({ kind: "keep" });
  });

  it("goes into a repository", () => {
    expect(specOf(web, at({ kind: "repository", repository: "mirror/web" })).mapping).toEqual({
      kind: "into",
      repository: "mirror/web",
    });
  });

  it("keeps names on the same repository of the other side", () => {
    expect(specOf(web, at({ kind: "repository", repository: "shop/web" })).mapping).toEqual({ kind: "keep" });
  });

  it("goes under a folder", () => {
    const drop = dropOf(repository, at({ kind: "folder", path: "mirror" }));
    expect(drop).toMatchObject({
      allowed: true,
      where: "mirror/shop/web",
      spec: { mapping: { kind: "prefix", prefix: "mirror" } },
    });
  });

  it("keeps names on its own folder of the other side", () => {
    expect(specOf(web, at({ kind: "folder", path: "shop" })).mapping).toEqual({ kind: "keep" });
    expect(specOf(folder, at({ kind: "folder", path: "shop" })).mapping).toEqual({ kind: "keep" });
  });

  it("puts a top-level repository under a folder although both have no parent in common", () => {
    const alpine: Payload = { ...repository, repository: "alpine" };
    expect(specOf(alpine, at({ kind: "folder", path: "mirror" })).mapping).toEqual({
      kind: "prefix",
      prefix: "mirror",
    });
  });
});

describe("what cannot be dropped", () => {
  it("refuses many repositories into one", () => {
    for (const payload of [folder, registry]) {
      expect(dropOf(payload, at({ kind: "repository", repository: "a" })).allowed).toBe(false);
    }
  });

  it("refuses the place that it comes from, but not another name at the same registry", () => {
    expect(dropOf(web, at({ kind: "registry" }, "left1")).allowed).toBe(false);
    expect(dropOf(web, at({ kind: "repository", repository: "shop/web" }, "left1")).allowed).toBe(false);
    expect(dropOf(web, at({ kind: "repository", repository: "shop/copy" }, "left1")).allowed).toBe(true);
  });

  it("refuses more exceptions than a rule may hold", () => {
    const except = Array.from({ length: 30_000 }, (_, index) => `nightly-2026-${index}`);
    const payload: Payload = { ...web, tags: { by: "rule", rule: {}, except, count: 1 } };
    expect(dropOf(payload, pane).allowed).toBe(false);
  });
});

describe("globsOf", () => {
  it("names exactly the tags it was given", () => {
    const names = Array.from({ length: 500 }, (_, index) => `v1.${index}.0`);
    const globs = globsOf(names) ?? [];
    expect(globs.length).toBeGreaterThan(1);
    expect(Math.max(...globs.map((glob) => glob.length))).toBeLessThanOrEqual(1000);
    const matcher = compileGlobs(globs, []);
    expect(names.every((name) => matcher.matches(name))).toBe(true);
    expect(matcher.matches("v1.500.0")).toBe(false);
    expect(matcher.matches("v1x1.0")).toBe(false);
  });

  it("writes a single tag as itself", () => {
    expect(globsOf(["v1.2"])).toEqual(["v1.2"]);
    expect(globsOf([])).toEqual([]);
  });
});

describe("payloadText", () => {
  it("says what is carried", () => {
    expect(payloadText(web)).toBe("3 tags · shop/web");
    expect(payloadText({ ...web, tags: { by: "name", names: ["v1"] } })).toBe("shop/web:v1");
    expect(payloadText(folder)).toBe("shop/ · 4 repositories");
    expect(payloadText(registry)).toBe("Harbour · 12 repositories");
  });
});
