// A registry of a sync file as settings of an endpoint.
import { resolve } from "node:path";
import { type EndpointSettings, endpointSettingsSchema } from "../../shared/endpoint.ts";
import { isLoopbackAddress } from "../../shared/reference.ts";
import type { CredentialEntry } from "./sync-file-credential.ts";
import { providerOfKind, type RegistryEntry } from "./sync-file-registry-schema.ts";

export interface SyncRegistry {
  readonly name: string;
  readonly settings: EndpointSettings;
  /** `saved`: the saved registry of the same address is used, with its credential. */
  readonly credential: CredentialEntry["from"];
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
  const { layout, archive, format, read_only: readOnly, credential = { from: "automatic" } } = entry;
  const from = credential.from;
  const place = { ...(readOnly === undefined ? {} : { readOnly }) };
  if (layout !== undefined)
    return { name, credential: from, settings: { kind: "layout", path: resolve(folder, layout), ...place } };
  if (archive !== undefined) {
    const file = { path: resolve(folder, archive), ...(format === undefined ? {} : { format }) };
    return { name, credential: from, settings: { kind: "archive", ...file, ...place } };
  }
  const [, scheme, fromUrl] = /^(https?):\/\/([^/]*)/.exec(entry.url ?? "") ?? [];
  const host = entry.host ?? fromUrl ?? "";
  const fileOf = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path));
  const settings = endpointSettingsSchema.parse(
    said({
      kind: "registry",
      host,
      plainHttp: plainHttp(
        entry.plain_http === true || scheme === "http",
        scheme === undefined && isLoopbackAddress(host),
      ),
      insecureSkipVerify: entry.insecure_skip_verify,
      caFile: fileOf(entry.ca),
      trustedTokenHosts: entry.sign_in_hosts,
      connections: entry.connections ?? connections,
      adaptive: entry.adaptive,
      bandwidth: entry.bandwidth,
      ...credentialSettings(credential, fileOf),
      readOnly,
      provider: providerOfKind(entry.kind),
      apiUrl: entry.api_url,
      createRepositories: entry.create_repositories,
      tls13Only: entry.tls13_only,
      clientCertFile: fileOf(entry.client_cert),
      clientKeyFile: fileOf(entry.client_key),
      pins: entry.pins,
      proxy: entry.proxy,
      proxySignIn: entry.proxy_sign_in,
      mirrors: entry.mirrors,
    }),
  );
  return { name, settings, credential: from };
}

/** Without what the file does not say: settings are compared key by key. */
function said(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function credentialSettings(
  credential: CredentialEntry,
  fileOf: (path: string | undefined) => string | undefined,
): object {
  if (credential.from === "none") return { anonymous: true };
  if (credential.from === "automatic") return {};
  if (credential.from !== "cloud") return { credential };
  return { credential: said({ ...credential, keyFile: fileOf(credential.keyFile) }) };
}

function plainHttp(asked: boolean, unsaidOnLoopback: boolean): "always" | "auto" | "never" {
  if (asked) return "always";
  return unsaidOnLoopback ? "auto" : "never";
}
