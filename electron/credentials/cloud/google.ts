// The identity of Google Cloud: an access token as the password of `oauth2accesstoken`, good for about an hour.
// https://cloud.google.com/artifact-registry/docs/docker/authentication#token

import type { AuthClient } from "google-auth-library";
import { cloudError } from "../../../shared/cloud-error.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { PasswordCredential } from "../../engine/credential.ts";
import type { CloudIdentity, CloudRegistry } from "./cloud-identity.ts";
import { clientOfKeyFile, type Transport } from "./google-key-file.ts";
import { Renewing, type RenewingOptions } from "./renewing.ts";

export interface GoogleOptions extends RenewingOptions {
  /** The key of a service account or a workload identity; application default credentials where it is not said. */
  readonly keyFile: string | undefined;
  /** The registry's; proxies of the environment are the library's own matter. */
  readonly proxy: CloudRegistry["proxy"];
}

const scope = "https://www.googleapis.com/auth/cloud-platform";
const callMs = 10_000;

export function googleIdentity(options: GoogleOptions): CloudIdentity {
  const { keyFile, proxy } = options;
  const transport = { timeout: callMs, ...(proxy === undefined || proxy === "none" ? {} : { proxy }) };
  const place =
    keyFile === undefined
      ? "Google application default credentials"
      : `Google identity of the key file ${keyFile}`;
  let email: string | null = null;
  const renewing = new Renewing({
    ...options,
    what: "Signing in to Google Cloud",
    ask: async () => {
      const answer = await askForToken(keyFile, transport);
      email = answer.email;
      return answer.credential;
    },
  });
  return {
    get: (signal, refused) => renewing.get(signal, refused),
    describe: () => ({
      username: renewing.expiresAt === null ? null : (email ?? "oauth2accesstoken"),
      place,
      expiresAt: renewing.expiresAt,
      problem: renewing.problem,
    }),
  };
}

/** Application default credentials. The project is not needed, and finding it out would run gcloud. */
async function defaultClient(transporterOptions: Transport): Promise<AuthClient> {
  const { GoogleAuth } = await import("google-auth-library");
  const auth = new GoogleAuth({
    scopes: [scope],
    projectId: "not-needed",
    clientOptions: { transporterOptions },
  });
  return auth.getClient();
}

/** A new client each time: what an old one keeps may be what was just refused, and files may have been replaced. */
async function askForToken(
  keyFile: string | undefined,
  transport: Transport,
): Promise<{ readonly credential: PasswordCredential; readonly email: string | null }> {
  try {
    const { client, email } =
      keyFile === undefined
        ? { client: await defaultClient(transport), email: null }
        : await clientOfKeyFile(keyFile, scope, transport);
    const { token } = await client.getAccessToken();
    if (typeof token !== "string" || token === "") {
      throw new FreightlinerError({
        code: "protocol",
        operation: "cloud-sign-in",
        message: "Google answered without an access token.",
      });
    }
    const expiresAt = client.credentials.expiry_date ?? undefined;
    return {
      credential: { kind: "password", username: "oauth2accesstoken", password: token, expiresAt },
      email,
    };
  } catch (error) {
    throw cloudError(error, {
      operation: "cloud-sign-in",
      notFound: "No Google identity was found",
      refused:
        keyFile === undefined
          ? "Google refused the application default credentials"
          : `Google refused the identity of ${keyFile}`,
      failed: "Google could not be asked for an access token",
      advice:
        "Sign in with gcloud auth application-default login, name a key file, or enter _json_key with the key as the password.",
      missing: /Could not load the default credentials|credential file/,
    });
  }
}
