// The words of a transfer's options, and each rule for existing tags by example.
import type { RunOptions } from "../../shared/run.ts";
import type { Mapping } from "../../shared/selection.ts";

export const optionsText = {
  options: "Options",
  reset: "Reset",
  resetHint: "Back to what Freightliner begins with",
  overwrite: "If a tag exists with other content",
  suffix: "Put behind the tag",
  suffixInvalid: "Letters, digits and . _ -, at most 32.",
  names: "Names at the destination",
  fixedNames: "You chose the destination by hand: each image has its name already.",
  prefix: "Path",
  prefixHint: "Such as mirror/team",
  repository: "Repository",
  repositoryHint: "Such as team/app",
  levels: "Leading parts to leave out",
  separator: "Parts in between",
  prefixOptional: "Put under the path (optional)",
  pattern: "Pattern (RE2, the whole name)",
  patternHint: "Such as (team)/(.*)",
  replacement: "New name",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shows what is typed
  replacementHint: "$1, $2 or ${name} stand for the pattern’s groups.",
  renameTags: "Rename tags, too",
  tagPattern: "Tag pattern (RE2, the whole tag)",
  tagReplacement: "New tag",
  preview: "As it will be",
  noSamples: "Shown as soon as the plan has images.",
  invalidName: "Lower-case letters, digits and . _ - between slashes.",
  platforms: "Platforms",
  allPlatforms: "All platforms, as they are at the source.",
  somePlatforms:
    "Only the chosen ones: digests change, and signatures of the whole do not hold for the part.",
  addPlatform: "Other platform",
  addPlatformHint: "linux/arm/v7",
  add: "Add",
  platformInvalid: "Expected os/arch or os/arch/variant.",
  attachments: "Copy attachments",
  attachmentsHint: "Signatures, SBOMs and attestations, also those of each platform.",
  foreignLayers: "Foreign layers",
  foreign: {
    "if-held": "Copy them where the source has them",
    never: "Leave them where they are",
  } satisfies Record<RunOptions["foreignLayers"], string>,
  running: "While it runs",
  verifyBlobs: "Read every blob back",
  verifyBlobsHint: "Digests of tags are always compared. This also reads all bytes again; it takes longer.",
  parallelImages: "Images at once",
  bandwidth: "At most",
  bandwidthUnit: "MiB/s",
  noLimit: "no limit",
  mirrorTitle: "Deletes",
  mirror: "Mirror: delete what the source lacks",
  mirrorHint:
    "Deletes tags at the destination within the selection. The plan shows each one before anything happens.",
  maxDelete: "Tags at most",
  maxShare: "Share at most",
  percent: "%",
  mirrorGuard: "More than that and the plan cannot be started.",
} as const;

export const overwriteWords: Readonly<Record<RunOptions["overwrite"], string>> = {
  "if-different": "Overwrite it",
  never: "Leave it and report a conflict",
  always: "Write all tags, equal ones too",
  "if-newer": "Overwrite it if the source is newer",
  "keep-both": "Keep both: write to another tag",
  stop: "Stop: do not start at all",
};

/** What the rule does with one tag, by example. */
export function overwriteExample(rule: RunOptions["overwrite"], tag: string, suffix: string): string {
  switch (rule) {
    case "if-different":
      return `“${tag}” there is replaced where its content differs; equal ones are skipped.`;
    case "never":
      return `“${tag}” there stays as it is, and is listed as a conflict.`;
    case "always":
      return `“${tag}” is written again, also where it is the same already.`;
    case "if-newer":
      return `“${tag}” there is replaced where the source’s image was created later.`;
    case "keep-both":
      return `“${tag}” there stays; the source’s comes as “${tag}${suffix}”.`;
    case "stop":
      return `As long as “${tag}” there has other content, nothing of the plan can be started.`;
  }
}

export const mappingWords: Readonly<Record<Mapping["kind"], string>> = {
  keep: "Keep the names",
  prefix: "Put them under a path",
  into: "All into one repository",
  strip: "Leave out leading parts",
  flatten: "All on one level",
  template: "By a pattern",
};

export const separatorWords = {
  last: "Only the last part",
  "-": "All parts, joined by -",
  _: "All parts, joined by _",
  __: "All parts, joined by __",
  ".": "All parts, joined by .",
} as const;
