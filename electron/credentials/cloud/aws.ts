// The identity of Amazon Web Services: a password for ECR, good for twelve hours.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html

import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { type Attempt, cloudError } from "../../../shared/cloud-error.ts";
import { ecrClientPlace, parseEcrHost } from "../../../shared/ecr-host.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { type NamedProxies, proxyEnvOf } from "../../../shared/sdk-proxy.ts";
import type { PasswordCredential } from "../../engine/credential.ts";
import type { CloudIdentity, CloudRegistry } from "./cloud-identity.ts";
import { Renewing, type RenewingOptions } from "./renewing.ts";

export interface AwsOptions extends RenewingOptions {
  readonly registry: CloudRegistry;
  /** Of ECR Public, whose tokens come from one place. */
  readonly isPublic: boolean;
  /** Of the shared configuration; the environment's or the default one where it is not said. */
  readonly profile: string | undefined;
  readonly proxies: NamedProxies;
}

/** Milliseconds that the machine's own metadata service may take; it answers at once or not at all. */
const metadataMs = 1000;
const callMs = 10_000;

/** The SDK writes warnings to the console otherwise. */
const silent = {
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
};

export function awsIdentity(options: AwsOptions): CloudIdentity {
  const { profile } = options;
  const named = profile === undefined ? "" : ` of profile "${profile}"`;
  let accessKey: string | undefined;
  const renewing = new Renewing({
    ...options,
    what: "Signing in to Amazon ECR",
    ask: async (signal) => {
      const key = await findKey(options);
      accessKey = key.accessKeyId;
      return askForPassword(options, key, signal);
    },
  });
  return {
    get: (signal, refused) => renewing.get(signal, refused),
    describe: () => ({
      username: renewing.expiresAt === null ? null : "AWS",
      place: `AWS identity${named}${accessKey === undefined ? "" : ` (access key ${accessKey})`}`,
      expiresAt: renewing.expiresAt,
      problem: renewing.problem,
    }),
  };
}

interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function attemptOf({ profile }: AwsOptions, who: string): Attempt {
  return {
    operation: "cloud-sign-in",
    notFound:
      profile === undefined ? "No AWS identity was found" : `The AWS profile "${profile}" gives no identity`,
    refused: `AWS refused a sign-in to ECR for ${who}`,
    failed: "AWS could not be asked for a sign-in to ECR",
    advice:
      "Sign in with the AWS command line (aws sso login, aws configure), set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose another profile; the identity needs ecr:GetAuthorizationToken.",
    missing: /CredentialsProviderError|TokenProviderError|Region is missing|Could not load credentials/,
  };
}

/** By the SDK's whole chain, read anew each time: a key that was replaced in a file counts from the next question on. */
async function findKey(options: AwsOptions): Promise<AccessKey> {
  const { registry, profile } = options;
  const region = parseEcrHost(registry.host)?.region;
  try {
    const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
    const chain = fromNodeProviderChain({
      ignoreCache: true,
      logger: silent,
      timeout: metadataMs,
      maxRetries: 1,
      ...(profile === undefined ? {} : { profile }),
      clientConfig: { requestHandler: handlerOf(options), ...(region === undefined ? {} : { region }) },
    });
    return await chain();
  } catch (error) {
    throw cloudError(error, attemptOf(options, "this identity"));
  }
}

/** The SDK looks at no proxies by itself. The machine's metadata service is asked directly in any case. */
function handlerOf({ registry, proxies }: AwsOptions) {
  const proxyEnv = proxyEnvOf(registry.proxy, proxies);
  return {
    connectionTimeout: callMs,
    requestTimeout: callMs,
    httpAgent: new HttpAgent({ proxyEnv }),
    httpsAgent: new HttpsAgent({ proxyEnv }),
  };
}

async function askForPassword(
  options: AwsOptions,
  credentials: AccessKey,
  signal: AbortSignal,
): Promise<PasswordCredential> {
  const { registry, isPublic, profile } = options;
  const config = {
    credentials,
    logger: silent,
    requestHandler: handlerOf(options),
    ...ecrClientPlace(registry, isPublic),
    ...(profile === undefined ? {} : { profile }),
  };
  try {
    const answer = isPublic
      ? await askPublic(config, signal)
      : await askPrivate(config, parseEcrHost(registry.host)?.account, signal);
    return passwordOf(answer);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw cloudError(error, attemptOf(options, `the access key ${credentials.accessKeyId}`));
  }
}

interface Answer {
  readonly authorizationToken?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

type PrivateConfig = NonNullable<ConstructorParameters<typeof import("@aws-sdk/client-ecr").ECRClient>[0]>;
type PublicConfig = NonNullable<
  ConstructorParameters<typeof import("@aws-sdk/client-ecr-public").ECRPUBLICClient>[0]
>;

async function askPrivate(
  config: PrivateConfig,
  account: string | undefined,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const { ECRClient, GetAuthorizationTokenCommand } = await import("@aws-sdk/client-ecr");
  const client = new ECRClient(config);
  try {
    // The account is not asked for (registryIds is deprecated): one token opens all that the identity may reach.
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}), {
      abortSignal: signal,
    });
    return (
      authorizationData?.find((one) => one.proxyEndpoint?.includes(account ?? "")) ?? authorizationData?.[0]
    );
  } finally {
    client.destroy();
  }
}

async function askPublic(config: PublicConfig, signal: AbortSignal): Promise<Answer | undefined> {
  const { ECRPUBLICClient, GetAuthorizationTokenCommand } = await import("@aws-sdk/client-ecr-public");
  const client = new ECRPUBLICClient(config);
  try {
    return (await client.send(new GetAuthorizationTokenCommand({}), { abortSignal: signal }))
      .authorizationData;
  } finally {
    client.destroy();
  }
}

/** base64 of `AWS:<password>`. */
function passwordOf(answer: Answer | undefined): PasswordCredential {
  const text = Buffer.from(answer?.authorizationToken ?? "", "base64").toString("utf8");
  const colon = text.indexOf(":");
  const username = text.slice(0, Math.max(colon, 0));
  const password = text.slice(colon + 1);
  if (username === "" || password === "") {
    throw new FreightlinerError({
      code: "protocol",
      operation: "cloud-sign-in",
      message: "AWS answered the question for a sign-in to ECR without a user name and password.",
    });
  }
  return { kind: "password", username, password, expiresAt: answer?.expiresAt?.getTime() };
}
