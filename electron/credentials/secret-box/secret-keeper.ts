// Where secrets are kept: the box that was chosen, the others that can be, and the way from one to another.
import { join } from "node:path";
import type { SecretPlace, SecretsStatus } from "../../../shared/secrets.ts";
import { ClearBox } from "./clear-box.ts";
import { KeychainBox, type SealedStore, type SecretCipher } from "./keychain-box.ts";
import { MemoryBox } from "./memory-box.ts";
import { type PassphraseSource, SourceOfPassphrase } from "./passphrase-source.ts";
import { boxError, type MovableBox, type SecretBox } from "./secret-box.ts";
import { VaultBox } from "./vault-box.ts";

/** What a person chose; undefined where nothing was. */
export interface SecretChoice {
  readonly place?: SecretPlace | undefined;
  /** Minutes; null = never. */
  readonly lockAfterMinutes?: number | null | undefined;
}

export interface SecretKeeperOptions {
  /** Data folder. */
  readonly home: string;
  /** The desktop's keychain, where there is a desktop around the program. */
  readonly cipher?: SecretCipher | undefined;
  readonly sealed: SealedStore;
  /** Kept for all processes of this data folder; read whenever it is needed. */
  readonly choice: { read(): SecretChoice; write(choice: SecretChoice): void };
  /** Where the vault's passphrase stands, for a program that nobody types it into. */
  readonly passphrase?: PassphraseSource | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What `status` tells is different. */
  readonly onChange: () => void;
  /** The vault was locked: who holds what it gave out is to forget that, too. */
  readonly onLocked: () => void;
}

export interface ChooseOptions {
  readonly place: SecretPlace;
  readonly passphrase?: string | undefined;
  readonly acceptClear: boolean;
}

/** Minutes without use after which a vault locks itself, where nothing was chosen. */
const defaultLockAfter = 15;

export class SecretKeeper implements SecretBox {
  readonly #options: SecretKeeperOptions;
  readonly #source: SourceOfPassphrase | undefined;
  readonly #keychain: KeychainBox;
  readonly #vault: VaultBox;
  readonly #boxes: Readonly<Record<SecretPlace, MovableBox>>;
  /** Locked by a person: a passphrase that stands somewhere does not open it again by itself. */
  #lockedByHand = false;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(options: SecretKeeperOptions) {
    const { home, cipher, sealed, passphrase, now } = options;
    this.#options = options;
    this.#source = passphrase === undefined ? undefined : new SourceOfPassphrase(passphrase);
    this.#keychain = new KeychainBox(cipher, sealed);
    this.#vault = new VaultBox({
      path: join(home, "vault.json"),
      lockAfter: () => {
        const minutes = this.#lockAfterMinutes;
        return minutes === null ? null : minutes * 60_000;
      },
      now,
      onChange: options.onChange,
      onLocked: options.onLocked,
    });
    this.#boxes = {
      keychain: this.#keychain,
      vault: this.#vault,
      memory: new MemoryBox(),
      clear: new ClearBox(join(home, "secrets.json")),
    };
  }

  /** Asks the keychain whether it protects anything; before the first use. */
  async open(): Promise<void> {
    await this.#keychain.look();
  }

  /** Forgets the vault's key. */
  close(): void {
    this.#vault.lock();
  }

  get place(): SecretPlace {
    const chosen = this.#options.choice.read().place;
    if (chosen !== undefined) return chosen;
    if (this.#vault.exists) return "vault";
    return this.#keychain.problem === null ? "keychain" : "memory";
  }

  get locked(): boolean {
    return this.#box.locked && !this.#opensItself;
  }

  get problem(): string | null {
    return this.#box.problem ?? (this.#box.locked ? (this.#source?.problem ?? null) : null);
  }

  keys(): readonly string[] {
    return this.#box.keys();
  }

  async get(key: string, signal: AbortSignal): Promise<string | undefined> {
    const box = this.#box;
    if (box.keys().includes(key)) await this.#openItself(signal);
    return box.get(key, signal);
  }

  async set(key: string, secret: string, signal: AbortSignal): Promise<void> {
    await this.#inTurn(async () => {
      await this.#openItself(signal);
      const { place } = this;
      // As if it had been chosen, for processes that would choose differently. First, so that none saves elsewhere.
      if (place !== "memory" && this.#options.choice.read().place === undefined)
        this.#options.choice.write({ ...this.#options.choice.read(), place });
      await this.#boxes[place].set(key, secret, signal);
    });
    this.#options.onChange();
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    await this.#inTurn(() => this.#box.remove(key, signal));
    this.#options.onChange();
  }

  /** True where what is saved can be read now; a keychain is asked. */
  async canRead(signal: AbortSignal): Promise<boolean> {
    const [key] = this.keys();
    if (this.problem !== null && this.#keychain.problem !== null) await this.#keychain.look();
    if (this.problem !== null || this.locked) return false;
    if (key === undefined) return true;
    try {
      await this.get(key, signal);
      return true;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      return false;
    }
  }

  async status(): Promise<SecretsStatus> {
    // A keyring that was not there may be by now.
    if (this.#keychain.problem !== null) await this.#keychain.look();
    const { place, locked, problem } = this;
    const keychainProblem = this.#keychain.problem;
    return {
      place,
      offered: [...(keychainProblem === null ? (["keychain"] as const) : []), "vault", "memory", "clear"],
      keychainProblem,
      locked,
      vaultExists: this.#vault.exists,
      lockAfterMinutes: this.#lockAfterMinutes,
      saved: problem === null ? this.keys().length : null,
      problem,
    };
  }

  /**
   * Takes every secret to another place, or none; then that place is chosen. Resolves with where they lay before.
   * @throws FreightlinerError `usage` for a place that cannot be chosen here, or is not accepted; what the boxes throw.
   */
  choose({ place, passphrase, acceptClear }: ChooseOptions, signal: AbortSignal): Promise<SecretPlace> {
    return this.#inTurn(async () => {
      const before = this.place;
      const hadVault = this.#vault.exists;
      if (place === "clear" && !acceptClear)
        throw boxError(
          "usage",
          "choose-secrets",
          "In clear, whoever can read the data folder can read the passwords; that has to be accepted explicitly.",
        );
      if (place === "keychain") await this.#checkKeychain();
      // Before the target is opened: the passphrase may be for the vault that they come from.
      const secrets = place === before ? undefined : await this.#secretsOf(before, signal);
      if (place === "vault") await this.#makeVault(passphrase, signal);
      try {
        if (secrets !== undefined && secrets.size > 0) await this.#boxes[place].setAll(secrets, signal);
      } catch (thrown) {
        // An empty vault would be taken for the one that was chosen.
        if (place === "vault" && !hadVault) await this.#vault.destroy(signal);
        throw thrown;
      }
      this.#options.choice.write({ ...this.#options.choice.read(), place });
      // From here on the new place holds whatever happens; that the old one could not be emptied is told.
      try {
        if (place !== before) await this.#boxes[before].destroy(signal);
      } finally {
        this.#options.onChange();
      }
      return before;
    });
  }

  /** @throws FreightlinerError `unauthorized` for a wrong passphrase; `not-found` without a vault. */
  async unlock(passphrase: string, signal: AbortSignal): Promise<void> {
    await this.#vault.unlock(passphrase, signal);
    this.#lockedByHand = false;
  }

  lock(): void {
    this.#lockedByHand = true;
    this.#vault.lock();
  }

  /** @throws FreightlinerError `unauthorized`, `usage`; then nothing has changed. */
  changePassphrase(passphrase: string, next: string, signal: AbortSignal): Promise<void> {
    return this.#inTurn(() => this.#vault.changePassphrase(passphrase, next, signal));
  }

  /** @param minutes null = never. */
  lockAfter(minutes: number | null): void {
    this.#options.choice.write({ ...this.#options.choice.read(), lockAfterMinutes: minutes });
    this.#vault.touch();
    this.#options.onChange();
  }

  get #box(): MovableBox {
    return this.#boxes[this.place];
  }

  get #lockAfterMinutes(): number | null {
    const { lockAfterMinutes } = this.#options.choice.read();
    return lockAfterMinutes === undefined ? defaultLockAfter : lockAfterMinutes;
  }

  /** The passphrase stands where the program can read it, and nothing spoke against it so far. */
  get #opensItself(): boolean {
    return this.#source !== undefined && !this.#lockedByHand && this.#source.problem === null;
  }

  async #openItself(signal: AbortSignal): Promise<void> {
    const source = this.#source;
    if (this.#box !== this.#vault || !this.#vault.locked || !this.#opensItself) return;
    await source?.use((passphrase) => this.#vault.unlock(passphrase, signal));
  }

  async #checkKeychain(): Promise<void> {
    await this.#keychain.look();
    if (this.#keychain.problem !== null) throw boxError("usage", "choose-secrets", this.#keychain.problem);
  }

  async #secretsOf(place: SecretPlace, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const box = this.#boxes[place];
    // A vault that is gone, or a keychain that is not there, has nothing that could be moved where nothing is saved.
    if (box.problem === null && box.keys().length === 0) return new Map();
    await this.#openItself(signal);
    return box.all(signal);
  }

  async #makeVault(passphrase: string | undefined, signal: AbortSignal): Promise<void> {
    if (passphrase !== undefined) await this.#vault.make(passphrase, signal);
    else if (this.#source !== undefined) await this.#source.use((given) => this.#vault.make(given, signal));
    else if (!this.#vault.exists || this.#vault.locked)
      throw boxError("usage", "choose-secrets", "A passphrase is expected to make or open the vault.");
    this.#lockedByHand = false;
  }

  /** One change after the other: a move must not miss what is saved meanwhile. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#changing.then(work);
    this.#changing = mine.catch(() => undefined);
    return mine;
  }
}
