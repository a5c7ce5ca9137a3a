// The words about one registry's details: what it can do, who signs in, which of its repositories were named by hand.
import type { CredentialFacts, CredentialSource, RegistryCapability } from "../../shared/endpoint.ts";
import { plural } from "./common.ts";
import { relativeTime } from "./times.ts";

export const capabilityWords: Readonly<Record<RegistryCapability["name"], string>> = {
  "sign-in": "Sign-in",
  catalog: "List repositories",
  pull: "Read",
  push: "Write",
  "create-repository": "Make a repository",
  mount: "Link layers that are there",
  "chunked-upload": "Upload in parts",
  "upload-status": "Go on with an upload",
  referrers: "Referrers API",
  delete: "Delete",
};

export const answerWords: Readonly<Record<RegistryCapability["answer"], string>> = {
  yes: "Yes",
  no: "No",
  unknown: "Not known",
  "not-tested": "Not tested",
};

export const detailsText = {
  capabilities: "What it can do",
  columns: { name: "Ability", answer: "Answer", text: "What was found" },
  neverProbed: "Not probed yet. A probe asks what it can do, without changing anything unless you allow it.",
  probed: "Probed",
  wroteTo: (repository: string): string => `with a small image in ${repository}`,
  wroteNothing: "without writing anything",
  probe: "Probe…",
  probeAgain: "Probe again…",
  probeTitle: (name: string): string => `Probe ${name}`,
  probeLead: "Asks the registry what it can do, and keeps the answers with their date.",
  probeRepository: "Repository (optional)",
  probeRepositoryToWrite: "Repository to write to",
  probeRepositoryHint: "Rights differ by repository. Without a name, the first that is listed is looked at.",
  probeRepositoryInvalid: "Lower-case letters, digits and dashes, in parts like team/app.",
  probeWrite: "Try writing, too",
  probeWriteHint:
    "Changes the registry: a small image is pushed there and deleted again. What stays is said.",
  probeReadOnly: "This registry is set to read only: nothing is written there.",
  probeStart: "Probe",
  probeWriteStart: "Probe and write",
  probing: "Probing…",
  place: "Lies in",
  ends: "Ends",
  endsText: (at: number, now: number): string => relativeTime(at, now),
  ended: (at: number, now: number): string => `ended ${relativeTime(at, now)}`,
  renewed: "renewed by itself",
  askedAgain: "asked for again",
  enterAgain: "sign in again then",
  others: "Also at this host",
  showOther: (name: string): string => `Show ${name}`,
  named: "Named repositories",
  namedHint: "Names that were typed in. They are shown with what the registry lists.",
  forget: (name: string): string => `Forget ${name}`,
  forgetAll: "Forget all",
  forgotten: (count: number): string =>
    `${plural(count, "repository name was", "repository names were")} forgotten`,
  product: "Product",
  byHand: (name: string): string => `${name}, chosen by hand`,
  apiUrl: "API",
  tls13: "TLS",
  tls13Text: "1.3 only",
  client: "Client certificate",
  pins: "Accepted keys",
  proxy: "Proxy",
  noProxy: "None: directly",
  proxySignIn: (proxy: string): string => `${proxy}, with a sign-in`,
  mirrors: "Mirrors",
  repositories: "Missing repositories",
  notMade: "Not made",
} as const;

/** What becomes of a credential when it ends. */
export function renewalText(source: CredentialSource): string {
  if (source === "cloud") return detailsText.renewed;
  if (source === "docker-helper" || source === "docker-config" || source === "podman")
    return detailsText.askedAgain;
  return detailsText.enterAgain;
}

/** `in 2 hr., renewed by itself`. */
export function expiryText(expiresAt: number, source: CredentialFacts["source"], now: number): string {
  const when = expiresAt > now ? detailsText.endsText(expiresAt, now) : detailsText.ended(expiresAt, now);
  return `${when}, ${renewalText(source)}`;
}

/** What to do about a credential that cannot be had, by where it comes from. */
export function problemAdvice(source: CredentialSource): string {
  switch (source) {
    case "docker-helper":
      return "See that the helper is installed and on the PATH of this program, or sign in here with a password.";
    case "docker-config":
    case "podman":
      return "Repair the file, sign in anew with the program that it belongs to, or sign in here.";
    case "environment":
      return "Set both variables before this program starts, or sign in here.";
    case "cloud":
      return "Sign in with the cloud's own program, or choose another profile or key under Edit.";
    case "saved":
      return "See Settings, Passwords; or sign in again for as long as this program runs.";
    case "entered":
    case "none":
      return "Sign in again.";
  }
}
