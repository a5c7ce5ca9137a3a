// The built program with the identities that a cloud's machine has, and registries by their real names: through a proxy
// that takes those names for loopback stand-ins.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { buildBundles } from "../support/build.ts";
import { type BuiltImage, buildMultiPlatform, pushImage } from "../support/image-builder.ts";
import { type ProcessEnd, runProcess, startProcess } from "../support/processes.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { tempFolder } from "../support/temp.ts";
import { startAcr } from "../support/vendors/acr.ts";
import { startSingleSignOn } from "../support/vendors/aws-identity.ts";
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

/** `freightliner copy` in an environment that has nothing but what is given. No name of a cloud is found past the proxy. */
async function run(
  to: string,
  proxy: NameProxy,
  env: Readonly<Record<string, string>>,
  prepare: (home: string) => Promise<void> = async () => {},
): Promise<ProcessEnd> {
  const home = await tempFolder("clouds");
  onTestFinished(() => home.remove());
  await prepare(home.path);
  const args = ["copy", `http://${source.host}/team/app:v1`, `http://${to}:v1`, "--json"];
  return runProcess({ home: home.path, args, env: { HTTP_PROXY: proxy.url, ...env } });
}

async function copy(
  ...input: Parameters<typeof run>
): Promise<ProcessEnd & { readonly json: { status: string; items: { status: string; digest: string }[] } }> {
  const end = await run(...input);
  expect(end.code, `${end.stderr}\n${end.stdout}`).toBe(0);
  return { ...end, json: JSON.parse(end.stdout) };
}

/** What aws sso login leaves in a home. */
async function signInPerson(home: string, leftMs: number): Promise<void> {
  const cache = join(home, ".aws", "sso", "cache");
  await mkdir(cache, { recursive: true });
  await writeFile(
    join(home, ".aws", "config"),
    "[default]\nsso_session = acme\nsso_account_id = 123456789012\nsso_role_name = Puller\n" +
      "[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = us-west-2\n",
  );
  const expiresAt = new Date(Date.now() + leftMs).toISOString();
  const file = join(cache, `${createHash("sha1").update("acme").digest("hex")}.json`);
  await writeFile(file, JSON.stringify({ accessToken: "person-1", expiresAt }));
}

/** As Linux names it; a zombie waits for nothing but its parent. */
async function stateOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return / ([A-Z]) /.exec(text.slice(text.lastIndexOf(")")))?.[1] ?? "gone";
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

  it("copies to Amazon ECR for a person who is signed in, and says what to run where that has ended", async () => {
    const portal = await later(startSingleSignOn({ tokens: ["person-1"] }));
    const ecr = await later(startEcr({ keys: ["ASIASSOPULLER"] }));
    const proxy = await later(startNameProxy(() => ecr.host));
    const to = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app";
    const env = { AWS_ENDPOINT_URL_SSO: portal.url, AWS_ENDPOINT_URL_ECR: ecr.apiUrl };
    const { json } = await copy(to, proxy, env, (home) => signInPerson(home, 3_600_000));
    expect(json).toMatchObject({ status: "succeeded", items: [{ digest: image.digest }] });
    const asked = ecr.calls.length;
    const ended = await run(to, proxy, env, (home) => signInPerson(home, -60_000));
    expect(ended.code, `${ended.stderr}\n${ended.stdout}`).toBe(3);
    expect(ended.stderr + ended.stdout).toContain("Run aws sso login");
    expect(ecr.calls).toHaveLength(asked);
  });

  it.skipIf(process.platform !== "linux")(
    "ends a credential_process that hangs when it is stopped",
    async () => {
      const ecr = await later(startEcr());
      const proxy = await later(startNameProxy(() => ecr.host));
      await using home = await tempFolder("clouds-hanging");
      const sign = join(home.path, "its-pid");
      await mkdir(join(home.path, ".aws"));
      const script = join(home.path, "hang");
      await writeFile(script, `#!/bin/sh\nsleep 600 &\necho $! >> "${sign}"\nwait\n`, { mode: 0o700 });
      await writeFile(join(home.path, ".aws", "config"), `[default]\ncredential_process = ${script}\n`);
      const to = "http://123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:v1";
      const program = startProcess({
        home: home.path,
        args: ["copy", `http://${source.host}/team/app:v1`, to],
        env: { HTTP_PROXY: proxy.url, AWS_ENDPOINT_URL_ECR: ecr.apiUrl },
      });
      onTestFinished(async () => void (await program.stop()));
      await vi.waitFor(async () => expect(await readFile(sign, "utf8")).toMatch(/\n$/), 20_000);
      program.signal("SIGINT");
      expect((await program.ended).code).toBe(130);
      // As long as one that was started last would need to say so.
      await delay(500);
      const pids = (await readFile(sign, "utf8")).trim().split("\n").map(Number);
      for (const pid of pids) expect(await stateOf(pid), String(pid)).toMatch(/^(gone|Z)$/);
    },
  );

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
