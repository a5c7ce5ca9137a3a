// The identity that a cloud gives this machine or person, as a registry of that cloud takes it.
import type { CloudLine } from "../../../shared/cloud-call.ts";
import type { CredentialChoice, RegistrySettings } from "../../../shared/endpoint.ts";
import type { AwsKey, Credential } from "../../engine/credential.ts";

/** What is known of it without asking anyone; never a secret. */
export interface CloudFacts {
  readonly username: string | null;
  /** Which identity of which cloud, in plain words. */
  readonly place: string | null;
  /** Milliseconds since 1970; null before the first answer. */
  readonly expiresAt: number | null;
  /** Why the last question failed. */
  readonly problem: string | null;
}

export interface CloudIdentity {
  /**
   * A short-lived credential for the registry, renewed ahead of its end; callers at one time share one question.
   * Undefined where it was only guessed, cannot be had, and the registry is one that everybody may read.
   * @param refused the credential that the registry just refused: where it is the one that holds, it is asked for anew.
   * @throws FreightlinerError `configuration` where there is no identity, `unauthorized` where the cloud refuses it,
   * `timeout`, `unreachable`, `rate-limited`; or the signal's reason.
   */
  get(signal: AbortSignal, refused?: Credential): Promise<Credential | undefined>;
  describe(): CloudFacts;
}

/** The settings of a registry that say which cloud it belongs to, and how that is reached. */
export type CloudRegistry = Pick<RegistrySettings, "host" | "provider" | "apiUrl" | "proxy"> &
  Partial<Pick<RegistrySettings, "plainHttp" | "proxySignIn" | WayKey>>;

/** What the registry's settings say of TLS. */
type WayKey = "caFile" | "clientCertFile" | "clientKeyFile" | "insecureSkipVerify" | "pins" | "tls13Only";

/** Opens the network for one question; whoever opens it closes it. */
export type OpenLine = () => CloudLine;

/** The way that the cloud's own library has to the network: that of the registry it is asked for. */
export type CloudNetwork = (owner: CloudOwner) => CloudLine;

export interface CloudOwner {
  /** Of the endpoint: its proxy's sign-in goes by it. */
  readonly id: string;
  readonly registry: CloudRegistry;
}

export interface CloudIdentities {
  /**
   * The identity for a registry. Chosen (`from: "cloud"`), there is always one, though asking it may fail; else
   * (`automatic`, or nothing chosen) only for hosts that belong to a cloud by their name, and where something on this
   * machine hints at an identity: a variable, a file, the machine itself. Asks nobody and is cheap to call.
   */
  find(owner: CloudOwner, choice: CredentialChoice | undefined): CloudIdentity | undefined;
  /** The key of the AWS identity for a registry of ECR, asked for anew. @throws as the identity. */
  awsKey(owner: CloudOwner, choice: CredentialChoice | undefined, signal: AbortSignal): Promise<AwsKey>;
}
