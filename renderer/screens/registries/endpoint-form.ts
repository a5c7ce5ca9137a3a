// The form of an endpoint as values: what was typed, and the settings it stands for or why it stands for none.
import { type CredentialInput, type Endpoint, endpointAddress } from "../../../shared/endpoint.ts";
import { isHost } from "../../../shared/reference.ts";
import type { EndpointInput } from "../../state/registries.ts";
import { registriesText } from "../../text/registries.ts";
import { isAbsolutePath, type ParsedAddress, parseAddress } from "./parse-address.ts";

export interface EndpointForm {
  readonly address: string;
  readonly name: string;
  readonly username: string;
  readonly password: string;
  readonly anonymous: boolean;
  readonly plainHttp: boolean;
  readonly insecureSkipVerify: boolean;
  readonly caFile: string;
  readonly connections: number;
  readonly adaptive: boolean;
  /** Bytes per second; null = no limit of its own. */
  readonly bandwidth: number | null;
  /** Hosts, separated by commas or spaces. */
  readonly trustedTokenHosts: string;
  readonly readOnly: boolean;
}

export const emptyForm: EndpointForm = {
  address: "",
  name: "",
  username: "",
  password: "",
  anonymous: false,
  plainHttp: false,
  insecureSkipVerify: false,
  caFile: "",
  connections: 8,
  adaptive: true,
  bandwidth: null,
  trustedTokenHosts: "",
  readOnly: false,
};

export interface ReadForm {
  readonly address: ParsedAddress;
  /** Undefined while something is missing or wrong, and for an archive. */
  readonly settings: EndpointInput | undefined;
  /** An archive to be unpacked. */
  readonly archive: string | undefined;
  readonly credential: CredentialInput | undefined;
  readonly errors: {
    readonly address?: string;
    readonly credential?: string;
    readonly caFile?: string;
    readonly trustedTokenHosts?: string;
  };
}

/** What each group of the form's fields is given. */
export interface FieldsProps {
  readonly values: EndpointForm;
  readonly read: ReadForm;
  readonly onChange: (values: EndpointForm) => void;
}

export function readForm(form: EndpointForm): ReadForm {
  const address = parseAddress(form.address);
  const nothing = { address, settings: undefined, archive: undefined, credential: undefined, errors: {} };
  switch (address.kind) {
    case "empty":
      return nothing;
    case "invalid":
      return { ...nothing, errors: { address: address.text } };
    case "archive":
      return { ...nothing, archive: address.path };
    case "layout":
      return { ...nothing, settings: { kind: "layout", path: address.path, ...readOnlyOf(form) } };
    case "registry":
      return { ...nothing, ...readRegistry(form, address) };
  }
}

function readRegistry(
  form: EndpointForm,
  address: ParsedAddress & { readonly kind: "registry" },
): Pick<ReadForm, "settings" | "credential" | "errors"> {
  const errors = errorsOf(form);
  const caFile = form.caFile.trim();
  const credential =
    form.username === "" || form.password === ""
      ? undefined
      : { username: form.username, password: form.password };
  if (Object.keys(errors).length > 0) return { settings: undefined, credential, errors };
  return {
    errors,
    credential,
    settings: {
      kind: "registry",
      host: address.host,
      plainHttp: form.plainHttp ? "always" : address.plainHttp,
      insecureSkipVerify: form.insecureSkipVerify,
      ...(caFile === "" ? {} : { caFile }),
      trustedTokenHosts: [...hostsIn(form.trustedTokenHosts)],
      connections: form.connections,
      adaptive: form.adaptive,
      bandwidth: form.bandwidth,
      ...(form.anonymous ? { anonymous: true } : {}),
      ...readOnlyOf(form),
    },
  };
}

function readOnlyOf({ readOnly }: EndpointForm): { readonly readOnly?: true } {
  return readOnly ? { readOnly } : {};
}

function errorsOf(form: EndpointForm): ReadForm["errors"] {
  const half = (form.username === "") !== (form.password === "");
  const wrongHost = hostsIn(form.trustedTokenHosts).find((host) => !isHost(host));
  return {
    ...(half ? { credential: registriesText.credentialHalf } : {}),
    ...(form.caFile.trim() === "" || isAbsolutePath(form.caFile)
      ? {}
      : { caFile: registriesText.pathInvalid }),
    ...(wrongHost === undefined ? {} : { trustedTokenHosts: registriesText.hostInvalid(wrongHost) }),
  };
}

function hostsIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((host) => host !== "");
}

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

/** A saved endpoint as the form shows it. Its password stays where it lies. */
export function formOf({ name, settings }: Endpoint): EndpointForm {
  const common = { ...emptyForm, name, readOnly: settings.readOnly === true };
  if (settings.kind !== "registry") return { ...common, address: settings.path };
  return {
    ...common,
    // The scheme is kept where it says more than the checkbox does.
    address: settings.plainHttp === "never" ? `https://${settings.host}` : endpointAddress(settings),
    plainHttp: settings.plainHttp === "always",
    insecureSkipVerify: settings.insecureSkipVerify,
    caFile: settings.caFile ?? "",
    connections: settings.connections,
    adaptive: settings.adaptive !== false,
    bandwidth: settings.bandwidth ?? null,
    trustedTokenHosts: settings.trustedTokenHosts.join(", "),
    anonymous: settings.anonymous === true,
  };
}

/** How many of the settings behind the disclosure differ from what is usual. */
export function advancedCount(form: EndpointForm): number {
  const keys = [
    "anonymous",
    "plainHttp",
    "insecureSkipVerify",
    "caFile",
    "connections",
    "adaptive",
    "bandwidth",
    "trustedTokenHosts",
    "readOnly",
  ] as const;
  return keys.filter((key) => form[key] !== emptyForm[key]).length;
}
