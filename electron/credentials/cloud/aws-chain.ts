// The key that AWS' own chain finds, where it comes from, and in plain words why there is none.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
import { awsHandler, silent } from "../../../shared/aws-client.ts";
import type { CloudCall } from "../../../shared/cloud-call.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { AwsKey } from "../../engine/credential.ts";

export interface FoundKey extends AwsKey {
  /** In plain words; undefined where the SDK does not say. */
  readonly origin: string | undefined;
}

export interface ChainOptions {
  readonly call: CloudCall;
  readonly profile: string | undefined;
  /** For the roles that are assumed; the profile's own comes first. */
  readonly region: string | undefined;
}

/** Milliseconds that the machine's own metadata service may take; it answers at once or not at all. */
const metadataMs = 1000;

/**
 * Read anew each time: what was replaced in a file counts from the next question on. A profile that was chosen is asked
 * alone: no other identity may stand in for it.
 */
export async function findKey(options: ChainOptions): Promise<FoundKey> {
  const { profile } = options;
  const told: string[] = [];
  try {
    const { fromIni, fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
    const chain = initOf(options, told);
    const find = profile === undefined ? fromNodeProviderChain(chain) : fromIni({ ...chain, profile });
    const found = await find();
    return { ...found, origin: originOf(found) };
  } catch (error) {
    throw troubleOf([...told, String(error)], profile) ?? error;
  }
}

/** @param told gets a line from each link that gave nothing. */
function initOf({ call, region }: ChainOptions, told: string[]) {
  return {
    ignoreCache: true,
    logger: { ...silent, debug: (...words: unknown[]) => void told.push(words.join(" ")) },
    timeout: metadataMs,
    maxRetries: 1,
    clientConfig: { requestHandler: awsHandler(call), logger: silent },
    // Not in the clients' own configuration, which would take single sign-on out of its region.
    ...(region === undefined ? {} : { parentClientConfig: { region: async () => region } }),
  };
}

/** Of several that played a part, the one that a person would name comes first. */
const origins: readonly (readonly [RegExp, string])[] = [
  [/SSO/, "by single sign-on"],
  [/LOGIN/, "by aws login"],
  [/WEB_ID/, "by a web identity"],
  [/ASSUME_ROLE/, "in an assumed role"],
  [/PROCESS/, "by a credential_process"],
  [/HTTP/, "of this container"],
  [/IMDS/, "of this machine's role"],
  [/ENV_VARS/, "in environment variables"],
  [/PROFILE/, "in the shared files"],
];

/** `$source` is the SDK's own note for its user agent: names of features, each with a letter. */
function originOf(found: AwsKey): string | undefined {
  const source: unknown = Reflect.get(found, "$source");
  if (typeof source !== "object" || source === null) return undefined;
  const names = Object.keys(source);
  return origins.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}

/** What the SDK's chain tells of its links, the last of them hiding what went before. Undefined where nothing is known. */
function troubleOf(told: readonly string[], profile: string | undefined): FreightlinerError | undefined {
  const has = (pattern: RegExp): boolean => told.some((line) => pattern.test(line));
  const named = profile === undefined ? "" : ` --profile ${profile}`;
  const whose = profile === undefined ? "the AWS profile in use" : `the AWS profile "${profile}"`;
  if (has(/aws sso login|SSO session|UnauthorizedException/))
    return trouble(
      "unauthorized",
      `The single sign-on of ${whose} has ended or never took place. Run aws sso login${named}.`,
    );
  if (has(/ForbiddenException/))
    return trouble(
      "forbidden",
      `AWS single sign-on does not give the role of ${whose} to the person who is signed in.`,
    );
  if (has(/aws login|reauthenticate/))
    return trouble("unauthorized", `The AWS login of ${whose} has ended. Run aws login${named}.`);
  if (has(/multi-factor authentication/))
    return trouble(
      "configuration",
      `The role of ${whose} wants a second factor, and nobody is asked for its code here. Choose a profile of single sign-on, or one that such a code was given for.`,
    );
  // Its words may quote what the program was called with, and what it printed.
  if (has(/credential_process (returned|did not return)/))
    return trouble(
      "configuration",
      `The credential_process of ${whose} printed something that is no credential.`,
    );
  if (has(/Command failed|maxBuffer|spawn .* E[A-Z]+/))
    return trouble("configuration", `The credential_process of ${whose} failed.`);
  return undefined;
}

function trouble(code: "unauthorized" | "forbidden" | "configuration", message: string): FreightlinerError {
  return new FreightlinerError({ code, operation: "cloud-sign-in", message });
}
