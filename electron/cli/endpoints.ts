// From what a person wrote to an endpoint of the contract: a saved registry, or a temporary one for this command.
import { resolve } from "node:path";
import type { Endpoint, EndpointSettings, PlainHttp } from "../../shared/endpoint.ts";
import type { Session } from "./session.ts";
import type { SideName, SideOptions } from "./sides.ts";
import type { SavedNames, Target } from "./target.ts";
import { usageError } from "./usage-error.ts";

export interface SavedEndpoints {
  readonly names: SavedNames;
  byName(name: string): Endpoint | undefined;
}

export async function savedEndpoints(session: Session): Promise<SavedEndpoints> {
  const { endpoints } = await session.client.call("endpoints.list", {}, session.stop);
  const byName = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
  return { names: new Set(byName.keys()), byName: (name) => byName.get(name) };
}

/** `localhost`, 127.0.0.0/8 and ::1, with or without a port. */
export function isLoopbackHost(host: string): boolean {
  const name = host.startsWith("[") ? host.slice(1, host.indexOf("]")) : (host.split(":")[0] ?? "");
  return name.toLowerCase() === "localhost" || name === "::1" || /^127(?:\.\d{1,3}){3}$/.test(name);
}

function plainHttpOf(host: string, scheme: "https" | "http" | undefined, options: SideOptions): PlainHttp {
  if (options.plainHttp && scheme === "https") {
    throw usageError(`https://${host} and --plain-http contradict each other.`);
  }
  if (options.plainHttp || scheme === "http") return "always";
  return scheme === undefined && isLoopbackHost(host) ? "auto" : "never";
}

function transportSettings(options: SideOptions) {
  return {
    ...(options.insecureSkipVerify ? { insecureSkipVerify: true } : {}),
    ...(options.ca === undefined ? {} : { caFile: resolve(options.ca) }),
  };
}

function changesTransport(options: SideOptions): boolean {
  return options.plainHttp || options.insecureSkipVerify || options.ca !== undefined;
}

/** The settings that a target and its options ask for, or the saved endpoint itself. */
function settingsOf(target: Target, options: SideOptions, saved: SavedEndpoints): Endpoint | InputSettings {
  if (target.kind === "host") {
    const plainHttp = plainHttpOf(target.host, target.scheme, options);
    return { kind: "registry", host: target.host, plainHttp, ...transportSettings(options) };
  }
  const signsIn = options.username !== undefined;
  if (target.kind === "layout") {
    if (signsIn || changesTransport(options)) {
      throw usageError(`oci:${target.path} is a folder; it takes no user name and no connection options.`);
    }
    return { kind: "layout", path: target.path };
  }
  const endpoint = saved.byName(target.name);
  if (endpoint === undefined) throw usageError(`There is no saved registry "${target.name}".`);
  if (!changesTransport(options)) return endpoint;
  if (endpoint.settings.kind === "layout")
    throw usageError(`"${target.name}" is a folder; it takes no connection options.`);
  // What was saved stays as it is; this command alone connects in another way.
  return {
    ...endpoint.settings,
    ...(options.plainHttp ? { plainHttp: "always" } : {}),
    ...transportSettings(options),
  };
}

type InputSettings =
  | (Pick<Extract<EndpointSettings, { kind: "registry" }>, "kind" | "host"> &
      Partial<Extract<EndpointSettings, { kind: "registry" }>>)
  | Extract<EndpointSettings, { kind: "layout" }>;

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
  if (options.username === undefined || password === undefined) return endpoint;
  const credential = { username: options.username, password };
  return session.client.call("endpoints.signIn", { id: endpoint.id, credential }, session.stop);
}
