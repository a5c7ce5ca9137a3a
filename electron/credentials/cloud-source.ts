// The identity of a cloud as a source of credentials.
import type { CredentialFacts } from "../../shared/endpoint.ts";
import type { Credential } from "../engine/credential.ts";
import type { CloudIdentities, CloudIdentity } from "./cloud/cloud-identity.ts";
import type { CredentialOwner, Found, Source } from "./credential-source.ts";

export class CloudSource implements Source {
  readonly kind = "cloud";
  readonly #identities: CloudIdentities;

  constructor(identities: CloudIdentities) {
    this.#identities = identities;
  }

  async find(owner: CredentialOwner, signal: AbortSignal, refused?: Credential): Promise<Found | undefined> {
    const identity = this.#identityOf(owner);
    if (identity === undefined) return undefined;
    const credential = await identity.get(signal, refused);
    if (credential === undefined) return undefined;
    return { credential, source: "cloud", place: identity.describe().place ?? "" };
  }

  look(owner: CredentialOwner): CredentialFacts | undefined {
    const identity = this.#identityOf(owner);
    return identity && { ...identity.describe(), source: "cloud" };
  }

  #identityOf(owner: CredentialOwner): CloudIdentity | undefined {
    return this.#identities.find(owner, owner.registry.credential);
  }
}
