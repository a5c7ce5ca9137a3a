// What the host's name of a private Amazon ECR registry says: whose it is and where.

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
