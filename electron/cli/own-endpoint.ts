// The saved registry that `login` and `logout` are about: by its name, or the only one at its address.

import { type Endpoint, endpointSettingsSchema, type RegistrySettings } from "../../shared/endpoint.ts";
import { isLoopbackAddress } from "../../shared/reference.ts";
import { changesConnection, connectionSettings, savedEndpoints } from "./endpoints.ts";
import type { Values } from "./option-values.ts";
import { printNote, type Session } from "./session.ts";
import { readConnectionOptions } from "./sides.ts";
import { parseTarget } from "./target.ts";
import { usageError } from "./usage-error.ts";

export interface SavedRegistry {
  readonly settings: RegistrySettings & { readonly kind: "registry" };
  /** Undefined where none is saved yet. */
  readonly endpoint: Endpoint | undefined;
  /** What one that is not saved yet is to be called; by its address where it is not said. */
  readonly name: string | undefined;
}

/** @throws FreightlinerError `usage` for a folder, and for an address at which several are saved. */
export async function ownEndpoint(
  session: Session,
  text: string,
  values: Values & { readonly newName?: string | undefined },
): Promise<SavedRegistry> {
  const { names } = await savedEndpoints(session);
  const { endpoints } = await session.client.call("endpoints.list", {}, session.stop);
  const target = parseTarget(text, names);
  const { newName } = values;
  if (target.kind === "saved") {
    const endpoint = endpoints.find(({ name }) => name === target.name);
    if (endpoint === undefined)
      throw usageError(`"${target.name}" stands in the sync file only; write its address to save a sign-in.`);
    return ofSaved(session, endpoint, values);
  }
  if (target.kind !== "host")
    throw usageError(`"${text}" is no registry; a folder or an archive has no sign-in.`);
  const { host, scheme } = target;
  if (scheme === "https" && values.plainHttp === true)
    throw usageError(`https://${host} and --plain-http contradict each other.`);
  const there = endpoints.filter(
    ({ settings, name }) =>
      settings.kind === "registry" &&
      settings.host.toLowerCase() === host.toLowerCase() &&
      (newName === undefined || name === newName),
  );
  const [only, another] = there;
  if (another !== undefined)
    throw usageError(
      `Several registries are saved at ${host}: ${there.map(({ name }) => `"${name}"`).join(", ")}. Name one of them instead of its address.`,
    );
  if (only !== undefined) return ofSaved(session, only, values);
  if (newName !== undefined && names.has(newName))
    throw usageError(`Another registry is saved as "${newName}" already.`);
  const options = readConnectionOptions(values, "only");
  const plain = values.plainHttp === true || scheme === "http";
  const settings = endpointSettingsSchema.parse({
    kind: "registry",
    host,
    plainHttp: plain ? "always" : scheme === undefined && isLoopbackAddress(host) ? "auto" : "never",
    ...connectionSettings(options),
  });
  return { settings: registryOf(settings, text), endpoint: undefined, name: newName };
}

function ofSaved({ io }: Session, endpoint: Endpoint, values: Values): SavedRegistry {
  const settings = registryOf(endpoint.settings, endpoint.name);
  if (changesConnection(readConnectionOptions(values, "only")))
    printNote(io, `"${endpoint.name}" is saved already; its own settings count, not those of this command.`);
  return { settings, endpoint, name: undefined };
}

function registryOf(settings: Endpoint["settings"], text: string): SavedRegistry["settings"] {
  if (settings.kind === "registry") return settings;
  throw usageError(`"${text}" is no registry; a folder or an archive has no sign-in.`);
}
