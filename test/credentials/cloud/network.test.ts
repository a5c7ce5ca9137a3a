// The way of clouds' own libraries to the network: the registry's proxy with its sign-in and the registry's own authority,
// under the names that the clouds have, for which a proxy gives a loopback server.
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readSurroundings } from "../../../electron/app/surroundings.ts";
import type { CloudNetwork, CloudRegistry } from "../../../electron/credentials/cloud/cloud-identity.ts";
import { CloudCalls } from "../../../electron/registry/cloud-calls.ts";
import { isMetadataService, isOwnService } from "../../../electron/registry/network/own-services.ts";
import { noSurroundings } from "../../../electron/registry/network/surroundings.ts";
import type { RequestLogEntry } from "../../../electron/registry/redact.ts";
import type { CredentialChoice } from "../../../shared/endpoint.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { type KeyPair, TestAuthority } from "../../support/certificates.ts";
import { type TempFolder, tempFolder } from "../../support/temp.ts";
import { startAwsMetadata } from "../../support/vendors/aws-metadata.ts";
import { cloudEnvironment } from "../../support/vendors/cloud-environment.ts";
import { identityHeader, startManagedIdentity } from "../../support/vendors/entra.ts";
import { startGoogleMetadata } from "../../support/vendors/google-identity.ts";
import {
  type HttpServer,
  startHttpServer,
  type WholeReply,
  type WholeRequest,
} from "../../support/vendors/http-server.ts";
import { type NameProxy, startNameProxy } from "../../support/vendors/name-proxy.ts";
import { identity, never, refusal, secretOf } from "./stage.ts";

const names = {
  ecr: "api.ecr.eu-west-1.amazonaws.com",
  portal: "portal.sso.us-west-2.amazonaws.com",
  google: "oauth2.googleapis.com",
  trade: "sts.googleapis.com",
  entra: "login.microsoftonline.com",
} as const;
const tenant = "11111111-2222-3333-4444-555555555555";
const signIn = { username: "ada", password: "of-the-proxy" };
const hour = 3_600_000;

let folder: TempFolder;
let authority: TestAuthority;
let server: KeyPair;
let client: KeyPair;

beforeAll(async () => {
  folder = await tempFolder("cloud-network");
  authority = await TestAuthority.make(folder.path);
  server = await authority.issue("clouds", {
    names: Object.values(names)
      .map((name) => `DNS:${name}`)
      .join(","),
  });
  client = await authority.issue("client", { use: "client" });
});
afterAll(() => folder.remove());

/** What all three clouds answer to who signs in, by their documentation. */
function clouds({ url, headers, body }: WholeRequest): WholeReply {
  const form = new URLSearchParams(body);
  switch (url.hostname) {
    case names.ecr: {
      const authorizationToken = Buffer.from("AWS:of-ecr").toString("base64");
      return {
        json: { authorizationData: [{ authorizationToken, expiresAt: (Date.now() + 12 * hour) / 1000 }] },
      };
    }
    case names.portal: {
      if (headers["x-amz-sso_bearer_token"] !== "person-1") return { status: 401 };
      const role = { accessKeyId: "ASIASSO", secretAccessKey: "s", sessionToken: "t" };
      return { json: { roleCredentials: { ...role, expiration: Date.now() + hour } } };
    }
    case names.google:
      return form.get("grant_type") === "urn:ietf:params:oauth:grant-type:jwt-bearer"
        ? { json: { access_token: "of-google", expires_in: 3600, token_type: "Bearer" } }
        : { status: 400 };
    case names.trade:
      return form.get("subject_token") === "subject-1"
        ? { json: { access_token: "traded", expires_in: 3600, token_type: "Bearer" } }
        : { status: 400 };
    default:
      return entra(url, form);
  }
}

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
function entra(url: URL, form: URLSearchParams): WholeReply {
  const base = `https://${names.entra}/${tenant}`;
  if (url.pathname.endsWith("/.well-known/openid-configuration")) {
    return {
      json: {
        issuer: `${base}/v2.0`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      },
    };
  }
  return form.get("client_secret") === "of-the-app"
    ? { json: { access_token: "of-entra", expires_in: 3600, token_type: "Bearer" } }
    : { status: 400, json: { error: "invalid_client" } };
}

interface Stage {
  readonly cloud: HttpServer;
  readonly proxy: NameProxy;
  readonly registry: (host: string, settings?: Partial<CloudRegistry>) => CloudRegistry;
}

async function stage(answer: (request: WholeRequest) => WholeReply = clouds): Promise<Stage> {
  const cert = readFileSync(server.cert);
  const cloud = await startHttpServer(answer, { cert, key: readFileSync(server.key) });
  const proxy = await startNameProxy(() => cloud.host, `${signIn.username}:${signIn.password}`);
  onTestFinished(async () => {
    await proxy.stop();
    await cloud.stop();
  });
  const settings = { proxy: proxy.url, proxySignIn: true, caFile: authority.cert };
  return { cloud, proxy, registry: (host, more = {}) => ({ host, ...settings, ...more }) };
}

/** As the program wires it, with what was entered for the proxy of endpoint "". */
const network: CloudNetwork = ({ id, registry }) =>
  new CloudCalls({
    settings: registry,
    network: {
      surroundings: readSurroundings(process.env, process.platform),
      proxySignIn: async () => (id === "" ? signIn : undefined),
    },
  });

function keyFile(home: string, content: object): string {
  const file = join(home, "key.json");
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function serviceAccount(home: string): CredentialChoice {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const key = {
    type: "service_account",
    client_email: "ci@acme.iam.gserviceaccount.com",
    private_key: privateKey,
  };
  return { from: "cloud", keyFile: keyFile(home, key) };
}

function workload(home: string, exchange = `https://${names.trade}/v1/token`): string {
  writeFileSync(join(home, "subject"), "subject-1");
  return keyFile(home, {
    type: "external_account",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: exchange,
    credential_source: { file: join(home, "subject") },
  });
}

function singleSignOn(home: string): CredentialChoice {
  const start = "https://acme.awsapps.com/start";
  const cache = join(home, ".aws", "sso", "cache");
  mkdirSync(cache, { recursive: true });
  writeFileSync(
    join(home, ".aws", "config"),
    `[profile work]\nsso_start_url = ${start}\nsso_region = us-west-2\n` +
      "sso_account_id = 123456789012\nsso_role_name = Puller\n",
  );
  const file = join(cache, `${createHash("sha1").update(start).digest("hex")}.json`);
  writeFileSync(
    file,
    JSON.stringify({ accessToken: "person-1", expiresAt: new Date(Date.now() + hour).toISOString() }),
  );
  return { from: "cloud", profile: "work" };
}

const app = { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: "client-1", AZURE_CLIENT_SECRET: "of-the-app" };
const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "s" };
const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

interface Case {
  readonly host: string;
  readonly asked: readonly string[];
  readonly secret: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly choice?: (home: string) => CredentialChoice;
}

const cases: readonly (readonly [string, Case])[] = [
  ["AWS", { host: ecr, asked: [names.ecr], secret: "of-ecr", variables: keys }],
  [
    "a person at AWS, whose sign-on is in another region than the registry",
    { host: ecr, asked: [names.portal, names.ecr], secret: "of-ecr", choice: singleSignOn },
  ],
  [
    "a service account of Google",
    { host: "eu-docker.pkg.dev", asked: [names.google], secret: "of-google", choice: serviceAccount },
  ],
  [
    "a workload identity of Google",
    {
      host: "eu-docker.pkg.dev",
      asked: [names.trade],
      secret: "traded",
      choice: (home) => ({ from: "cloud", keyFile: workload(home) }),
    },
  ],
  [
    "an app of Microsoft Entra",
    { host: "acme.azurecr.io", asked: [names.entra], secret: "of-entra", variables: app },
  ],
];

describe("the way of a cloud's library", () => {
  it.each(cases)("goes by the registry's proxy, with its sign-in and authority: %s", async (_name, one) => {
    const { cloud, proxy, registry } = await stage();
    const nobody = await startNameProxy(() => cloud.host);
    onTestFinished(() => nobody.stop());
    const home = cloudEnvironment({ ...one.variables, HTTPS_PROXY: nobody.url });
    const choice = one.choice?.(home);
    const found = identity(registry(one.host), choice, { network });
    expect(secretOf(await found.get(never))).toBe(one.secret);
    expect([...proxy.hosts]).toEqual(one.asked);
    expect(nobody.hosts.size).toBe(0);
  });

  it("is told to the log as every request, without what is secret", async () => {
    const { registry } = await stage();
    const choice = singleSignOn(cloudEnvironment());
    const told: RequestLogEntry[] = [];
    const logging: CloudNetwork = ({ registry: settings }) =>
      new CloudCalls({
        settings,
        network: { surroundings: noSurroundings, proxySignIn: async () => signIn },
        log: (entry) => told.push(entry),
      });
    await identity(registry(ecr), choice, { network: logging }).get(never);
    expect(told).toMatchObject([
      { operation: "cloud-sign-in", method: "GET", status: 200, error: null },
      { operation: "cloud-sign-in", method: "POST", url: `https://${names.ecr}/`, status: 200 },
    ]);
    expect(told[0]?.url).toContain(`https://${names.portal}/federation/credentials?`);
    for (const secret of ["person-1", "of-ecr", "ASIASSO", signIn.password])
      expect(JSON.stringify(told)).not.toContain(secret);
  });

  it.each(cases)("trusts no authority of another registry: %s", async (_name, one) => {
    const { cloud, registry } = await stage();
    const home = cloudEnvironment(one.variables);
    const choice = one.choice?.(home);
    const found = identity(registry(one.host, { caFile: undefined }), choice, { network });
    const error = await refusal(found.get(never));
    expect(error).toMatchObject({ code: "tls", retryable: false });
    expect(String(error)).toContain(one.asked[0]);
    expect(cloud.asked).toEqual([]);
  });

  it.each(cases)("says that the proxy wants a sign-in: %s", async (_name, one) => {
    const { cloud, registry } = await stage();
    const home = cloudEnvironment(one.variables);
    const choice = one.choice?.(home);
    const unknown: CloudNetwork = ({ registry: of }) => network({ id: "another", registry: of });
    const found = identity(registry(one.host), choice, { network: unknown });
    const error = await refusal(found.get(never));
    expect(error).toMatchObject({ code: "configuration", retryable: false });
    expect(String(error)).toMatch(/could not be asked.*: The proxy 127\.0\.0\.1:\d+ asks for a user name/);
    expect(cloud.asked).toEqual([]);
  });

  it.each(cases)("sends nothing on to where a cloud would redirect it: %s", async (_name, one) => {
    const location = "https://collector.example/";
    const { proxy, registry } = await stage(() => ({ status: 307, headers: { location } }));
    const home = cloudEnvironment(one.variables);
    const found = identity(registry(one.host), one.choice?.(home), { network });
    expect(await refusal(found.get(never))).toBeInstanceOf(FreightlinerError);
    expect([...proxy.hosts]).toEqual(one.asked.slice(0, 1));
  });

  it.each(cases)("shows no client certificate and asks for no pin there: %s", async (_name, one) => {
    const { cloud, registry } = await stage();
    const home = cloudEnvironment(one.variables);
    const choice = one.choice?.(home);
    const own = {
      clientCertFile: client.cert,
      clientKeyFile: client.key,
      pins: ["sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="],
      insecureSkipVerify: false,
      tls13Only: true,
    };
    const found = identity(registry(one.host, own), choice, { network });
    expect(secretOf(await found.get(never))).toBe(one.secret);
    expect(cloud.asked.map(({ showsCertificate }) => showsCertificate)).not.toContain(true);
  });

  it.each(cases)("checks the certificate though the registry's is not looked at: %s", async (_name, one) => {
    const { registry } = await stage();
    const home = cloudEnvironment(one.variables);
    const choice = one.choice?.(home);
    const found = identity(registry(one.host, { caFile: undefined, insecureSkipVerify: true }), choice, {
      network,
    });
    expect(await refusal(found.get(never))).toMatchObject({ code: "tls" });
  });

  it.each([
    ["AWS", { ...keys, AWS_ENDPOINT_URL_ECR: "https://api.ecr.invalid" }, ecr, undefined],
    ["Google", {}, "eu-docker.pkg.dev", (home: string) => workload(home, "https://sts.invalid/v1/token")],
  ] as const)(
    "leaves the environment's proxy where the registry says none: %s",
    async (_n, variables, host, adc) => {
      const { proxy, registry } = await stage();
      const home = cloudEnvironment({ ...variables, HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url });
      if (adc !== undefined) process.env.GOOGLE_APPLICATION_CREDENTIALS = adc(home);
      onTestFinished(() => void delete process.env.GOOGLE_APPLICATION_CREDENTIALS);
      const found = identity(registry(host, { proxy: "none" }), undefined, { network });
      expect(await refusal(found.get(never))).toMatchObject({
        code: "unreachable",
        message: expect.stringContaining(".invalid"),
      });
      expect(proxy.hosts.size).toBe(0);
    },
  );
});

describe("what a machine knows of itself", () => {
  it("is asked past the proxies of the environment and of the registry", async () => {
    const { proxy, registry } = await stage();
    const metadata = await startGoogleMetadata();
    const managed = await startManagedIdentity();
    const ec2 = await startAwsMetadata(() => "ASIAROLE");
    onTestFinished(async () => {
      for (const each of [metadata, managed, ec2]) await each.stop();
    });
    cloudEnvironment({
      HTTP_PROXY: proxy.url,
      HTTPS_PROXY: proxy.url,
      GCE_METADATA_HOST: metadata.host,
      METADATA_SERVER_DETECTION: "assume-present",
      IDENTITY_ENDPOINT: managed.url,
      IDENTITY_HEADER: identityHeader,
      AZURE_TOKEN_CREDENTIALS: "prod",
      AWS_EC2_METADATA_DISABLED: "false",
      AWS_EC2_METADATA_SERVICE_ENDPOINT: ec2.url,
    });
    const google = identity(registry("eu-docker.pkg.dev"), undefined, { network });
    expect(secretOf(await google.get(never))).toBe("metadata-token-1");
    const azure = identity(registry("acme.azurecr.io"), undefined, { network });
    expect(secretOf(await azure.get(never))).toContain("entra-1");
    expect(proxy.hosts.size).toBe(0);
    const aws = identity(registry(ecr), undefined, { network });
    expect(secretOf(await aws.get(never))).toBe("of-ecr");
    expect([...proxy.hosts]).toEqual([names.ecr]);
  });

  it.each([
    ["http://169.254.169.254/latest/meta-data", true, true],
    ["http://169.254.170.2/v2/credentials", true, true],
    ["http://[fd00:ec2::254]/latest/api/token", true, true],
    ["http://[fd00:ec2::23]/v1/credentials", true, true],
    ["http://[fe80::1]/", true, true],
    ["http://metadata.google.internal/computeMetadata/v1", true, true],
    ["http://metadata.google.internal./computeMetadata/v1", true, true],
    ["http://127.0.0.1:40342/metadata/identity", false, true],
    ["http://localhost:50342/oauth2/token", false, true],
    ["https://sts.amazonaws.com/", false, false],
    ["http://10.0.0.1/", false, false],
    ["http://metadata.google.internal.example/", false, false],
  ])("is %s: a metadata service %s, without a proxy %s", (url, metadata, own) => {
    expect(isMetadataService(new URL(url))).toBe(metadata);
    expect(isOwnService(new URL(url))).toBe(own);
  });
});
