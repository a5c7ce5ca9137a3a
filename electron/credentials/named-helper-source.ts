// A credential helper that a registry's settings name, whatever docker's files say.
import type { CredentialFacts } from "../../shared/endpoint.ts";
import type { Credential } from "../engine/credential.ts";
import { type CredentialOwner, type Found, noCredential, type Source } from "./credential-source.ts";
import { helperServer } from "./docker-config.ts";
import type { HelperAnswers } from "./helper-answers.ts";

export class NamedHelperSource implements Source {
  readonly kind = "docker-helper";
  readonly #helpers: HelperAnswers;

  constructor(helpers: HelperAnswers) {
    this.#helpers = helpers;
  }

  async find(
    { registry }: CredentialOwner,
    signal: AbortSignal,
    refused?: Credential,
  ): Promise<Found | undefined> {
    const { host, credential: choice } = registry;
    if (choice?.from !== "helper") return undefined;
    const credential = await this.#helpers.ask(choice.name, helperServer(host), signal, refused);
    return credential && { credential, source: "docker-helper", place: placeOf(choice.name) };
  }

  look({ registry: { credential: choice } }: CredentialOwner): CredentialFacts | undefined {
    if (choice?.from !== "helper") return undefined;
    return { ...noCredential, source: "docker-helper", place: placeOf(choice.name) };
  }
}

function placeOf(name: string): string {
  return `docker-credential-${name}`;
}
