// A key file of Google Cloud that was chosen by name, as a client of Google's library.
// https://cloud.google.com/docs/authentication/application-default-credentials#GAC
import { readFile, stat } from "node:fs/promises";
import type { AuthClient } from "google-auth-library";
import { z } from "zod";
import { FreightlinerError } from "../../../shared/errors.ts";
import { isLoopbackAddress } from "../../../shared/reference.ts";
import { byOneWay, type GoogleTransport, loadGoogle } from "./google-transport.ts";

/** Bytes; keys have a few thousand. */
const largestFile = 256 * 1024;
const text = z.string().min(1);

const formatSchema = z
  .object({ type: z.enum(["json", "text"]), subject_token_field_name: text.exactOptional() })
  .exactOptional();

/**
 * Where tokens are traded. What such a file names is read and sent there, so it is Google or this machine itself:
 * https://cloud.google.com/docs/authentication/external/externally-sourced-credentials
 */
const tradingUrl = z.url().refine((value) => {
  const { protocol, hostname, host } = new URL(value);
  if (isLoopbackAddress(host)) return true;
  return protocol === "https:" && hostname.endsWith(".googleapis.com");
});

const keySchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("service_account"), client_email: text, private_key: text }),
  z.object({
    type: z.literal("authorized_user"),
    client_id: text,
    client_secret: text,
    refresh_token: text,
  }),
  // https://google.aip.dev/auth/4117. One that runs a program is taken as application default credentials only.
  z.object({
    type: z.literal("external_account"),
    audience: text,
    subject_token_type: text,
    token_url: tradingUrl,
    service_account_impersonation_url: tradingUrl.exactOptional(),
    workforce_pool_user_project: text.exactOptional(),
    credential_source: z.union([
      z.object({
        environment_id: text,
        regional_cred_verification_url: text,
        region_url: text.exactOptional(),
        url: text.exactOptional(),
        imdsv2_session_token_url: text.exactOptional(),
      }),
      z.object({ file: text, format: formatSchema }),
      z.object({
        url: text,
        headers: z.record(z.string(), z.string()).exactOptional(),
        format: formatSchema,
      }),
    ]),
  }),
]);

/**
 * @returns the client, and whom it is for where the file says so.
 * @throws FreightlinerError `configuration` that names the file, and never what is in it.
 */
export async function clientOfKeyFile(
  path: string,
  scope: string,
  transporterOptions: GoogleTransport,
): Promise<{ readonly client: AuthClient; readonly email: string | null }> {
  const key = await readKey(path);
  const { AwsClient, IdentityPoolClient, JWT, UserRefreshClient } = await loadGoogle();
  switch (key.type) {
    case "service_account": {
      const { client_email: email, private_key } = key;
      return { client: new JWT({ email, key: private_key, scopes: [scope], transporterOptions }), email };
    }
    case "authorized_user": {
      const { client_id, client_secret, refresh_token } = key;
      const client = new UserRefreshClient({
        clientId: client_id,
        clientSecret: client_secret,
        refreshToken: refresh_token,
        transporterOptions,
      });
      return { client, email: null };
    }
    case "external_account": {
      const { credential_source: source } = key;
      const common = { ...key, scopes: [scope], transporterOptions };
      const client =
        "environment_id" in source
          ? new AwsClient({ ...common, credential_source: source })
          : new IdentityPoolClient({ ...common, credential_source: source });
      return { client: byOneWay(client), email: null };
    }
  }
}

async function readKey(path: string): Promise<z.infer<typeof keySchema>> {
  let content: string;
  try {
    const found = await stat(path);
    // A pipe or a device has no end that its size would tell.
    if (!found.isFile()) throw unusable(path, "it is no file");
    if (found.size > largestFile) throw unusable(path, `it has more than ${largestFile} bytes`);
    content = await readFile(path, "utf8");
  } catch (error) {
    throw error instanceof FreightlinerError ? error : unusable(path, "it cannot be read", error);
  }
  const parsed = keySchema.safeParse(json(content));
  if (parsed.success) return parsed.data;
  throw unusable(
    path,
    "it holds no key of a service account, of a user or of a workload identity as gcloud writes them",
  );
}

function json(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // The parser's message would quote the file.
    return undefined;
  }
}

function unusable(path: string, why: string, cause?: unknown): FreightlinerError {
  return new FreightlinerError({
    code: "configuration",
    operation: "cloud-sign-in",
    message: `The key file ${path} gives no Google identity: ${why}.`,
    cause,
  });
}
