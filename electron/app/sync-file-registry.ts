// A registry of a sync file as settings of an endpoint.
import { resolve } from "node:path";
import { type EndpointSettings, endpointSettingsSchema } from "../../shared/endpoint.ts";
import { isLoopbackAddress } from "../../shared/reference.ts";
import type { RegistryEntry } from "./sync-file-schema.ts";

export interface SyncRegistry {
  readonly name: string;
  readonly settings: EndpointSettings;
  /** `saved`: the saved registry of the same address is used, with its credential. */
  readonly credential: "docker-config" | "saved" | "none";
}

export interface RegistryInput {
  readonly name: string;
  readonly entry: RegistryEntry;
  /** What is relative in the file is relative to its folder. */
  readonly folder: string;
  /** Requests at once where the entry says nothing. */
  readonly connections: number | undefined;
}

export function registryOf({ name, entry, folder, connections }: RegistryInput): SyncRegistry {
  const { layout, archive, bandwidth, credential = "docker-config" } = entry;
  if (layout !== undefined) {
    return { name, credential, settings: { kind: "layout", path: resolve(folder, layout) } };
  }
  if (archive !== undefined) {
    return { name, credential, settings: { kind: "archive", path: resolve(folder, archive) } };
  }
  const [, scheme, fromUrl] = /^(https?):\/\/([^/]*)/.exec(entry.url ?? "") ?? [];
  const host = entry.host ?? fromUrl ?? "";
  const atOnce = entry.connections ?? connections;
  const settings = endpointSettingsSchema.parse({
    kind: "registry",
    host,
    plainHttp: plainHttp(
      entry.plain_http === true || scheme === "http",
      scheme === undefined && isLoopbackAddress(host),
    ),
    ...(entry.insecure_skip_verify === true ? { insecureSkipVerify: true } : {}),
    ...(entry.ca === undefined ? {} : { caFile: resolve(folder, entry.ca) }),
    ...(atOnce === undefined ? {} : { connections: atOnce }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(credential === "none" ? { anonymous: true } : {}),
  });
  return { name, settings, credential };
}

function plainHttp(asked: boolean, unsaidOnLoopback: boolean): "always" | "auto" | "never" {
  if (asked) return "always";
  return unsaidOnLoopback ? "auto" : "never";
}
