// Requests to a vendor's API that takes the registry's own user name and password, and shows strangers what is public.
import type { Credential } from "../../engine/credential.ts";
import { basicAuthorization } from "../token-service.ts";
import type { ProviderContext } from "./provider.ts";
import type { VendorAnswer } from "./vendor-api.ts";
import { type SessionRequest, VendorSession } from "./vendor-session.ts";

export interface BasicApi {
  /** False where strangers ask. */
  readonly signedIn: boolean;
  ask(request: SessionRequest): Promise<VendorAnswer>;
}

/** User names go as they are: robots of Harbor have a `$` in theirs. */
async function basic(credential: Credential): Promise<string | undefined> {
  return credential.kind === "password" ? basicAuthorization(credential) : undefined;
}

/** @throws what the credential's provider throws. */
export async function openBasicApi(
  context: Pick<ProviderContext, "api" | "credentials">,
  signal: AbortSignal,
): Promise<BasicApi> {
  const session = await VendorSession.open(context, basic, signal);
  return {
    signedIn: session !== undefined,
    ask: (request) =>
      session === undefined
        ? context.api.ask({ ...request, authorization: undefined })
        : session.ask(request),
  };
}
