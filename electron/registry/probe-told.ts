// Answers of a probe, and what an error says of a capability.
import type { RegistryCapability } from "../../shared/endpoint.ts";
import type { FreightlinerError } from "../../shared/errors.ts";

export type CapabilityName = RegistryCapability["name"];
export type Told = Pick<RegistryCapability, "answer" | "text">;

export function notTested(text: string): Told {
  return { answer: "not-tested", text };
}

const refusals: ReadonlySet<string> = new Set([
  "unsupported",
  "forbidden",
  "unauthorized",
  "repository-unknown",
  "refused-by-registry",
  "tag-immutable",
]);

function isRefusal(error: FreightlinerError): boolean {
  return refusals.has(error.code);
}

/** What a registry refuses is a no; what went wrong says nothing of it. */
export function refusal(error: FreightlinerError): Told {
  return { answer: isRefusal(error) ? "no" : "unknown", text: error.message };
}

export function unclear(error: FreightlinerError): Told {
  return { answer: "unknown", text: error.message };
}

export function referrersTold(host: string, listed: boolean): Told {
  return listed
    ? { answer: "yes", text: `${host} lists signatures and other attachments of an image.` }
    : {
        answer: "no",
        text: `${host} keeps no list of attachments; signatures and others are found by their tags.`,
      };
}
