// Words of getting about in a pane: tabs, path, favourites, groups and links.
import type { MarkColour } from "../state/places.ts";

export const placesText = {
  tabs: { left: "Tabs of the left pane", right: "Tabs of the right pane" },
  newTab: "New tab",
  closeTab: "Close tab",
  closeOne: (name: string): string => `Close ${name}`,
  nextTab: "Next tab",
  previousTab: "Previous tab",
  reopenTab: "Reopen closed tab",
  swap: "Swap panes",
  mirror: "Show this place in the other pane",
  go: "Go to",
  places: "Favourites and recent",
  pin: "Pin this place",
  unpin: "Unpin this place",
  noPlaces: "Nothing pinned yet",
  editPath: "Edit the path",
  pathHint: "repository, or registry/repository:tag",
  pathLabel: { left: "Path in the left pane", right: "Path in the right pane" },
  suggestions: "Known repositories",
  group: {
    open: "Group and colour…",
    title: (name: string): string => `Group and colour of ${name}`,
    name: "Group",
    hint: "Registries of one group stand together in the list.",
    colour: "Colour",
    none: "None",
    colours: { blue: "Blue", green: "Green", amber: "Amber", red: "Red" } satisfies Record<
      MarkColour,
      string
    >,
    save: "Save",
  },
  unknown: {
    title: "This registry is not known yet",
    text: (host: string): string =>
      `${host} is not among your registries. Add it? Nothing is copied by that, and a password from docker's or podman's settings is used where there is one.`,
    add: (host: string): string => `Add ${host}`,
  },
  notAReference: (text: string): string => `“${text}” is not a reference.`,
  badPath: "Expected a repository like team/app, or registry/repository:tag",
  shown: (place: string): string => `Shows ${place}`,
  link: {
    failed: "Open a link",
  },
} as const;
