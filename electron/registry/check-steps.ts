// The steps of a check beside its way in: how safe the connection is, and whether attachments are listed.

import { parseDigest } from "../../shared/digest.ts";
import type { CheckStep } from "../../shared/endpoint.ts";
import { isLoopbackAddress } from "../../shared/reference.ts";
import type { RegistryClient } from "./client.ts";
import { listReferrers } from "./referrers.ts";
import { readTlsFacts } from "./tls-facts.ts";

const day = 86_400_000;
/** A certificate that ends sooner is worth a warning; who renews by themselves do it 30 days before. */
const soon = 14;

export interface TlsQuestion {
  readonly base: URL;
  readonly insecureSkipVerify: boolean;
  readonly deadlineMs: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export async function checkTls(question: TlsQuestion, signal: AbortSignal): Promise<CheckStep> {
  const { base, insecureSkipVerify, deadlineMs, now } = question;
  const name = "tls";
  if (base.protocol === "http:") {
    if (isLoopbackAddress(base.host))
      return { name, outcome: "passed", text: "Plain HTTP on this machine: nothing leaves it." };
    const text = "Plain HTTP: what is sent can be read and changed by anyone on the way.";
    return { name, outcome: "warning", text };
  }
  try {
    const { version, issuer, endsAt } = await readTlsFacts(base, deadlineMs, signal);
    const days = Math.floor((endsAt - now) / day);
    const until = days < 0 ? "it ended" : `it ends in ${days === 1 ? "1 day" : `${days} days`}`;
    const facts = `${plainVersion(version)}, certificate by ${issuer}; ${until}.`;
    if (insecureSkipVerify)
      return {
        name,
        outcome: "warning",
        text: `${facts} It is not checked, as this registry's settings ask.`,
      };
    return { name, outcome: days < soon ? "warning" : "passed", text: facts };
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
