// Which registries a search leaves, in which order, and in which groups.
import { type Endpoint, endpointAddress } from "../../../shared/endpoint.ts";
import type { RegistryMark } from "../../state/places.ts";
import { kindWords } from "../../text/registry-kinds.ts";
import { kindOf } from "./registry-kind.ts";

export const registrySorts = ["name", "health", "added"] as const;
export type RegistrySort = (typeof registrySorts)[number];

export interface RegistryGroup {
  readonly key: string;
  /** Empty for those without a group. */
  readonly name: string;
  readonly colour: RegistryMark["colour"];
  readonly members: readonly Endpoint[];
}

export interface RegistryView {
  readonly search: string;
  readonly sort: RegistrySort;
  readonly grouped: boolean;
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
/** What needs somebody comes first. */
const urgency: Readonly<Record<Endpoint["health"]["state"], number>> = {
  failing: 0,
  "needs-sign-in": 1,
  unknown: 2,
  ok: 3,
};

export function arrange(
  endpoints: readonly Endpoint[],
  marks: Readonly<Record<string, RegistryMark>>,
  view: RegistryView,
): readonly RegistryGroup[] {
  const found = ordered(
    endpoints.filter((endpoint) => matches(endpoint, marks[endpoint.id], view.search)),
    view.sort,
  );
  if (!view.grouped)
    return found.length === 0 ? [] : [{ key: "", name: "", colour: undefined, members: found }];
  const groups = new Map<string, RegistryGroup>();
  for (const endpoint of found) {
    const { group: name = "", colour } = marks[endpoint.id] ?? {};
    const key = `${name} ${colour ?? ""}`;
    const members = [...(groups.get(key)?.members ?? []), endpoint];
    groups.set(key, { key, name, colour, members });
  }
  // Those without a mark come last: a group was made on purpose.
  return [...groups.values()].sort(
    (one, other) => Number(one.key === " ") - Number(other.key === " ") || byName.compare(one.key, other.key),
  );
}

function ordered(endpoints: readonly Endpoint[], sort: RegistrySort): readonly Endpoint[] {
  if (sort === "added") return endpoints;
  return [...endpoints].sort(
    (one, other) =>
      (sort === "health" ? urgency[one.health.state] - urgency[other.health.state] : 0) ||
      byName.compare(one.name, other.name),
  );
}

/** Every word is in its name, address, kind, user or group. */
function matches(endpoint: Endpoint, mark: RegistryMark | undefined, search: string): boolean {
  const text = [
    endpoint.name,
    endpointAddress(endpoint.settings),
    kindWords[kindOf(endpoint.settings)].name,
    endpoint.credential.username ?? "",
    mark?.group ?? "",
  ]
    .join(" ")
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
