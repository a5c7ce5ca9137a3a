// Where a registry's sign-in comes from, in a sentence for people and as a document for programs.
import type { CredentialFacts, CredentialSource, Endpoint } from "../../shared/endpoint.ts";

const words: Readonly<Record<CredentialSource, string>> = {
  none: "no sign-in was found",
  entered: "entered for this command",
  saved: "saved",
  "docker-config": "from docker's configuration",
  "docker-helper": "from a credential helper",
  podman: "from podman's sign-ins",
  environment: "from the environment",
  cloud: "from the cloud's identity",
};

export function credentialLine({ source, username, place, expiresAt, problem }: CredentialFacts): string {
  const whose = username === null ? "" : ` as "${username}"`;
  const where = place === null || source === "entered" ? "" : ` (${place})`;
  const until = expiresAt === null ? "" : `, until ${new Date(expiresAt).toISOString()}`;
  const wrong = problem === null ? "" : `: ${problem}`;
  return `Credential: ${words[source]}${whose}${where}${until}${wrong}`;
}

export function credentialDocument({ credential }: Endpoint): object {
  const { source, username, place, expiresAt, problem } = credential;
  const ends = expiresAt === null ? null : new Date(expiresAt).toISOString();
  return { source, username, place, expires_at: ends, problem };
}
