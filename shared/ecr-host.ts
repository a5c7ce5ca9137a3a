// What the host's name of a private Amazon ECR registry says: whose it is and where; and how its API is reached.
import type { RegistrySettings } from "./endpoint.ts";
import { FreightlinerError } from "./errors.ts";
import { isLoopbackAddress } from "./reference.ts";

export interface EcrHost {
  /** The twelve digits of the account. */
  readonly account: string;
  readonly region: string;
  readonly fips: boolean;
  /** True for the names that have IPv6 addresses, too. */
  readonly dualStack: boolean;
}

/** https://github.com/awslabs/amazon-ecr-credential-helper/blob/main/ecr-login/api/client.go ecrPattern */
const pattern =
  /^([0-9]{12})\.dkr[.-]ecr(-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.(?:aws|amazonwebservices\.com\.cn)|amazonaws\.eu)$/;

/** @param host `host[:port]`. Undefined for any other host. */
export function parseEcrHost(host: string): EcrHost | undefined {
  const name = host.toLowerCase().replace(/:[0-9]+$/, "");
  const [, account, fips, region] = pattern.exec(name) ?? [];
  if (account === undefined || region === undefined) return undefined;
  return { account, region, fips: fips !== undefined, dualStack: name.includes(".on.") };
}

/** As the SDK's clients take it. What is left out the SDK finds in the environment and the shared configuration. */
export interface EcrClientPlace {
  readonly region?: string;
  readonly endpoint?: string;
  readonly useFipsEndpoint?: boolean;
  readonly useDualstackEndpoint?: boolean;
}

type EcrRegistry = Pick<RegistrySettings, "host" | "apiUrl"> & Partial<Pick<RegistrySettings, "plainHttp">>;

/**
 * @param isPublic ECR Public has its API in one region: https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html
 * @throws FreightlinerError `configuration` for an API over plain http that was not asked for: a session's token goes there, and the password comes back.
 */
export function ecrClientPlace({ host, apiUrl, plainHttp }: EcrRegistry, isPublic: boolean): EcrClientPlace {
  const named = parseEcrHost(host);
  const api = /^http:\/\/([^/?#]*)/i.exec(apiUrl ?? "")?.[1];
  if (api !== undefined && plainHttp !== "always" && !isLoopbackAddress(api)) {
    throw new FreightlinerError({
      code: "configuration",
      operation: "open-registry",
      message: `The API beside ${host} would be asked over plain http at ${api}, where others can read the sign-in; https was expected.`,
    });
  }
  const region = isPublic ? "us-east-1" : named?.region;
  return {
    ...(region === undefined ? {} : { region }),
    ...(apiUrl === undefined ? {} : { endpoint: apiUrl }),
    ...(named?.fips === true ? { useFipsEndpoint: true } : {}),
    ...(named?.dualStack === true ? { useDualstackEndpoint: true } : {}),
  };
}
