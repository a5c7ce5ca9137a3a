// Where a registry's credential comes from: entered by the user, else docker's configuration and its helpers.
import type { CredentialInput, CredentialSource } from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { CredentialProvider, PasswordCredential } from "../engine/credential.ts";
import { readEntry } from "./auth-entry.ts";
import { askHelper } from "./credential-helper.ts";
import { configurationError, DockerConfigFile, entryFor, helperFor, helperServer } from "./docker-config.ts";

export interface CredentialsOptions {
  /** docker's config.json; undefined where none is to be read. */
  readonly dockerConfigFile: string | undefined;
  /** Folders in which helpers are looked for, as in PATH. */
  readonly helperPath?: string | undefined;
  /** Milliseconds that a helper may take. */
  readonly helperDeadlineMs?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

export interface CredentialOwner {
  readonly id: string;
  /** `host[:port]`; empty for a folder. */
  readonly host: string;
}

/** A helper may ask a keychain or a cloud: a run over many repositories asks it once a minute. */
const helperAnswerMs = 60_000;

interface Entered {
  readonly credential: PasswordCredential;
  /** The host that it was first used for; it is never given to another one. */
  host: string | undefined;
}

export class Credentials {
  readonly #options: CredentialsOptions;
  readonly #now: () => number;
  readonly #dockerConfig: DockerConfigFile | undefined;
  /** By endpoint; in this process's memory only. */
  readonly #entered = new Map<string, Entered>();
  readonly #helperAnswers = new Map<
    string,
    { readonly until: number; readonly credential: PasswordCredential }
  >();

  constructor(options: CredentialsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const file = options.dockerConfigFile;
    this.#dockerConfig = file === undefined ? undefined : new DockerConfigFile(file);
  }

  /** Keeps a credential that the user typed in, or (null) forgets it. @throws FreightlinerError `usage` for an empty one. */
  enter(endpointId: string, credential: CredentialInput | null): void {
    if (credential === null) {
      this.#entered.delete(endpointId);
      return;
    }
    const { username, password } = credential;
    if (username === "" || password === "") {
      throw new FreightlinerError({
        code: "usage",
        operation: "enter-credential",
        message: "A user name and a password are expected; one of them is empty.",
      });
    }
    this.#entered.set(endpointId, { credential: { kind: "password", username, password }, host: undefined });
  }

  /** Answers with what holds at the time it is asked; undefined means anonymous. */
  provider(endpoint: CredentialOwner): CredentialProvider {
    return { get: (signal) => this.#get(endpoint, signal) };
  }

  /** Where the credential would come from. A helper is not asked: its user name is unknown here. */
  describe(endpoint: CredentialOwner): {
    readonly source: CredentialSource;
    readonly username: string | null;
  } {
    const entered = this.#enteredFor(endpoint);
    if (entered !== undefined) return { source: "entered", username: entered.username };
    const none = { source: "none", username: null } as const;
    try {
      const config = this.#dockerConfig?.read();
      if (config === undefined || endpoint.host === "") return none;
      const entry = entryFor(config, endpoint.host);
      const content = entry === undefined ? undefined : readEntry(entry);
      if (content?.kind === "password") return { source: "docker-config", username: content.username };
      // A helper for all hosts holds nothing for most of them; docker leaves a marker for those it has.
      const helped = helperFor({ ...config, credsStore: null }, endpoint.host) !== undefined;
      const known = helped || content?.kind === "token" || (config.credsStore && content !== undefined);
      return known ? { source: "docker-config", username: null } : none;
    } catch {
      // A configuration that cannot be read is told when it is used; here it only gives no credential.
      return none;
    }
  }

  #enteredFor({ id, host }: CredentialOwner): PasswordCredential | undefined {
    const entered = this.#entered.get(id);
    return entered?.host === undefined || entered.host === host ? entered?.credential : undefined;
  }

  async #get(endpoint: CredentialOwner, signal: AbortSignal): Promise<PasswordCredential | undefined> {
    signal.throwIfAborted();
    const entered = this.#enteredFor(endpoint);
    if (entered !== undefined) {
      const kept = this.#entered.get(endpoint.id);
      if (kept !== undefined) kept.host = endpoint.host;
      return entered;
    }
    const file = this.#dockerConfig;
    const config = file?.read();
    if (file === undefined || config === undefined || endpoint.host === "") return undefined;
    const helper = helperFor(config, endpoint.host);
    const helped = helper === undefined ? undefined : await this.#ask(helper, endpoint.host, signal);
    if (helped !== undefined) return helped;
    const entry = entryFor(config, endpoint.host);
    const content = entry === undefined ? undefined : readEntry(entry);
    switch (content?.kind) {
      case "password":
        return { kind: "password", username: content.username, password: content.password };
      case "token":
        throw tokenUnsupported(endpoint.host, file.path);
      case "malformed":
        throw configurationError(
          `The entry for ${endpoint.host} in ${file.path} holds no user name and password; sign in again.`,
        );
      default:
        return undefined;
    }
  }

  async #ask(name: string, host: string, signal: AbortSignal): Promise<PasswordCredential | undefined> {
    const key = `${name} ${host}`;
    const kept = this.#helperAnswers.get(key);
    if (kept !== undefined && kept.until > this.#now()) return kept.credential;
    this.#helperAnswers.delete(key);
    const answer = await askHelper({
      name,
      server: helperServer(host),
      path: this.#options.helperPath ?? "",
      deadlineMs: this.#options.helperDeadlineMs ?? 30_000,
      signal,
    });
    if (answer === undefined) return undefined;
    if (answer.username === "<token>") throw tokenUnsupported(host, `docker-credential-${name}`);
    const credential = { kind: "password", username: answer.username, password: answer.secret } as const;
    this.#helperAnswers.set(key, { until: this.#now() + helperAnswerMs, credential });
    return credential;
  }
}

function tokenUnsupported(host: string, source: string): FreightlinerError {
  return new FreightlinerError({
    code: "unsupported",
    operation: "read-credentials",
    message: `${source} holds only an identity token for ${host}, which cannot be used yet; enter a user name and password.`,
  });
}
