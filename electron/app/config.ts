// The only reader of the environment: where data lies, how much is logged, which files of the user are read.
import { closeSync, openSync, readSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { ageExpectation, parseAge } from "../../shared/amounts.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { PassphraseSource } from "../credentials/secret-box/passphrase-source.ts";
import { defaultBreaker } from "../engine/breaker.ts";
import { defaultTransfer, type TransferOptions } from "../engine/part-sizes.ts";
import { errnoOf } from "../files/errors.ts";
import type { Surroundings } from "../registry/network/surroundings.ts";
import type { LogLevel } from "./log.ts";
import { readSurroundings } from "./surroundings.ts";

export interface Config {
  /** Data folder: database, samples, logs. Absolute. */
  readonly home: string;
  readonly logLevel: LogLevel;
  /** docker's config.json, or undefined where it cannot be named. */
  readonly dockerConfigFile: string | undefined;
  /** podman's auth.json, in the places where it may lie. */
  readonly podmanAuthFiles: readonly string[];
  /** Where credential helpers are looked for. */
  readonly helperPath: string;
  /** All variables, secrets among them: for those who look for credentials, and the programs that they start. */
  readonly environment: NodeJS.ProcessEnv;
  /** A browser named by the user for the app window. */
  readonly browser: string | undefined;
  readonly colour: boolean;
  /** From which size on blobs go up in parts, and how large a part is at most: `FREIGHTLINER_PARTS_FROM`, `FREIGHTLINER_PART_SIZE`. */
  readonly transfer: TransferOptions;
  /** Milliseconds that a run waits for a host that nothing reaches any more: `FREIGHTLINER_RETRY_FOR`. */
  readonly retryFor: number;
  /** What opens the vault where nobody types it: `FREIGHTLINER_VAULT_PASSPHRASE`, `FREIGHTLINER_VAULT_PASSPHRASE_FILE`. */
  readonly vaultPassphrase: PassphraseSource | undefined;
  /** Proxies, certs.d folders and registries.conf files that count for this user. */
  readonly surroundings: Surroundings;
}

export interface ConfigOverrides {
  readonly home?: string | undefined;
  readonly logLevel?: string | undefined;
  /** Milliseconds. */
  readonly retryFor?: number | undefined;
  /** Comes before `FREIGHTLINER_VAULT_PASSPHRASE` and its file. */
  readonly vaultPassphraseFile?: string | undefined;
}

const logLevels: readonly LogLevel[] = ["debug", "info", "warn", "error"];

function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "Freightliner");
  if (platform === "win32") return join(env.APPDATA ?? join(homedir(), "AppData", "Roaming"), "Freightliner");
  return join(env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "freightliner");
}

/** https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md#description */
function podmanFiles(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly string[] {
  if (env.REGISTRY_AUTH_FILE) return [resolve(env.REGISTRY_AUTH_FILE)];
  const file = join("containers", "auth.json");
  const kept = join(env.XDG_CONFIG_HOME || join(homedir(), ".config"), file);
  if (platform !== "linux") return [kept];
  const runtime = env.XDG_RUNTIME_DIR || join("/run/containers", String(process.getuid?.() ?? 0));
  return [env.XDG_RUNTIME_DIR ? join(runtime, file) : join(runtime, "auth.json"), kept];
}

function readLogLevel(text: string): LogLevel {
  const level = logLevels.find((candidate) => candidate === text);
  if (level !== undefined) return level;
  throw new FreightlinerError({
    code: "configuration",
    operation: "read-configuration",
    message: `The log level "${text}" is not known; expected one of ${logLevels.join(", ")}.`,
  });
}

function readBytes(env: NodeJS.ProcessEnv, name: string, usual: number): number {
  const text = env[name];
  if (text === undefined || text === "") return usual;
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  throw new FreightlinerError({
    code: "configuration",
    operation: "read-configuration",
    message: `${name} is "${text.slice(0, 40)}"; expected a number of bytes, at least 1.`,
  });
}

function readRetryFor(text: string | undefined): number {
  if (text === undefined || text === "") return defaultBreaker.outage;
  const ms = parseRetryFor(text);
  if (ms !== undefined) return ms;
  throw new FreightlinerError({
    code: "configuration",
    operation: "read-configuration",
    message: `FREIGHTLINER_RETRY_FOR is "${text.slice(0, 40)}"; ${retryForExpectation}.`,
  });
}

export const retryForExpectation = `${ageExpectation.replace("12h or 30d", "90s or 15m")}, or 0`;

/** `15m`, `90s`, and `0` for no waiting at all → milliseconds. Undefined where it is no duration. */
export function parseRetryFor(text: string): number | undefined {
  if (text.trim() === "0") return 0;
  const seconds = parseAge(text);
  return seconds === undefined ? undefined : seconds * 1000;
}

/** Bytes of a file with a passphrase; what is longer is no passphrase. */
const longestPassphraseFile = 4096;
/** Taken out of their environments, so that no helper, browser or cloud tool that is started inherits them. */
const taken = new WeakMap<NodeJS.ProcessEnv, string>();

function passphraseSource(env: NodeJS.ProcessEnv, named: string | undefined): PassphraseSource | undefined {
  const name = "FREIGHTLINER_VAULT_PASSPHRASE";
  const given = env[name];
  if (given !== undefined) {
    delete env[name];
    if (given !== "") taken.set(env, given);
  }
  const value = named === undefined ? taken.get(env) : undefined;
  if (value !== undefined) return { name, read: () => value };
  const file = named ?? env[`${name}_FILE`];
  if (!file) return undefined;
  const path = resolve(file);
  return { name: path, read: () => firstLine(path) };
}

/** @throws FreightlinerError `configuration` that names the file; never with its content. */
function firstLine(path: string): string {
  const bytes = Buffer.alloc(longestPassphraseFile);
  let problem = "has nothing in its first line";
  try {
    // A pipe is as good as a file here.
    const file = openSync(path, "r");
    try {
      const line = bytes.toString("utf8", 0, readSync(file, bytes)).split(/\r?\n/, 1)[0] ?? "";
      if (line !== "") return line;
    } finally {
      bytes.fill(0);
      closeSync(file);
    }
  } catch (thrown) {
    problem = `cannot be read (${errnoOf(thrown) ?? "unknown"})`;
  }
  throw new FreightlinerError({
    code: "configuration",
    operation: "read-passphrase",
    message: `The file ${path}, named as the vault's passphrase file, ${problem}; expected the passphrase there.`,
  });
}

/**
 * Reads the environment (and what the command line says over it).
 * @throws FreightlinerError `configuration` that names the variable.
 */
export function readConfig(
  overrides: ConfigOverrides = {},
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Config {
  const dockerFolder = env.DOCKER_CONFIG || join(homedir(), ".docker");
  return {
    home: resolve(overrides.home || env.FREIGHTLINER_HOME || dataFolder(env, platform)),
    logLevel: readLogLevel(overrides.logLevel ?? env.FREIGHTLINER_LOG_LEVEL ?? "warn"),
    dockerConfigFile: join(dockerFolder, "config.json"),
    podmanAuthFiles: podmanFiles(env, platform),
    helperPath: env.PATH ?? "",
    environment: env,
    browser: env.FREIGHTLINER_BROWSER || undefined,
    // https://no-color.org: any value but the empty one.
    colour: (env.NO_COLOR ?? "") === "",
    transfer: {
      partsFrom: readBytes(env, "FREIGHTLINER_PARTS_FROM", defaultTransfer.partsFrom),
      partSize: readBytes(env, "FREIGHTLINER_PART_SIZE", defaultTransfer.partSize),
    },
    retryFor: overrides.retryFor ?? readRetryFor(env.FREIGHTLINER_RETRY_FOR),
    surroundings: readSurroundings(env, platform),
    vaultPassphrase: passphraseSource(env, overrides.vaultPassphraseFile),
  };
}
