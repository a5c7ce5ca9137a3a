// What one vendor's registry does otherwise than the protocol says: quirks, its own listing, making what is missing.
import type { CloudLine } from "../../../shared/cloud-call.ts";
import type { RegistrySettings } from "../../../shared/endpoint.ts";
import type { ProviderId } from "../../../shared/provider.ts";
import type { Credential, CredentialProvider } from "../../engine/credential.ts";
import type { RegistryClient } from "../client.ts";
import type { Quirks } from "../quirks.ts";
import type { VendorApi } from "./vendor-api.ts";

export interface ProviderContext {
  /** `host[:port]` as entered. */
  readonly host: string;
  /** Where the registry answers; ends in `/`. */
  readonly base: URL;
  readonly settings: RegistrySettings;
  /** Asks the vendor's own API, in the registry's connections and under its limits. */
  readonly api: VendorApi;
  readonly credentials: CredentialProvider;
  /** The protocol's own listing, for sign-ins that the vendor's API does not take. @throws as the engine's port. */
  catalog(signal: AbortSignal): AsyncIterable<readonly string[]>;
  /** Asks the registry itself, signed in as always: for answers in which a vendor says more than the protocol. */
  readonly client: RegistryClient;
  /** For what reaches a vendor by its own library; whoever opens it closes it. */
  openLine(): CloudLine;
}

/** All parts but the first are optional: what is left out goes by the OCI distribution protocol. */
export interface Provider {
  readonly id: ProviderId;
  /** Each with its source in a comment. */
  readonly quirks: Partial<Quirks>;
  /**
   * The name under which the registry knows a repository; applied before every request.
   * @throws `invalid-reference` for a name that it cannot have.
   */
  readonly repositoryName?: (repository: string) => string;
  /** Pages of repository names by the vendor's own listing. @throws `unsupported` where it cannot list for this sign-in. */
  readonly listRepositories?: (
    context: ProviderContext,
    signal: AbortSignal,
  ) => AsyncIterable<readonly string[]>;
  /**
   * Makes a repository, or what has to be there before one comes to be by itself (a project), so that a write succeeds.
   * One that is there by now is a success. False where that cannot be done here.
   */
  readonly createRepository?: (
    context: ProviderContext,
    repository: string,
    signal: AbortSignal,
  ) => Promise<boolean>;
  /** Deletes a tag or digest where the protocol's DELETE does not. @throws as the engine's port. */
  readonly deleteManifest?: (
    context: ProviderContext,
    repository: string,
    reference: string,
    signal: AbortSignal,
  ) => Promise<void>;
  /** Trades a credential for the one that the registry takes. */
  readonly exchange?: (
    context: Omit<ProviderContext, "credentials" | "catalog" | "client" | "openLine">,
    credential: Credential,
    signal: AbortSignal,
  ) => Promise<Credential>;
}
