// Words of the Transfer screen.
import { formatCount, plural } from "./common.ts";

export const transferText = {
  pane: { left: "Left registry", right: "Right registry" },
  sideName: { left: "left", right: "right" },
  splitPanes: "Width of the panes",
  splitLists: "Size of the repository list",
  picker: {
    choose: "Choose a registry",
    add: "Add registry…",
    sample: "Sample",
    chosen: "shown here",
    label: { left: "Choose the left registry:", right: "Choose the right registry:" },
  },
  health: {
    unknown: "Not checked yet",
    ok: "Works",
    "needs-sign-in": "Needs sign-in",
    failing: "Does not work",
  },
  tree: {
    label: "Repositories",
    filter: "Filter repositories",
    filterHint: "Filter",
    all: "All repositories",
    loading: "Reading the repositories",
    empty: "No repositories yet",
    emptyText: "Drop something here and it will be the first.",
    noMatch: "No repository matches",
    clear: "Clear the filter",
    incomplete: "This registry does not list all of its repositories. Enter the name of one to see its tags.",
    enterLabel: "Repository name",
    enterHint: "team/app",
    enter: "Show",
    badName: "Lower-case letters, digits and . _ - between slashes",
  },
  tags: {
    label: "Tags",
    filter: "Filter tags",
    filterHint: "Filter, e.g. v1.*",
    filterHelp:
      "Plain text matches anywhere in the tag. With * ? {a,b} or [0-9] it is a pattern for the whole tag.",
    badFilter: "Not a pattern",
    choose: "No repository chosen",
    chooseText: "Choose one in the list to see its tags.",
    loading: "Reading the tags",
    empty: "No tags",
    emptyText: "This repository holds no tagged image.",
    noMatch: "No tag matches",
    columns: {
      tag: "Tag",
      state: "Other side",
      digest: "Digest",
      size: "Size",
      created: "Created",
      platforms: "Platforms",
      kind: "Kind",
      attachments: "Attachments",
    },
    byVersion: "Tag, by version",
    resize: "Shift+← or Shift+→ changes the width",
    view: "Order and columns",
    chosen: "chosen",
    chosenColumn: "shown",
    sortBy: { name: "By name", version: "By version", created: "By creation date", size: "By size" },
    descending: "Descending",
    kinds: { image: "Image", index: "Index", artifact: "Artifact", unknown: "Unknown" },
  },
  filter: {
    tooMuch: "Text, patterns and a regular expression at once are too much: leave one of them out.",
    tooMany: "Too many patterns at once.",
  },
  marker: { same: "Same", missing: "Missing", different: "Different", unknown: "Unknown" },
  commands: {
    copyTo: { left: "Copy to the left", right: "Copy to the right" },
    copyToOther: "Copy to other pane",
    copy: "Copy",
    paste: "Paste",
    copyReference: "Copy reference",
    copyReferences: "Copy references",
    copyDigest: "Copy digest",
    refresh: "Refresh",
    selectAll: "Select all",
    open: "Show tags",
    useSame: "Show it in the other pane",
  },
  drop: {
    manyIntoOne: "More than one repository cannot go into one. Drop it on a folder or on the registry.",
    samePlace: "It is there already.",
    tooManyExceptions: "Too many tags were taken out of the selection. Use a filter instead.",
    sameNames: "the same names",
    noTarget: "Choose a registry in the other pane first.",
    nothing: "Nothing is selected.",
  },
  oneTagOnly: "Select one tag first.",
  copied: "Copied",
  signIn: "Sign in…",
} as const;

export function readOnlyText(registry: string): string {
  return `${registry} is set to read only: nothing is written there.`;
}

export function listCutText(most: number, count: number): string {
  return `Only the first ${formatCount(most)} of ${formatCount(count)} tags are taken. Filter further for the rest.`;
}

export function repositoriesText(count: number): string {
  return plural(count, "repository", "repositories");
}

export function missingText(registry: string): string {
  return `Missing in ${registry}`;
}

/** The head of the column that compares with the other pane's registry. */
export function otherSideText(name: string | undefined): string {
  return name === undefined ? transferText.tags.columns.state : `In ${name}`;
}

/** `37 of 1,204`, or only the total where nothing is filtered away. */
export function countText(matched: number, total: number, filtered: boolean): string {
  return filtered ? `${formatCount(matched)} of ${formatCount(total)}` : plural(total, "tag", "tags");
}

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "narrow" });
const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** `3 mo. ago`: a date as a person compares dates; the exact one belongs into the title. */
export function agoText(at: number, now: number): string {
  for (const [unit, length] of steps) {
    if (Math.abs(now - at) >= length) return relative.format(Math.round((at - now) / length), unit);
  }
  return relative.format(0, "minute");
}
