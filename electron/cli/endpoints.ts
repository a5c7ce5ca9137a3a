// From what a person wrote to an endpoint of the contract: a saved registry, or a temporary one for this command.
import { resolve } from "node:path";
import {
  type Endpoint,
  type EndpointSettings,
  endpointAddress,
  type PlainHttp,
} from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { isLoopbackAddress } from "../../shared/reference.ts";
import type { SyncRegistry } from "../app/sync-file-registry.ts";
import type { Session } from "./session.ts";
import type { ConnectionOptions, SideName, SideOptions } from "./sides.ts";
import { isOnDisk, type SavedNames, type Target } from "./target.ts";
import { usageError } from "./usage-error.ts";
import { unlockAtTerminal } from "./vault.ts";

export interface SavedEndpoints {
  /** Of the saved registries and of those that the sync file names. */
  readonly names: SavedNames;
  byName(name: string): Endpoint | undefined;
  /** A registry of the sync file; it comes before a saved one of the same name. */
  inFile(name: string): SyncRegistry | undefined;
  byAddress(address: string): Endpoint | undefined;
  /** The one at a host whose sign-in is saved, as `login` leaves it; undefined where there are several. */
  signedInAt(host: string): Endpoint | undefined;
}

export async function savedEndpoints(session: Session): Promise<SavedEndpoints> {
  const { endpoints } = await session.client.call("endpoints.list", {}, session.stop);
  const byName = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const byAddress = new Map(endpoints.map((endpoint) => [endpointAddress(endpoint.settings), endpoint]));
  const inFile = session.file?.registries;
  return {
    names: new Set([...byName.keys(), ...(inFile?.keys() ?? [])]),
    byName: (name) => byName.get(name),
    inFile: (name) => inFile?.get(name),
    byAddress: (address) => byAddress.get(address),
    signedInAt: (host) => {
      const there = endpoints.filter(
        ({ settings, credential }) =>
          settings.kind === "registry" &&
          settings.host.toLowerCase() === host.toLowerCase() &&
          credential.source === "saved",
      );
      return there.length === 1 ? there[0] : undefined;
    },
  };
}

function plainHttpOf(host: string, scheme: "https" | "http" | undefined, options: SideOptions): PlainHttp {
  if (options.plainHttp && scheme === "https") {
    throw usageError(`https://${host} and --plain-http contradict each other.`);
  }
  if (options.plainHttp || scheme === "http") return "always";
  return scheme === undefined && isLoopbackAddress(host) ? "auto" : "never";
}

/** What the options set; plain HTTP goes by the address too. */
export function connectionSettings(options: ConnectionOptions) {
  const { insecureSkipVerify, ca, clientCert, clientKey, proxy, kind } = options;
  return {
    ...(insecureSkipVerify ? { insecureSkipVerify } : {}),
    ...(ca === undefined ? {} : { caFile: resolve(ca) }),
    ...(clientCert === undefined ? {} : { clientCertFile: resolve(clientCert) }),
    ...(clientKey === undefined ? {} : { clientKeyFile: resolve(clientKey) }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(kind === undefined ? {} : { provider: kind }),
  };
}

export function changesConnection(options: ConnectionOptions): boolean {
  return options.plainHttp || Object.keys(connectionSettings(options)).length > 0;
}

/** True where the options ask for nothing that was not saved. */
function connectsAsSaved(options: ConnectionOptions, settings: EndpointSettings): boolean {
  if (!changesConnection(options)) return true;
  if (settings.kind !== "registry") return false;
  const asked = connectionSettings(options);
  const saved = new Map<string, unknown>(Object.entries(settings));
  const same = Object.entries(asked).every(([key, value]) => saved.get(key) === value);
  return same && (!options.plainHttp || settings.plainHttp === "always");
}

/** @throws FreightlinerError `configuration` where the file's registry is to be a saved one and is not. */
function namedEndpoint(name: string, saved: SavedEndpoints): Endpoint | SyncRegistry {
  const inFile = saved.inFile(name);
  if (inFile === undefined) {
    const endpoint = saved.byName(name);
    if (endpoint === undefined) throw usageError(`There is no saved registry "${name}".`);
    return endpoint;
  }
  if (inFile.credential !== "saved") return inFile;
  const address = endpointAddress(inFile.settings);
  const endpoint = saved.byAddress(address);
  if (endpoint !== undefined) return endpoint;
  throw new FreightlinerError({
    code: "configuration",
    operation: "find-credential",
    message: `The sync file wants the saved credential for "${name}", but no registry ${address} is saved; sign in with the command login or in the window, or write credential: docker-config.`,
  });
}

/** The settings that a target and its options ask for, or the saved endpoint itself. */
function settingsOf(target: Target, options: SideOptions, saved: SavedEndpoints): Endpoint | InputSettings {
  if (target.kind === "host") {
    const plainHttp = plainHttpOf(target.host, target.scheme, options);
    const signedIn = saved.signedInAt(target.host);
    const asked = target.scheme === "http" ? { ...options, plainHttp: true } : options;
    if (signedIn !== undefined && connectsAsSaved(asked, signedIn.settings)) return signedIn;
    return { kind: "registry", host: target.host, plainHttp, ...connectionSettings(options) };
  }
  const signsIn = options.username !== undefined;
  if (isOnDisk(target)) {
    if (signsIn || changesConnection(options)) {
      const noun = target.kind === "layout" ? "a folder" : "an archive";
      throw usageError(`${target.path} is ${noun}; it takes no user name and no connection options.`);
    }
    return target;
  }
  const endpoint = namedEndpoint(target.name, saved);
  if ("id" in endpoint && connectsAsSaved(options, endpoint.settings)) return endpoint;
  if (!changesConnection(options)) return endpoint.settings;
  if (endpoint.settings.kind !== "registry")
    throw usageError(`"${target.name}" is a folder or an archive; it takes no connection options.`);
  // What was saved stays as it is; this command alone connects in another way.
  return {
    ...endpoint.settings,
    ...(options.plainHttp ? { plainHttp: "always" } : {}),
    ...connectionSettings(options),
  };
}

type InputSettings =
  | (Pick<Extract<EndpointSettings, { kind: "registry" }>, "kind" | "host"> &
      Partial<Extract<EndpointSettings, { kind: "registry" }>>)
  | Exclude<EndpointSettings, { kind: "registry" }>;

export interface EndpointRequest {
  readonly target: Target;
  readonly side: SideName;
  readonly options: SideOptions;
  readonly passwords: ReadonlyMap<SideName, string>;
  readonly saved: SavedEndpoints;
}

/** The endpoint to call with; the password is known to this process alone. */
export async function openEndpoint(session: Session, request: EndpointRequest): Promise<Endpoint> {
  const { target, side, options, passwords, saved } = request;
  const settings = settingsOf(target, options, saved);
  const endpoint =
    "id" in settings
      ? settings
      : await session.client.call("endpoints.add", { settings, temporary: true }, session.stop);
  const password = passwords.get(side);
  if (options.username === undefined || password === undefined) {
    if (endpoint.credential.source === "saved") await unlockAtTerminal(session);
    return endpoint;
  }
  const credential = { username: options.username, password };
  // For this command alone: what is saved stays as it is.
  const signIn = { id: endpoint.id, credential, remember: false };
  return session.client.call("endpoints.signIn", signIn, session.stop);
}
