// A saved endpoint as its form shows it. Its passwords stay where they lie.
import { type CredentialChoice, type Endpoint, endpointAddress } from "../../../shared/endpoint.ts";
import { type EndpointForm, emptyForm } from "./endpoint-form.ts";

export function formOf({ name, settings }: Pick<Endpoint, "name" | "settings">): EndpointForm {
  const common = { ...emptyForm, name, readOnly: settings.readOnly === true };
  if (settings.kind === "layout") return { ...common, address: settings.path };
  if (settings.kind === "archive")
    return {
      ...common,
      address: settings.path,
      archiveUse: settings.readOnly === true ? "read" : "write",
      archiveFormat: settings.format ?? "automatic",
    };
  const { proxy } = settings;
  return {
    ...common,
    // The scheme is kept where it says more than the checkbox does.
    address: settings.plainHttp === "never" ? `https://${settings.host}` : endpointAddress(settings),
    ...signInOf(settings.anonymous === true ? "anonymous" : settings.credential),
    provider: settings.provider ?? "automatic",
    apiUrl: settings.apiUrl ?? "",
    createRepositories: settings.createRepositories !== false,
    plainHttp: settings.plainHttp === "always",
    insecureSkipVerify: settings.insecureSkipVerify,
    caFile: settings.caFile ?? "",
    clientCertFile: settings.clientCertFile ?? "",
    clientKeyFile: settings.clientKeyFile ?? "",
    tls13Only: settings.tls13Only === true,
    pins: settings.pins?.join(" ") ?? "",
    proxyUse: proxy === undefined ? "environment" : proxy === "none" ? "none" : "own",
    proxy: proxy === undefined || proxy === "none" ? "" : proxy,
    proxySignIn: settings.proxySignIn === true,
    mirrors: settings.mirrors ?? [],
    connections: settings.connections,
    adaptive: settings.adaptive !== false,
    bandwidth: settings.bandwidth ?? null,
    trustedTokenHosts: settings.trustedTokenHosts.join(", "),
  };
}

function signInOf(choice: CredentialChoice | "anonymous" | undefined): Partial<EndpointForm> {
  if (choice === undefined) return {};
  if (choice === "anonymous") return { signIn: "anonymous" };
  switch (choice.from) {
    case "automatic":
    case "saved":
    case "docker-config":
      return { signIn: choice.from };
    case "podman":
      return { signIn: "podman", namespace: choice.namespace ?? "" };
    case "helper":
      return { signIn: "helper", helper: choice.name };
    case "environment":
      return { signIn: "environment", userVariable: choice.username, passwordVariable: choice.password };
    case "cloud":
      return {
        signIn: "cloud",
        profile: choice.profile ?? "",
        keyFile: choice.keyFile ?? "",
        tenant: choice.tenant ?? "",
        client: choice.client ?? "",
      };
  }
}
