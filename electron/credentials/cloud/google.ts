// The identity of Google Cloud: an access token as the password of `oauth2accesstoken`, good for about an hour.
// https://cloud.google.com/artifact-registry/docs/docker/authentication#token

import { cloudError } from "../../../shared/cloud-error.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { PasswordCredential } from "../../engine/credential.ts";
import type { CloudIdentity } from "./cloud-identity.ts";
import { Renewing, type RenewingOptions } from "./renewing.ts";

export interface GoogleOptions extends RenewingOptions {
  /** The key of a service account or a workload identity; application default credentials where it is not said. */
  readonly keyFile: string | undefined;
}

const scope = "https://www.googleapis.com/auth/cloud-platform";
const callMs = 10_000;

export function googleIdentity(options: GoogleOptions): CloudIdentity {
  const { keyFile } = options;
  const place =
    keyFile === undefined
      ? "Google application default credentials"
      : `Google identity of the key file ${keyFile}`;
  let email: string | null = null;
  const renewing = new Renewing({
    ...options,
    what: "Signing in to Google Cloud",
    ask: async () => {
      const answer = await askForToken(keyFile);
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

/** The library cannot be stopped: whoever asks waits with a deadline of its own. */
async function askForToken(
  keyFile: string | undefined,
): Promise<{ readonly credential: PasswordCredential; readonly email: string | null }> {
  try {
    const { GoogleAuth, JWT } = await import("google-auth-library");
    // A new one each time: what it keeps may be what was just refused, and files may have been replaced.
    const auth = new GoogleAuth({
      scopes: [scope],
      clientOptions: { transporterOptions: { timeout: callMs } },
      ...(keyFile === undefined ? {} : { keyFile }),
    });
    const client = await auth.getClient();
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
      email: client instanceof JWT ? (client.email ?? null) : null,
    };
  } catch (error) {
    throw cloudError(error, {
      operation: "cloud-sign-in",
      notFound:
        keyFile === undefined
          ? "No Google identity was found"
          : `The key file ${keyFile} gives no Google identity`,
      refused:
        keyFile === undefined
          ? "Google refused the application default credentials"
          : `Google refused the identity of ${keyFile}`,
      failed: "Google could not be asked for an access token",
      advice:
        "Sign in with gcloud auth application-default login, name a key file, or enter _json_key with the key as the password.",
      missing:
        /Could not load the default credentials|ENOENT|does not exist|is not a file|Unexpected token|JSON|credential(?:s)? file/i,
    });
  }
}
