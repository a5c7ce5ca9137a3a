// Secrets in this process's memory only: gone when it ends.
import { checkCount, checkSecrets, type MovableBox, type Secrets } from "./secret-box.ts";

export class MemoryBox implements MovableBox {
  readonly place = "memory";
  readonly locked = false;
  readonly problem = null;
  readonly #secrets = new Map<string, string>();

  keys(): readonly string[] {
    return [...this.#secrets.keys()].sort();
  }

  async get(key: string, signal: AbortSignal): Promise<string | undefined> {
    signal.throwIfAborted();
    return this.#secrets.get(key);
  }

  async set(key: string, secret: string, signal: AbortSignal): Promise<void> {
    await this.setAll(new Map([[key, secret]]), signal);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#secrets.delete(key);
  }

  async all(signal: AbortSignal): Promise<Secrets> {
    signal.throwIfAborted();
    return new Map(this.#secrets);
  }

  async setAll(secrets: Secrets, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    checkSecrets(secrets);
    checkCount(new Set([...this.#secrets.keys(), ...secrets.keys()]).size);
    for (const [key, secret] of secrets) this.#secrets.set(key, secret);
  }

  async destroy(): Promise<void> {
    this.#secrets.clear();
  }
}
