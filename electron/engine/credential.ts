// What a sign-in is made of: the words between those who find credentials and those who use them.

/** A user name and its secret: sent as Basic, or traded for a token. */
export interface PasswordCredential {
  readonly kind: "password";
  readonly username: string;
  readonly password: string;
  /** Milliseconds since 1970; undefined where it is not known to end. */
  readonly expiresAt?: number | undefined;
}

/** An OAuth2 refresh token, as docker's `identitytoken`: traded for an access token by POST. */
export interface IdentityToken {
  readonly kind: "identity-token";
  /** Empty where none came with it. */
  readonly username: string;
  readonly token: string;
  readonly expiresAt?: number | undefined;
}

/** A Bearer token that is sent as it is, as docker's `registrytoken`. */
export interface RegistryToken {
  readonly kind: "registry-token";
  readonly token: string;
  readonly expiresAt?: number | undefined;
}

/** An access token of Microsoft Entra, which Azure's registries trade for an identity token. */
export interface EntraToken {
  readonly kind: "entra-token";
  readonly token: string;
  /** Undefined where the registry finds it out by itself. */
  readonly tenant: string | undefined;
  readonly expiresAt?: number | undefined;
}

/** What signs the requests to AWS' own APIs. */
export interface AwsKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export type Credential = PasswordCredential | IdentityToken | RegistryToken | EntraToken;

export interface CredentialProvider {
  /**
   * What holds now; undefined = anonymous. Short-lived ones are renewed ahead of their end by whoever gives them.
   * @param refused the credential that was just refused: where it came from a helper or a cloud, that one is asked anew.
   * @throws FreightlinerError `configuration`, `locked`, `unauthorized`, `timeout`; or the signal's reason.
   */
  get(signal: AbortSignal, refused?: Credential): Promise<Credential | undefined>;
  /** The key of the AWS identity that the registry's settings choose. @throws as `get`; `configuration` where there is none. */
  awsKey?(signal: AbortSignal): Promise<AwsKey>;
}

/** Whom it signs in, for people. Never a secret. */
export function identityName(credential: Credential): string {
  switch (credential.kind) {
    case "password":
      return credential.username;
    case "identity-token":
      return credential.username === "" ? "identity token" : credential.username;
    case "registry-token":
      return "registry token";
    case "entra-token":
      return "Microsoft Entra";
  }
}

/** True where the secret is the same, whatever is known of its end. */
export function isSameCredential(one: Credential, other: Credential): boolean {
  const secret = (credential: Credential): string =>
    credential.kind === "password"
      ? JSON.stringify([credential.username, credential.password])
      : credential.token;
  return one.kind === other.kind && secret(one) === secret(other);
}
