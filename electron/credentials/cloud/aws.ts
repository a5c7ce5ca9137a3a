// The identity of Amazon Web Services: a password for ECR, good for twelve hours.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html

import { awsHandler, silent } from "../../../shared/aws-client.ts";
import type { CloudCall } from "../../../shared/cloud-call.ts";
import type { Attempt } from "../../../shared/cloud-error.ts";
import { ecrClientPlace, parseEcrHost } from "../../../shared/ecr-host.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { AwsKey, PasswordCredential } from "../../engine/credential.ts";
import { type FoundKey, findKey } from "./aws-chain.ts";
import type { CloudIdentity, CloudRegistry, OpenLine } from "./cloud-identity.ts";
import { askCloud } from "./question.ts";
import { Renewing, type RenewingOptions } from "./renewing.ts";

/** Which identity is asked for, and by which way. */
export interface AwsPlace {
  readonly registry: CloudRegistry;
  /** Of ECR Public, whose tokens come from one place. */
  readonly isPublic: boolean;
  /** Of the shared configuration; the environment's or the default one where it is not said. */
  readonly profile: string | undefined;
  readonly open: OpenLine;
}

export type AwsOptions = AwsPlace & RenewingOptions;

export function awsIdentity(options: AwsOptions): CloudIdentity {
  const { profile, open } = options;
  let key: FoundKey | undefined;
  const renewing = new Renewing({
    ...options,
    what: "Signing in to Amazon ECR",
    ask: (signal) => {
      let found: FoundKey | undefined;
      const who = (): string =>
        found === undefined ? "this identity" : `the access key ${found.accessKeyId}`;
      return askCloud({ open, signal, attempt: () => attemptOf(options, who()) }, async (call) => {
        found = await findKey({ call, profile, region: regionOf(options) });
        key = found;
        return askForPassword(options, found, { call, signal });
      });
    },
  });
  return {
    get: (signal, refused) => renewing.get(signal, refused),
    describe: () => ({
      username: renewing.expiresAt === null ? null : "AWS",
      place: placeOf(profile, key),
      expiresAt: renewing.expiresAt,
      problem: renewing.problem,
    }),
  };
}

/** The key alone, for AWS' other APIs. @throws FreightlinerError as the identity, or the signal's reason. */
export async function awsKey(options: AwsPlace, signal: AbortSignal): Promise<AwsKey> {
  const { open, profile } = options;
  const { accessKeyId, secretAccessKey, sessionToken } = await askCloud(
    { open, signal, attempt: () => keyAttempt(options) },
    (call) => findKey({ call, profile, region: regionOf(options) }),
  );
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

function regionOf({ registry, isPublic }: AwsPlace): string | undefined {
  return ecrClientPlace(registry, isPublic).region;
}

/** `AWS identity of profile "work" by single sign-on (access key ASIA…)`. */
function placeOf(profile: string | undefined, key: FoundKey | undefined): string {
  const named = profile === undefined ? "" : ` of profile "${profile}"`;
  if (key === undefined) return `AWS identity${named}`;
  const origin = key.origin === undefined ? "" : ` ${key.origin}`;
  return `AWS identity${named}${origin} (access key ${key.accessKeyId})`;
}

const advice =
  "Sign in with the AWS command line (aws sso login, aws configure), set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose another profile";

function attemptOf(place: AwsPlace, who: string): Attempt {
  return {
    ...keyAttempt(place),
    refused: `AWS refused a sign-in to ECR for ${who}`,
    failed: "AWS could not be asked for a sign-in to ECR",
    advice: `${advice}; the identity needs ecr:GetAuthorizationToken.`,
  };
}

function keyAttempt({ profile }: AwsPlace): Attempt {
  return {
    operation: "cloud-sign-in",
    notFound:
      profile === undefined ? "No AWS identity was found" : `The AWS profile "${profile}" gives no identity`,
    refused: "AWS refused the identity",
    failed: "AWS could not be asked for the key of the identity",
    advice: `${advice}.`,
    missing: /CredentialsProviderError|TokenProviderError|Region is missing|Could not load credentials/,
  };
}

async function askForPassword(
  { registry, isPublic, profile }: AwsPlace,
  { accessKeyId, secretAccessKey, sessionToken }: AwsKey,
  { call, signal }: { readonly call: CloudCall; readonly signal: AbortSignal },
): Promise<PasswordCredential> {
  const config = {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    logger: silent,
    requestHandler: awsHandler(call),
    ...ecrClientPlace(registry, isPublic),
    ...(profile === undefined ? {} : { profile }),
  };
  const answer = isPublic
    ? await askPublic(config, signal)
    : await askPrivate(config, parseEcrHost(registry.host)?.account, signal);
  return passwordOf(answer);
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
