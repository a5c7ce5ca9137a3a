// The columns of the tag table: which there are, how wide each is, and from which width of the pane on it is shown.

export const columns = ["tag", "state", "digest", "size", "created", "platforms"] as const;
export type Column = (typeof columns)[number];

export const columnLook: Readonly<Record<Column, string>> = {
  tag: "min-w-24 flex-3 truncate",
  state: "w-21 shrink-0 truncate",
  digest: "hidden w-23 shrink-0 truncate @md:block",
  size: "w-17 shrink-0 text-right",
  created: "hidden w-18 shrink-0 truncate @lg:block @3xl:w-22",
  platforms: "hidden min-w-20 flex-2 truncate @xl:block",
};
