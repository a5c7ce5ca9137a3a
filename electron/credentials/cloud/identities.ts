// Finds the cloud identity for a registry, one per account, place and choice.
import type { CredentialChoice } from "../../../shared/endpoint.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { type ProviderId, providerOfHost } from "../../../shared/provider.ts";
import { awsIdentity, awsKey } from "./aws.ts";
import { azureIdentity } from "./azure.ts";
import type { CloudIdentities, CloudIdentity, CloudNetwork, CloudOwner } from "./cloud-identity.ts";
import { googleIdentity } from "./google.ts";
import { type Cloud, hintsAt, type Machine } from "./hints.ts";

export interface CloudIdentitiesOptions {
  readonly machine: Machine;
  readonly network: CloudNetwork;
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
    find(owner, choice = { from: "automatic" }) {
      const { registry } = owner;
      const chosen = choice.from === "cloud" ? choice : undefined;
      if (chosen === undefined && choice.from !== "automatic") return undefined;
      // A guess goes by the name alone: what somebody said of a host is no reason to show it a token unasked.
      const provider = (chosen && registry.provider) ?? providerOfHost(registry.host);
      const cloud = provider && cloudOfProvider[provider];
      if (provider === undefined || cloud === undefined)
        return chosen === undefined ? undefined : noCloud(registry.host);
      if (chosen === undefined && !hintsAt(cloud, options.machine)) return undefined;
      const key = JSON.stringify([provider, ...wayOf(owner), choice]);
      const identity = known.get(key) ?? guarded(open(options, owner, provider, chosen), provider, chosen);
      known.set(key, identity);
      return identity;
    },
    awsKey(owner, choice, signal) {
      const { registry } = owner;
      const isPublic = (registry.provider ?? providerOfHost(registry.host)) === "ecr-public";
      const profile = choice?.from === "cloud" ? choice.profile : undefined;
      return awsKey({ registry, isPublic, profile, open: () => options.network(owner) }, signal);
    },
  };
}

/** All that leads to another answer, or to it on another way. */
function wayOf({ id, registry }: CloudOwner): readonly unknown[] {
  const { host, apiUrl, plainHttp, proxy, proxySignIn } = registry;
  const { caFile, clientCertFile, clientKeyFile, insecureSkipVerify, pins, tls13Only } = registry;
  const tls = [caFile, clientCertFile, clientKeyFile, insecureSkipVerify, pins, tls13Only];
  return [host, apiUrl, plainHttp, proxy, proxySignIn === true ? id : null, ...tls];
}

function open(
  { network, now = Date.now, deadlineMs = usualDeadlineMs }: CloudIdentitiesOptions,
  owner: CloudOwner,
  provider: ProviderId,
  chosen: CloudChoice | undefined,
): CloudIdentity {
  const { registry } = owner;
  const common = {
    now,
    deadlineMs,
    failureKeptMs: chosen === undefined ? failureKeptMs.automatic : failureKeptMs.chosen,
    open: () => network(owner),
  };
  switch (cloudOfProvider[provider]) {
    case "google":
      return googleIdentity({ ...common, keyFile: chosen?.keyFile });
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
