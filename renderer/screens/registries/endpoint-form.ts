// The add form as values: what was typed, and the settings it stands for or why it stands for none.
import type { CredentialInput } from "../../../shared/endpoint.ts";
import type { EndpointInput } from "../../state/registries.ts";
import { registriesText } from "../../text/registries.ts";
import { isAbsolutePath, parseAddress } from "./parse-address.ts";

export interface EndpointForm {
  readonly kind: "registry" | "layout";
  readonly address: string;
  readonly plainHttp: boolean;
  readonly path: string;
  readonly name: string;
  readonly username: string;
  readonly password: string;
}

export const emptyForm: EndpointForm = {
  kind: "registry",
  address: "",
  plainHttp: false,
  path: "",
  name: "",
  username: "",
  password: "",
};

export interface ReadForm {
  /** Undefined while something is missing or wrong. */
  readonly settings: EndpointInput | undefined;
  readonly credential: CredentialInput | undefined;
  readonly addressError: string | undefined;
  readonly pathError: string | undefined;
  readonly credentialError: string | undefined;
  /** The path of a pasted URL that is not part of the address. */
  readonly ignoredPath: string;
}

const fine = { addressError: undefined, pathError: undefined, credentialError: undefined, ignoredPath: "" };

export function readForm(form: EndpointForm): ReadForm {
  if (form.kind === "layout") {
    const path = form.path.trim();
    const good = isAbsolutePath(path);
    return {
      ...fine,
      settings: good ? { kind: "layout", path } : undefined,
      credential: undefined,
      pathError: path !== "" && !good ? registriesText.pathInvalid : undefined,
    };
  }
  const address = parseAddress(form.address);
  const half = (form.username === "") !== (form.password === "");
  const credential =
    form.username !== "" && form.password !== ""
      ? { username: form.username, password: form.password }
      : undefined;
  if (address.kind !== "registry")
    return {
      ...fine,
      settings: undefined,
      credential,
      addressError: address.kind === "invalid" ? address.text : undefined,
    };
  return {
    ...fine,
    settings: half
      ? undefined
      : {
          kind: "registry",
          host: address.host,
          plainHttp: form.plainHttp ? "always" : address.plainHttp,
        },
    credential,
    credentialError: half ? registriesText.credentialHalf : undefined,
    ignoredPath: address.ignoredPath,
  };
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
