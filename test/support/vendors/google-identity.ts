// Stand-ins for what gives Google's access tokens: a machine's metadata server, and the exchange of workload identities.
// https://cloud.google.com/compute/docs/access/authenticate-workloads#curl and https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token
import { type HttpServer, startHttpServer } from "./http-server.ts";

export interface TokenLife {
  /** Seconds that a token has left when it is given. */
  readonly secondsLeft?: number;
  /** Answers so many questions with this status first. */
  readonly failures?: { times: number; readonly status: number; readonly body?: unknown };
}

const flavor = { "metadata-flavor": "Google" };

/** Tokens are `metadata-token-<n>`. */
export function startGoogleMetadata(options: TokenLife = {}): Promise<HttpServer> {
  let given = 0;
  const { failures } = options;
  return startHttpServer(({ url, headers }) => {
    if (headers["metadata-flavor"] !== "Google") return { status: 403, headers: flavor };
    if (url.pathname.endsWith("/project/project-id")) return { text: "acme-images", headers: flavor };
    if (!url.pathname.endsWith("/service-accounts/default/token")) return { text: "ok", headers: flavor };
    if (failures !== undefined && failures.times > 0) {
      failures.times -= 1;
      return { status: failures.status, headers: flavor, json: failures.body ?? {} };
    }
    given += 1;
    const expires_in = options.secondsLeft ?? 3599;
    return {
      json: { access_token: `metadata-token-${given}`, expires_in, token_type: "Bearer" },
      headers: flavor,
    };
  });
}

/** Tokens are `federated-token-<n>` for the subject's token that is given. */
export function startTokenExchange(subjects: readonly string[]): Promise<HttpServer> {
  let given = 0;
  return startHttpServer(({ method, body }) => {
    const form = new URLSearchParams(body);
    const subject = form.get("subject_token") ?? "";
    const asked = form.get("grant_type") === "urn:ietf:params:oauth:grant-type:token-exchange";
    if (method !== "POST" || !asked) return { status: 400, json: { error: "invalid_request" } };
    if (!subjects.includes(subject)) {
      return {
        status: 400,
        json: { error: "invalid_grant", error_description: `The subject token ${subject} is not valid.` },
      };
    }
    given += 1;
    return {
      json: {
        access_token: `federated-token-${given}`,
        issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
        token_type: "Bearer",
        expires_in: 3600,
      },
    };
  });
}
