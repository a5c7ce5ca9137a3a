// Credentials of docker's and podman's files: a helper for the host, the helper for all hosts, else the entry itself.
import type { CredentialFacts } from "../../shared/endpoint.ts";
import type { Credential } from "../engine/credential.ts";
import { readEntry } from "./auth-entry.ts";
import {
  type CredentialOwner,
  configurationError,
  type Found,
  factsOf,
  noCredential,
  problemOf,
  type Source,
} from "./credential-source.ts";
import {
  type AuthEntry,
  type DockerConfig,
  DockerConfigFile,
  entryFor,
  helperFor,
  helperServer,
} from "./docker-config.ts";
import type { HelperAnswers } from "./helper-answers.ts";
import { chooseKey } from "./podman-keys.ts";

/** What a file says of one registry. */
interface Named {
  /** Its own helper, or the one for all hosts. */
  readonly helper: string | undefined;
  /** True for its own one: the one for all hosts holds nothing for most of them. */
  readonly ownHelper: boolean;
  readonly server: string;
  readonly entry: AuthEntry | undefined;
  /** The entry's key, where it is not the host alone. */
  readonly key: string | undefined;
}

export interface AuthFileOptions {
  readonly file: string;
  readonly kind: "docker-config" | "podman";
  readonly helpers: HelperAnswers;
}

export class AuthFileSource implements Source {
  readonly kind: AuthFileOptions["kind"];
  readonly #options: AuthFileOptions;
  readonly #file: DockerConfigFile;

  constructor(options: AuthFileOptions) {
    this.#options = options;
    this.kind = options.kind;
    this.#file = new DockerConfigFile(options.file);
  }

  async find(owner: CredentialOwner, signal: AbortSignal, refused?: Credential): Promise<Found | undefined> {
    const named = this.#named(owner);
    if (named === undefined) return undefined;
    const { helper, server } = named;
    if (helper !== undefined) {
      const credential = await this.#options.helpers.ask(helper, server, signal, refused);
      if (credential !== undefined) return { credential, ...this.#helperWords(helper) };
    }
    return this.#inline(named, owner.registry.host);
  }

  look(owner: CredentialOwner): CredentialFacts | undefined {
    const { kind, file } = this.#options;
    try {
      const named = this.#named(owner);
      if (named === undefined) return undefined;
      const { helper, ownHelper, entry } = named;
      // docker leaves a marker for those hosts of which its helper for all holds something.
      const helped = helper !== undefined && (ownHelper || entry !== undefined);
      if (helped) return { ...noCredential, ...this.#helperWords(helper) };
      const found = this.#inline(named, owner.registry.host);
      return found === undefined ? undefined : factsOf(found);
    } catch (thrown) {
      return problemOf(kind, file, thrown);
    }
  }

  #named(owner: CredentialOwner): Named | undefined {
    const config = this.#file.read();
    if (config === undefined) return undefined;
    return this.#options.kind === "podman" ? this.#podmanNamed(config, owner) : dockerNamed(config, owner);
  }

  #podmanNamed({ auths, credHelpers }: DockerConfig, owner: CredentialOwner): Named | undefined {
    const { host, credential } = owner.registry;
    const namespace = credential?.from === "podman" ? (credential.namespace ?? "") : "";
    const helped = chooseKey(Object.keys(credHelpers ?? {}), host, namespace);
    const listed = chooseKey(Object.keys(auths ?? {}), host, namespace);
    if (helped.kind !== "key" && listed.kind === "several")
      throw configurationError(
        `${this.#options.file} holds several sign-ins for parts of ${host} (${listed.keys.slice(0, 5).join(", ")}) and none for all of it; choose one of them in the registry's settings.`,
      );
    if (helped.kind !== "key" && listed.kind !== "key") return undefined;
    const key = listed.kind === "key" ? listed.key : undefined;
    return {
      helper: helped.kind === "key" ? credHelpers?.[helped.key] || undefined : undefined,
      ownHelper: true,
      server: helped.kind === "key" ? helped.key : host,
      entry: key === undefined ? undefined : (auths?.[key] ?? undefined),
      key: key === undefined || !key.includes("/") ? undefined : key,
    };
  }

  #inline({ entry, key }: Named, host: string): Found | undefined {
    const { file, kind } = this.#options;
    const content = entry === undefined ? undefined : readEntry(entry);
    if (content?.kind === "malformed")
      throw configurationError(
        `The entry for ${host} in ${file} holds no credential that can be used; sign in again.`,
      );
    if (content?.kind !== "credential") return undefined;
    return {
      credential: content.credential,
      source: kind,
      place: key === undefined ? file : `${file} (${key})`,
    };
  }

  /** Podman's own helpers stand in podman's file, and are told as such. */
  #helperWords(name: string): Pick<Found, "source" | "place"> {
    const { kind, file } = this.#options;
    return {
      source: kind === "podman" ? "podman" : "docker-helper",
      place: `docker-credential-${name} (${file})`,
    };
  }
}

function dockerNamed(config: DockerConfig, { registry: { host } }: CredentialOwner): Named {
  const own = helperFor({ ...config, credsStore: null }, host);
  return {
    helper: own ?? helperFor(config, host),
    ownHelper: own !== undefined,
    server: helperServer(host),
    entry: entryFor(config, host),
    key: undefined,
  };
}
