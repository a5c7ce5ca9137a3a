// Which columns the tag table of a registry shows and how wide they are; kept in the settings.
import { z } from "zod";
import { setSetting, useSettings } from "./settings.ts";

/** In the order in which they stand. `tag` is always there and takes the room that is left. */
export const columns = [
  "tag",
  "state",
  "digest",
  "size",
  "created",
  "platforms",
  "kind",
  "attachments",
] as const;
export type Column = (typeof columns)[number];
export type SideColumn = Exclude<Column, "tag">;

export const startWidths: Readonly<Record<SideColumn, number>> = {
  state: 116,
  digest: 108,
  size: 72,
  created: 80,
  platforms: 116,
  kind: 68,
  attachments: 92,
};
const startColumns: readonly SideColumn[] = ["state", "digest", "size", "created", "platforms"];
/** When the table is narrow, the first of these goes first; what a person added stays longest. */
const leaveFirst: readonly SideColumn[] = [
  "platforms",
  "created",
  "digest",
  "size",
  "state",
  "kind",
  "attachments",
];
export const narrowest = 48;
export const widest = 400;
/** What the tag's own column needs; and the room between and beside the columns. */
const tagWidth = 132;
const gap = 10;

const sideColumn = z.enum(columns).exclude(["tag"]);
const choiceSchema = z.object({
  shown: z.array(sideColumn).optional(),
  widths: z.partialRecord(sideColumn, z.number().min(narrowest).max(widest)).default({}),
});
const key = "tagColumns";
const keptSchema = z.record(z.string(), choiceSchema);

export interface ColumnChoice {
  readonly shown: readonly SideColumn[];
  readonly widths: Readonly<Record<SideColumn, number>>;
}

function kept(value: unknown): z.output<typeof keptSchema> {
  const parsed = keptSchema.safeParse(value ?? {});
  return parsed.success ? parsed.data : {};
}

function choiceIn(value: unknown, endpointId: string): ColumnChoice {
  const choice = kept(value)[endpointId];
  const shown = choice?.shown ?? startColumns;
  return {
    shown: columns.filter((column) => column !== "tag" && shown.includes(column)) as SideColumn[],
    widths: { ...startWidths, ...choice?.widths },
  };
}

/** By endpoint: the same object as long as nothing changed, so that rows are not drawn again. */
const last = new Map<string, { readonly value: unknown; readonly choice: ColumnChoice }>();

export function useColumnChoice(endpointId: string): ColumnChoice {
  return useSettings(({ values }) => {
    const value = values[key];
    const known = last.get(endpointId);
    if (known !== undefined && known.value === value) return known.choice;
    const choice = choiceIn(value, endpointId);
    last.set(endpointId, { value, choice });
    return choice;
  });
}

function change(endpointId: string, next: Partial<ColumnChoice>): void {
  const value = useSettings.getState().values[key];
  const now = choiceIn(value, endpointId);
  setSetting(key, { ...kept(value), [endpointId]: { ...now, ...next } });
}

export function showColumn(endpointId: string, column: SideColumn, show: boolean): void {
  const { shown } = choiceIn(useSettings.getState().values[key], endpointId);
  const others = shown.filter((each) => each !== column);
  change(endpointId, { shown: show ? [...others, column] : others });
}

export function resizeColumn(endpointId: string, column: SideColumn, width: number): void {
  const { widths } = choiceIn(useSettings.getState().values[key], endpointId);
  const within = Math.round(Math.min(widest, Math.max(narrowest, width)));
  if (widths[column] !== within) change(endpointId, { widths: { ...widths, [column]: within } });
}

/** The chosen columns that fit into so many pixels, in their order. */
export function fittingColumns({ shown, widths }: ColumnChoice, width: number): readonly SideColumn[] {
  let room = width - tagWidth - 2 * 12;
  for (const column of shown) room -= widths[column] + gap;
  const gone = new Set<SideColumn>();
  for (const column of leaveFirst) {
    if (room >= 0) break;
    if (!shown.includes(column)) continue;
    gone.add(column);
    room += widths[column] + gap;
  }
  return shown.filter((column) => !gone.has(column));
}
