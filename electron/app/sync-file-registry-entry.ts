// A registry as a sync file says it: every setting has its key, and what the file may not hold is refused.
import type { EndpointSettings, Mirror } from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { isLoopbackAddress } from "../../shared/reference.ts";
import type { StoredEndpoint } from "../store/store.ts";
import { credentialText } from "./sync-file-credential.ts";
import { registrySchema } from "./sync-file-registry-schema.ts";
import { sentence } from "./sync-file-sentence.ts";

type RegistryEndpoint = EndpointSettings & { kind: "registry" };

/** @throws FreightlinerError `unsupported` for what could not be read back, such as a URL with a user name. */
export function registryEntry({ name, settings }: Pick<StoredEndpoint, "name" | "settings">): object {
  const all = settings.kind === "registry" ? ofRegistry(settings) : ofPlace(settings);
  const entry = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const [issue] = registrySchema.safeParse(entry, { reportInput: true }).error?.issues ?? [];
  if (issue === undefined) return entry;
  throw new FreightlinerError({
    code: "unsupported",
    operation: "write-sync-file",
    message: `A sync file cannot say what is set for "${name}" as ${issue.path.map(String).join(".")}: ${sentence(issue)}.`,
  });
}

function ofPlace(settings: Exclude<EndpointSettings, RegistryEndpoint>): object {
  const { path, readOnly } = settings;
  return settings.kind === "layout"
    ? { layout: path, read_only: readOnly }
    : { archive: path, format: settings.format, read_only: readOnly };
}

function ofRegistry(settings: RegistryEndpoint): object {
  const { host, plainHttp, insecureSkipVerify, trustedTokenHosts, connections, bandwidth } = settings;
  const { anonymous, credential, proxy, proxySignIn } = settings;
  // Without a scheme a loopback address may be spoken to in plain HTTP.
  const isSecure = plainHttp === "never" && isLoopbackAddress(host);
  const chosen = credential === undefined ? undefined : credentialText(credential);
  return {
    ...(isSecure ? { url: `https://${host}` } : { host }),
    kind: settings.provider,
    api_url: settings.apiUrl,
    // Where none is looked for, it does not matter where it would be.
    credential: anonymous === true ? "none" : chosen,
    sign_in_hosts: trustedTokenHosts.length === 0 ? undefined : trustedTokenHosts,
    read_only: settings.readOnly,
    create_repositories: settings.createRepositories,
    ca: settings.caFile,
    client_cert: settings.clientCertFile,
    client_key: settings.clientKeyFile,
    pins: settings.pins,
    tls13_only: settings.tls13Only,
    plain_http: plainHttp === "always" ? true : undefined,
    insecure_skip_verify: insecureSkipVerify ? true : undefined,
    proxy,
    // It is the sign-in of the proxy that stands beside it.
    proxy_sign_in: proxySignIn === true && proxy !== undefined && proxy !== "none" ? true : undefined,
    mirrors: settings.mirrors?.map(mirrorEntry),
    connections: connections === 8 ? undefined : connections,
    adaptive: settings.adaptive,
    bandwidth: typeof bandwidth === "number" ? `${bandwidth}B/s` : undefined,
  };
}

function mirrorEntry({ location, plainHttp, insecureSkipVerify, pull }: Mirror): string | object {
  const keys = {
    ...(plainHttp ? { plain_http: true } : {}),
    ...(insecureSkipVerify ? { insecure_skip_verify: true } : {}),
    ...(pull === "all" ? {} : { pull }),
  };
  return Object.keys(keys).length === 0 ? location : { location, ...keys };
}
