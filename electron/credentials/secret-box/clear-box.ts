// Secrets in a file that whoever can read the data folder can read; only where a person chose that.
import { z } from "zod";
import { FreightlinerError } from "../../../shared/errors.ts";
import { boxError, checkCount, checkSecrets, type MovableBox, type Secrets } from "./secret-box.ts";
import { SecretFile } from "./secret-file.ts";

const clearSchema = z.object({
  format: z.literal("freightliner-secrets-in-clear"),
  version: z.literal(1),
  secrets: z.record(z.string(), z.string()),
});

export class ClearBox implements MovableBox {
  readonly place = "clear";
  readonly locked = false;
  readonly #file: SecretFile;

  constructor(path: string) {
    this.#file = new SecretFile(path);
  }

  get problem(): string | null {
    try {
      this.#read();
      return null;
    } catch (thrown) {
      return thrown instanceof FreightlinerError ? thrown.message : "It cannot be read.";
    }
  }

  keys(): readonly string[] {
    try {
      return [...this.#read().keys()].sort();
    } catch {
      // `problem` says why.
      return [];
    }
  }

  async get(key: string, signal: AbortSignal): Promise<string | undefined> {
    signal.throwIfAborted();
    return this.#read().get(key);
  }

  async set(key: string, secret: string, signal: AbortSignal): Promise<void> {
    await this.setAll(new Map([[key, secret]]), signal);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    if (!this.keys().includes(key)) return;
    await this.#change(signal, (secrets) => secrets.delete(key));
  }

  async all(signal: AbortSignal): Promise<Secrets> {
    signal.throwIfAborted();
    return this.#read();
  }

  async setAll(secrets: Secrets, signal: AbortSignal): Promise<void> {
    checkSecrets(secrets);
    await this.#change(signal, (kept) => {
      for (const [key, secret] of secrets) kept.set(key, secret);
      checkCount(kept.size);
    });
  }

  async destroy(signal: AbortSignal): Promise<void> {
    await this.#file.alone(signal, () => this.#file.delete());
  }

  #change(signal: AbortSignal, change: (secrets: Map<string, string>) => void): Promise<void> {
    return this.#file.alone(signal, async () => {
      const secrets = this.#read();
      change(secrets);
      const content = {
        format: "freightliner-secrets-in-clear",
        version: 1,
        secrets: Object.fromEntries(secrets),
      };
      await this.#file.write(`${JSON.stringify(content, null, 2)}\n`);
    });
  }

  /** @throws FreightlinerError `configuration`, `io`; never with the file's content. */
  #read(): Map<string, string> {
    const text = this.#file.read();
    if (text === undefined) return new Map();
    try {
      return new Map(Object.entries(clearSchema.parse(JSON.parse(text)).secrets));
    } catch {
      // Without its cause, which may quote a secret.
      throw boxError(
        "configuration",
        "read-secrets",
        `${this.#file.path} is not the file of secrets that was expected there; put a copy of it back, or move it away.`,
      );
    }
  }
}
