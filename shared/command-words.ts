// Words of the command line for what is saved: registries, folders, images and how they are connected to. Never a secret.
import { type EndpointSettings, endpointAddress, transportOf } from "./endpoint.ts";
import { joinReference } from "./reference.ts";

/** Quotes for a POSIX shell; plain words stay as they are. zsh takes "=word" for the path of a command. */
export function shellWord(text: string): string {
  return /^(?!=)[A-Za-z0-9_./:@=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function endpointWord(settings: EndpointSettings): string {
  const address = endpointAddress(settings);
  const transport = transportOf(settings);
  return transport === undefined ? address : `${transport}:${address}`;
}

export function imageWord(settings: EndpointSettings, repository: string, reference: string): string {
  const behind = settings.kind === "registry" ? "/" : ":";
  return `${endpointWord(settings)}${behind}${joinReference(repository, reference)}`;
}

/** What would end the name, make it an option or a place on disk, or not be a line. */
const notInWords = /\/|^-|^(?:oci|oci-archive|docker-archive):|\p{Cc}/u;

/**
 * An image of a saved registry by the registry's name: all that is saved of it counts, sign-in, pins and proxy with it.
 * Undefined where the name would not be read as this registry's.
 * @param names of everything that is saved.
 */
export function savedImageWord(
  name: string,
  names: readonly string[],
  { repository, reference }: { readonly repository: string; readonly reference: string },
): string | undefined {
  const word = `${name}/${joinReference(repository, reference)}`;
  const isOneOfAKind = names.filter((other) => other === name).length === 1;
  return isOneOfAKind && !notInWords.test(name) && !names.includes(word) ? word : undefined;
}

/**
 * The sign-in is none of them: a user name without its password is refused, and what is saved or in docker's configuration
 * is found by the host.
 */
export function connectionFlags(settings: EndpointSettings, side: "source" | "destination"): string[] {
  if (settings.kind !== "registry") return [];
  const { plainHttp, insecureSkipVerify, caFile, clientCertFile, clientKeyFile, proxy, provider } = settings;
  const before = `--${side}-`;
  const flags: string[] = [];
  const say = (name: string, value: string | undefined): void => {
    if (value !== undefined) flags.push(`${before}${name}`, value);
  };
  if (plainHttp === "always") flags.push(`${before}plain-http`);
  if (insecureSkipVerify) flags.push(`${before}insecure-skip-verify`);
  say("ca", caFile);
  say("client-cert", clientCertFile);
  say("client-key", clientKeyFile);
  say("proxy", proxy);
  say("kind", provider);
  return flags;
}
