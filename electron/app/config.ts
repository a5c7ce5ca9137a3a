// The only reader of the environment: where data lies, how much is logged, which files of the user are read.
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { FreightlinerError } from "../../shared/errors.ts";
import type { LogLevel } from "./log.ts";

export interface Config {
  /** Data folder: database, samples, logs. Absolute. */
  readonly home: string;
  readonly logLevel: LogLevel;
  /** docker's config.json, or undefined where it cannot be named. */
  readonly dockerConfigFile: string | undefined;
  /** Where credential helpers are looked for. */
  readonly helperPath: string;
  /** A browser named by the user for the app window. */
  readonly browser: string | undefined;
  readonly colour: boolean;
}

export interface ConfigOverrides {
  readonly home?: string | undefined;
  readonly logLevel?: string | undefined;
}

const logLevels: readonly LogLevel[] = ["debug", "info", "warn", "error"];

function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "Freightliner");
  if (platform === "win32") return join(env.APPDATA ?? join(homedir(), "AppData", "Roaming"), "Freightliner");
  return join(env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "freightliner");
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
    helperPath: env.PATH ?? "",
    browser: env.FREIGHTLINER_BROWSER || undefined,
    // https://no-color.org: any value but the empty one.
    colour: (env.NO_COLOR ?? "") === "",
  };
}
