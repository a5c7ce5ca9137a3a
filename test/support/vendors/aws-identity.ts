// Stand-ins for what gives keys of AWS to people and machines: the portal of single sign-on with its token service, the
// service that lets roles be assumed, and the credentials of a container.
// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
// https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html and API_AssumeRoleWithWebIdentity.html
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
import { type HttpServer, startHttpServer, type WholeReply, type WholeRequest } from "./http-server.ts";

const hour = 3_600_000;

function restError(status: number, type: string, message: string): WholeReply {
  return { status, headers: { "x-amzn-errortype": type }, json: { message } };
}

export interface PortalOptions {
  /** Tokens of people that it takes. */
  readonly tokens: readonly string[];
  /** Of the one account. */
  readonly roles?: readonly string[];
  /** The refresh token that is good for the last of `tokens`. */
  readonly refreshToken?: string;
}

/** Keys are `ASIASSO<role>`. The portal and the token service answer on one port. */
export function startSingleSignOn({
  tokens,
  roles = ["Puller"],
  refreshToken,
}: PortalOptions): Promise<HttpServer> {
  const credentials = ({ url, headers }: WholeRequest): WholeReply => {
    if (!tokens.includes(String(headers["x-amz-sso_bearer_token"])))
      return restError(401, "UnauthorizedException", "Session token not found or invalid");
    const role = url.searchParams.get("role_name") ?? "";
    if (url.searchParams.get("account_id") !== "123456789012" || !roles.includes(role))
      return restError(403, "ForbiddenException", "No access");
    const accessKeyId = `ASIASSO${role.toUpperCase()}`;
    const expiration = Date.now() + hour;
    return {
      json: { roleCredentials: { accessKeyId, secretAccessKey: "s", sessionToken: "t", expiration } },
    };
  };
  const refresh = ({ body }: WholeRequest): WholeReply => {
    const asked: { grantType?: string; refreshToken?: string } = JSON.parse(body);
    if (asked.grantType !== "refresh_token" || asked.refreshToken !== refreshToken)
      return restError(400, "InvalidGrantException", "Invalid refresh token provided");
    return { json: { accessToken: tokens.at(-1), expiresIn: 3600, tokenType: "Bearer", refreshToken } };
  };
  return startHttpServer((request) => {
    const { method, url } = request;
    if (method === "GET" && url.pathname === "/federation/credentials") return credentials(request);
    if (method === "POST" && url.pathname === "/token") return refresh(request);
    return { status: 404 };
  });
}

export interface StsOptions {
  /** Keys that may assume the role. */
  readonly keys?: readonly string[];
  /** Web identities that may. */
  readonly tokens?: readonly string[];
}

const role = "arn:aws:iam::123456789012:role/puller";

/** Keys are `ASIAROLE` for one that assumes the role by a key, `ASIAWEB` by a web identity. */
export function startSts({ keys = [], tokens = [] }: StsOptions): Promise<HttpServer> {
  const fault = (status: number, code: string, message: string): WholeReply => ({
    status,
    headers: { "content-type": "text/xml" },
    text: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
  });
  const given = (action: string, key: string): WholeReply => ({
    headers: { "content-type": "text/xml" },
    text: `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/puller/session</Arn><AssumedRoleId>AROA:session</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${new Date(Date.now() + hour).toISOString()}</Expiration></Credentials></${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`,
  });
  return startHttpServer(({ method, headers, body }) => {
    const form = new URLSearchParams(body);
    const action = form.get("Action");
    if (method !== "POST" || form.get("RoleArn") !== role)
      return fault(400, "ValidationError", "no such role");
    if (action === "AssumeRoleWithWebIdentity") {
      return tokens.includes(form.get("WebIdentityToken") ?? "")
        ? given(action, "ASIAWEB")
        : fault(400, "InvalidIdentityToken", "The token is not valid");
    }
    const key = /Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "";
    if (action !== "AssumeRole") return fault(400, "InvalidAction", "no such action");
    return keys.includes(key)
      ? given(action, "ASIAROLE")
      : fault(403, "AccessDenied", `${key} is not authorized to perform: sts:AssumeRole`);
  });
}

/** Keys are `ASIACONTAINER`. */
export function startContainerCredentials(token: string): Promise<HttpServer> {
  return startHttpServer(({ headers }) => {
    if (headers.authorization !== token)
      return { status: 401, json: { Code: "AccessDenied", Message: "no" } };
    return {
      json: {
        AccessKeyId: "ASIACONTAINER",
        SecretAccessKey: "s",
        Token: "t",
        Expiration: new Date(Date.now() + 6 * hour).toISOString(),
      },
    };
  });
}
