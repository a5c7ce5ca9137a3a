// Where a registry's credential comes from: the sources that its settings name, the strongest first.
import type { CredentialChoice, CredentialFacts, CredentialInput } from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { Credential, CredentialProvider } from "../engine/credential.ts";
import { AuthFileSource } from "./auth-file-source.ts";
import type { CloudIdentities } from "./cloud/cloud-identity.ts";
import { CloudSource } from "./cloud-source.ts";
import { helperDeadlineMs, helperEnvironment } from "./credential-helper.ts";
import { type CredentialOwner, type Found, factsOf, noCredential, type Source } from "./credential-source.ts";
import { EnteredCredentials } from "./entered-credentials.ts";
import { EnvironmentSource } from "./environment-source.ts";
import { HelperAnswers } from "./helper-answers.ts";
import { NamedHelperSource } from "./named-helper-source.ts";
import { SavedCredentials } from "./saved-credentials.ts";
import type { SecretBox } from "./secret-box/secret-box.ts";

export interface CredentialsOptions {
  /** Where credentials are saved. */
  readonly box: SecretBox;
  /** docker's config.json; undefined where none is to be read. */
  readonly dockerConfigFile: string | undefined;
  /** podman's auth.json, the first that says something counts. */
  readonly podmanAuthFiles: readonly string[];
  /** Variables in which credentials may stand, and with which helpers are started. */
  readonly environment: NodeJS.ProcessEnv;
  /** Folders in which helpers are looked for, as in PATH. */
  readonly helperPath: string;
  readonly clouds: CloudIdentities;
  /** Told when what is known of an endpoint's credential has changed: another source, user or end, or a problem. */
  readonly onChanged?: (endpointId: string) => void;
  /** Milliseconds that a helper may take; 30 seconds where it is not said. */
  readonly helperDeadlineMs?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** What the last question for an endpoint brought, and for which settings it was asked. */
interface LastAnswer {
  readonly asked: string;
  /** Of the source that answered, among those that were asked; 0 is the strongest. */
  readonly rank: number;
  readonly facts: CredentialFacts;
}

const automatic: CredentialChoice = { from: "automatic" };

export class Credentials {
  readonly #entered = new EnteredCredentials();
  readonly #saved: SavedCredentials;
  readonly #clouds: CloudIdentities;
  readonly #sources: Readonly<Record<CredentialChoice["from"], readonly Source[]>>;
  readonly #last = new Map<string, LastAnswer>();
  readonly #onChanged: (endpointId: string) => void;

  constructor(options: CredentialsOptions) {
    const { dockerConfigFile, podmanAuthFiles, helperPath, environment: variables } = options;
    const helpers = new HelperAnswers({
      path: helperPath,
      environment: helperEnvironment(variables),
      deadlineMs: options.helperDeadlineMs ?? helperDeadlineMs,
      now: options.now ?? Date.now,
    });
    const docker =
      dockerConfigFile === undefined
        ? []
        : [new AuthFileSource({ file: dockerConfigFile, kind: "docker-config", helpers })];
    const podman = podmanAuthFiles.map((file) => new AuthFileSource({ file, kind: "podman", helpers }));
    const environment = new EnvironmentSource((name) => variables[name]);
    this.#clouds = options.clouds;
    const cloud = new CloudSource(options.clouds);
    this.#saved = new SavedCredentials(options.box);
    const own = [this.#entered, this.#saved];
    this.#sources = {
      automatic: [...own, environment, ...podman, ...docker, cloud],
      saved: own,
      // What was typed in for this registry since is meant to be used, whatever its settings say.
      "docker-config": [this.#entered, ...docker],
      podman: [this.#entered, ...podman],
      helper: [this.#entered, new NamedHelperSource(helpers)],
      environment: [this.#entered, environment],
      cloud: [this.#entered, cloud],
    };
    this.#onChanged = options.onChanged ?? (() => undefined);
  }

  /** Keeps a credential in this process's memory. @throws FreightlinerError `usage` for a pair that is none. */
  enter(owner: CredentialOwner, credential: CredentialInput): void {
    this.#entered.enter(owner, credential);
    this.#last.delete(owner.id);
  }

  /**
   * Keeps a credential in the box of secrets, in the place of an earlier one.
   * @throws FreightlinerError `usage` for a pair that is none, and what the box throws: `locked`, `io`, `store`. Then nothing has changed.
   */
  async save(owner: CredentialOwner, credential: CredentialInput, signal: AbortSignal): Promise<void> {
    await this.#saved.save(owner, credential, signal);
    this.#entered.forget(owner.id);
    this.#last.delete(owner.id);
  }

  /** Forgets what was entered or saved for an endpoint. @throws what the box throws; then nothing has changed. */
  async forget(endpointId: string, signal: AbortSignal): Promise<void> {
    await this.#saved.forget(endpointId, signal);
    this.forgetEntered(endpointId);
  }

  /** Forgets what is in memory only. */
  forgetEntered(endpointId: string): void {
    this.#entered.forget(endpointId);
    this.#last.delete(endpointId);
  }

  /** Another process saved or forgot one: what it saved is newer than what was typed in here. */
  changedElsewhere(endpointId: string): void {
    if (this.#saved.has(endpointId)) this.#entered.forget(endpointId);
    this.#last.delete(endpointId);
  }

  /** Answers with what holds at the time it is asked; undefined means anonymous. */
  provider(owner: CredentialOwner): CredentialProvider {
    return {
      get: (signal, refused) => this.#get(owner, signal, refused),
      awsKey: (signal) => this.#clouds.awsKey(owner, owner.registry.credential, signal),
    };
  }

  /** Where the credential came from when it was asked for last, or would come from; no program and no host is asked. */
  describe(owner: CredentialOwner): CredentialFacts {
    const sources = this.#sourcesOf(owner);
    const looks = sources.map((source) => source.look(owner));
    const rank = looks.findIndex((facts) => facts !== undefined);
    const looked = looks[rank];
    const last = this.#last.get(owner.id);
    // What is typed in, saved or set meanwhile is stronger than what answered before.
    const holds = last?.asked === askedFor(owner) && (looked === undefined || last.rank <= rank);
    if (!holds) return looked ?? noCredential;
    if (looked === undefined || last.rank < rank) return last.facts;
    // The box says itself how it stands now; a file or a helper only when it is asked.
    const problem = looked.source === "saved" ? looked.problem : (last.facts.problem ?? looked.problem);
    return { ...last.facts, problem };
  }

  async #get(
    owner: CredentialOwner,
    signal: AbortSignal,
    refused: Credential | undefined,
  ): Promise<Credential | undefined> {
    // The first source that holds one decides: one that fails or is refused is never replaced by a weaker one.
    for (const [rank, source] of this.#sourcesOf(owner).entries()) {
      signal.throwIfAborted();
      const found = await this.#ask(owner, { rank, source }, signal, refused);
      if (found !== undefined) return found.credential;
    }
    this.#remember(owner, Number.POSITIVE_INFINITY, noCredential);
    return undefined;
  }

  async #ask(
    owner: CredentialOwner,
    { rank, source }: { readonly rank: number; readonly source: Source },
    signal: AbortSignal,
    refused: Credential | undefined,
  ): Promise<Found | undefined> {
    try {
      const found = await source.find(owner, signal, refused);
      if (found !== undefined) this.#remember(owner, rank, factsOf(found));
      return found;
    } catch (thrown) {
      if (thrown instanceof FreightlinerError) {
        const facts = source.look(owner) ?? { ...noCredential, source: source.kind };
        this.#remember(owner, rank, { ...facts, problem: thrown.message });
      }
      throw thrown;
    }
  }

  #sourcesOf({ registry }: CredentialOwner): readonly Source[] {
    const choice = registry.credential ?? automatic;
    return this.#sources[registry.anonymous === true ? "saved" : choice.from];
  }

  #remember(owner: CredentialOwner, rank: number, facts: CredentialFacts): void {
    const before = this.describe(owner);
    this.#last.set(owner.id, { asked: askedFor(owner), rank, facts });
    if (JSON.stringify(this.describe(owner)) !== JSON.stringify(before)) this.#onChanged(owner.id);
  }
}

function askedFor({ registry }: CredentialOwner): string {
  const { host, credential, anonymous } = registry;
  return JSON.stringify([host, credential ?? null, anonymous === true]);
}
