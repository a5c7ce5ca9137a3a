// A small file of secrets that only its owner reads: replaced whole or not at all, by one process at a time.
import { randomUUID } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { ioError, isMissing } from "../../files/errors.ts";
import { withLock } from "../../files/lock-file.ts";
import { flushFolder, replaceFile, sweepPartials } from "../../files/replace-file.ts";
import { boxError } from "./secret-box.ts";

const largestFile = 64 * 1024 * 1024;

export class SecretFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Differs whenever the file was replaced; undefined where there is none. @throws FreightlinerError `io`, `configuration`. */
  stamp(): string | undefined {
    try {
      const stat = statSync(this.path, { throwIfNoEntry: false, bigint: true });
      if (stat === undefined) return undefined;
      if (stat.isFile() && stat.size <= largestFile) return `${stat.ino}/${stat.size}/${stat.mtimeNs}`;
    } catch (thrown) {
      throw ioError("read-secrets", this.path, thrown);
    }
    throw boxError(
      "configuration",
      "read-secrets",
      `${this.path} is no plain file of at most ${largestFile} bytes.`,
    );
  }

  /** Undefined where there is none. @throws FreightlinerError `io`, `configuration`. */
  read(): string | undefined {
    if (this.stamp() === undefined) return undefined;
    try {
      return readFileSync(this.path, "utf8");
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw ioError("read-secrets", this.path, thrown);
    }
  }

  /** While `work` runs nobody else writes it, in any process. @throws FreightlinerError `busy`, `io`; the signal's reason. */
  alone<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const lock = { path: `${this.path}.lock`, mode: 0o600, operation: "lock-secrets", signal };
    return withLock(lock, work);
  }

  /** Only within `alone`. Resolves when it would survive a crash; one in the middle leaves the file as it was. */
  async write(text: string): Promise<void> {
    const beside = `${this.path}.${randomUUID()}.partial`;
    try {
      await sweepPartials(`${this.path}.`);
      await replaceFile({ path: this.path, beside, mode: 0o600 }, (handle) => handle.writeFile(text));
    } catch (thrown) {
      throw ioError("save-secrets", this.path, thrown);
    }
  }

  /** Only within `alone`. */
  async delete(): Promise<void> {
    try {
      await sweepPartials(`${this.path}.`);
      await rm(this.path, { force: true });
    } catch (thrown) {
      throw ioError("remove-secrets", this.path, thrown);
    }
    await flushFolder(dirname(this.path));
  }
}
