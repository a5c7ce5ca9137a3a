// What can be done with the chosen registry, as commands.
import type { Endpoint } from "../../../shared/endpoint.ts";
import { useCommands } from "../../commands/registry.ts";
import { registriesText } from "../../text/registries.ts";
import { registryMenu } from "./registry-actions.tsx";

/** The same as its menu, so that the palette has no other words for it. */
export function useRegistryCommands(endpoint: Endpoint | undefined): void {
  useCommands(
    () =>
      endpoint === undefined
        ? []
        : registryMenu(endpoint)
            .flat()
            .map((item) => ({
              id: `registry.${item.id}`,
              title: `${item.label.replace(/…$/, "")}: ${endpoint.name}`,
              group: registriesText.group,
              run: item.onSelect,
            })),
    [endpoint],
  );
}
