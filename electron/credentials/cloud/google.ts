// The identity of Google Cloud: an access token as the password of `oauth2accesstoken`, good for about an hour.
// https://cloud.google.com/artifact-registry/docs/docker/authentication#token

import type { AuthClient } from "google-auth-library";
import type { Attempt } from "../../../shared/cloud-error.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { PasswordCredential } from "../../engine/credential.ts";
import type { CloudIdentity, OpenLine } from "./cloud-identity.ts";
import { clientOfKeyFile } from "./google-key-file.ts";
import { byOneWay, type GoogleTransport, googleTransport, loadGoogle } from "./google-transport.ts";
import { askCloud } from "./question.ts";
import { Renewing, type RenewingOptions } from "./renewing.ts";

export interface GoogleOptions extends RenewingOptions {
  /** The key of a service account or a workload identity; application default credentials where it is not said. */
  readonly keyFile: string | undefined;
  readonly open: OpenLine;
}

const scope = "https://www.googleapis.com/auth/cloud-platform";

export function googleIdentity(options: GoogleOptions): CloudIdentity {
  const { keyFile, open } = options;
  const attempt = () => attemptOf(keyFile);
  const place =
    keyFile === undefined
      ? "Google application default credentials"
      : `Google identity of the key file ${keyFile}`;
  let email: string | null = null;
  const renewing = new Renewing({
    ...options,
    what: "Signing in to Google Cloud",
    ask: async (signal) => {
      const answer = await askCloud({ open, signal, attempt }, (call) =>
        askForToken(keyFile, googleTransport(call)),
      );
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
async function defaultClient(transporterOptions: GoogleTransport): Promise<AuthClient> {
  const { GoogleAuth } = await loadGoogle();
  const auth = new GoogleAuth({
    scopes: [scope],
    projectId: "not-needed",
    clientOptions: { transporterOptions },
  });
  return byOneWay(await auth.getClient());
}

/** A new client each time: what an old one keeps may be what was just refused, and files may have been replaced. */
async function askForToken(
  keyFile: string | undefined,
  transport: GoogleTransport,
): Promise<{ readonly credential: PasswordCredential; readonly email: string | null }> {
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
}

function attemptOf(keyFile: string | undefined): Attempt {
  return {
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
  };
}
