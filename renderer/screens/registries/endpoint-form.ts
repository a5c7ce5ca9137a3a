// The form of an endpoint as values: what was typed and chosen, in whatever state.
import type { Mirror } from "../../../shared/endpoint.ts";
import type { ProviderId } from "../../../shared/provider.ts";
import { parseAddress } from "./parse-address.ts";

export const signInWays = [
  "automatic",
  "saved",
  "docker-config",
  "podman",
  "helper",
  "environment",
  "cloud",
  "anonymous",
] as const;
export type SignInWay = (typeof signInWays)[number];

export interface EndpointForm {
  readonly address: string;
  readonly name: string;
  readonly signIn: SignInWay;
  readonly username: string;
  readonly password: string;
  /** Keeps the password in the place of secrets; else it is gone with the process. */
  readonly remember: boolean;
  readonly namespace: string;
  readonly helper: string;
  readonly userVariable: string;
  readonly passwordVariable: string;
  readonly profile: string;
  readonly keyFile: string;
  readonly tenant: string;
  readonly client: string;
  readonly provider: ProviderId | "automatic";
  readonly apiUrl: string;
  readonly createRepositories: boolean;
  readonly plainHttp: boolean;
  readonly insecureSkipVerify: boolean;
  readonly caFile: string;
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
  readonly tls13Only: boolean;
  /** Separated by commas or spaces. */
  readonly pins: string;
  readonly proxyUse: "environment" | "none" | "own";
  readonly proxy: string;
  readonly proxyUser: string;
  readonly proxyPassword: string;
  /** A sign-in at the proxy was entered before, and stays. */
  readonly proxySignIn: boolean;
  readonly mirrors: readonly Mirror[];
  readonly connections: number;
  readonly adaptive: boolean;
  /** Bytes per second; null = no limit of its own. */
  readonly bandwidth: number | null;
  /** Hosts, separated by commas or spaces. */
  readonly trustedTokenHosts: string;
  readonly readOnly: boolean;
  readonly archiveUse: "read" | "write";
  readonly archiveFormat: "automatic" | "oci" | "docker";
}

export const emptyForm: EndpointForm = {
  address: "",
  name: "",
  signIn: "automatic",
  username: "",
  password: "",
  remember: true,
  namespace: "",
  helper: "",
  userVariable: "",
  passwordVariable: "",
  profile: "",
  keyFile: "",
  tenant: "",
  client: "",
  provider: "automatic",
  apiUrl: "",
  createRepositories: true,
  plainHttp: false,
  insecureSkipVerify: false,
  caFile: "",
  clientCertFile: "",
  clientKeyFile: "",
  tls13Only: false,
  pins: "",
  proxyUse: "environment",
  proxy: "",
  proxyUser: "",
  proxyPassword: "",
  proxySignIn: false,
  mirrors: [],
  connections: 8,
  adaptive: true,
  bandwidth: null,
  trustedTokenHosts: "",
  readOnly: false,
  archiveUse: "read",
  archiveFormat: "automatic",
};

/** Takes a new address; a written scheme decides on plain HTTP, as the person sees in its checkbox. */
export function withAddress(form: EndpointForm, address: string): EndpointForm {
  const before = parseAddress(form.address);
  const parsed = parseAddress(address);
  if (parsed.kind !== "registry") return { ...form, address };
  const said = parsed.plainHttp !== "auto";
  const wasSaid = before.kind === "registry" && before.plainHttp === "always";
  return {
    ...form,
    address,
    plainHttp: said ? parsed.plainHttp === "always" : wasSaid ? false : form.plainHttp,
  };
}

/** The fields that stand behind the disclosure. */
export const advancedKeys = [
  "provider",
  "apiUrl",
  "createRepositories",
  "plainHttp",
  "insecureSkipVerify",
  "caFile",
  "clientCertFile",
  "clientKeyFile",
  "tls13Only",
  "pins",
  "proxyUse",
  "mirrors",
  "connections",
  "adaptive",
  "bandwidth",
  "trustedTokenHosts",
  "readOnly",
] as const satisfies readonly (keyof EndpointForm)[];

/** How many of the settings behind the disclosure differ from what is usual. */
export function advancedCount(form: EndpointForm): number {
  return advancedKeys.filter((key) =>
    key === "mirrors" ? form.mirrors.length > 0 : form[key] !== emptyForm[key],
  ).length;
}
