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
    filterHelp:
      "Plain words match anywhere in the name. With * ? {a,b} or [0-9] it is a pattern, such as team/**.",
    all: "All repositories",
    loading: "Reading the repositories",
    empty: "No repositories yet",
    emptyText: "Drop something here and it will be the first.",
    noMatch: "No repository matches",
    clear: "Clear the filter",
    more: (shown: number, total: number): string =>
      `${formatCount(shown)} of ${formatCount(total)} repositories`,
    loadAll: "Load all",
    stop: "Stop",
    incomplete: "This registry does not list all of its repositories. Enter the name of one to see its tags.",
    enterLabel: "Repository name",
    enterHint: "team/app",
    enter: "Show",
    notKept: "The name could not be kept",
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
    notHere: (repository: string): string =>
      `${repository} is not there. A copy makes it where the registry allows that.`,
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
    needs: {
      source: "Select something in a pane first.",
      tag: "Choose one tag in a pane first.",
      tags: "Show the tags of a repository in a pane first.",
      web: "Choose a repository first whose registry has pages on the web.",
    },
    copyToOther: "Copy to other pane",
    copy: "Copy",
    paste: "Paste",
    copyReference: "Copy reference",
    copyReferences: "Copy references",
    copyDigest: "Copy digest",
    refresh: "Refresh",
    selectAll: "Select all",
    selectNone: "Select nothing",
    invert: "Invert the selection",
    byPattern: "Select by pattern…",
    copyToAny: "Copy to…",
    copyPull: "Copy pull command",
    copySkopeo: "Copy skopeo command",
    inspect: "Inspect",
    compare: "Compare with the other side",
    web: "Open on the registry’s page",
    deleteTag: "Delete…",
    otherPane: "Go to the other pane",
    focusFilter: "Filter this list",
    compareMode: "Compare both panes",
    selectMissing: "Select everything that is missing in the other pane",
    view: "View",
    group: "Panes",
    selection: "Selection",
    open: "Show tags",
    useSame: "Show it in the other pane",
  },
  /** Said aloud. */
  drag: {
    picked: (what: string): string => `Picked up: ${what}`,
    over: (where: string): string => `Lands at ${where}`,
    nowhere: "Dropped nowhere: nothing is copied.",
    planning: (what: string, where: string): string => `Planning: ${what} to ${where}`,
  },
  drop: {
    manyIntoOne: "More than one repository cannot go into one. Drop it on a folder or on the registry.",
    samePlace: "It is there already.",
    tooManyExceptions: "Too many tags were taken out of the selection. Use a filter instead.",
    sameNames: "the same names",
    noTarget: "Choose a registry in the other pane first.",
    nothing: "Nothing is selected.",
    oneRegistry: "References that are pasted together have to be of one registry that is known here.",
  },
  copyTo: {
    title: "Copy to…",
    where: "Registry or folder",
    folder: "Below this path (optional)",
    folderHint: "Names stay as they are without one.",
    plan: "Make the plan",
    lands: (where: string): string => `Lands at ${where}`,
  },
  delete: {
    title: (image: string): string => `Delete ${image}?`,
    titleMany: (count: number, repository: string): string =>
      `Delete ${plural(count, "tag", "tags")} of ${repository}?`,
    from: (registry: string): string => `From ${registry}`,
    warning: "The registry deletes it at once. This cannot be undone.",
    more: (count: number): string => `and ${formatCount(count)} more`,
    type: (repository: string): string => `Type ${repository} to go on`,
    action: "Delete",
    done: (count: number): string => `Deleted ${plural(count, "tag", "tags")}`,
  },
  pattern: {
    title: "Select by pattern",
    label: "Pattern",
    hint: "* ? {a,b} [0-9], matched against the whole tag",
    what: "What happens to the tags that match",
    add: "Select",
    remove: "Deselect",
  },
  syncFile: {
    title: "Jobs from a file",
    save: "Save these jobs",
    reading: "Reading the file",
    saved: (count: number): string => `Saved ${plural(count, "job", "jobs")}`,
    show: "Show jobs",
    at: (line: number, column: number): string => `Line ${line}, column ${column}:`,
  },
  files: {
    opened: (name: string): string => `Opened ${name}`,
    opening: (name: string): string => `Unpacking ${name}…`,
    noPaths:
      "A browser does not say where a dropped file lies. Only sync files (.yaml) can be dropped here; open archives with the desktop program.",
    unknown: (name: string): string => `${name} is neither an OCI folder or archive nor a sync file.`,
    drop: "Open a dropped file",
    hint: "Drop an OCI folder, an archive (.tar, .tar.gz) or a sync file (.yaml)",
    webHint: "Drop a sync file (.yaml) to save its jobs",
  },
  compare: {
    bar: "Both panes",
    switch: "Compare",
    show: "Show",
    parts: { all: "All", differences: "Only differences", missing: "Missing", different: "Different" },
    selectMissing: "Select all missing",
    counting: "Comparing…",
    pick: "Choose a repository to compare its tags",
    many: "Too many tags to count at once: filter by what differs",
    onlyHere: (count: number, side: "left" | "right"): string => `${formatCount(count)} only ${side}`,
    differ: (count: number): string => `${formatCount(count)} different`,
    same: (count: number): string => `${formatCount(count)} same`,
  },
  shelf: "Or drop on",
  deleteByName: "Select the tags to delete one by one or as a range.",
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
