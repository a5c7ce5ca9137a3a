// What the tests of the clouds' registries share: a client with a cloud's identity as the program wires it.

import { thisMachine } from "../../../electron/credentials/cloud/hints.ts";
import { createCloudIdentities } from "../../../electron/credentials/cloud/identities.ts";
import type { CredentialProvider } from "../../../electron/engine/credential.ts";
import { Registry } from "../../../electron/registry/registry.ts";
import type { CredentialChoice, RegistrySettings } from "../../../shared/endpoint.ts";
import type { ProviderId } from "../../../shared/provider.ts";
import { networkOfThisMachine } from "../../credentials/cloud/stage.ts";
import { afterwards } from "../scripted-server.ts";

export interface CloudClientInput {
  readonly provider: ProviderId;
  readonly apiUrl?: string;
  readonly choice?: CredentialChoice;
  readonly now?: () => number;
  readonly settings?: Partial<RegistrySettings>;
  /** Instead of the cloud's identity. */
  readonly credentials?: CredentialProvider;
}

export function cloudClient(host: string, input: CloudClientInput): Registry {
  const { provider, apiUrl, choice = { from: "cloud" }, now } = input;
  const settings: RegistrySettings = {
    host,
    provider,
    plainHttp: "always",
    insecureSkipVerify: false,
    trustedTokenHosts: [],
    connections: 8,
    credential: choice,
    ...(apiUrl === undefined ? {} : { apiUrl }),
    ...input.settings,
  };
  const identities = createCloudIdentities({
    machine: thisMachine(process.env),
    network: networkOfThisMachine,
    now,
  });
  const identity = identities.find({ id: "", registry: settings }, choice);
  const credentials: CredentialProvider = {
    get: async (signal, refused) => identity?.get(signal, refused),
    awsKey: (signal) => identities.awsKey({ id: "", registry: settings }, choice, signal),
    ...input.credentials,
  };
  const registry = new Registry({ settings, credentials, userAgent: "freightliner-test/1" });
  afterwards(() => registry.close());
  return registry;
}
