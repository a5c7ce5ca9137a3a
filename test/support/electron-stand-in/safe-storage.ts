// Stand-in for Electron's safeStorage: the asynchronous half, with a keychain that can be missing, locked or changed.
import type { SafeStorage } from "electron";
import type { StandInApp } from "./app.ts";

type Used = Pick<
  SafeStorage,
  "isAsyncEncryptionAvailable" | "encryptStringAsync" | "decryptStringAsync" | "getSelectedStorageBackend"
>;

export class StandInSafeStorage implements Used {
  available = true;
  backend: ReturnType<SafeStorage["getSelectedStorageBackend"]> = "gnome_libsecret";
  /** `v11` is a keyring's key, `v10` on Linux the one that stands in Chromium's source. */
  tag = "v11";
  /** Another keychain cannot read what this one wrote. */
  key = 0x5a;
  locked = false;
  silent = false;
  renew = false;
  encrypted = 0;
  readonly #app: StandInApp;

  constructor(app: StandInApp) {
    this.#app = app;
  }

  async isAsyncEncryptionAvailable(): Promise<boolean> {
    await this.#answer();
    return this.available;
  }
  async encryptStringAsync(plainText: string): Promise<Buffer> {
    await this.#answer();
    if (this.locked)
      throw new Error("Error while encrypting the text: encryption is temporarily unavailable.");
    this.encrypted++;
    const bytes = Buffer.from(`ok${plainText}`).map((byte) => byte ^ this.key);
    return Buffer.concat([Buffer.from(this.tag), bytes]);
  }
  async decryptStringAsync(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    await this.#answer();
    if (this.locked)
      throw new Error("Error while decrypting the ciphertext: encryption is temporarily unavailable.");
    const text = Buffer.from(encrypted.subarray(3).map((byte) => byte ^ this.key)).toString();
    if (!text.startsWith("ok"))
      throw new Error("Error while decrypting the ciphertext provided to safeStorage.");
    return { result: text.slice(2), shouldReEncrypt: this.renew };
  }
  getSelectedStorageBackend(): ReturnType<SafeStorage["getSelectedStorageBackend"]> {
    return this.#app.isReady() ? this.backend : "unknown";
  }

  async #answer(): Promise<void> {
    if (!this.#app.isReady()) throw new Error("safeStorage cannot be used before app is ready");
    if (this.silent) await new Promise(() => {});
  }
}
