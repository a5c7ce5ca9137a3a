// Places to come back to: pinned by the person, or where they were lately; and the colour and group of registries.
import { z } from "zod";
import { type Side, showEndpoint, showRepository, usePanes } from "./panes.ts";
import { setSetting, useSettings } from "./settings.ts";

const placeSchema = z.object({ endpointId: z.string(), repository: z.string().optional() });
export type SavedPlace = z.output<typeof placeSchema>;
const listSchema = z.array(placeSchema).max(200);

const favouritesKey = "favourites";
const recentsKey = "recents";
const mostRecents = 12;
const none: readonly SavedPlace[] = [];

function listIn(value: unknown): readonly SavedPlace[] {
  const parsed = listSchema.safeParse(value ?? none);
  return parsed.success ? parsed.data : none;
}

function isSame(one: SavedPlace, other: SavedPlace): boolean {
  return one.endpointId === other.endpointId && one.repository === other.repository;
}

export function useFavourites(): readonly SavedPlace[] {
  return listIn(useSettings(({ values }) => values[favouritesKey]));
}
export function pinnedPlaces(): readonly SavedPlace[] {
  return listIn(useSettings.getState().values[favouritesKey]);
}
export function useRecents(): readonly SavedPlace[] {
  return listIn(useSettings(({ values }) => values[recentsKey]));
}

export function placeOf(side: Side): SavedPlace | undefined {
  const { endpointId, repository } = usePanes.getState()[side];
  if (endpointId === undefined) return undefined;
  return repository === undefined ? { endpointId } : { endpointId, repository };
}

export function isFavourite(place: SavedPlace, favourites: readonly SavedPlace[]): boolean {
  return favourites.some((each) => isSame(each, place));
}

/** Pins a place, or takes it off; true where it is pinned now. */
export function toggleFavourite(place: SavedPlace): boolean {
  const now = listIn(useSettings.getState().values[favouritesKey]);
  const pinned = isFavourite(place, now);
  setSetting(
    favouritesKey,
    pinned ? now.filter((each) => !isSame(each, place)) : [...now, place].slice(-200),
  );
  return !pinned;
}

export function showPlace(side: Side, { endpointId, repository }: SavedPlace): void {
  showEndpoint(side, endpointId);
  if (repository !== undefined) showRepository(side, repository);
}

/** Keeps the repositories that panes show; returns how to stop. */
export function followPlaces(): () => void {
  return usePanes.subscribe((now, before) => {
    for (const side of ["left", "right"] as const) {
      const { endpointId, repository } = now[side];
      if (endpointId === undefined || repository === undefined) continue;
      if (endpointId === before[side].endpointId && repository === before[side].repository) continue;
      const place = { endpointId, repository };
      const others = listIn(useSettings.getState().values[recentsKey]).filter((each) => !isSame(each, place));
      setSetting(recentsKey, [place, ...others].slice(0, mostRecents));
    }
  });
}

export const markColours = ["blue", "green", "amber", "red"] as const;
export type MarkColour = (typeof markColours)[number];
const markSchema = z.object({
  colour: z.enum(markColours).optional(),
  group: z.string().max(60).optional(),
});
export type RegistryMark = z.output<typeof markSchema>;
const marksKey = "registryMarks";
const marksSchema = z.record(z.string(), markSchema);
const noMarks: Readonly<Record<string, RegistryMark>> = {};

export function useRegistryMarks(): Readonly<Record<string, RegistryMark>> {
  const parsed = marksSchema.safeParse(useSettings(({ values }) => values[marksKey]) ?? noMarks);
  return parsed.success ? parsed.data : noMarks;
}

export function markRegistry(endpointId: string, mark: RegistryMark): void {
  const parsed = marksSchema.safeParse(useSettings.getState().values[marksKey] ?? noMarks);
  setSetting(marksKey, { ...(parsed.success ? parsed.data : {}), [endpointId]: mark });
}
