// Credentials in the box of secrets, each bound to the host that it was entered for.
import { z } from "zod";
import { type CredentialFacts, type CredentialInput, credentialInputSchema } from "../../shared/endpoint.ts";
import type { SecretPlace } from "../../shared/secrets.ts";
import {
  type CredentialOwner,
  configurationError,
  type Found,
  noCredential,
  type Source,
} from "./credential-source.ts";
import { memoryPlace, sameHost } from "./entered-credentials.ts";
import { assertPair, pairProblem } from "./password.ts";
import type { SecretBox } from "./secret-box/secret-box.ts";

const savedSchema = credentialInputSchema.extend({ version: z.literal(1), host: z.string() });

export const placeNames: Readonly<Record<SecretPlace, string>> = {
  keychain: "the system's keychain",
  vault: "the vault",
  memory: memoryPlace,
  clear: "a file in clear",
};

/** Under which the credential of an endpoint is saved. */
export function secretKeyOf(endpointId: string): string {
  return `endpoint:${endpointId}`;
}

export class SavedCredentials implements Source {
  readonly kind = "saved";
  readonly #box: SecretBox;

  constructor(box: SecretBox) {
    this.#box = box;
  }

  /** @throws FreightlinerError `usage` for a pair that is none, and what the box throws: `locked`, `io`, `store`. */
  async save(
    owner: CredentialOwner,
    { username, password }: CredentialInput,
    signal: AbortSignal,
  ): Promise<void> {
    assertPair({ username, password });
    const saved = { version: 1, host: sameHost(owner.registry.host), username, password };
    await this.#box.set(secretKeyOf(owner.id), JSON.stringify(saved), signal);
  }

  /** @throws what the box throws; nothing where nothing is saved, though it is locked. */
  async forget(endpointId: string, signal: AbortSignal): Promise<void> {
    if (this.has(endpointId)) await this.#box.remove(secretKeyOf(endpointId), signal);
  }

  /** Also while the box is locked. */
  has(endpointId: string): boolean {
    return this.#box.keys().includes(secretKeyOf(endpointId));
  }

  async find(owner: CredentialOwner, signal: AbortSignal): Promise<Found | undefined> {
    // Registries without a saved sign-in never wait for a locked vault.
    if (!this.has(owner.id)) return undefined;
    const text = await this.#box.get(secretKeyOf(owner.id), signal);
    if (text === undefined) return undefined;
    const saved = parseSaved(text);
    if (saved === undefined)
      throw configurationError(
        `What is saved as the sign-in for ${owner.registry.host} cannot be read; sign in again.`,
      );
    if (saved.host !== sameHost(owner.registry.host)) return undefined;
    const { username, password } = saved;
    return { ...this.#words(), credential: { kind: "password", username, password } };
  }

  look(owner: CredentialOwner): CredentialFacts | undefined {
    if (!this.has(owner.id)) return undefined;
    const problem = this.#box.locked
      ? `${capital(placeNames[this.#box.place])} is locked.`
      : this.#box.problem;
    return { ...noCredential, ...this.#words(), problem };
  }

  #words(): Pick<Found, "source" | "place"> {
    const { place } = this.#box;
    // A box that forgets when the program ends has saved nothing.
    return { source: place === "memory" ? "entered" : "saved", place: placeNames[place] };
  }
}

function parseSaved(text: string): z.infer<typeof savedSchema> | undefined {
  try {
    const saved = savedSchema.safeParse(JSON.parse(text));
    return saved.success && pairProblem(saved.data) === undefined ? saved.data : undefined;
  } catch {
    // Not JSON. The parser's message would quote the secret.
    return undefined;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
