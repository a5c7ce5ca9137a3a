// Credentials that were typed in: in this process's memory only, each bound to the host that it was typed in for.
import type { CredentialFacts, CredentialInput } from "../../shared/endpoint.ts";
import type { PasswordCredential } from "../engine/credential.ts";
import { type CredentialOwner, type Found, factsOf, type Source } from "./credential-source.ts";
import { assertPair } from "./password.ts";

interface Entered {
  readonly host: string;
  readonly credential: PasswordCredential;
}

export class EnteredCredentials implements Source {
  readonly kind = "entered";
  readonly #entered = new Map<string, Entered>();

  /** @throws FreightlinerError `usage` for a pair that is none. */
  enter(owner: CredentialOwner, { username, password }: CredentialInput): void {
    assertPair({ username, password });
    const credential = { kind: "password", username, password } as const;
    this.#entered.set(owner.id, { host: sameHost(owner.registry.host), credential });
  }

  forget(endpointId: string): void {
    this.#entered.delete(endpointId);
  }

  async find(owner: CredentialOwner): Promise<Found | undefined> {
    return this.#foundFor(owner);
  }

  look(owner: CredentialOwner): CredentialFacts | undefined {
    const found = this.#foundFor(owner);
    return found === undefined ? undefined : factsOf(found);
  }

  /** A password never goes to another host than the one that it was typed in for. */
  #foundFor({ id, registry }: CredentialOwner): Found | undefined {
    const entered = this.#entered.get(id);
    if (entered === undefined || entered.host !== sameHost(registry.host)) return undefined;
    return { credential: entered.credential, source: "entered", place: memoryPlace };
  }
}

export const memoryPlace = "this program's memory, until it ends";

/** By which two spellings of a host are one. */
export function sameHost(host: string): string {
  return host.toLowerCase();
}
