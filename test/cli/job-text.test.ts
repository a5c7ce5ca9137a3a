// A saved job in words: each kind of selection, mapping and option has its own.
import { expect, it } from "vitest";
import { mappingText, optionsText, renameText, selectionText } from "../../electron/cli/job-text.ts";
import { runOptionsSchema } from "../../shared/run.ts";
import { mappingSchema, selectionItemSchema } from "../../shared/selection.ts";

const digest = `sha256:${"a".repeat(64)}`;

it.each([
  [{ kind: "image", repository: "team/app", reference: "v1" }, "team/app:v1"],
  [{ kind: "image", repository: "team/app", reference: digest }, `team/app@${digest}`],
  [
    { kind: "image", repository: "team/app", reference: "v1", destinationRepository: "mirror/app" },
    "team/app:v1 as mirror/app:v1",
  ],
  [
    { kind: "image", repository: "team/app", reference: digest, destinationTag: "kept" },
    `team/app@${digest} as team/app:kept`,
  ],
  [{ kind: "repositories", tags: {} }, "all repositories; tags: all"],
  [
    {
      kind: "repositories",
      names: ["team/app"],
      include: ["lib/**"],
      exclude: ["**/scratch"],
      tags: {
        names: ["latest"],
        include: ["release-*"],
        exclude: ["*-rc"],
        sets: [
          { semver: ">=1.0.0", prereleases: true, latest: { count: 5, by: "semver" } },
          { regex: "v[0-9]+", newerThanSeconds: 86_400 },
        ],
        newerThanSeconds: 30 * 86_400,
        latest: { count: 3 },
      },
    },
    "team/app, lib/** without **/scratch; tags: latest; or release-*; or versions >=1.0.0, with pre-releases, the newest 5 by version; or regular expression v[0-9]+, created within 1d; without *-rc; created within 30d; the newest 3 by creation date",
  ],
  [
    { kind: "repositories", names: Array.from({ length: 11 }, (_, at) => `app${at}`), tags: {} },
    "app0, app1, app2, app3, app4, app5, app6, app7 and 3 more; tags: all",
  ],
])("says what is taken: %j", (item, text) => {
  expect(selectionText(selectionItemSchema.parse(item))).toBe(text);
});

it.each([
  [{ kind: "keep" }, "the same names"],
  [{ kind: "prefix", prefix: "mirror/" }, "the same names, under mirror/"],
  [{ kind: "into", repository: "all" }, "all into all"],
  [{ kind: "strip", levels: 1 }, "without the first level"],
  [{ kind: "strip", levels: 2, prefix: "m/" }, "without the first 2 levels, under m/"],
  [{ kind: "flatten" }, "the last part of each name"],
  [{ kind: "flatten", separator: "-", prefix: "m/" }, "all parts joined by -, under m/"],
  [{ kind: "template", pattern: "a/(.*)", replacement: "b/$1" }, "a/(.*) becomes b/$1"],
])("says what names become: %j", (mapping, text) => {
  expect(mappingText(mappingSchema.parse(mapping))).toBe(text);
});

it("says how it is copied, and leaves out what is as usual", () => {
  expect(optionsText(runOptionsSchema.parse({}))).toBe("tags that differ are overwritten; 4 images at once");
  const all = runOptionsSchema.parse({
    overwrite: "never",
    parallelImages: 1,
    platforms: ["linux/amd64"],
    attachments: false,
    foreignLayers: "never",
    mirror: { maxDelete: 7, maxShare: 0.25 },
    bandwidth: 20_000_000,
    verifyBlobs: true,
  });
  expect(optionsText(all)).toBe(
    "no tag is overwritten; 1 image at once; only linux/amd64; without signatures, SBOMs and other referrers; without foreign layers; tags that the source does not have are deleted, at most 7 and 25%; at most 20MB/s; every blob is read back",
  );
  expect(renameText({ pattern: "v(.*)", replacement: "$1" })).toBe("v(.*) becomes $1");
});
