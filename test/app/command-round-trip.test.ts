// What the window copies as a command, parsed by the command line again: the same job, whatever the job is.
import { Command } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandLine } from "../../electron/app/command-line.ts";
import { addReplicateOptions, readReplicate } from "../../electron/cli/commands/replicate.ts";
import { connectionSettings } from "../../electron/cli/endpoints.ts";
import { parsePlace } from "../../electron/cli/places.ts";
import { addRunOptions, completeOptions, readRunOptions } from "../../electron/cli/run-options.ts";
import { addSideOptions, readSideOptions } from "../../electron/cli/sides.ts";
import { parseImageTarget } from "../../electron/cli/target.ts";
import type { StoredEndpoint } from "../../electron/store/store.ts";
import { savedImageWord, shellWord } from "../../shared/command-words.ts";
import { endpointSettingsSchema } from "../../shared/endpoint.ts";
import { providerIds } from "../../shared/provider.ts";
import { type JobSpec, jobSpecSchema, type Run, runOptionsSchema } from "../../shared/run.ts";
import type { TagSet } from "../../shared/selection.ts";

function endpoint(host: string): StoredEndpoint {
  return {
    id: "a",
    name: host,
    settings: endpointSettingsSchema.parse({ kind: "registry", host }),
    sample: false,
    temporary: false,
    username: null,
    health: { state: "unknown", checkedAt: null, steps: [] },
    capabilities: null,
  };
}
const source = endpoint("localhost:5000");
const destination = endpoint("r.example");

/** Takes a POSIX shell's words apart: plain ones, single quotes, backslashes. */
function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === " ") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "'") {
      const end = line.indexOf("'", at + 1);
      word = (word ?? "") + line.slice(at + 1, end);
      at = end;
    } else if (character === "\\") word = (word ?? "") + line.charAt(++at);
    else word = (word ?? "") + character;
  }
  return word === undefined ? words : [...words, word];
}

const component = fc.stringMatching(/^[a-z0-9]{1,6}(?:[._-][a-z0-9]{1,4})?$/);
const repository = fc.array(component, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,12}$/);
const glob = fc.constantFrom("**", "team/*", "v?", "{a,b}-*", "[!x]*", "it's *", "-*", "a b", "$(rm)*");
const regex = fc.constantFrom("^v\\d+$", "(a|b)=>c", "x'y", "\\w+ ", "[^,]*", "-?.+");
const range = fc.constantFrom(">=1.2.0 <2", "^1", "1.x || 2.x", "*");
const ageSeconds = fc.integer({ min: 1, max: 3_155_760_000 });
const latest = fc.record({
  count: fc.integer({ min: 1, max: 100_000 }),
  by: fc.constantFrom("semver" as const, "created" as const),
});

const tagSet: fc.Arbitrary<TagSet> = fc
  .record({ glob, regex, semver: range, newerThanSeconds: ageSeconds, latest }, { requiredKeys: [] })
  .filter((set) => Object.keys(set).length > 0)
  .chain((set) => fc.boolean().map((prereleases) => ({ ...set, prereleases })));

const tagRule = fc.record({
  names: fc.array(tag, { maxLength: 3 }),
  include: fc.array(glob, { maxLength: 2 }),
  exclude: fc.array(glob, { maxLength: 2 }),
  sets: fc.array(tagSet, { maxLength: 3 }),
  newerThanSeconds: fc.option(ageSeconds, { nil: undefined }),
  latest: fc.option(latest, { nil: undefined }),
});

const prefix = fc.oneof(fc.constant(""), repository);
const mapping = fc.oneof(
  fc.constant({ kind: "keep" as const }),
  repository.map((path) => ({ kind: "prefix" as const, prefix: path })),
  repository.map((into) => ({ kind: "into" as const, repository: into })),
  fc.record({ kind: fc.constant("strip" as const), levels: fc.integer({ min: 1, max: 32 }), prefix }),
  fc.record(
    {
      kind: fc.constant("flatten" as const),
      separator: fc.constantFrom("-" as const, "_" as const, "__" as const, "." as const),
      prefix,
    },
    { requiredKeys: ["kind", "prefix"] },
  ),
  fc
    .record({
      kind: fc.constant("template" as const),
      pattern: fc.constantFrom("^team/(.+)$", "(a)=>(b)", "(?P<name>.+)"),
      replacement: fc.constantFrom("mirror/$1", "x", "a/$$"),
    })
    .filter(({ pattern, replacement }) => pattern.includes("(") || !replacement.includes("$1")),
);
const renameTags = fc.option(
  fc.record({
    pattern: fc.constantFrom("^v(.+)$", "(x)=>"),
    replacement: fc.constantFrom("$1", "r-$1", "k"),
  }),
);

const options = fc.record({
  overwrite: fc.constantFrom(...runOptionsSchema.shape.overwrite.unwrap().options),
  keepBothSuffix: fc.constantFrom("-copy", "_old", "-"),
  verifyBlobs: fc.boolean(),
  parallelImages: fc.integer({ min: 1, max: 64 }),
  platforms: fc.array(fc.constantFrom("linux/amd64", "linux/arm64", "linux/arm/v7", "windows/amd64"), {
    maxLength: 3,
  }),
  attachments: fc.boolean(),
  foreignLayers: fc.constantFrom("if-held" as const, "never" as const),
  mirror: fc.option(
    fc.record({
      maxDelete: fc.integer({ min: 0, max: 1_000_000 }),
      maxShare: fc.integer({ min: 0, max: 1000 }).map((thousandth) => thousandth / 1000),
    }),
  ),
  bandwidth: fc.option(fc.integer({ min: 1024, max: 10_000_000_000 })),
});

const rule = fc
  .record({
    names: fc.array(repository, { maxLength: 2 }),
    include: fc.array(glob, { maxLength: 2 }),
    exclude: fc.array(glob, { maxLength: 2 }),
    tags: tagRule,
  })
  .filter(({ names, include }) => names.length + include.length > 0)
  .map((item) => ({ kind: "repositories" as const, ...item }));

function specOf(item: object, rest: object): JobSpec {
  return jobSpecSchema.parse({ sourceId: "a", destinationId: "b", selection: [item], ...rest });
}
function wordsOf(spec: JobSpec): string[] {
  return shellWords(commandLine({ spec } as Run, source, destination));
}
function parse(words: readonly string[], add: (command: Command) => void): Record<string, unknown> {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  add(command);
  command.parse([...words], { from: "user" });
  return command.opts();
}

/** Sets are joined by OR: their order says nothing. */
function inOrder(spec: Pick<JobSpec, "selection">): unknown[] {
  return spec.selection.map((item) =>
    item.kind === "image"
      ? item
      : {
          ...item,
          tags: {
            ...item.tags,
            sets: item.tags.sets.map((set) => JSON.stringify(set, Object.keys(set).toSorted())).toSorted(),
          },
        },
  );
}

describe("a copied command", () => {
  it("of a rule is the same job again", () => {
    fc.assert(
      fc.property(rule, mapping, renameTags, options, (item, map, rename, run) => {
        const spec = specOf(item, { mapping: map, renameTags: rename, options: run });
        const words = wordsOf(spec);
        expect(words.slice(0, 2)).toEqual(["freightliner", "replicate"]);
        const values = parse(words.slice(2), addReplicateOptions);
        const read = readReplicate(values);
        const again = specOf(read.selection, {
          mapping: read.mapping,
          renameTags: read.renameTags,
          options: completeOptions(read.options, {}),
        });
        expect(inOrder(again)).toEqual(inOrder(spec));
        expect(again.mapping).toEqual(spec.mapping);
        expect(again.renameTags).toEqual(spec.renameTags);
        expect(again.options).toEqual(spec.options);
        expect([values.source, values.destination]).toEqual(["localhost:5000", "r.example"]);
      }),
      { numRuns: 300 },
    );
  });

  it("of an image is the same copy again", () => {
    fc.assert(
      fc.property(repository, tag, options, (name, reference, run) => {
        const item = { kind: "image", repository: name, reference };
        const spec = specOf(item, { options: { ...run, mirror: null, parallelImages: 4 } });
        const words = wordsOf(spec);
        expect(words.slice(0, 2)).toEqual(["freightliner", "copy"]);
        const [, , from = "", to = "", ...rest] = words;
        const place = { repository: name, tag: reference };
        expect(parseImageTarget(from, new Set())).toMatchObject({
          ...place,
          target: { host: "localhost:5000" },
        });
        expect(parseImageTarget(to, new Set())).toMatchObject({ ...place, target: { host: "r.example" } });
        const values = parse(rest, (command) => {
          addRunOptions(command);
          addSideOptions(command, "source");
        });
        expect(completeOptions(readRunOptions(values), {})).toEqual(spec.options);
      }),
    );
  });

  it("reaches each registry in the same way again", () => {
    const file = fc.constantFrom("/etc/a.pem", "/my files/it's.pem");
    const way = fc
      .record(
        {
          plainHttp: fc.constantFrom("always" as const),
          insecureSkipVerify: fc.constant(true),
          caFile: file,
          client: file,
          proxy: fc.constantFrom("none" as const, "http://proxy.example:3128"),
          provider: fc.constantFrom(...providerIds),
        },
        { requiredKeys: [] },
      )
      .map(({ client, ...rest }) => ({
        ...rest,
        ...(client === undefined ? {} : { clientCertFile: client, clientKeyFile: client }),
      }));
    const item = { kind: "image", repository: "app", reference: "v1" };
    fc.assert(
      fc.property(way, way, (from, to) => {
        const at = (one: StoredEndpoint, more: object): StoredEndpoint => ({
          ...one,
          settings: endpointSettingsSchema.parse({ ...one.settings, ...more }),
        });
        const line = commandLine({ spec: specOf(item, {}) } as Run, at(source, from), at(destination, to));
        const values = parse(shellWords(line).slice(4), (command) => {
          addSideOptions(command, "source");
          addSideOptions(command, "destination");
        });
        for (const [side, more] of [
          ["source", from],
          ["destination", to],
        ] as const) {
          const options = readSideOptions(values, side);
          const { plainHttp, ...settings } = more;
          expect(connectionSettings(options)).toEqual(settings);
          expect(options.plainHttp).toBe(plainHttp === "always");
        }
      }),
    );
  });

  it("names a saved registry so that it is found again with all that is saved of it, or not at all", () => {
    const odd = fc.constantFrom(
      "My mirror",
      "it's",
      "=ls",
      "~root",
      "r.example:5000",
      "a@b",
      "-x",
      "oci:",
      "a/b",
    );
    const name = fc.oneof(odd, fc.string({ minLength: 1, maxLength: 20 }));
    const names = fc.array(name, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(names, repository, tag, fc.boolean(), (all, path, label, byDigest) => {
        const [own = ""] = all;
        const digest = `sha256:${"a".repeat(64)}`;
        const image = { repository: path, reference: byDigest ? digest : label };
        const word = savedImageWord(own, all, image);
        if (word === undefined) return;
        const { args } = new Command()
          .argument("<image>")
          .exitOverride()
          .parse(shellWords(shellWord(word)), {
            from: "user",
          });
        expect(args).toEqual([word]);
        const read = byDigest ? { tag: undefined, digest } : { tag: label, digest: undefined };
        const found = { target: { kind: "saved", name: own }, repository: path, ...read };
        expect(parseImageTarget(word, new Set(all))).toEqual(found);
        expect(parsePlace(word, new Set(all))).toEqual({
          level: "image",
          target: found.target,
          image: found,
        });
      }),
      { numRuns: 500 },
    );
    const image = { repository: "team/app", reference: "v1" };
    expect(savedImageWord("My mirror", ["My mirror", "b"], image)).toBe("My mirror/team/app:v1");
    for (const refused of ["twice", "a/b", "-x", "oci:", "docker-archive:x", "two\nlines"])
      expect(savedImageWord(refused, ["twice", "twice", refused], image)).toBeUndefined();
    expect(savedImageWord("a", ["a", "a/team/app:v1"], image)).toBeUndefined();
  });

  it("of a mirrored image is a rule, because copy deletes nothing", () => {
    const item = { kind: "image", repository: "team/app", reference: "v1" };
    const words = wordsOf(specOf(item, { options: { mirror: {} } }));
    expect(words.join(" ")).toBe(
      "freightliner replicate --source localhost:5000 --destination r.example --repository team/app --tags v1 --mirror --yes",
    );
  });

  it("of an image whose name the mapping cannot make is a rule, so that its row says so", () => {
    const item = { kind: "image", repository: "other/app", reference: "v1" };
    const map = { kind: "template", pattern: "^team/(.+)$", replacement: "$1" };
    expect(wordsOf(specOf(item, { mapping: map }))).toContain("^team/(.+)$=>$1");
  });

  it("renames the tag of a copied image", () => {
    const item = { kind: "image", repository: "team/app", reference: "v1" };
    const spec = specOf(item, { renameTags: { pattern: "^v(.+)$", replacement: "release-$1" } });
    expect(wordsOf(spec)[3]).toBe("r.example/team/app:release-1");
  });
});
