// Reads docker's config.json and podman's auth.json: which entries and helpers they name for a host.
import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { FreightlinerError } from "../../shared/errors.ts";
import { errnoOf, isMissing } from "../files/errors.ts";
import { configurationError } from "./credential-source.ts";

const maxFileSize = 4 * 1024 * 1024;

const authEntrySchema = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
  registrytoken: z.string().optional(),
});
export type AuthEntry = z.infer<typeof authEntrySchema>;

const dockerConfigSchema = z.object({
  auths: z.record(z.string(), authEntrySchema.nullable()).nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});
export type DockerConfig = z.infer<typeof dockerConfigSchema>;

/** Docker Hub's name in docker's file and at its helpers. */
const hubKey = "https://index.docker.io/v1/";
const hubHosts: ReadonlySet<string> = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);

/** docker's file, read when asked and again when it has changed. */
export class DockerConfigFile {
  readonly path: string;
  #kept: { readonly stamp: string; readonly config: DockerConfig } | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Undefined where there is no such file. @throws FreightlinerError `configuration`; never with the file's content. */
  read(): DockerConfig | undefined {
    const stamp = this.#stamp();
    if (stamp === undefined) return undefined;
    if (this.#kept?.stamp === stamp) return this.#kept.config;
    const config = this.#parse();
    this.#kept = { stamp, config };
    return config;
  }

  #stamp(): string | undefined {
    try {
      const stat = statSync(this.path, { throwIfNoEntry: false });
      if (stat === undefined) return undefined;
      if (stat.size > maxFileSize)
        throw configurationError(`${this.path} is larger than ${maxFileSize} bytes.`);
      return `${stat.mtimeMs}/${stat.size}/${stat.ino}`;
    } catch (thrown) {
      if (thrown instanceof FreightlinerError) throw thrown;
      if (isMissing(thrown)) return undefined;
      throw configurationError(`${this.path} cannot be read (${errnoOf(thrown)}).`);
    }
  }

  #parse(): DockerConfig {
    let text: string;
    try {
      text = readFileSync(this.path, "utf8");
    } catch (thrown) {
      throw configurationError(`${this.path} cannot be read (${errnoOf(thrown)}).`);
    }
    return parseDockerConfig(text, this.path);
  }
}

/** @param from a file or a variable, for the error. @throws FreightlinerError `configuration`; never with the content. */
export function parseDockerConfig(text: string, from: string): DockerConfig {
  if (text.length > maxFileSize) throw configurationError(`${from} is larger than ${maxFileSize} bytes.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Without its cause: the parser quotes the text around the mistake, which may be a secret.
    throw configurationError(`${from} is not JSON; expected what docker's config.json holds.`);
  }
  const parsed = dockerConfigSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  throw configurationError(
    `${from} has an unexpected shape at "${where}"; expected what docker's config.json holds.`,
  );
}

/** `https://host/v1/` and `host/path` are older ways to write `host`; names of hosts have no capitals of their own. */
export function keyHost(key: string): string {
  const host = (key.replace(/^https?:\/\//, "").split("/", 1)[0] ?? "").toLowerCase();
  return hubHosts.has(host) ? "docker.io" : host;
}

/** True where a key of docker's file stands for the whole host, in whichever spelling; not for a path on it. */
export function isKeyOf(key: string, host: string): boolean {
  const path = key
    .replace(/^https?:\/\//, "")
    .split("/")
    .slice(1)
    .join("/");
  return keyHost(key) === keyHost(host) && /^(?:v[12]\/?)?$/.test(path);
}

/** The value for a host: under its plain name before any older spelling. */
function lookUp<T>(entries: Readonly<Record<string, T>> | null | undefined, host: string): T | undefined {
  if (!entries) return undefined;
  const wanted = keyHost(host);
  const exact = wanted === "docker.io" ? hubKey : wanted;
  if (Object.hasOwn(entries, exact)) return entries[exact];
  const key = Object.keys(entries).find((candidate) => keyHost(candidate) === wanted);
  return key === undefined ? undefined : entries[key];
}

/** Every host that is named, in the order of the file, each once. */
export function hostsIn({ auths, credHelpers }: DockerConfig): readonly string[] {
  const keys = [...Object.keys(auths ?? {}), ...Object.keys(credHelpers ?? {})];
  return [...new Set(keys.map(keyHost))];
}

/** The helper that answers for the host: its own before the one for all. */
export function helperFor(config: DockerConfig, host: string): string | undefined {
  return lookUp(config.credHelpers, host) || config.credsStore || undefined;
}

/** What a helper is asked for, and under which docker writes an entry. */
export function helperServer(host: string): string {
  const server = keyHost(host);
  return server === "docker.io" ? hubKey : server;
}

export function entryFor(config: DockerConfig, host: string): AuthEntry | undefined {
  return lookUp(config.auths, host) ?? undefined;
}
