// The settings of an endpoint as somebody enters them: beyond their shape, every name in them is one (blocker S009).
import { endpointSettingsSchema, type RegistrySettings } from "./endpoint.ts";
import { isHost, isRepositoryName } from "./reference.ts";

/** `host[:port]` with a port that there is. */
function isRegistryHost(text: string): boolean {
  return isHost(text) && Number(/:(\d+)$/.exec(text)?.[1] ?? 1) <= 65_535;
}

/** `host[:port]`, with or without a path of names behind it. */
function isLocation(text: string): boolean {
  const slash = text.indexOf("/");
  if (slash < 0) return isRegistryHost(text);
  return isRegistryHost(text.slice(0, slash)) && isRepositoryName(text.slice(slash + 1).replace(/\/$/, ""));
}

function* wrongNames(settings: RegistrySettings): Generator<readonly [path: string, expected: string]> {
  const { host, trustedTokenHosts, mirrors = [], credential } = settings;
  if (!isRegistryHost(host)) yield ["host", "host or host:port"];
  if (!trustedTokenHosts.every(isRegistryHost)) yield ["trustedTokenHosts", "host or host:port each"];
  if (!mirrors.every(({ location }) => isLocation(location)))
    yield ["mirrors", "host[:port][/path] as each location"];
  const namespace = credential !== undefined && "namespace" in credential ? credential.namespace : undefined;
  if (namespace !== undefined && !isRepositoryName(namespace))
    yield ["credential", "lower-case names with / between them as the namespace"];
}

/** What is kept already was judged when it came in; a stored endpoint must stay readable. */
export const endpointInputSchema = endpointSettingsSchema.superRefine((settings, context) => {
  if (settings.kind !== "registry") return;
  for (const [path, expected] of wrongNames(settings))
    context.addIssue({ code: "custom", path: [path], message: `expected ${expected}` });
});
