// A stand-in for the identity endpoint that Azure gives to apps with a managed identity.
// https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
import { type HttpServer, startHttpServer, type WholeReply } from "./http-server.ts";

export interface ManagedIdentity extends HttpServer {
  /** Answers with this from now on; undefined = tokens again. */
  refuse(reply: WholeReply | undefined): void;
}

export const identityHeader = "the-identity-header-is-a-secret";
const lifeSeconds = 3600;

/** Tokens are `entra-<n>-for-<resource>`. */
export async function startManagedIdentity(): Promise<ManagedIdentity> {
  let refusal: WholeReply | undefined;
  let given = 0;
  const server = await startHttpServer(({ url, headers }) => {
    if (headers["x-identity-header"] !== identityHeader) return { status: 401, json: { message: "no" } };
    if (refusal !== undefined) return refusal;
    given += 1;
    const resource = url.searchParams.get("resource") ?? "";
    return {
      json: {
        access_token: `entra-${given}-for-${resource}`,
        expires_on: String(Math.floor(Date.now() / 1000) + lifeSeconds),
        resource,
        token_type: "Bearer",
        client_id: url.searchParams.get("client_id") ?? "system",
      },
    };
  });
  return {
    ...server,
    refuse(reply) {
      refusal = reply;
    },
  };
}
