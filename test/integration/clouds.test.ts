// The built program with the identities that a cloud's machine has, and registries by their real names: through a proxy
// that takes those names for loopback stand-ins.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildBundles } from "../support/build.ts";
import { type BuiltImage, buildMultiPlatform, pushImage } from "../support/image-builder.ts";
import { type ProcessEnd, runProcess } from "../support/processes.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { tempFolder } from "../support/temp.ts";
import { startAcr } from "../support/vendors/acr.ts";
import { startAwsMetadata } from "../support/vendors/aws-metadata.ts";
import { type EcrStandIn, startEcr } from "../support/vendors/ecr.ts";
import { identityHeader, startManagedIdentity } from "../support/vendors/entra.ts";
import { startGoogle } from "../support/vendors/google.ts";
import { startGoogleMetadata } from "../support/vendors/google-identity.ts";
import { type NameProxy, startNameProxy } from "../support/vendors/name-proxy.ts";

let source: RealRegistry;
let image: BuiltImage;

beforeAll(async () => {
  await buildBundles("cli");
  source = await startRealRegistry();
  image = await buildMultiPlatform({ seed: "clouds" });
  await pushImage(source, image, "team/app", "v1");
});
afterAll(() => source.stop());

async function later<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  onTestFinished(() => started.stop());
  return started;
}

/** `freightliner copy` in an environment that has nothing but what is given. */
async function copy(
  to: string,
  proxy: NameProxy,
  env: Readonly<Record<string, string>>,
): Promise<ProcessEnd & { readonly json: { status: string; items: { status: string; digest: string }[] } }> {
  const home = await tempFolder("clouds");
  onTestFinished(() => home.remove());
  const args = ["copy", `http://${source.host}/team/app:v1`, `http://${to}:v1`, "--json"];
  const end = await runProcess({
    home: home.path,
    args,
    env: { HTTP_PROXY: proxy.url, NO_PROXY: "127.0.0.1", ...env },
  });
  expect(end.code, `${end.stderr}\n${end.stdout}`).toBe(0);
  return { ...end, json: JSON.parse(end.stdout) };
}

describe("the program on a machine of a cloud", () => {
  it("copies to Amazon ECR with the machine's role, and makes the repository", async () => {
    const metadata = await later(startAwsMetadata(() => "ASIAROLE"));
    const ecr: EcrStandIn = await later(startEcr({ keys: ["ASIAROLE"] }));
    const proxy = await later(startNameProxy(() => ecr.host));
    const { json } = await copy("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app", proxy, {
      AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url,
      AWS_ENDPOINT_URL_ECR: ecr.apiUrl,
    });
    expect(json).toMatchObject({
      status: "succeeded",
      items: [{ status: "succeeded", digest: image.digest }],
    });
    expect(ecr.repositories).toEqual(new Set(["team/app"]));
    expect(new Set(ecr.calls.map(({ key, region }) => `${key} ${region}`))).toEqual(
      new Set(["ASIAROLE eu-west-1"]),
    );
  });

  it("copies to Google Artifact Registry with the machine's service account", async () => {
    const metadata = await later(startGoogleMetadata());
    const google = await later(startGoogle({ accessTokens: new Set(["metadata-token-1"]) }));
    const proxy = await later(startNameProxy(() => google.host));
    const { json } = await copy("europe-west3-docker.pkg.dev/acme-images/images/app", proxy, {
      GCE_METADATA_HOST: metadata.host,
      METADATA_SERVER_DETECTION: "assume-present",
    });
    expect(json).toMatchObject({
      status: "succeeded",
      items: [{ status: "succeeded", digest: image.digest }],
    });
  });

  it("copies to Azure Container Registry with the app's managed identity", async () => {
    const identity = await later(startManagedIdentity());
    const acr = await later(startAcr({ takes: (token) => token.startsWith("entra-") }));
    const proxy = await later(startNameProxy(() => acr.host));
    const { json } = await copy("acme.azurecr.io/team/app", proxy, {
      IDENTITY_ENDPOINT: identity.url,
      IDENTITY_HEADER: identityHeader,
      AZURE_TOKEN_CREDENTIALS: "prod",
    });
    expect(json).toMatchObject({
      status: "succeeded",
      items: [{ status: "succeeded", digest: image.digest }],
    });
    expect(acr.exchanged).toEqual(["entra-1-for-https://containerregistry.azure.net"]);
  });
});
