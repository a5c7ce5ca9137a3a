// A user name with its secret, and where the registry client asks for one.
export interface Credential {
  readonly username: string;
  readonly password: string;
}

export interface CredentialProvider {
  /** Asked before each sign-in; undefined = anonymous. */
  get(signal: AbortSignal): Promise<Credential | undefined>;
}
