// Where a machine of a cloud finds its own identity: known to that machine alone, so no proxy is asked for it.
import { bareHost, isLoopbackHost, zoneOf } from "../addresses.ts";

/** https://cloud.google.com/compute/docs/metadata/overview */
const names: ReadonlySet<string> = new Set(["metadata.google.internal", "metadata.goog"]);
/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html and EKS' pod identity. */
const addresses: ReadonlySet<string> = new Set(["fd00:ec2::254", "fd00:ec2::23"]);

/** On this machine's link (169.254.169.254, 169.254.170.2), or by a name that a cloud has for it. */
export function isMetadataService(url: URL): boolean {
  const host = bareHost(url).toLowerCase().replace(/\.$/, "");
  return names.has(host) || addresses.has(host) || zoneOf(host) === "link-local";
}

/** Metadata services, and what else answers on this machine itself. */
export function isOwnService(url: URL): boolean {
  return isMetadataService(url) || isLoopbackHost(url.hostname);
}
