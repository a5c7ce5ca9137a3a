// The identity of Microsoft Entra: an access token that an Azure registry trades for its own (registry/providers/acr.ts).
// https://learn.microsoft.com/azure/container-registry/container-registry-authentication

import type { Attempt } from "../../../shared/cloud-error.ts";
import type { EntraToken } from "../../engine/credential.ts";
import { azureHttpClient } from "./azure-http-client.ts";
import type { CloudIdentity, CloudRegistry, OpenLine } from "./cloud-identity.ts";
import { askCloud } from "./question.ts";
import { Renewing, type RenewingOptions } from "./renewing.ts";

export interface AzureOptions extends RenewingOptions {
  readonly registry: CloudRegistry;
  readonly tenant: string | undefined;
  /** The client of a managed or workload identity. */
  readonly client: string | undefined;
  readonly open: OpenLine;
}

interface Sovereign {
  readonly authority: string | undefined;
  readonly scope: string;
}

/**
 * Where tokens for a registry come from, and for whom they are made out. The registries' own audience is taken even where
 * tokens of the resource manager are switched off; national clouds know the resource manager's only.
 * https://learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm
 * https://learn.microsoft.com/dotnet/api/azure.containers.containerregistry.containerregistryaudience
 */
function cloudOf(host: string): Sovereign {
  const name = host.replace(/:[0-9]+$/, "");
  if (name.endsWith(".azurecr.cn"))
    return {
      authority: "https://login.chinacloudapi.cn",
      scope: "https://management.chinacloudapi.cn/.default",
    };
  if (name.endsWith(".azurecr.us"))
    return {
      authority: "https://login.microsoftonline.us",
      scope: "https://management.usgovcloudapi.net/.default",
    };
  return { authority: undefined, scope: "https://containerregistry.azure.net/.default" };
}

export function azureIdentity(options: AzureOptions): CloudIdentity {
  const { tenant, client, open } = options;
  const details = [
    ...(tenant === undefined ? [] : [`tenant ${tenant}`]),
    ...(client === undefined ? [] : [`client ${client}`]),
  ].join(", ");
  const renewing = new Renewing({
    ...options,
    what: "Signing in to Microsoft Entra",
    ask: (signal) => askCloud({ open, signal, attempt }, () => askForToken(options, signal)),
  });
  return {
    get: (signal, refused) => renewing.get(signal, refused),
    describe: () => ({
      username: null,
      place: `Microsoft Entra identity${details === "" ? "" : ` (${details})`}`,
      expiresAt: renewing.expiresAt,
      problem: renewing.problem,
    }),
  };
}

async function askForToken(
  { registry, tenant, client, deadlineMs }: AzureOptions,
  signal: AbortSignal,
): Promise<EntraToken> {
  const { authority, scope } = cloudOf(registry.host);
  const { DefaultAzureCredential } = await import("@azure/identity");
  // A new one each time: what it keeps may be what was just refused.
  const credential = new DefaultAzureCredential({
    httpClient: azureHttpClient,
    processTimeoutInMs: deadlineMs,
    retryOptions: { maxRetries: 1 },
    // Secrets stay where they were sent, as with the other libraries.
    redirectOptions: { maxRetries: 0 },
    ...(authority === undefined ? {} : { authorityHost: authority }),
    ...(tenant === undefined ? {} : { tenantId: tenant }),
    ...(client === undefined ? {} : { managedIdentityClientId: client, workloadIdentityClientId: client }),
  });
  const { token, expiresOnTimestamp } = await credential.getToken(scope, { abortSignal: signal });
  return { kind: "entra-token", token, tenant, expiresAt: expiresOnTimestamp };
}

function attempt(): Attempt {
  return {
    operation: "cloud-sign-in",
    notFound: "No Microsoft Entra identity was found",
    refused: "Microsoft Entra refused the identity",
    failed: "Microsoft Entra could not be asked for a token",
    advice:
      "Sign in with az login, set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or check the tenant and the client that are chosen.",
    missing:
      /CredentialUnavailableError|ChainedTokenCredential authentication failed|AggregateAuthenticationError/,
  };
}
