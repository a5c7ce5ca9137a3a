// Azure Container Registry: a token of Microsoft Entra is traded for the registry's own.
// https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md#calling-post-oauth2exchange-to-get-an-acr-refresh-token
import { z } from "zod";
import { FreightlinerError } from "../../../shared/errors.ts";
import { joinReference, parseManifestReference } from "../../../shared/reference.ts";
import type { EntraToken, IdentityToken } from "../../engine/credential.ts";
import { discard } from "../body.ts";
import { caps } from "../limits.ts";
import { printable } from "../redact.ts";
import type { Provider } from "./provider.ts";
import type { VendorAnswer } from "./vendor-api.ts";

const operation = "token";
const answerSchema = z.object({ refresh_token: z.string().min(1).max(caps.token) });
const claimsSchema = z.object({ exp: z.number().positive() });
const refusalSchema = z.object({
  errors: z.array(z.object({ message: z.string() })).min(1),
});

export const acr: Provider = {
  id: "acr",
  // Clients keep to 16 MiB, as larger bodies are reported to be refused (protocol.md 2.8, 10).
  // A tag that is locked is refused in the words of everything that is not allowed there:
  // https://learn.microsoft.com/azure/container-registry/container-registry-image-lock
  quirks: { largestPart: 16 * 1024 * 1024, forbidsStandingTags: true },
  async exchange({ host, base, api }, credential, signal) {
    if (credential.kind !== "entra-token") return credential;
    const body = new URLSearchParams({ grant_type: "access_token", service: host });
    if (credential.tenant !== undefined) body.set("tenant", credential.tenant);
    body.set("access_token", credential.token);
    const url = new URL("/oauth2/exchange", base);
    const answer = await api.ask({ method: "POST", url, body, operation, signal });
    return identityOf(answer, host, credential);
  },

  /** A tag goes by the API that az untags with, which leaves the manifest: azure-cli acr/repository.py acr_repository_untag. */
  async deleteManifest({ client }, repository, reference, signal) {
    const operation = "delete-manifest";
    const parsed = parseManifestReference(reference);
    const target =
      "tag" in parsed
        ? `/acr/v1/${repository}/_tags/${reference}`
        : `/v2/${repository}/manifests/${reference}`;
    // Those who may only delete get no token that is good for more.
    const scopes = [`repository:${repository}:delete`];
    const response = await client.call({ method: "DELETE", target, scopes, operation, signal });
    if (response.status >= 200 && response.status <= 299) {
      discard(response.body);
      return;
    }
    const what = joinReference(repository, reference);
    throw await client.errorOf(response, { operation, subject: "manifest-delete", what });
  },
};

function identityOf(answer: VendorAnswer, host: string, credential: EntraToken): IdentityToken {
  if (answer.status < 200 || answer.status > 299) {
    const parsed = refusalSchema.safeParse(answer.json);
    const words = parsed.success ? printable(parsed.data.errors[0]?.message ?? "") : "";
    throw new FreightlinerError({
      code: answer.status === 404 ? "protocol" : "unauthorized",
      operation,
      message:
        answer.status === 404
          ? `${host} does not take tokens of Microsoft Entra: it is no Azure registry.`
          : `${host} refused the Microsoft Entra identity${credential.tenant === undefined ? "" : ` of tenant ${credential.tenant}`}${words === "" ? "" : ` (${words})`}; it needs a role at the registry, such as AcrPull or AcrPush.`,
      status: answer.status,
    });
  }
  const parsed = answerSchema.safeParse(answer.json);
  if (!parsed.success) {
    throw new FreightlinerError({
      code: "protocol",
      operation,
      message: `${host} answered the Microsoft Entra token without a token of its own.`,
    });
  }
  const { refresh_token: token } = parsed.data;
  return { kind: "identity-token", username: "", token, expiresAt: endOf(token) };
}

/** The end that the token itself tells; it is the registry's to check. */
function endOf(token: string): number | undefined {
  const payload = token.split(".")[1] ?? "";
  try {
    const claims = claimsSchema.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    return claims.success ? claims.data.exp * 1000 : undefined;
  } catch {
    // No JWT: nothing says when it ends.
    return undefined;
  }
}
