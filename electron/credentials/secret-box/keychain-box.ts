// Secrets that the operating system's keychain encrypts; the ciphertext lies in the program's own database.
import { boxError, checkCount, checkSecrets, type MovableBox, type Secrets } from "./secret-box.ts";

/** What the desktop's keychain can do. */
export interface SecretCipher {
  /** One sentence where it protects nothing here; undefined where it does. */
  problem(): Promise<string | undefined>;
  /** @throws FreightlinerError `locked` where the keychain cannot be had for now. */
  encrypt(text: string): Promise<Uint8Array>;
  /**
   * `renew` = its key has changed, and it should be sealed anew.
   * @throws FreightlinerError `locked` where the keychain cannot be had for now; `configuration` where it is not its own.
   */
  decrypt(sealed: Uint8Array): Promise<{ readonly text: string; readonly renew: boolean }>;
}

/** Where the ciphertext lies. */
export interface SealedStore {
  keys(): readonly string[];
  get(key: string): Uint8Array | undefined;
  /** All of them, or none. */
  setAll(sealed: ReadonlyMap<string, Uint8Array>): void;
  remove(key: string): void;
}

export class KeychainBox implements MovableBox {
  readonly place = "keychain";
  readonly locked = false;
  readonly #cipher: SecretCipher | undefined;
  readonly #store: SealedStore;
  #problem: string | null;

  /** @param cipher undefined where the program runs without a desktop around it. */
  constructor(cipher: SecretCipher | undefined, store: SealedStore) {
    this.#cipher = cipher;
    this.#store = store;
    this.#problem = cipher === undefined ? onlyDesktop : null;
  }

  /** As `look` found it last. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Asks the keychain whether it protects anything. */
  async look(): Promise<void> {
    if (this.#cipher !== undefined) this.#problem = (await this.#cipher.problem()) ?? null;
  }

  keys(): readonly string[] {
    return this.#store.keys();
  }

  async get(key: string, signal: AbortSignal): Promise<string | undefined> {
    signal.throwIfAborted();
    const sealed = this.#store.get(key);
    if (sealed === undefined) return undefined;
    const { text, renew } = await unlessAborted(this.#usable().decrypt(sealed), signal);
    if (renew) {
      const anew = await unlessAborted(this.#usable().encrypt(text), signal);
      // Only where nobody replaced it meanwhile.
      const current = this.#store.get(key);
      if (current !== undefined && Buffer.compare(current, sealed) === 0)
        this.#store.setAll(new Map([[key, anew]]));
    }
    return text;
  }

  async set(key: string, secret: string, signal: AbortSignal): Promise<void> {
    await this.setAll(new Map([[key, secret]]), signal);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#store.remove(key);
  }

  async all(signal: AbortSignal): Promise<Secrets> {
    const secrets = new Map<string, string>();
    for (const key of this.keys()) {
      const secret = await this.get(key, signal);
      if (secret !== undefined) secrets.set(key, secret);
    }
    return secrets;
  }

  async setAll(secrets: Secrets, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    checkSecrets(secrets);
    checkCount(new Set([...this.keys(), ...secrets.keys()]).size);
    const sealed = new Map<string, Uint8Array>();
    for (const [key, secret] of secrets)
      sealed.set(key, await unlessAborted(this.#usable().encrypt(secret), signal));
    this.#store.setAll(sealed);
  }

  async destroy(): Promise<void> {
    for (const key of this.keys()) this.#store.remove(key);
  }

  #usable(): SecretCipher {
    if (this.#cipher !== undefined && this.#problem === null) return this.#cipher;
    throw boxError("locked", "open-keychain", this.#problem ?? onlyDesktop);
  }
}

const onlyDesktop =
  "Only the desktop program can use the system's keychain; passwords that it keeps there can be used here, too, once they are moved into the vault.";

/** A keychain may ask the person first, for as long as it takes them. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
