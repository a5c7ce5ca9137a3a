// Finds the cloud identity for a registry, one per account, place and choice.
import type { CredentialChoice } from "../../../shared/endpoint.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { type ProviderId, providerOfHost } from "../../../shared/provider.ts";
import { awsIdentity } from "./aws.ts";
import { azureIdentity } from "./azure.ts";
import type { CloudIdentities, CloudIdentity, CloudRegistry } from "./cloud-identity.ts";
import { googleIdentity } from "./google.ts";
import { type Cloud, hintsAt, type Machine, proxiesOf } from "./hints.ts";

export interface CloudIdentitiesOptions {
  readonly machine: Machine;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
  /** Milliseconds that a question to a cloud may take in all. */
  readonly deadlineMs?: number | undefined;
}

type CloudChoice = Extract<CredentialChoice, { from: "cloud" }>;

const cloudOfProvider: Partial<Readonly<Record<ProviderId, Cloud>>> = {
  ecr: "aws",
  "ecr-public": "aws",
  google: "google",
  acr: "azure",
};
const usualDeadlineMs = 30_000;
/** A failure is told again without asking for that long: people mend it and try again, a guess is not repeated so soon. */
const failureKeptMs = { chosen: 2000, automatic: 60_000 };

export function createCloudIdentities(options: CloudIdentitiesOptions): CloudIdentities {
  const known = new Map<string, CloudIdentity>();
  return {
    find(registry, choice = { from: "automatic" }) {
      const chosen = choice.from === "cloud" ? choice : undefined;
      if (chosen === undefined && choice.from !== "automatic") return undefined;
      // A guess goes by the name alone: what somebody said of a host is no reason to show it a token unasked.
      const provider = (chosen && registry.provider) ?? providerOfHost(registry.host);
      const cloud = provider && cloudOfProvider[provider];
      if (provider === undefined || cloud === undefined)
        return chosen === undefined ? undefined : noCloud(registry.host);
      if (chosen === undefined && !hintsAt(cloud, options.machine)) return undefined;
      const { host, apiUrl, plainHttp, proxy } = registry;
      const key = JSON.stringify([provider, host, apiUrl, plainHttp, proxy, choice]);
      const identity = known.get(key) ?? guarded(open(options, registry, provider, chosen), provider, chosen);
      known.set(key, identity);
      return identity;
    },
  };
}

function open(
  { machine, now = Date.now, deadlineMs = usualDeadlineMs }: CloudIdentitiesOptions,
  registry: CloudRegistry,
  provider: ProviderId,
  chosen: CloudChoice | undefined,
): CloudIdentity {
  const common = {
    now,
    deadlineMs,
    failureKeptMs: chosen === undefined ? failureKeptMs.automatic : failureKeptMs.chosen,
  };
  switch (cloudOfProvider[provider]) {
    case "google":
      return googleIdentity({ ...common, keyFile: chosen?.keyFile, proxy: registry.proxy });
    case "azure":
      return azureIdentity({
        ...common,
        registry,
        tenant: chosen?.tenant,
        client: chosen?.client,
      });
    default:
      return awsIdentity({
        ...common,
        registry,
        isPublic: provider === "ecr-public",
        profile: chosen?.profile,
        proxies: proxiesOf(machine),
      });
  }
}

/** What these hold is mostly public: no guess of ours may keep anybody from reading it. */
const publicProviders: ReadonlySet<ProviderId> = new Set(["ecr-public", "google"]);

function guarded(
  identity: CloudIdentity,
  provider: ProviderId,
  chosen: CloudChoice | undefined,
): CloudIdentity {
  if (chosen !== undefined || !publicProviders.has(provider)) return identity;
  return {
    describe: () => identity.describe(),
    async get(signal, refused) {
      try {
        return await identity.get(signal, refused);
      } catch (error) {
        // Why stands in `problem`, where the registry's sign-in is shown.
        if (error instanceof FreightlinerError && !error.retryable) return undefined;
        throw error;
      }
    },
  };
}

function noCloud(host: string): CloudIdentity {
  const error = new FreightlinerError({
    code: "configuration",
    operation: "cloud-sign-in",
    message: `${host} is not known to belong to a cloud; say in its settings what runs there, or choose another sign-in.`,
  });
  return {
    get: () => Promise.reject(error),
    describe: () => ({ username: null, place: null, expiresAt: null, problem: error.message }),
  };
}
