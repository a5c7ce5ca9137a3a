// Looks at what the program stands on, and says of each part in one sentence whether it is well and what to do.
import { constants } from "node:fs";
import { access, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Capabilities, Finding } from "../../shared/contract.ts";
import { type ErrorCode, toFreightlinerError } from "../../shared/errors.ts";
import { formatBytes } from "../../shared/units.ts";
import { helperProblem, helpersIn } from "../credentials/credential-helper.ts";
import { DockerConfigFile } from "../credentials/docker-config.ts";
import type { SecretKeeper } from "../credentials/secret-box/secret-keeper.ts";
import { errnoOf } from "../files/errors.ts";
import type { Store, StoredEndpoint } from "../store/store.ts";
import type { Config } from "./config.ts";
import type { EndpointPool } from "./endpoint-pool.ts";
import { nodeVersionProblem } from "./node-version.ts";

/** Bytes of free space below which something is wrong, and below which it soon may be. */
const tooLittleSpace = 100 * 1024 * 1024;
const littleSpace = 1024 * 1024 * 1024;
/** Milliseconds that one registry may take, and registries asked side by side. */
const registryLimit = 20_000;
const parallelRegistries = 4;
/** Names of parked rows that are told. */
const namedRows = 5;

export interface DoctorOptions {
  readonly store: Pick<Store, "endpoints" | "integrity" | "parked" | "quarantined" | "sqliteVersion">;
  readonly pool: Pick<EndpointPool, "get">;
  readonly secrets: Pick<SecretKeeper, "status" | "canRead">;
  readonly config: Pick<Config, "dockerConfigFile" | "podmanAuthFiles" | "helperPath">;
  readonly capabilities: Pick<Capabilities, "dataFolder" | "version">;
}

type Told = Omit<Finding, "name" | "subject">;

export class Doctor {
  readonly #options: DoctorOptions;

  constructor(options: DoctorOptions) {
    this.#options = options;
  }

  /** What fails is a finding, never an error. @throws the signal's reason. */
  async look(registries: boolean, signal: AbortSignal): Promise<Finding[]> {
    const findings: Finding[] = [
      ...(await this.#one("version", async () => this.#version())),
      ...(await this.#one("data-folder", () => this.#dataFolder())),
      ...(await this.#one("space", () => this.#space())),
      ...(await this.#one("database", async () => this.#database())),
      ...(await this.#one("secrets", () => this.#secrets(signal))),
      ...(await this.#one("helpers", async () => this.#helpers())),
      ...(registries ? await this.#registries(signal) : []),
    ];
    signal.throwIfAborted();
    return findings;
  }

  async #one(name: Finding["name"], look: () => Promise<Told>): Promise<Finding[]> {
    try {
      return [{ name, subject: null, ...(await look()) }];
    } catch (thrown) {
      const { code, message } = toFreightlinerError(thrown, "doctor");
      return [{ name, subject: null, ...failed(message, code) }];
    }
  }

  #version(): Told {
    const { version } = this.#options.capabilities;
    const problem = nodeVersionProblem(process.version);
    if (problem !== undefined) return failed(problem);
    const { electron } = process.versions;
    const around = electron === undefined ? "" : ` in Electron ${electron}`;
    return passed(
      `Freightliner ${version} on Node ${process.version}${around} with SQLite ${this.#options.store.sqliteVersion()}.`,
    );
  }

  async #dataFolder(): Promise<Told> {
    const folder = this.#options.capabilities.dataFolder;
    const probe = join(folder, `.doctor-${process.pid}`);
    try {
      await writeFile(probe, "", { flag: "wx", mode: 0o600 });
    } catch (thrown) {
      const why = errnoOf(thrown) ?? "unknown";
      return failed(`The data folder ${folder} cannot be written to (${why}); choose another with --home.`);
    } finally {
      await rm(probe, { force: true });
    }
    // Windows has no such modes; there the folder lies in the user's own profile.
    if (process.platform === "win32") return passed(`The data folder ${folder} can be written to.`);
    for (const name of ["vault.json", "secrets.json"]) {
      const file = join(folder, name);
      if (await isOpenToOthers(file))
        return failed(`Other users of this machine may read ${file}; run: chmod 600 ${file}`);
    }
    if (await isOpenToOthers(folder))
      return warning(`Other users of this machine may look into ${folder}; run: chmod 700 ${folder}`);
    return passed(`The data folder ${folder} can be written to, and only you can look into it.`);
  }

  async #space(): Promise<Told> {
    const { bavail, bsize } = await statfs(this.#options.capabilities.dataFolder);
    const free = bavail * bsize;
    const told = `${formatBytes(free)} are free where the data folder lies`;
    if (free < tooLittleSpace) return failed(`Only ${told}; make room, or transfers cannot be recorded.`);
    if (free < littleSpace) return warning(`Only ${told}; make room before it is full.`);
    return passed(`${told}.`);
  }

  #database(): Told {
    const { store } = this.#options;
    const found = store.integrity();
    if (found !== "ok")
      return failed(`The database is damaged (${found.slice(0, 200)}); put a backup back in Settings.`);
    if (store.quarantined !== null)
      return warning(
        `The database was damaged and was moved to ${store.quarantined}; put a backup back in Settings.`,
      );
    const rows = store.parked();
    if (rows.length === 0) return passed("The database is sound, and everything in it can be read.");
    const names = rows.slice(0, namedRows).map(({ table, id }) => `${table} ${id}`);
    const more = rows.length > namedRows ? ` and ${rows.length - namedRows} more` : "";
    return warning(
      `The database is sound, but what a newer version wrote cannot be read and is left alone: ${names.join(", ")}${more}; update Freightliner, or remove it there.`,
    );
  }

  async #secrets(signal: AbortSignal): Promise<Told> {
    const { secrets } = this.#options;
    const { place, locked, problem, saved, keychainProblem } = await secrets.status();
    const count = saved === null ? "" : saved === 1 ? " 1 is saved." : ` ${saved} are saved.`;
    if (problem !== null) return failed(problem);
    if (locked)
      return warning(
        `The vault is locked;${count} Unlock it with its passphrase, or name that in FREIGHTLINER_VAULT_PASSPHRASE_FILE.`,
      );
    if (!(await secrets.canRead(signal)))
      return failed(
        `What is saved in the ${place} cannot be read; unlock it, or remove the saved sign-ins and enter them anew.`,
      );
    switch (place) {
      case "keychain":
        return passed(`Passwords are kept in the system's keychain.${count}`);
      case "vault":
        return passed(`Passwords are kept in the vault, which is open.${count}`);
      case "clear":
        return warning(
          `Passwords are kept in clear, as it was chosen: who can read the data folder can read them.${count} Choose the vault to change that.`,
        );
      case "memory":
        return passed(
          `Passwords are kept in memory only and are gone when the program ends. ${keychainProblem ?? "Choose the keychain or the vault to save them."}`,
        );
    }
  }

  #helpers(): Told {
    const { dockerConfigFile, podmanAuthFiles, helperPath } = this.#options.config;
    const files = [...(dockerConfigFile === undefined ? [] : [dockerConfigFile]), ...podmanAuthFiles];
    const problems: string[] = [];
    const names = new Set<string>();
    for (const file of files) {
      try {
        const config = new DockerConfigFile(file).read();
        for (const name of config === undefined ? [] : helpersIn(config)) names.add(name);
      } catch (thrown) {
        problems.push(toFreightlinerError(thrown, "read-credentials").message);
      }
    }
    for (const name of names) {
      const problem = helperProblem(name, helperPath);
      if (problem !== undefined) problems.push(`${problem} Install it, or take its name out of the file.`);
    }
    if (problems.length > 0) return failed(problems.join(" "));
    if (names.size === 0) return passed("No credential helper is named in docker's or podman's files.");
    return passed(`Credential helpers are where they can be started: ${[...names].join(", ")}.`);
  }

  async #registries(signal: AbortSignal): Promise<Finding[]> {
    const saved = this.#options.store.endpoints
      .list()
      .filter(({ settings, sample, temporary }) => settings.kind === "registry" && !sample && !temporary);
    const findings: Finding[] = [];
    const queue = saved.entries();
    const worker = async (): Promise<void> => {
      for (const [at, endpoint] of queue) findings[at] = await this.#registry(endpoint, signal);
    };
    await Promise.all(Array.from({ length: parallelRegistries }, worker));
    return findings;
  }

  async #registry({ id, name }: StoredEndpoint, signal: AbortSignal): Promise<Finding> {
    const limit = AbortSignal.timeout(registryLimit);
    const told = (finding: Told): Finding => ({ name: "registry", subject: name, ...finding });
    try {
      const endpoint = await this.#options.pool.get(id);
      const steps = await endpoint.check(AbortSignal.any([signal, limit]));
      const bad = steps.find(({ outcome }) => outcome === "failed");
      if (bad === undefined) return told(passed("It answers and lets Freightliner in."));
      if (bad.error?.code === "locked")
        return told(
          warning("It was not tried: its password cannot be read for now. Unlock where it is saved."),
        );
      return told(failed(bad.text, bad.error?.code));
    } catch (thrown) {
      signal.throwIfAborted();
      if (limit.aborted)
        return told(failed(`It did not answer within ${registryLimit / 1000} seconds.`, "timeout"));
      const { code, message } = toFreightlinerError(thrown, "check");
      return told(failed(message, code));
    }
  }
}

const passed = (text: string): Told => ({ outcome: "passed", text });
const warning = (text: string): Told => ({ outcome: "warning", text });
const failed = (text: string, code?: ErrorCode): Told => ({
  outcome: "failed",
  text,
  ...(code === undefined ? {} : { code }),
});

/** False also for what is not there. */
async function isOpenToOthers(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return ((await stat(path)).mode & 0o077) !== 0;
  } catch {
    return false;
  }
}
