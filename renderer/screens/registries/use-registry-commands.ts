// What can be done with the chosen registry, as commands.
import type { Endpoint } from "../../../shared/endpoint.ts";
import { type Actions, useCommands } from "../../commands/registry.ts";
import { registryMenu } from "./registry-actions.tsx";

/** The same as its menu, so that the palette has no other words for it. */
export function useRegistryCommands(endpoint: Endpoint | undefined): void {
  useCommands(() => (endpoint === undefined ? {} : registryActions(endpoint)), [endpoint]);
}

function registryActions(endpoint: Endpoint): Actions {
  return Object.fromEntries(
    registryMenu(endpoint)
      .flat()
      .map(({ id, label, onSelect }) => [
        `registry.${id}`,
        { title: `${label.replace(/…$/, "")}: ${endpoint.name}`, run: onSelect },
      ]),
  );
}
