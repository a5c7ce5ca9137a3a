// Which project of Google Cloud a sign-in belongs to, and how it is shown to Google's APIs.
import { sign } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { parseJson } from "../body.ts";
import { caps } from "../limits.ts";
import { untilAborted } from "../shared-work.ts";
import type { ProviderContext } from "./provider.ts";
import type { VendorApi } from "./vendor-api.ts";
import type { Signing } from "./vendor-session.ts";

export interface GoogleIdentity {
  readonly project: string;
  readonly header: Signing;
}

const projectSchema = z.object({ project_id: z.string().min(1) });
const keySchema = projectSchema.extend({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
});
const scope = "https://www.googleapis.com/auth/cloud-platform";
const tokenUrl = "https://oauth2.googleapis.com/token";
const tokenSchema = z.object({ access_token: z.string().min(1).max(caps.token) });
const callMs = 10_000;
/** Bytes; keys have a few thousand. */
const largestKeyFile = 256 * 1024;

/** Finding out may run gcloud or ask the machine: once for each registry that is open. */
const projects = new WeakMap<VendorApi, string>();

/** Undefined where no project is known: anonymous, or a token that came from elsewhere. */
export async function googleIdentityOf(
  context: Pick<ProviderContext, "api" | "credentials" | "settings">,
  signal: AbortSignal,
): Promise<GoogleIdentity | undefined> {
  const credential = await context.credentials.get(signal);
  if (credential?.kind !== "password") return undefined;
  const { username, password } = credential;
  if (username === "oauth2accesstoken") {
    const project = projects.get(context.api) ?? (await findProject(context.settings, signal));
    if (project === undefined) return undefined;
    projects.set(context.api, project);
    return {
      project,
      header: async (current) => (current.kind === "password" ? `Bearer ${current.password}` : undefined),
    };
  }
  // https://cloud.google.com/artifact-registry/docs/docker/authentication#json-key
  const text = username === "_json_key_base64" ? Buffer.from(password, "base64").toString("utf8") : password;
  if (!username.startsWith("_json_key")) return undefined;
  const key = keySchema.safeParse(parseJson(Buffer.from(text, "utf8")));
  if (!key.success) return undefined;
  return { project: key.data.project_id, header: (_current, inner) => tokenOf(context.api, key.data, inner) };
}

/** A key file says it, else files, variables and gcloud; whatever fails there only means that no project is known. */
async function findProject(
  { credential }: ProviderContext["settings"],
  signal: AbortSignal,
): Promise<string | undefined> {
  const keyFile = credential?.from === "cloud" ? credential.keyFile : undefined;
  try {
    if (keyFile !== undefined) {
      const found = await stat(keyFile);
      if (!found.isFile() || found.size > largestKeyFile) return undefined;
      const key = projectSchema.safeParse(parseJson(await readFile(keyFile)));
      return key.success ? key.data.project_id : undefined;
    }
    const { gaxios, GoogleAuth } = await import("google-auth-library");
    // The machine's metadata service is asked past all options, and would be by a proxy of the environment.
    gaxios.instance.defaults = { ...gaxios.instance.defaults, noProxy: [/^/] };
    const auth = new GoogleAuth({ scopes: [scope] });
    return await untilAborted(auth.getProjectId(), AbortSignal.any([signal, AbortSignal.timeout(callMs)]));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
function assertionOf(key: z.infer<typeof keySchema>): string {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = { iss: key.client_email, scope, aud: tokenUrl, iat: seconds, exp: seconds + 3600 };
  const unsigned = [{ alg: "RS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${unsigned}.${sign("RSA-SHA256", Buffer.from(unsigned), key.private_key).toString("base64url")}`;
}

/** Undefined where Google gives none: then its API is not asked. */
async function tokenOf(
  api: VendorApi,
  key: z.infer<typeof keySchema>,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const body = new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: assertionOf(key),
    });
    const { json } = await api.ask({
      method: "POST",
      url: new URL(tokenUrl),
      body,
      operation: "token",
      signal: AbortSignal.any([signal, AbortSignal.timeout(callMs)]),
    });
    const parsed = tokenSchema.safeParse(json);
    return parsed.success ? `Bearer ${parsed.data.access_token}` : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
