// Writes a sign-in into docker's configuration as `docker login` does: with its credential helper, else into config.json.
import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { type FileHandle, mkdir, readFile, readlink, realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { CredentialInput } from "../../shared/endpoint.ts";
import { ioError, isMissing } from "../files/errors.ts";
import { withLock } from "../files/lock-file.ts";
import { replaceFile, sweepPartials } from "../files/replace-file.ts";
import { readEntry } from "./auth-entry.ts";
import {
  eraseWithHelper,
  type HelperPlace,
  type HelperQuestion,
  storeWithHelper,
} from "./credential-helper.ts";
import {
  type DockerConfig,
  helperFor,
  helperServer,
  isKeyOf,
  keyHost,
  parseDockerConfig,
} from "./docker-config.ts";
import { assertPair } from "./password.ts";

export interface DockerConfigWriterOptions extends HelperPlace {
  /** docker's config.json; it need not be there yet. */
  readonly file: string;
}

/** Where docker keeps a sign-in. */
export interface DockerPlace {
  readonly file: string;
  /** The helper that has it; undefined where it stands in the file, encoded and not encrypted. */
  readonly helper: string | undefined;
}

export interface DockerErased extends DockerPlace {
  /** Keys of sign-ins for a part of the host: they stay, and are taken for the whole of it. */
  readonly left: readonly string[];
}

type Entries = Readonly<Record<string, unknown>>;
/** Undefined where nothing is to be changed. */
type Change = (auths: Entries) => Entries | undefined;

const operation = "write-docker-config";

export class DockerConfigWriter {
  readonly #options: DockerConfigWriterOptions;

  constructor(options: DockerConfigWriterOptions) {
    this.#options = options;
  }

  /**
   * In the place of an earlier one for the host.
   * @throws FreightlinerError `usage` for a pair that is none, `configuration`, `io`, `busy`; or the signal's reason.
   */
  async store(host: string, credential: CredentialInput, signal: AbortSignal): Promise<DockerPlace> {
    assertPair(credential);
    const { username, password } = credential;
    const helper = await this.#helperFor(host);
    if (helper !== undefined)
      await storeWithHelper(this.#question(helper, host, signal), { username, secret: password });
    // The name alone says that the helper has something, as docker leaves it.
    const auth = Buffer.from(`${username}:${password}`, "utf8").toString("base64");
    const entry = helper === undefined ? { auth } : {};
    await this.#change(signal, (auths) => ({ ...without(auths, host), [helperServer(host)]: entry }));
    return { file: this.#options.file, helper };
  }

  /** Nothing where there is none. @throws as `store`. */
  async erase(host: string, signal: AbortSignal): Promise<DockerErased> {
    const helper = await this.#helperFor(host);
    if (helper !== undefined) await eraseWithHelper(this.#question(helper, host, signal));
    await this.#change(signal, (auths) => {
      const rest = without(auths, host);
      return Object.keys(rest).length < Object.keys(auths).length ? rest : undefined;
    });
    const after = await this.#read();
    return { file: this.#options.file, helper, left: after === undefined ? [] : signInsOn(after, host) };
  }

  #question(name: string, host: string, signal: AbortSignal): HelperQuestion {
    const { path, environment, deadlineMs } = this.#options;
    return { name, server: helperServer(host), path, environment, deadlineMs, signal };
  }

  async #helperFor(host: string): Promise<string | undefined> {
    const config = await this.#read();
    return config && helperFor(config, host);
  }

  async #read(): Promise<DockerConfig | undefined> {
    const { file } = this.#options;
    const text = await readIfThere(file);
    return text === undefined ? undefined : parseDockerConfig(text, file);
  }

  /** Read again under the lock: a helper may have asked its owner for a while. */
  async #change(signal: AbortSignal, change: Change): Promise<void> {
    const { file } = this.#options;
    const path = await placeOf(file);
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await withLock({ path: `${path}.freightliner-lock`, mode: 0o600, operation, signal }, async () => {
        const mark = `${path}.freightliner-`;
        await sweepPartials(mark);
        const text = await readIfThere(path);
        const next = changed(text, file, change);
        if (next === undefined) return;
        const before = await stat(path).catch(() => undefined);
        const beside = `${mark}${randomUUID()}.partial`;
        await replaceFile({ path, beside, mode: 0o600 }, async (handle) => {
          await handle.writeFile(next);
          await keepOwner(handle, before);
        });
      });
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      throw ioError(operation, path, thrown);
    }
  }
}

/** The text with other entries and nothing else changed; undefined where it stays as it is. */
function changed(text: string | undefined, file: string, change: Change): string | undefined {
  parseDockerConfig(text ?? "{}", file);
  // Not what was parsed: what docker and its plugins keep beside the entries, and in them, stays.
  const all = JSON.parse(text ?? "{}") as Entries;
  const auths = change((all.auths ?? {}) as Entries);
  if (auths === undefined) return undefined;
  const indent = /^\{\s*?\n([ \t]+)"/.exec(text ?? "")?.[1] ?? "\t";
  const end = text === undefined || text.endsWith("\n") ? "\n" : "";
  return `${JSON.stringify({ ...all, auths }, undefined, indent)}${end}`;
}

/** In every spelling that stands for the whole host. */
function without(auths: Entries, host: string): Entries {
  return Object.fromEntries(Object.entries(auths).filter(([key]) => !isKeyOf(key, host)));
}

/** A helper's marks hold none. */
function signInsOn({ auths }: DockerConfig, host: string): readonly string[] {
  return Object.entries(auths ?? {})
    .filter(([key, entry]) => keyHost(key) === keyHost(host) && readEntry(entry ?? {}).kind !== "empty")
    .map(([key]) => key);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw ioError(operation, path, thrown);
  }
}

/** The file itself where its name is a link, so that the link stays one; also where it leads to nothing yet. */
async function placeOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    const target = await readlink(file).catch(() => "");
    return resolve(dirname(file), target === "" ? file : target);
  }
}

/** With sudo it would become root's. */
async function keepOwner(handle: FileHandle, before: Stats | undefined): Promise<void> {
  const own = process.getuid?.();
  if (before !== undefined && own !== undefined && before.uid !== own)
    await handle.chown(before.uid, before.gid);
}
