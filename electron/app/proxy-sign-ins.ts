// User names and passwords for the proxies that registries' settings name: in memory or with the other secrets.
import { z } from "zod";
import { type CredentialInput, credentialInputSchema } from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { SecretBox } from "../credentials/secret-box/secret-box.ts";

const savedSchema = credentialInputSchema.extend({ version: z.literal(1), proxy: z.string() });
type Saved = z.infer<typeof savedSchema>;

/** Under which the sign-in for the proxy of an endpoint is saved. */
function keyOf(endpointId: string): string {
  return `proxy:${endpointId}`;
}

/** By which two spellings of a proxy are one. */
function sameProxy(proxy: string): string {
  return URL.canParse(proxy) ? new URL(proxy).origin : proxy;
}

export class ProxySignIns {
  readonly #box: SecretBox;
  readonly #entered = new Map<string, Saved>();

  constructor(box: SecretBox) {
    this.#box = box;
  }

  /**
   * Keeps one for the proxy, and for no other that the endpoint may get later.
   * @param remember false = in this process's memory only.
   * @throws what the box throws: `locked`, `io`, `store`; then nothing has changed.
   */
  async keep(
    endpointId: string,
    proxy: string,
    { username, password }: CredentialInput,
    { remember, signal }: { readonly remember: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const saved: Saved = { version: 1, proxy: sameProxy(proxy), username, password };
    if (!remember) {
      this.#entered.set(endpointId, saved);
      return;
    }
    await this.#box.set(keyOf(endpointId), JSON.stringify(saved), signal);
    this.#entered.delete(endpointId);
  }

  /** @throws what the box throws; nothing where nothing is saved, though it is locked. */
  async forget(endpointId: string, signal: AbortSignal): Promise<void> {
    if (this.#box.keys().includes(keyOf(endpointId))) await this.#box.remove(keyOf(endpointId), signal);
    this.#entered.delete(endpointId);
  }

  /** Undefined where none was given for this proxy. @throws what the box throws; `configuration` for what cannot be read. */
  async get(endpointId: string, proxy: string, signal: AbortSignal): Promise<CredentialInput | undefined> {
    const found = this.#entered.get(endpointId) ?? (await this.#saved(endpointId, signal));
    return found?.proxy === sameProxy(proxy) ? found : undefined;
  }

  async #saved(endpointId: string, signal: AbortSignal): Promise<Saved | undefined> {
    const key = keyOf(endpointId);
    if (!this.#box.keys().includes(key)) return undefined;
    const text = await this.#box.get(key, signal);
    if (text === undefined) return undefined;
    try {
      return savedSchema.parse(JSON.parse(text));
    } catch {
      // The cause would quote the secret.
      throw new FreightlinerError({
        code: "configuration",
        operation: "read-proxy-sign-in",
        message: "What is saved as the sign-in for the proxy cannot be read; enter it again.",
      });
    }
  }
}
