// The columns of the tag table: which there are, how wide each is, and from which width of the pane on it is shown.

export const columns = ["tag", "state", "digest", "size", "created", "platforms"] as const;
export type Column = (typeof columns)[number];

export const columnLook: Readonly<Record<Column, string>> = {
  tag: "min-w-24 flex-2 truncate",
  state: "w-22 shrink-0",
  digest: "hidden w-24 shrink-0 @md:block",
  size: "w-18 shrink-0 text-right",
  created: "hidden w-22 shrink-0 @lg:block",
  platforms: "hidden min-w-20 flex-2 truncate @xl:block",
};
