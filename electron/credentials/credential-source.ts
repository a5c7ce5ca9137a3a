// What a place that credentials come from looks like to those who ask it, and whom it is asked for.
import type { CredentialFacts, CredentialSource, RegistrySettings } from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { Credential } from "../engine/credential.ts";
import type { CloudRegistry } from "./cloud/cloud-identity.ts";
import { endOfToken } from "./token-end.ts";

/** The settings of a registry that say where its credential is looked for. */
export type OwnerSettings = CloudRegistry & Pick<RegistrySettings, "credential" | "anonymous">;

/** The endpoint that a credential is looked for. */
export interface CredentialOwner {
  readonly id: string;
  readonly registry: OwnerSettings;
}

export interface Found {
  readonly credential: Credential;
  readonly source: CredentialSource;
  /** Where it lies, for people: a file, a helper, a variable. */
  readonly place: string;
}

export interface Source {
  readonly kind: CredentialSource;
  /**
   * Undefined where it holds nothing for the registry. What it throws is the answer: a weaker source is not asked instead.
   * @param refused the credential that the registry just turned down; what was kept of it is asked for anew.
   */
  find(owner: CredentialOwner, signal: AbortSignal, refused?: Credential): Promise<Found | undefined>;
  /** What is known without starting a program, asking a host or wanting a passphrase. Never throws. */
  look(owner: CredentialOwner): CredentialFacts | undefined;
}

export const noCredential: CredentialFacts = {
  source: "none",
  username: null,
  place: null,
  expiresAt: null,
  problem: null,
};

/** @param message never with anything of the secret. */
export function configurationError(message: string): FreightlinerError {
  return new FreightlinerError({ code: "configuration", operation: "read-credentials", message });
}

/** What faces are told of a credential that was found. */
export function factsOf({ credential, source, place }: Found): CredentialFacts {
  const username =
    credential.kind === "password" || credential.kind === "identity-token" ? credential.username : "";
  return {
    ...noCredential,
    source,
    place,
    username: username === "" ? null : username.slice(0, 1024),
    expiresAt: endOf(credential),
  };
}

function endOf(credential: Credential): number | null {
  if (credential.expiresAt !== undefined) return credential.expiresAt;
  return credential.kind === "password" ? null : (endOfToken(credential.token) ?? null);
}

/** What is told of a source that cannot be read. */
export function problemOf(source: CredentialSource, place: string | null, thrown: unknown): CredentialFacts {
  const text = thrown instanceof FreightlinerError ? thrown.message : "It cannot be read.";
  return { ...noCredential, source, place, problem: text };
}
