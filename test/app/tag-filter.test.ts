// The filter over a repository's tags: the same rule as a run's selection, computed once for all pages of a listing.
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { TagFilter } from "../../electron/app/tag-filter.ts";
import { Stopped } from "../../electron/engine/ports.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { tagRuleSchema } from "../../shared/selection.ts";
import { type Harness, harness } from "../engine/harness.ts";
import { putBlob, putJson } from "../engine/images.ts";
import { failure } from "../engine/memory-endpoint.ts";

const repository = "app";

function putDated(h: Harness, tag: string, created: string) {
  const bytes = new TextEncoder().encode(JSON.stringify({ tag, created }));
  const config = putBlob(h.source, repository, bytes, mediaTypes.ociConfig);
  return putJson(h.source, repository, { mediaType: mediaTypes.ociManifest, config, layers: [] }, tag);
}

const rule = (input: z.input<typeof tagRuleSchema>) => tagRuleSchema.parse(input);

describe("the filter of a listing", () => {
  const attachment = `sha256-${"a".repeat(64)}`;
  const names = ["1.0.0", "1.1.0", "2.0.0-rc.1", "edge", attachment];

  it.each<[z.input<typeof tagRuleSchema>, readonly string[]]>([
    [{ include: ["1.*"], exclude: ["*.0.0"] }, ["1.1.0"]],
    [{ include: ["*"] }, ["1.0.0", "1.1.0", "2.0.0-rc.1", "edge"]],
    [{ names: ["edge", "gone", "1.0.0"] }, ["1.0.0", "edge"]],
    [{ sets: [{ semver: "1.x", latest: { count: 1, by: "semver" } }, { regex: "ed.*" }] }, ["1.1.0", "edge"]],
  ])("by %o takes %o without asking the registry", async (input, expected) => {
    const h = harness();
    const filter = new TagFilter(h.context);
    const request = { source: h.source, repository, names, rule: rule(input) };
    expect(await filter.matching(request, h.never)).toEqual(expected);
    expect(h.source.calls).toEqual([]);
  });

  it("asks for dates once for all pages, and shows a tag whose date cannot be read", async () => {
    const h = harness();
    const filter = new TagFilter(h.context);
    const tags = ["a", "b", "c"];
    for (const [at, tag] of tags.entries()) putDated(h, tag, `2026-01-0${at + 1}T00:00:00Z`);
    h.source.fault = ({ operation, reference }) => {
      if (operation === "head-manifest" && reference === "a") throw failure("forbidden", "head-manifest");
    };
    const page = () =>
      filter.matching(
        { source: h.source, repository, names: tags, rule: rule({ latest: { count: 1 } }) },
        h.never,
      );
    expect(await Promise.all([page(), page()])).toEqual([
      ["a", "c"],
      ["a", "c"],
    ]);
    await page();
    expect(h.source.count("head-manifest")).toBe(3);
    const other = { source: h.source, repository, names: [...tags], rule: rule({ latest: { count: 1 } }) };
    await filter.matching(other, h.never);
    expect([h.source.count("head-manifest"), h.source.count("get-blob")]).toEqual([6, 2]);
  });

  it("goes on for one caller where another one stops", async () => {
    const h = harness();
    h.source.latency = 5;
    const filter = new TagFilter(h.context);
    for (const tag of ["a", "b"]) putDated(h, tag, "2026-01-01T00:00:00Z");
    const request = { source: h.source, repository, names: ["a", "b"], rule: rule({ latest: { count: 1 } }) };
    const first = new AbortController();
    const stopped = filter.matching(request, first.signal).catch((error: unknown) => error);
    const second = filter.matching(request, h.never);
    first.abort(new Stopped("caller"));
    expect(await stopped).toBeInstanceOf(Stopped);
    expect(await second).toEqual(["b"]);
  });

  it("keeps the results of a few rules, and of no listing that is gone", async () => {
    const h = harness();
    const filter = new TagFilter(h.context);
    const matching = (include: string) =>
      filter.matching({ source: h.source, repository, names, rule: rule({ include: [include] }) }, h.never);
    const first = await matching("1.*");
    expect(await matching("1.*")).toBe(first);
    for (let at = 0; at < 8; at++) await matching(`x${at}`);
    expect(await matching("1.*")).not.toBe(first);
  });

  it("takes a hundred thousand tags in a moment", async () => {
    const h = harness();
    const filter = new TagFilter(h.context);
    const many = Array.from({ length: 100_000 }, (_, at) =>
      at % 3 === 0 ? `build-${at}` : `v${at % 90}.${at % 7}.${at}`,
    );
    const sets = [{ semver: ">=1.2 <80" }, { regex: "build-\\d+5" }];
    const request = {
      source: h.source,
      repository,
      names: many,
      rule: rule({ sets, latest: { count: 50, by: "semver" } }),
    };
    const before = process.threadCpuUsage();
    expect(await filter.matching(request, h.never)).toHaveLength(50);
    // Processor time, in microseconds: about 300 000, whatever else the machine does.
    expect(process.threadCpuUsage(before).user).toBeLessThan(2_000_000);
  });
});
