// Selection: which lists are read, what collides, what is held, and what a repository's list tells the rest of the engine.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EndpointSide } from "../../electron/engine/endpoint-side.ts";
import { Hosts } from "../../electron/engine/hosts.ts";
import type { ImageSource } from "../../electron/engine/ports.ts";
import { type SelectRequest, select } from "../../electron/engine/select.ts";
import type { GatheredDestination, Selected } from "../../electron/engine/selected.ts";
import { mapRepository, mapTag } from "../../shared/mapping.ts";
import { joinReference } from "../../shared/reference.ts";
import { jobSpecSchema, type PlanWarning } from "../../shared/run.ts";
import { everything, harness, image, quickClock, type SpecInput } from "./harness.ts";
import { putImage } from "./images.ts";
import { failure, MemoryEndpoint } from "./memory-endpoint.ts";

const noFacts = { manifestFacts: () => ({}), rememberManifest: () => undefined };

interface Found {
  readonly selected: Selected[];
  readonly warnings: PlanWarning[];
  readonly gathered: GatheredDestination[];
}

function request(source: ImageSource, input: SpecInput, found: Found): SelectRequest {
  const clock = quickClock();
  return {
    spec: jobSpecSchema.parse({ sourceId: "src", destinationId: "dst", ...input }),
    source: new EndpointSide({ side: "source", endpoint: source, hosts: new Hosts({ clock }), clock }),
    journal: noFacts,
    clock,
    signal: new AbortController().signal,
    warn: (warning) => found.warnings.push(warning),
    gathered: (destination) => found.gathered.push(destination),
  };
}

async function selectAll(source: ImageSource, input: SpecInput): Promise<Found> {
  const found: Found = { selected: [], warnings: [], gathered: [] };
  for await (const one of select(request(source, input, found))) found.selected.push(one);
  return found;
}

/** `source → destination`, with what it collides with or why it could not be read. */
function line(one: Selected): string {
  const source =
    one.sourceReference === undefined
      ? one.sourceRepository
      : joinReference(one.sourceRepository, one.sourceReference);
  if (one.kind === "unreadable") return `${source} !${one.error.code}`;
  const collides = one.collidesWith === undefined ? "" : ` ×${one.collidesWith}`;
  return `${source} → ${one.destinationRepository}:${one.destinationTag ?? ""}${collides}`;
}

/** Repositories with tags that all point at one image. */
function registryOf(repositories: Readonly<Record<string, readonly string[]>>): MemoryEndpoint {
  const endpoint = new MemoryEndpoint("source.test:5000");
  for (const [repository, tags] of Object.entries(repositories)) {
    endpoint.repository(repository);
    for (const tag of tags) putImage(endpoint, { repository, tag, layers: [["x", 10]] });
  }
  return endpoint;
}

const lines = async (source: ImageSource, input: SpecInput) =>
  (await selectAll(source, input)).selected.map(line);

describe("lists", () => {
  it("are not read where exact names are asked for", async () => {
    const source = registryOf({ app: ["v1", "v2"], lib: ["v1"] });
    expect(
      await lines(source, {
        selection: [
          { kind: "repositories", names: ["app", "lib"], tags: { names: ["v1", "gone"] } },
          image("app", "v2"),
          image("app", "v1"),
        ],
      }),
    ).toEqual([
      "app:v1 → app:v1",
      "app:gone → app:gone",
      "app:v2 → app:v2",
      "lib:v1 → lib:v1",
      "lib:gone → lib:gone",
    ]);
    expect(source.calls).toEqual([]);
  });

  it("are read once, whatever number of items asks for them", async () => {
    const source = registryOf({ app: ["v1", "v2"], lib: ["v1"] });
    const item = { kind: "repositories" as const, include: ["*"] };
    const found = await lines(source, {
      selection: [
        { ...item, tags: { include: ["v1"] } },
        { ...item, tags: { include: ["v2"] } },
      ],
    });
    expect(found).toEqual(["app:v1 → app:v1", "app:v2 → app:v2", "lib:v1 → lib:v1"]);
    expect(source.calls).toEqual(["list-repositories  ", "list-tags app ", "list-tags lib "]);
  });

  it("go with every image, whole and with the attachments that are in them", async () => {
    const attachment = `sha256-${"a".repeat(64)}.sig`;
    // On the last page, behind the image that it may belong to.
    const source = registryOf({ app: ["v1", "v2", "v3", "v4", attachment], lib: [] });
    const found = await selectAll(source, everything());
    const listings = found.selected.map((one) => (one.kind === "image" ? one.listing : undefined));
    expect(listings).toHaveLength(4);
    expect(new Set(listings).size).toBe(1);
    expect(listings[0]).toEqual({ complete: true, attachmentTags: new Set([attachment]) });
    expect(found.gathered).toMatchObject([
      {
        destinationRepository: "app",
        complete: true,
        sources: [{ tags: ["v1", "v2", "v3", "v4", attachment] }],
      },
      { destinationRepository: "lib", complete: true, sources: [{ sourceRepository: "lib", tags: [] }] },
    ]);
    expect(found.warnings).toEqual([]);
  });

  it("say that attachments are left where none are to be copied", async () => {
    const source = registryOf({ app: ["v1", `sha256-${"a".repeat(64)}`] });
    const found = await selectAll(source, { ...everything(), options: { attachments: false } });
    expect(found.warnings).toEqual([
      { code: "attachments-left", text: expect.stringContaining("app holds 1 signatures") },
    ]);
  });

  it("that break off give what was read, and no newest of half a list", async () => {
    const source = registryOf({ app: ["1.0.0", "2.0.0"] });
    source.listTags = async function* () {
      yield ["1.0.0", "2.0.0"];
      throw failure("protocol", "list-tags");
    };
    const item = (tags: object) => ({ selection: [{ kind: "repositories" as const, names: ["app"], tags }] });
    const whole = await selectAll(source, item({}));
    expect(whole.selected.map(line)).toEqual([
      "app !protocol",
      "app:1.0.0 → app:1.0.0",
      "app:2.0.0 → app:2.0.0",
    ]);
    expect(whole.gathered[0]?.complete).toBe(false);
    expect(
      await lines(source, item({ names: ["edge"], sets: [{ latest: { count: 1, by: "semver" } }] })),
    ).toEqual(["app !protocol", "app:edge → app:edge"]);
  });
});

describe("two sources on one destination", () => {
  const source = () => registryOf({ "a/app": ["v1", "v2"], "b/app": ["v1", "v3"], other: ["v1"] });

  it.each<[string, SpecInput["mapping"]]>([
    ["strip", { kind: "strip", levels: 1 }],
    ["flatten", { kind: "flatten" }],
    ["template", { kind: "template", pattern: "(?:.*/)?(.*)", replacement: "$1" }],
  ])("name each other: %s", async (_, mapping) => {
    expect(await lines(source(), { ...everything(), mapping })).toEqual([
      "a/app:v1 → app:v1 ×b/app:v1",
      "a/app:v2 → app:v2",
      "b/app:v1 → app:v1 ×a/app:v1",
      "b/app:v3 → app:v3",
      "other:v1 → other:v1",
    ]);
  });

  it("name each other where everything goes into one repository", async () => {
    const found = await lines(source(), { ...everything(), mapping: { kind: "into", repository: "all" } });
    expect(found).toEqual([
      "a/app:v1 → all:v1 ×b/app:v1",
      "a/app:v2 → all:v2",
      "b/app:v1 → all:v1 ×a/app:v1",
      "b/app:v3 → all:v3",
      "other:v1 → all:v1 ×a/app:v1",
    ]);
  });

  it("name each other across items and where tags are renamed", async () => {
    const renamed = { pattern: "v(.*)", replacement: "$1" };
    const one = registryOf({ app: ["v1", "1", "2"], lib: ["v1"] });
    expect(
      await lines(one, {
        selection: [
          { kind: "repositories", include: ["*"], tags: {} },
          {
            kind: "image",
            repository: "lib",
            reference: "v1",
            destinationRepository: "app",
            destinationTag: "2",
          },
        ],
        renameTags: renamed,
      }),
    ).toEqual([
      "app:v1 → app:1 ×app:1",
      "app:1 → app:1 ×app:v1",
      "app:2 → app:2 ×lib:v1",
      "lib:v1 → app:2 ×app:2",
      "lib:v1 → lib:1",
    ]);
  });

  it("become conflicts of the plan, and the rest of the plan is made", async () => {
    const h = harness();
    for (const [repository, tag] of [
      ["a/app", "v1"],
      ["b/app", "v1"],
      ["b/app", "v2"],
    ] as const)
      putImage(h.source, { repository, tag, layers: [[repository, 10]] });
    const planned = await h.plan({ ...everything(), mapping: { kind: "flatten" } });
    expect(h.rows(planned).map((row) => [row.sourceRepository, row.action, row.error?.code])).toEqual([
      ["a/app", "conflict", "mapping-collision"],
      ["b/app", "conflict", "mapping-collision"],
      ["b/app", "copy", undefined],
    ]);
    expect(h.rows(planned)[0]?.reason).toBe("a/app:v1 and b/app:v1 would both land on app:v1.");
    expect(h.rows(planned)[1]?.reason).toBe("b/app:v1 and a/app:v1 would both land on app:v1.");
  });
});

describe("a name that cannot be mapped", () => {
  it("is a row while the rest goes on", async () => {
    const h = harness();
    for (const repository of ["team/app", "other"])
      for (const tag of ["v1", "-x"])
        putImage(h.source, { repository, tag: tag.replace("-", "_"), layers: [["l", 10]] });
    const planned = await h.plan({
      ...everything(),
      mapping: { kind: "template", pattern: "team/(.*)", replacement: "$1" },
      renameTags: { pattern: "_(.*)", replacement: "-$1" },
    });
    expect(
      h.rows(planned).map((row) => [row.sourceRepository, row.sourceReference, row.state, row.error?.code]),
    ).toEqual([
      ["team/app", "v1", "planned", undefined],
      ["team/app", "_x", "failed", "usage"],
      ["other", null, "failed", "usage"],
    ]);
    expect(h.rows(planned)[1]).toMatchObject({
      reason: "The mapping gives it no valid name at the destination.",
      error: { message: 'The renaming turns the tag "_x" into "-x", which is not a tag.' },
    });
    const done = await h.run(planned);
    expect(done.tallies).toMatchObject({ imagesSucceeded: 1, imagesFailed: 2 });
  });
});

describe("10 000 repositories with 100 000 tags", () => {
  const repositories = 10_000;
  const tagsEach = 10;

  /** Counts whose tags were read; the tags are made up when they are asked for. */
  function hugeSource() {
    const names = Array.from({ length: repositories }, (_, at) => `group${at % 100}/app${at}`);
    const seen = { listed: 0, pages: 0 };
    const source = {
      host: "huge.test",
      async *listRepositories() {
        for (let at = 0; at < names.length; at += 100) {
          seen.pages++;
          yield names.slice(at, at + 100);
        }
      },
      async *listTags() {
        seen.listed++;
        yield Array.from({ length: tagsEach }, (_, at) => `v${at}`);
      },
    };
    return { seen, source: source as Partial<ImageSource> as ImageSource };
  }

  it.each<[string, SpecInput["mapping"], number]>([
    ["streamed", { kind: "prefix", prefix: "mirror" }, 1],
    ["with names that could meet", { kind: "strip", levels: 1 }, repositories / 100],
  ])(
    "are selected with the tags of a few of them in memory: %s",
    async (_, mapping, pagesFirst) => {
      const { seen, source } = hugeSource();
      const found: Found = { selected: [], warnings: [], gathered: [] };
      let taken = 0;
      let mostAhead = 0;
      for await (const one of select(request(source, { ...everything(), mapping }, found))) {
        if (taken === 0) expect(seen.pages).toBe(pagesFirst);
        if (one.kind === "image") taken++;
        mostAhead = Math.max(mostAhead, seen.listed - Math.ceil(taken / tagsEach));
        // Whoever takes them is slow now and then, so that a selection which runs ahead would be seen.
        if (taken % 5000 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      expect([taken, seen.listed]).toEqual([repositories * tagsEach, repositories]);
      expect(mostAhead).toBeLessThanOrEqual(4);
    },
    60_000,
  );
});

describe("any selection", () => {
  const name = fc.constantFrom("a", "b", "x/a", "y/a", "y/b", "x/y/a");
  const tag = fc.constantFrom("v1", "1", "v2", "edge");
  const registry = fc.dictionary(name, fc.uniqueArray(tag, { maxLength: 4 }), { minKeys: 1, maxKeys: 5 });
  const mapping = fc.constantFrom<NonNullable<SpecInput["mapping"]>>(
    { kind: "keep" },
    { kind: "prefix", prefix: "m" },
    { kind: "into", repository: "all" },
    { kind: "strip", levels: 1 },
    { kind: "flatten" },
    { kind: "flatten", separator: "-" },
    { kind: "template", pattern: "(.*)/(.*)", replacement: "$2" },
  );
  const item = fc.oneof(
    fc.record({ kind: fc.constant("image" as const), repository: name, reference: tag }),
    fc.record({
      kind: fc.constant("repositories" as const),
      include: fc.subarray(["**", "*", "x/**"], { minLength: 1, maxLength: 1 }),
      tags: fc.record({ include: fc.subarray(["v*", "*"], { maxLength: 1 }) }),
    }),
    fc.record({
      kind: fc.constant("repositories" as const),
      names: fc.uniqueArray(name, { minLength: 1, maxLength: 2 }),
      tags: fc.record({ names: fc.uniqueArray(tag, { minLength: 1, maxLength: 2 }) }),
    }),
  );
  const renameTags = fc.constantFrom(null, { pattern: "v(.*)", replacement: "$1" });
  const spec = fc.record({ selection: fc.array(item, { minLength: 1, maxLength: 4 }), mapping, renameTags });

  it("names each image once, maps it as said, reports collisions on both sides and nowhere else, in one order", async () => {
    await fc.assert(
      fc.asyncProperty(registry, spec, async (repositories, input) => {
        const first = await selectAll(registryOf(repositories), input);
        const again = await selectAll(registryOf(repositories), input);
        expect(again.selected.map(line)).toEqual(first.selected.map(line));
        expect(new Set(first.selected.map(line)).size).toBe(first.selected.length);
        const parsed = jobSpecSchema.parse({ sourceId: "src", destinationId: "dst", ...input });
        const landed = Map.groupBy(
          first.selected.filter((one) => one.kind === "image"),
          (one) => `${one.destinationRepository}:${one.destinationTag}`,
        );
        for (const images of landed.values()) {
          const sources = images.map((one) => joinReference(one.sourceRepository, one.sourceReference));
          expect(new Set(sources).size).toBe(sources.length);
          for (const [at, one] of images.entries()) {
            expect(one.destinationRepository).toBe(mapRepository(one.sourceRepository, parsed.mapping));
            expect(one.destinationTag).toBe(mapTag(one.sourceReference, parsed.renameTags));
            if (images.length === 1) expect(one.collidesWith).toBeUndefined();
            else expect(sources.filter((_, other) => other !== at)).toContain(one.collidesWith);
          }
        }
        const destinations = first.gathered.map((each) => each.destinationRepository);
        expect(new Set(destinations).size).toBe(destinations.length);
      }),
      { numRuns: 150 },
    );
  });
});
