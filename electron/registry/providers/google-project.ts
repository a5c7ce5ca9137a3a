// Which project of Google Cloud a sign-in belongs to, and how it is shown to Google's APIs.
import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { parseJson } from "../body.ts";
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
  return { project: key.data.project_id, header: (_current, inner) => tokenOf(key.data, inner) };
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
    const { GoogleAuth } = await import("google-auth-library");
    const auth = new GoogleAuth({ scopes: [scope] });
    return await untilAborted(auth.getProjectId(), AbortSignal.any([signal, AbortSignal.timeout(callMs)]));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** Undefined where Google gives none: then its API is not asked. */
async function tokenOf(key: z.infer<typeof keySchema>, signal: AbortSignal): Promise<string | undefined> {
  const { JWT } = await import("google-auth-library");
  const client = new JWT({
    email: key.client_email,
    key: key.private_key,
    scopes: [scope],
    transporterOptions: { timeout: callMs },
  });
  try {
    const { token } = await untilAborted(client.getAccessToken(), signal);
    return typeof token === "string" ? `Bearer ${token}` : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
