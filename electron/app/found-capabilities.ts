// What a probe found not to work at a registry, for as long as that is worth anything.
import type { RegistryLacks } from "../registry/registry.ts";
import type { StoredEndpoint } from "../store/store.ts";

/** Registries are upgraded and set up anew; as long as what runs found out is kept. Milliseconds. */
const lifetime = 7 * 24 * 3_600_000;

/** @param now milliseconds since 1970. */
export function lacksOf({ name, capabilities }: StoredEndpoint, now: number): RegistryLacks | undefined {
  if (capabilities === null || now - capabilities.probedAt > lifetime) return undefined;
  const answerOf = (what: (typeof capabilities.capabilities)[number]["name"]) =>
    capabilities.capabilities.find((one) => one.name === what)?.answer;
  const day = new Date(capabilities.probedAt).toISOString().slice(0, 10);
  const never = `"${name}" deletes nothing: its probe of ${day} was refused. Once deleting is allowed there, probe it again.`;
  return {
    mounts: answerOf("mount") === "no",
    deletes: answerOf("delete") === "no" ? never : undefined,
  };
}
