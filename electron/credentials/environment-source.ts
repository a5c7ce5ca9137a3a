// Credentials of the environment: two variables named in the settings, two named after the host, or DOCKER_AUTH_CONFIG.
import type { CredentialFacts } from "../../shared/endpoint.ts";
import { isHost } from "../../shared/reference.ts";
import { readEntry } from "./auth-entry.ts";
import {
  type CredentialOwner,
  configurationError,
  type Found,
  factsOf,
  problemOf,
  type Source,
} from "./credential-source.ts";
import { entryFor, keyHost, parseDockerConfig } from "./docker-config.ts";
import { pairProblem } from "./password.ts";

/** The value of a variable; undefined where it is not set. */
type Variable = (name: string) => string | undefined;

/** https://github.com/docker/cli/blob/master/cli/config/configfile/file.go: like config.json, for CI systems. */
const dockerAuthConfig = "DOCKER_AUTH_CONFIG";

interface Names {
  readonly username: string;
  readonly password: string;
}

export class EnvironmentSource implements Source {
  readonly kind = "environment";
  readonly #variable: Variable;

  constructor(variable: Variable) {
    this.#variable = variable;
  }

  async find(owner: CredentialOwner): Promise<Found | undefined> {
    return this.#found(owner);
  }

  look(owner: CredentialOwner): CredentialFacts | undefined {
    try {
      const found = this.#found(owner);
      return found && factsOf(found);
    } catch (thrown) {
      return problemOf("environment", null, thrown);
    }
  }

  #found({ registry: { host, credential: choice } }: CredentialOwner): Found | undefined {
    if (choice?.from === "environment") {
      const found = this.#pair(choice);
      if (found !== undefined) return found;
      throw configurationError(
        `The variables ${choice.username} and ${choice.password}, which the settings of ${host} name, are not set.`,
      );
    }
    const suffix = variableSuffix(host);
    const names =
      suffix === undefined
        ? undefined
        : { username: `FREIGHTLINER_USERNAME_${suffix}`, password: `FREIGHTLINER_PASSWORD_${suffix}` };
    return (names && this.#pair(names)) ?? this.#ofDockerAuthConfig(host);
  }

  /** @throws FreightlinerError `configuration` where only one is set, or one is no user name or password. */
  #pair(names: Names): Found | undefined {
    const username = this.#variable(names.username);
    const password = this.#variable(names.password);
    if (username === undefined && password === undefined) return undefined;
    if (username === undefined || password === undefined) {
      const [set, missing] =
        username === undefined ? [names.password, names.username] : [names.username, names.password];
      throw configurationError(`The variable ${set} is set but ${missing} is not; they belong together.`);
    }
    const problem = pairProblem({ username, password });
    if (problem !== undefined)
      throw configurationError(
        `The variables ${names.username} and ${names.password} sign nobody in: ${problem}.`,
      );
    return {
      credential: { kind: "password", username, password },
      source: "environment",
      place: names.password,
    };
  }

  #ofDockerAuthConfig(host: string): Found | undefined {
    const text = this.#variable(dockerAuthConfig);
    if (text === undefined || text === "") return undefined;
    const entry = entryFor(parseDockerConfig(text, dockerAuthConfig), host);
    // docker takes nothing else from there.
    const content = entry?.auth === undefined ? undefined : readEntry({ auth: entry.auth });
    if (content === undefined || content.kind === "empty") return undefined;
    if (content.kind === "malformed")
      throw configurationError(
        `The entry for ${host} in the variable ${dockerAuthConfig} holds no credential that can be used.`,
      );
    return { credential: content.credential, source: "environment", place: dockerAuthConfig };
  }
}

/**
 * A host as part of a variable's name: in capitals, `_` for a dot, `__` for a hyphen, `___` for the colon before a port.
 * No two hosts share one, so that a password never goes to a host of a similar name. Undefined for hosts that have none
 * (IPv6 addresses, names that end in a dot).
 */
export function variableSuffix(host: string): string | undefined {
  const name = keyHost(host.toLowerCase());
  if (!isHost(name) || !/^[a-z0-9.-]+(?::[0-9]+)?$/.test(name) || /\.(?::|$)/.test(name)) return undefined;
  return name.replaceAll("-", "__").replaceAll(":", "___").replaceAll(".", "_").toUpperCase();
}
