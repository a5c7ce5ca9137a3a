// Calls of the APIs of Amazon ECR, by the SDK and the identity that the registry's settings choose.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
import type { ECRClientConfig } from "@aws-sdk/client-ecr";
import type { ECRPUBLICClientConfig } from "@aws-sdk/client-ecr-public";
import { awsHandler, silent } from "../../../shared/aws-client.ts";
import type { CloudCall } from "../../../shared/cloud-call.ts";
import { cloudError } from "../../../shared/cloud-error.ts";
import { isDigest } from "../../../shared/digest.ts";
import { ecrClientPlace } from "../../../shared/ecr-host.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { untilAborted } from "../shared-work.ts";
import type { ProviderContext } from "./provider.ts";

export type EcrContext = Pick<ProviderContext, "host" | "settings" | "openLine" | "credentials">;
export type EcrConfig = ECRClientConfig & ECRPUBLICClientConfig;

/** Milliseconds. */
const deadlineMs = 30_000;

/** What the clients of both kinds of ECR are made with. */
async function configOf(
  { settings, credentials }: EcrContext,
  isPublic: boolean,
  { call, signal }: { readonly call: CloudCall; readonly signal: AbortSignal },
): Promise<EcrConfig> {
  if (credentials.awsKey === undefined) throw noKey();
  return {
    ...ecrClientPlace(settings, isPublic),
    logger: silent,
    requestHandler: awsHandler(call),
    credentials: { ...(await credentials.awsKey(signal)) },
  };
}

/** Where a sign-in is only tried, nothing is known beside it. */
function noKey(): FreightlinerError {
  return new FreightlinerError({
    code: "configuration",
    operation: "cloud-sign-in",
    message: "No AWS identity is known here.",
  });
}

export interface EcrCall {
  readonly context: EcrContext;
  readonly isPublic: boolean;
  /** In the words of errors. */
  readonly operation: string;
  /** `the repository app could not be made`. */
  readonly failed: string;
  /** `ecr:CreateRepository`. */
  readonly permission: string;
  /** Errors that the caller knows by name; undefined goes on to what all have in common. */
  readonly known: (name: string) => FreightlinerError | undefined;
}

/** Runs one call with a deadline; what the SDK throws becomes one of our errors, with nothing of the request. */
export async function callEcr<T>(
  { context, isPublic, operation, failed, permission, known }: EcrCall,
  signal: AbortSignal,
  work: (config: EcrConfig, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const both = AbortSignal.any([signal, deadline]);
  const line = context.openLine();
  try {
    const config = await configOf(context, isPublic, { call: line.call, signal: both });
    return await untilAborted(work(config, both), both);
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) {
      throw new FreightlinerError({
        code: "timeout",
        operation,
        message: `The API of Amazon ECR did not answer for ${context.host} within ${deadlineMs / 1000} seconds.`,
      });
    }
    const name = error instanceof Error ? error.name : "";
    if (error instanceof FreightlinerError && line.failure === undefined)
      throw about(error, `${failed} at ${context.host}`, operation);
    throw (
      known(name) ??
      cloudError(
        error,
        {
          operation,
          notFound: `${failed} at ${context.host}: no AWS identity was found for the API of Amazon ECR`,
          refused: `${failed} at ${context.host}: AWS refused the identity`,
          failed: `${failed} at ${context.host}: the API of Amazon ECR failed`,
          advice: `An identity with ${permission} is needed, in the environment, a profile or on the machine.`,
          missing: /CredentialsProviderError|TokenProviderError|Region is missing|Could not load credentials/,
        },
        line.failure,
      )
    );
  } finally {
    await line.close();
  }
}

/** Why there is no key, behind what could not be done without one. */
function about(error: FreightlinerError, what: string, operation: string): FreightlinerError {
  // What is told of ECR itself says already what it is about.
  if (error.operation !== "cloud-sign-in") return error;
  const { code, message, retryable } = error;
  return new FreightlinerError({ code, operation, retryable, message: `${what}: ${message}` });
}

/** Both kinds delete by a list of these; digests take all their tags along. */
export function imageIdOf(reference: string): { imageDigest: string } | { imageTag: string } {
  return isDigest(reference) ? { imageDigest: reference } : { imageTag: reference };
}

export interface DeleteFailure {
  readonly failureCode?: string | undefined;
  readonly failureReason?: string | undefined;
}

/** @throws FreightlinerError `manifest-unknown`, or `refused-by-registry` with AWS' reason. */
export function judgeDelete(
  failures: readonly DeleteFailure[] | undefined,
  what: string,
  { host }: EcrContext,
): void {
  const failure = failures?.[0];
  if (failure === undefined) return;
  const code = failure.failureCode ?? "";
  const missing = code === "ImageNotFound";
  const held = code === "ImageReferencedByManifestList";
  throw new FreightlinerError({
    code: missing ? "manifest-unknown" : "refused-by-registry",
    operation: "delete-manifest",
    message: missing
      ? `${what} is not in ${host}.`
      : held
        ? `${what} at ${host} is part of an index that is still there; delete that first.`
        : `${host} did not delete ${what}: ${code || "no reason given"}.`,
  });
}

/** @throws FreightlinerError always. */
export function unknownRepository(operation: string, repository: string, host: string): FreightlinerError {
  return new FreightlinerError({
    code: "repository-unknown",
    operation,
    message: `The repository ${repository} is not in ${host}.`,
  });
}
