// Words of the filter over a list of tags: its chips, their editors and what is kept under a name.
import type { UnitSystem } from "../../shared/units.ts";
import type { ChipKind, TagChips } from "../state/tag-chips.ts";
import { plural } from "./common.ts";
import { formatBytes } from "./sizes.ts";

export const filterText = {
  add: "Add filter",
  addHint: "Narrow the tags by version, age, platform, size…",
  bar: "Filters",
  apply: "Apply",
  remove: "Remove",
  clearAll: "Clear filters",
  kinds: {
    glob: "Patterns",
    regex: "Regular expression",
    semver: "Version range",
    latest: "Latest",
    newerThanSeconds: "Newer than",
    platforms: "Platform",
    size: "Size",
  } satisfies Record<ChipKind, string>,
  include: "Tags like",
  includeHint: "Several patterns set apart by spaces: any of them. * ? {a,b} [0-9]",
  exclude: "But not like",
  regexLabel: "Whole tag matches",
  regexHint: "RE2 syntax, for example v\\d+\\.\\d+\\.\\d+",
  range: "Range",
  rangeHint: "For example >=1.4 <2 or ^3.1",
  prereleases: "Pre-releases count too",
  count: "How many",
  by: { label: "Newest by", semver: "Version", created: "Creation date" },
  age: "Created within the last",
  unit: { label: "Unit", hour: "Hours", day: "Days", week: "Weeks", month: "Months", year: "Years" },
  platformsLabel: "Has an image for",
  platformsHint: "Any of them, set apart by spaces: linux/amd64 linux/arm64",
  smallest: "At least (MiB)",
  largest: "At most (MiB)",
  sizeHint: "Config and layers over all platforms, compressed.",
  saved: {
    menu: "Saved filters",
    save: "Save this filter…",
    name: "Name",
    saveTitle: "Save filter",
    rename: "Rename",
    renameTitle: "Rename filter",
    none: "No saved filters yet",
    deleted: (name: string): string => `Deleted the filter “${name}”`,
    manage: "Rename or delete…",
    manageTitle: "Saved filters",
    taken: "There is one of that name; it is replaced.",
    deleteOne: (name: string): string => `Delete “${name}”`,
    renameOne: (name: string): string => `Rename “${name}”`,
  },
  reading: {
    images: "Reading dates, sizes and platforms…",
    comparison: "Comparing with the other side…",
    names: "Counting…",
    cancel: "Cancel",
  },
} as const;

const units = { hour: 3600, day: 86_400, week: 604_800, month: 2_629_800, year: 31_557_600 } as const;
export type AgeUnit = keyof typeof units;
export const ageUnits = Object.keys(units) as readonly AgeUnit[];

export function ageSeconds(count: number, unit: AgeUnit): number {
  return Math.round(count * units[unit]);
}

/** The largest unit that says an age without a fraction. */
export function ageParts(seconds: number): { readonly count: number; readonly unit: AgeUnit } {
  const unit = [...ageUnits].reverse().find((each) => seconds % units[each] === 0) ?? "hour";
  return { count: Math.max(1, Math.round(seconds / units[unit])), unit };
}

/** What a chip says, such as `Version ≥1.2 <2`. */
export function chipText(kind: ChipKind, chips: TagChips, units: UnitSystem): string {
  const name = filterText.kinds[kind];
  switch (kind) {
    case "glob": {
      const { include = [], exclude = [] } = chips.glob ?? {};
      const parts = [include.join(" or "), exclude.length === 0 ? "" : `not ${exclude.join(" or ")}`];
      return parts.filter((part) => part !== "").join(", ");
    }
    case "regex":
      return `/${chips.regex}/`;
    case "semver":
      return `${name} ${chips.semver?.range}${chips.semver?.prereleases === true ? ", pre-releases too" : ""}`;
    case "latest": {
      const { count = 0, by = "created" } = chips.latest ?? {};
      return `${name} ${count} by ${by === "semver" ? "version" : "creation date"}`;
    }
    case "newerThanSeconds": {
      const { count, unit } = ageParts(chips.newerThanSeconds ?? 0);
      return `${name} ${plural(count, unit, `${unit}s`)}`;
    }
    case "platforms":
      return `${name} ${chips.platforms?.join(" or ")}`;
    case "size": {
      const { smallest, largest } = chips.size ?? {};
      const from = smallest === undefined ? "" : `≥ ${formatBytes(smallest, units)}`;
      const to = largest === undefined ? "" : `≤ ${formatBytes(largest, units)}`;
      return `${name} ${[from, to].filter((part) => part !== "").join(" ")}`;
    }
  }
}
