// Pages of a tag table: sorted by version, creation and size, filtered by facts and by how the other side stands.
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { Listings } from "../../electron/app/listings.ts";
import { TagDetails } from "../../electron/app/tag-details.ts";
import { TagPages } from "../../electron/app/tag-pages.ts";
import { Stopped } from "../../electron/engine/ports.ts";
import { methods } from "../../shared/contract.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { type Harness, harness } from "../engine/harness.ts";
import { bytesOf, putBlob, putJson } from "../engine/images.ts";
import { failure, type MemoryEndpoint } from "../engine/memory-endpoint.ts";

const repository = "app";
const parse = methods["tags.list"].input.parse;
type Query = z.input<(typeof methods)["tags.list"]["input"]>;

interface Shape {
  readonly created?: string;
  readonly size?: number;
  readonly architecture?: string;
}

function put(endpoint: MemoryEndpoint, tag: string, shape: Shape = {}): void {
  const { created, size = 10, architecture = "amd64" } = shape;
  const json = { tag, created, os: "linux", architecture };
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  const config = putBlob(endpoint, repository, bytes, mediaTypes.ociConfig);
  const layers = [putBlob(endpoint, repository, bytesOf(tag, size))];
  putJson(endpoint, repository, { mediaType: mediaTypes.ociManifest, config, layers }, tag);
}

function pagesOf(h: Harness) {
  const endpoints = new Map([
    ["here", h.source],
    ["there", h.destination],
  ]);
  const listings = new Listings(() => h.clock.now());
  const pages = new TagPages({
    // Nothing of an open endpoint but its images is read here.
    pool: { get: async (id) => endpoints.get(id) as never },
    listings,
    details: new TagDetails(),
    health: { during: (_, work) => work() },
    engine: h.context,
  });
  const list = (query: Partial<Query>, signal = h.never) =>
    pages.list(parse({ endpointId: "here", repository, ...query }), signal);
  const tags = async (query: Partial<Query>) => (await list(query)).tags;
  return { list, tags, listings };
}

const against = (...markers: ("same" | "missing" | "different")[]) => ({
  endpointId: "there",
  repository,
  markers,
});

describe("the order", () => {
  it("of versions puts what is none last, and asks nothing of the images", async () => {
    const h = harness();
    for (const tag of ["1.10.0", "1.9.0", "v1.2.0", "2.0.0-rc.1", "2.0.0", "edge"]) put(h.source, tag);
    const { tags } = pagesOf(h);
    const rising = ["v1.2.0", "1.9.0", "1.10.0", "2.0.0-rc.1", "2.0.0"];
    expect(await tags({ sort: "version" })).toEqual([...rising, "edge"]);
    expect(await tags({ sort: "version-descending" })).toEqual([...rising.toReversed(), "edge"]);
    expect(h.source.count("head-manifest")).toBe(0);
  });

  it("of creation and size reads each image once, and puts what does not say last", async () => {
    const h = harness();
    put(h.source, "a", { created: "2026-03-01T00:00:00Z", size: 300 });
    put(h.source, "b", { created: "2026-01-01T00:00:00Z", size: 100 });
    put(h.source, "c", { size: 200 });
    const { tags } = pagesOf(h);
    expect(await tags({ sort: "created" })).toEqual(["b", "a", "c"]);
    expect(await tags({ sort: "created-descending" })).toEqual(["a", "b", "c"]);
    const read = h.source.count("get-manifest");
    expect(await tags({ sort: "size" })).toEqual(["b", "c", "a"]);
    expect(await tags({ sort: "size-descending" })).toEqual(["a", "c", "b"]);
    expect(await tags({ sort: "size", offset: 1, limit: 1 })).toEqual(["c"]);
    expect(h.source.count("get-manifest")).toBeLessThanOrEqual(read + 3);
  });

  it("of a hundred thousand versions is there in a moment, and kept", async () => {
    const h = harness();
    const many = h.source.repository(repository).tags;
    for (let at = 0; at < 100_000; at++) many.set(`${at % 90}.${at % 7}.${at}`, "sha256:0");
    const { list } = pagesOf(h);
    const before = process.threadCpuUsage();
    const page = await list({ sort: "version-descending", limit: 2 });
    expect(page.tags).toEqual(["89.6.99539", "89.6.98909"]);
    expect(page.matched).toBe(100_000);
    expect(process.threadCpuUsage(before).user).toBeLessThan(4_000_000);
    const again = process.threadCpuUsage();
    await list({ sort: "version-descending", offset: 50_000, limit: 2 });
    expect(process.threadCpuUsage(again).user).toBeLessThan(50_000);
  });

  it("of more images than are read for it asks to narrow the filter", async () => {
    const h = harness();
    const many = h.source.repository(repository).tags;
    for (let at = 0; at < 5001; at++) many.set(`t${at}`, "sha256:0");
    put(h.source, "one", { size: 1 });
    const { list, tags } = pagesOf(h);
    for (const sort of ["size", "created"] as const)
      await expect(list({ sort })).rejects.toMatchObject({ code: "usage", message: /Narrow the filter/ });
    expect(h.source.count("head-manifest")).toBe(0);
    expect(await tags({ sort: "size", filter: { include: ["one"] } })).toEqual(["one"]);
  });
});

describe("facts", () => {
  it("filter by platform and size, and show what cannot be read", async () => {
    const h = harness();
    put(h.source, "arm", { architecture: "arm64", size: 10 });
    put(h.source, "big", { size: 5000 });
    put(h.source, "small", { size: 10 });
    put(h.source, "shut", { size: 10 });
    h.source.fault = ({ operation, reference }) => {
      if (operation === "head-manifest" && reference === "shut") throw failure("forbidden", operation);
    };
    const { list, tags } = pagesOf(h);
    expect(await tags({ facts: { platforms: ["linux/arm64"] } })).toEqual(["arm", "shut"]);
    expect(await tags({ facts: { largest: 1000 } })).toEqual(["arm", "shut", "small"]);
    expect(await tags({ facts: { smallest: 1000 } })).toEqual(["big", "shut"]);
    expect(await list({ facts: { platforms: ["linux/amd64"], largest: 1000 } })).toMatchObject({
      matched: 2,
      total: 4,
    });
    // Read once for all four but for the one that could not be read.
    expect(h.source.calls.filter((call) => call === `head-manifest ${repository} small`)).toHaveLength(1);
  });

  it("end with the host's error where the host is gone", async () => {
    const h = harness();
    put(h.source, "a");
    h.source.fault = ({ operation }) => {
      if (operation === "head-manifest") throw failure("unauthorized", operation);
    };
    const { list } = pagesOf(h);
    await expect(list({ facts: { largest: 1 } })).rejects.toMatchObject({ code: "unauthorized" });
  });

  it("stop for one caller and go on for another", async () => {
    const h = harness();
    h.source.latency = 5;
    for (let at = 0; at < 30; at++) put(h.source, `t${at}`, { size: at + 1 });
    const { list } = pagesOf(h);
    const first = new AbortController();
    const stopped = list({ sort: "size" }, first.signal).catch((error: unknown) => error);
    const second = list({ sort: "size", limit: 1 });
    setTimeout(() => first.abort(new Stopped("caller")), 30);
    expect(await stopped).toBeInstanceOf(Stopped);
    expect((await second).tags).toEqual(["t0"]);
  });
});

describe("the other side", () => {
  it("filters by marker, asks only for tags that both have, and once", async () => {
    const h = harness();
    for (const tag of ["a", "b", "c"]) put(h.source, tag, { size: 1 });
    put(h.destination, "a", { size: 1 });
    put(h.destination, "b", { size: 2 });
    const { list, tags, listings } = pagesOf(h);
    expect(await tags({ against: against("missing") })).toEqual(["c"]);
    expect(h.source.count("head-manifest")).toBe(0);
    expect(await tags({ against: against("different") })).toEqual(["b"]);
    expect(await tags({ against: against("same", "missing") })).toEqual(["a", "c"]);
    expect(await tags({ against: against("same", "different", "missing"), sort: "name-descending" })).toEqual(
      ["c", "b", "a"],
    );
    expect([h.source.count("head-manifest"), h.destination.count("head-manifest")]).toEqual([2, 2]);
    // A run wrote there: the other side is looked at anew, and so are its markers.
    put(h.destination, "b", { size: 1 });
    listings.forget("there");
    expect(await list({ against: against("same") })).toMatchObject({
      tags: ["a", "b"],
      matched: 2,
      total: 3,
    });
  });

  it("lacks everything where it has no such repository", async () => {
    const h = harness();
    put(h.source, "a");
    const { tags } = pagesOf(h);
    const absent = { endpointId: "there", repository: "not/there" };
    expect(await tags({ against: { ...absent, markers: ["missing"] } })).toEqual(["a"]);
    expect(await tags({ against: { ...absent, markers: ["same"] } })).toEqual([]);
  });
});
