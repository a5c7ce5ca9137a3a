// Reads the form of an endpoint: the settings and sign-ins that it stands for, or why it stands for none.
import {
  type CredentialChoice,
  type CredentialInput,
  credentialChoiceSchema,
  publicKeyPinSchema,
  registrySettingsSchema,
} from "../../../shared/endpoint.ts";
import { isHost } from "../../../shared/reference.ts";
import type { EndpointInput } from "../../state/registries.ts";
import { registriesText } from "../../text/registries.ts";
import { formText, signInText } from "../../text/registry-form.ts";
import type { EndpointForm } from "./endpoint-form.ts";
import { isAbsolutePath, type ParsedAddress, parseAddress } from "./parse-address.ts";

type FormErrors = Readonly<Partial<Record<keyof EndpointForm | "credential" | "proxySignIn", string>>>;

export interface ReadForm {
  readonly address: ParsedAddress;
  /** Undefined while something is missing or wrong. */
  readonly settings: EndpointInput | undefined;
  /** An archive to be looked at before it is taken. */
  readonly archive: string | undefined;
  readonly credential: CredentialInput | undefined;
  readonly remember: boolean;
  /** Entered anew for the proxy. */
  readonly proxyCredential: CredentialInput | undefined;
  readonly errors: FormErrors;
}

/** What each group of the form's fields is given. */
export interface FieldsProps {
  readonly values: EndpointForm;
  readonly read: ReadForm;
  readonly onChange: (values: EndpointForm) => void;
}

export function readForm(form: EndpointForm): ReadForm {
  const address = parseAddress(form.address);
  const nothing: ReadForm = {
    address,
    settings: undefined,
    archive: undefined,
    credential: undefined,
    remember: form.remember,
    proxyCredential: undefined,
    errors: {},
  };
  switch (address.kind) {
    case "empty":
      return nothing;
    case "invalid":
      return { ...nothing, errors: { address: address.text } };
    case "archive":
      return { ...nothing, ...readArchive(form, address.path) };
    case "layout":
      return { ...nothing, settings: { kind: "layout", path: address.path, ...readOnlyOf(form) } };
    case "registry":
      return { ...nothing, ...readRegistry(form, address) };
  }
}

function readArchive(form: EndpointForm, path: string): Pick<ReadForm, "settings" | "archive"> {
  const format = form.archiveFormat === "automatic" ? {} : { format: form.archiveFormat };
  const reading = form.archiveUse === "read";
  return {
    archive: reading ? path : undefined,
    settings: { kind: "archive", path, ...format, ...(reading ? { readOnly: true } : {}) },
  };
}

function readRegistry(
  form: EndpointForm,
  address: ParsedAddress & { readonly kind: "registry" },
): Pick<ReadForm, "settings" | "credential" | "proxyCredential" | "errors"> {
  const errors = errorsOf(form);
  const credential = takesPassword(form) ? pairOf(form.username, form.password) : undefined;
  if (Object.keys(errors).length > 0)
    return { settings: undefined, credential, proxyCredential: undefined, errors };
  return {
    errors,
    credential,
    proxyCredential: form.proxyUse === "own" ? pairOf(form.proxyUser, form.proxyPassword) : undefined,
    settings: {
      kind: "registry",
      host: address.host,
      plainHttp: form.plainHttp ? "always" : address.plainHttp,
      ...tlsOf(form),
      ...providerOf(form),
      ...networkOf(form),
      trustedTokenHosts: [...partsOf(form.trustedTokenHosts)],
      connections: form.connections,
      adaptive: form.adaptive,
      bandwidth: form.bandwidth,
      ...signInOf(form),
      ...readOnlyOf(form),
    },
  };
}

type RegistryInput = Partial<EndpointInput & { readonly kind: "registry" }>;

function tlsOf(form: EndpointForm): Pick<RegistryInput, "insecureSkipVerify"> & RegistryInput {
  const pins = partsOf(form.pins);
  return {
    insecureSkipVerify: form.insecureSkipVerify,
    ...textAs("caFile", form.caFile),
    ...textAs("clientCertFile", form.clientCertFile),
    ...textAs("clientKeyFile", form.clientKeyFile),
    ...(form.tls13Only ? { tls13Only: true } : {}),
    ...(pins.length === 0 ? {} : { pins: [...pins] }),
  };
}

function providerOf(form: EndpointForm): RegistryInput {
  return {
    ...(form.provider === "automatic" ? {} : { provider: form.provider }),
    ...textAs("apiUrl", form.apiUrl),
    ...(form.createRepositories ? {} : { createRepositories: false }),
  };
}

function networkOf(form: EndpointForm): RegistryInput {
  const own = form.proxyUse === "own";
  return {
    ...(form.proxyUse === "none" ? { proxy: "none" } : own ? { proxy: form.proxy.trim() } : {}),
    // What is entered anew is said by the engine once it is kept.
    ...(own && form.proxySignIn ? { proxySignIn: true } : {}),
    ...(form.mirrors.length === 0 ? {} : { mirrors: [...form.mirrors] }),
  };
}

function signInOf(form: EndpointForm): RegistryInput {
  if (form.signIn === "anonymous") return { anonymous: true };
  const { success, data } = credentialChoiceSchema.safeParse(choiceOf(form));
  return !success || data.from === "automatic" ? {} : { credential: data };
}

/** As it stands in the form; what is wrong with it is said by its schema. */
function choiceOf(form: EndpointForm): CredentialChoice {
  switch (form.signIn) {
    case "automatic":
    case "anonymous":
      return { from: "automatic" };
    case "saved":
    case "docker-config":
      return { from: form.signIn };
    case "podman":
      return { from: "podman", ...textAs("namespace", form.namespace) };
    case "helper":
      return { from: "helper", name: form.helper.trim() };
    case "environment":
      return {
        from: "environment",
        username: form.userVariable.trim(),
        password: form.passwordVariable.trim(),
      };
    case "cloud":
      return {
        from: "cloud",
        ...textAs("profile", form.profile),
        ...textAs("keyFile", form.keyFile),
        ...textAs("tenant", form.tenant),
        ...textAs("client", form.client),
      };
  }
}

/** True where a user name and a password are asked for. */
export function takesPassword({ signIn }: Pick<EndpointForm, "signIn">): boolean {
  return signIn === "automatic" || signIn === "saved";
}

function pairOf(username: string, password: string): CredentialInput | undefined {
  return username === "" || password === "" ? undefined : { username, password };
}

function textAs<K extends string>(key: K, value: string): { readonly [key in K]?: string } {
  const text = value.trim();
  return text === "" ? {} : ({ [key]: text } as { readonly [key in K]: string });
}

function readOnlyOf({ readOnly }: EndpointForm): { readonly readOnly?: true } {
  return readOnly ? { readOnly } : {};
}

/** Names and pins, separated by commas or spaces. */
function partsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((part) => part !== "");
}

function errorsOf(form: EndpointForm): FormErrors {
  const wrongHost = partsOf(form.trustedTokenHosts).find((host) => !isHost(host));
  return {
    ...signInErrors(form),
    ...fileErrors(form),
    ...networkErrors(form),
    ...(wrongHost === undefined ? {} : { trustedTokenHosts: registriesText.hostInvalid(wrongHost) }),
  };
}

function signInErrors(form: EndpointForm): FormErrors {
  if (takesPassword(form))
    return isHalf(form.username, form.password) ? { credential: registriesText.credentialHalf } : {};
  const { error } = credentialChoiceSchema.safeParse(choiceOf(form));
  const wrong = new Set(error?.issues.map(({ path }) => path[0]));
  return {
    ...(wrong.has("name") ? { helper: signInText.helperInvalid } : {}),
    ...(wrong.has("username") ? { userVariable: signInText.variableInvalid } : {}),
    ...(wrong.has("password") ? { passwordVariable: signInText.variableInvalid } : {}),
    ...(form.signIn === "cloud" ? pathError("keyFile", form.keyFile) : {}),
  };
}

function fileErrors(form: EndpointForm): FormErrors {
  const wrongPin = partsOf(form.pins).find((pin) => !publicKeyPinSchema.safeParse(pin).success);
  return {
    ...(isHalf(form.clientCertFile.trim(), form.clientKeyFile.trim())
      ? { clientKeyFile: formText.clientHalf }
      : {}),
    ...pathError("caFile", form.caFile),
    ...pathError("clientCertFile", form.clientCertFile),
    ...pathError("clientKeyFile", form.clientKeyFile),
    ...(wrongPin === undefined ? {} : { pins: formText.pinsInvalid(wrongPin) }),
  };
}

function networkErrors(form: EndpointForm): FormErrors {
  const { proxy, apiUrl } = registrySettingsSchema.shape;
  const own = form.proxyUse === "own";
  const written = form.proxy.trim();
  const badProxy = own && (!proxy.safeParse(written).success || !isBareUrl(written));
  const api = form.apiUrl.trim();
  return {
    ...(badProxy ? { proxy: formText.proxyInvalid } : {}),
    ...(own && isHalf(form.proxyUser, form.proxyPassword) ? { proxyPassword: formText.proxyHalf } : {}),
    ...(api !== "" && !apiUrl.safeParse(api).success ? { apiUrl: formText.urlInvalid } : {}),
  };
}

/** A proxy's user name and password are secrets, and have fields of their own. */
function isBareUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === "" && password === "";
}

function isHalf(one: string, other: string): boolean {
  return (one === "") !== (other === "");
}

function pathError(key: keyof EndpointForm, path: string): FormErrors {
  return path.trim() === "" || isAbsolutePath(path) ? {} : { [key]: registriesText.pathInvalid };
}
