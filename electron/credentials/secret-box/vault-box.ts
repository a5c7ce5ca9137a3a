// Secrets in a file that a passphrase encrypts: locked until it is given, and again after a while without use.

import { FreightlinerError } from "../../../shared/errors.ts";
import { shortestPassphrase } from "../../../shared/secrets.ts";
import { boxError, checkCount, checkSecrets, type MovableBox, type Secrets } from "./secret-box.ts";
import { SecretFile } from "./secret-file.ts";
import {
  newVault,
  openSecret,
  openVault,
  parseVault,
  sealSecret,
  type Vault,
  vaultText,
} from "./vault-format.ts";

export interface VaultBoxOptions {
  readonly path: string;
  /** Milliseconds without use after which it locks itself; null = never. Asked whenever it was used. */
  readonly lockAfter: () => number | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** It was locked or opened. */
  readonly onChange: () => void;
  /** It was locked: who holds what it gave out is to forget that, too. */
  readonly onLocked: () => void;
}

interface Opened {
  readonly key: Buffer;
  /** Of the header that the key belongs to. */
  readonly salt: string;
}

export class VaultBox implements MovableBox {
  readonly place = "vault";
  readonly #options: VaultBoxOptions;
  readonly #file: SecretFile;
  #kept: { readonly stamp: string; readonly vault: Vault } | undefined;
  #opened: Opened | undefined;
  #usedAt = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: VaultBoxOptions) {
    this.#options = options;
    this.#file = new SecretFile(options.path);
  }

  /** False also where it cannot be told; `problem` says why. */
  get exists(): boolean {
    try {
      return this.#file.stamp() !== undefined;
    } catch {
      return false;
    }
  }

  get locked(): boolean {
    const vault = this.#readable();
    return vault !== undefined && this.#keyOf(vault) === undefined;
  }

  get problem(): string | null {
    try {
      return this.#read() === undefined
        ? `The vault ${this.#file.path} is not there; put a copy of it back, or choose the vault anew.`
        : null;
    } catch (thrown) {
      return messageOf(thrown);
    }
  }

  keys(): readonly string[] {
    return Object.keys(this.#readable()?.secrets ?? {}).sort();
  }

  async get(key: string, signal: AbortSignal): Promise<string | undefined> {
    signal.throwIfAborted();
    const vault = this.#read();
    if (vault === undefined || !Object.hasOwn(vault.secrets, key)) return undefined;
    return openSecret(this.#use(vault), vault, key);
  }

  async set(key: string, secret: string, signal: AbortSignal): Promise<void> {
    await this.setAll(new Map([[key, secret]]), signal);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    if (!this.keys().includes(key)) return;
    await this.#change(signal, async (vault) => {
      const { [key]: _, ...secrets } = vault.secrets;
      return { ...vault, secrets };
    });
  }

  async all(signal: AbortSignal): Promise<Secrets> {
    signal.throwIfAborted();
    const vault = this.#read();
    if (vault === undefined) return new Map();
    const key = this.#use(vault);
    return new Map(
      Object.keys(vault.secrets).map((name) => [name, openSecret(key, vault, name) ?? ""] as const),
    );
  }

  async setAll(secrets: Secrets, signal: AbortSignal): Promise<void> {
    checkSecrets(secrets);
    await this.#change(signal, async (vault) => {
      const key = this.#use(vault);
      const sealed = [...secrets].map(([name, secret]) => [name, sealSecret(key, vault, name, secret)]);
      const all = { ...vault.secrets, ...Object.fromEntries(sealed) };
      checkCount(Object.keys(all).length);
      return { ...vault, secrets: all };
    });
  }

  async destroy(signal: AbortSignal): Promise<void> {
    await this.#file.alone(signal, () => this.#file.delete());
    this.#kept = undefined;
    this.lock();
  }

  /**
   * Makes it with this passphrase, or opens the one that is there.
   * @throws FreightlinerError `usage` for a passphrase that is too short for a new one; `unauthorized` for a wrong one.
   */
  async make(passphrase: string, signal: AbortSignal): Promise<void> {
    if (this.#read() !== undefined) return this.unlock(passphrase, signal);
    checkPassphrase(passphrase);
    const { vault, key } = await newVault(passphrase);
    const isOurs = await this.#file.alone(signal, async () => {
      if (this.#read() !== undefined) return false;
      await this.#write(vault);
      return true;
    });
    if (isOurs) this.#open(key, vault);
    else await this.unlock(passphrase, signal);
  }

  /** @throws FreightlinerError `unauthorized` for a wrong passphrase; `not-found` where there is no vault; `configuration`, `io`. */
  async unlock(passphrase: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const vault = this.#read();
    if (vault === undefined)
      throw boxError("not-found", "unlock-vault", `There is no vault at ${this.#file.path}.`);
    const key = await openVault(vault, passphrase);
    if (key === undefined) throw wrongPassphrase();
    if (signal.aborted) {
      key.fill(0);
      throw signal.reason;
    }
    this.#open(key, vault);
  }

  /** Forgets the key, as far as a program can. */
  lock(): void {
    clearTimeout(this.#idle);
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    opened.key.fill(0);
    this.#options.onLocked();
    this.#options.onChange();
  }

  /** @throws FreightlinerError `unauthorized` for a wrong passphrase, `usage` for a next one that is too short; then nothing has changed. */
  async changePassphrase(passphrase: string, next: string, signal: AbortSignal): Promise<void> {
    checkPassphrase(next);
    const fresh = await newVault(next);
    let changed: Vault | undefined;
    await this.#change(signal, async (vault) => {
      const key = await openVault(vault, passphrase);
      if (key === undefined) throw wrongPassphrase();
      const secrets = Object.keys(vault.secrets).map((name) => {
        const secret = openSecret(key, vault, name) ?? "";
        return [name, sealSecret(fresh.key, fresh.vault, name, secret)];
      });
      key.fill(0);
      changed = { ...fresh.vault, secrets: Object.fromEntries(secrets) };
      return changed;
    });
    if (changed !== undefined) this.#open(fresh.key, changed);
  }

  /** The time without use begins anew. */
  touch(): void {
    if (this.#opened === undefined) return;
    this.#usedAt = this.#options.now();
    clearTimeout(this.#idle);
    const lockAfter = this.#options.lockAfter();
    if (lockAfter === null) return;
    this.#idle = setTimeout(() => this.lock(), lockAfter);
    this.#idle.unref();
  }

  #open(key: Buffer, vault: Vault): void {
    this.#opened?.key.fill(0);
    this.#opened = { key, salt: vault.kdf.salt };
    this.touch();
    this.#options.onChange();
  }

  /** @throws FreightlinerError `locked`. */
  #use(vault: Vault): Buffer {
    const key = this.#keyOf(vault);
    if (key === undefined)
      throw boxError(
        "locked",
        "open-vault",
        "The vault with the saved passwords is locked; unlock it with its passphrase.",
      );
    this.touch();
    return key;
  }

  #keyOf(vault: Vault): Buffer | undefined {
    const opened = this.#opened;
    // Another process chose a new passphrase: this key opens nothing any more.
    if (opened === undefined || opened.salt !== vault.kdf.salt) return undefined;
    const lockAfter = this.#options.lockAfter();
    // Timers stand still while the machine sleeps; the time since the last use does not.
    if (lockAfter === null || this.#options.now() - this.#usedAt < lockAfter) return opened.key;
    this.lock();
    return undefined;
  }

  async #change(signal: AbortSignal, next: (vault: Vault) => Promise<Vault>): Promise<void> {
    await this.#file.alone(signal, async () => {
      const vault = this.#read();
      if (vault === undefined)
        throw boxError("configuration", "save-secrets", this.problem ?? "There is no vault.");
      await this.#write(await next(vault));
    });
  }

  async #write(vault: Vault): Promise<void> {
    await this.#file.write(vaultText(vault));
  }

  #readable(): Vault | undefined {
    try {
      return this.#read();
    } catch {
      // `problem` says why.
      return undefined;
    }
  }

  /** Read again where another process changed it; undefined where there is none. */
  #read(): Vault | undefined {
    const stamp = this.#file.stamp();
    if (stamp === undefined) return undefined;
    if (this.#kept?.stamp === stamp) return this.#kept.vault;
    const text = this.#file.read();
    if (text === undefined) return undefined;
    const vault = parseVault(text, this.#file.path);
    this.#kept = { stamp, vault };
    return vault;
  }
}

/** S006: a short one is guessed, whatever stands behind it. */
function checkPassphrase(passphrase: string): void {
  if ([...passphrase].length < shortestPassphrase)
    throw boxError(
      "usage",
      "choose-passphrase",
      `The passphrase is too short; expected at least ${shortestPassphrase} characters.`,
    );
}

function wrongPassphrase(): FreightlinerError {
  return boxError("unauthorized", "unlock-vault", "That is not the vault's passphrase.");
}

function messageOf(thrown: unknown): string {
  return thrown instanceof FreightlinerError ? thrown.message : "It cannot be read.";
}
