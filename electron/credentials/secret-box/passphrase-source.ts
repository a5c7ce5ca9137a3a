// The vault's passphrase for a program that nobody types it into: a variable or a file, read when it is needed.
import { FreightlinerError } from "../../../shared/errors.ts";

export interface PassphraseSource {
  /** The variable or the file, to name it. */
  readonly name: string;
  /** @throws FreightlinerError `configuration` that names it. */
  read(): string;
}

export class SourceOfPassphrase {
  readonly #source: PassphraseSource;
  /** One sentence where what stands there was of no use; null before it was tried, and where it was. */
  problem: string | null = null;

  constructor(source: PassphraseSource) {
    this.#source = source;
  }

  /** @throws FreightlinerError `locked` where it does not open the vault; what else stands in the way. */
  async use(work: (passphrase: string) => Promise<void>): Promise<void> {
    try {
      await work(this.#source.read());
      this.problem = null;
    } catch (thrown) {
      if (!(thrown instanceof FreightlinerError)) throw thrown;
      if (thrown.code !== "unauthorized" && thrown.code !== "configuration") throw thrown;
      this.problem =
        thrown.code === "unauthorized"
          ? `The passphrase in ${this.#source.name} does not open the vault.`
          : thrown.message;
      throw new FreightlinerError({
        code: "locked",
        operation: "open-vault",
        message: this.problem,
        cause: thrown,
      });
    }
  }
}
