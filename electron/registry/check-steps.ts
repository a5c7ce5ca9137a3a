// The steps of a check beside its way in: how safe the connection is, and whether attachments are listed.
import { isIP } from "node:net";
import { parseDigest } from "../../shared/digest.ts";
import type { CheckStep } from "../../shared/endpoint.ts";
import { FreightlinerError, toFreightlinerError, toWire } from "../../shared/errors.ts";
import { bareHost, isLoopbackHost } from "./addresses.ts";
import type { RegistryClient } from "./client.ts";
import { addressesOf } from "./network/local-names.ts";
import { listReferrers } from "./referrers.ts";
import type { TlsFacts } from "./tls-facts.ts";

const day = 86_400_000;
/** A certificate that ends sooner is worth a warning; who renews by themselves do it 30 days before. */
const soon = 14;

/** How the registry is reached: the part of the transport that a check looks at. */
export interface Way {
  tlsFacts(base: URL, signal: AbortSignal): Promise<TlsFacts>;
  /** The proxy's address where there is one. */
  proxyFor(url: URL): string | undefined;
}

export interface TlsQuestion {
  readonly base: URL;
  readonly insecureSkipVerify: boolean;
  readonly way: Way;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export async function checkTls(question: TlsQuestion, signal: AbortSignal): Promise<CheckStep> {
  const { base, insecureSkipVerify, way, now } = question;
  const name = "tls";
  if (base.protocol === "http:") {
    if (isLoopbackHost(base.hostname))
      return { name, outcome: "passed", text: "Plain HTTP on this machine: nothing leaves it." };
    const text = "Plain HTTP: what is sent can be read and changed by anyone on the way.";
    return { name, outcome: "warning", text };
  }
  try {
    const { version, issuer, endsAt, pin } = await way.tlsFacts(base, signal);
    const key = pin === null ? {} : { pin };
    const days = Math.floor((endsAt - now) / day);
    const until = days < 0 ? "it ended" : `it ends in ${days === 1 ? "1 day" : `${days} days`}`;
    const facts = `${plainVersion(version)}, certificate by ${issuer}; ${until}.`;
    if (insecureSkipVerify)
      return {
        name,
        outcome: "warning",
        text: `${facts} It is not checked, as this registry's settings ask.`,
        ...key,
      };
    return { name, outcome: days < soon ? "warning" : "passed", text: facts, ...key };
  } catch {
    signal.throwIfAborted();
    // The registry answered over TLS a moment ago: only the look at its certificate failed.
    return {
      name,
      outcome: "passed",
      text: "The connection is encrypted; its certificate could not be read.",
    };
  }
}

/** Milliseconds; a name service that is slower than that is as good as none. */
const dnsMs = 10_000;
const shownAddresses = 3;

/** Behind a proxy the name is for that one to resolve, and is not asked for here. @param host `host[:port]`. */
export async function checkDns(
  host: string,
  proxy: string | undefined,
  signal: AbortSignal,
): Promise<CheckStep> {
  const name = "dns";
  if (proxy !== undefined)
    return { name, outcome: "skipped", text: `The name of ${host} is resolved by the proxy ${proxy}.` };
  const bare = bareHost(new URL(`https://${host}/`));
  if (isIP(bare) !== 0) return { name, outcome: "skipped", text: `${host} is an address, no name.` };
  try {
    const found = await within(addressesOf(bare), AbortSignal.any([signal, AbortSignal.timeout(dnsMs)]));
    const addresses = [...new Set(found.map(({ address }) => address))];
    const shown = addresses.slice(0, shownAddresses).join(", ");
    const more = addresses.length > shownAddresses ? ` and ${addresses.length - shownAddresses} more` : "";
    return { name, outcome: "passed", text: `${bare} is ${shown}${more}.` };
  } catch (cause) {
    signal.throwIfAborted();
    const error = new FreightlinerError({
      code: "unreachable",
      operation: "check",
      message: `No address is known for the name ${bare}; check how it is written, and the network.`,
      cause,
    });
    return { name, outcome: "failed", text: error.message, error: toWire(error) };
  }
}

/** The name service cannot be interrupted; whoever asked goes on. */
async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

export async function checkPull(
  repository: string | undefined,
  listTags: (repository: string, signal: AbortSignal) => AsyncIterable<readonly string[]>,
  signal: AbortSignal,
): Promise<CheckStep> {
  const name = "pull";
  if (repository === undefined)
    return { name, outcome: "skipped", text: "Whether reading is allowed depends on the repository." };
  try {
    for await (const page of listTags(repository, signal)) {
      const text = `${repository} may be read; its first tag is ${page[0]}.`;
      return { name, outcome: "passed", text };
    }
    return { name, outcome: "passed", text: `${repository} may be read; it has no tags.` };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toFreightlinerError(thrown, "check");
    return { name, outcome: "warning", text: error.message, error: toWire(error) };
  }
}

function plainVersion(version: string): string {
  return version.replace(/^TLSv/, "TLS ");
}

/** A digest that nothing has: a registry with the API answers with an empty list. */
const nothing = parseDigest(`sha256:${"0".repeat(64)}`, "A digest");

export async function checkReferrers(
  client: RegistryClient,
  repository: string | undefined,
  { host, deadlineMs }: { readonly host: string; readonly deadlineMs: number },
  signal: AbortSignal,
): Promise<CheckStep> {
  const name = "referrers";
  if (repository === undefined)
    return {
      name,
      outcome: "skipped",
      text: "Whether attachments are listed shows with the first repository.",
    };
  try {
    const listed = await listReferrers({ client, deadlineMs }, { repository, digest: nothing, signal });
    if (listed !== undefined)
      return { name, outcome: "passed", text: `${host} lists signatures and other attachments of an image.` };
    const text = `${host} keeps no list of attachments; signatures and others are found by their tags.`;
    return { name, outcome: "warning", text };
  } catch {
    signal.throwIfAborted();
    const text = `${host} did not say whether it lists attachments; they are looked for when images are copied.`;
    return { name, outcome: "skipped", text };
  }
}
