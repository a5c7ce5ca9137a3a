// The menu of places: what is pinned, where panes were lately, and pinning what this one shows.
import { Clock, Pin, PinOff, Star } from "lucide-react";
import { IconButton } from "../../../components/button.tsx";
import { Menu } from "../../../components/menu.tsx";
import { useEndpoints } from "../../../state/endpoints.ts";
import { type Side, usePane } from "../../../state/panes.ts";
import {
  isFavourite,
  placeOf,
  type SavedPlace,
  showPlace,
  toggleFavourite,
  useFavourites,
  useRecents,
} from "../../../state/places.ts";
import { placesText } from "../../../text/places.ts";

const icon = "size-4";

export function PlacesMenu({ side }: { readonly side: Side }) {
  usePane(side);
  const here = placeOf(side);
  const favourites = useFavourites();
  const recents = useRecents();
  const endpoints = useEndpoints((state) => state.endpoints);
  const pinned = here !== undefined && isFavourite(here, favourites);
  const nameOf = (id: string): string | undefined => endpoints.find((endpoint) => endpoint.id === id)?.name;
  const items = (places: readonly SavedPlace[], Icon: typeof Pin, prefix: string) =>
    places.flatMap((place) => {
      const registry = nameOf(place.endpointId);
      if (registry === undefined) return [];
      return [
        {
          id: `${prefix} ${place.endpointId} ${place.repository ?? ""}`,
          label: place.repository ?? registry,
          ...(place.repository === undefined ? {} : { hint: registry }),
          icon: <Icon aria-hidden className={icon} />,
          onSelect: () => showPlace(side, place),
        },
      ];
    });
  const groups = [
    [
      {
        id: "pin",
        label: pinned ? placesText.unpin : placesText.pin,
        icon: pinned ? <PinOff aria-hidden className={icon} /> : <Pin aria-hidden className={icon} />,
        disabled: here === undefined,
        onSelect: () => here !== undefined && toggleFavourite(here),
      },
    ],
    items(favourites, Star, "favourite"),
    items(recents, Clock, "recent"),
  ];
  return (
    <Menu
      groups={groups.filter((group) => group.length > 0)}
      trigger={
        <IconButton
          label={placesText.places}
          icon={
            <Star aria-hidden className={`size-3.5 ${pinned ? "fill-current text-warn" : "text-muted"}`} />
          }
        />
      }
    />
  );
}
