// Signing in to Google's registries: the machine's metadata server, key files and what they may be, against stand-ins.
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IdentityPoolClientOptions } from "google-auth-library";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  byOneWay,
  googleTransport,
  loadGoogle,
} from "../../../electron/credentials/cloud/google-transport.ts";
import { cloudEnvironment } from "../../support/vendors/cloud-environment.ts";
import {
  startGoogleMetadata,
  startTokenExchange,
  type TokenLife,
} from "../../support/vendors/google-identity.ts";
import type { HttpServer } from "../../support/vendors/http-server.ts";
import { clock, identity, never, refusal, secretOf } from "./stage.ts";

const host = "europe-west3-docker.pkg.dev";
const minute = 60_000;

async function onMachine(options: TokenLife = {}): Promise<HttpServer> {
  const metadata = await startGoogleMetadata(options);
  onTestFinished(() => metadata.stop());
  cloudEnvironment({ GCE_METADATA_HOST: metadata.host, METADATA_SERVER_DETECTION: "assume-present" });
  return metadata;
}

function tokensGiven(metadata: HttpServer): number {
  return metadata.asked.filter((one) => one.url.pathname.endsWith("/token")).length;
}

/** A workload identity: a token in a file that is traded for one of Google's. */
function workload(home: string, exchange: Pick<HttpServer, "url">, subject: string): string {
  const subjectFile = join(home, "subject-token");
  writeFileSync(subjectFile, subject);
  const keyFile = join(home, "workload.json");
  const audience = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x";
  writeFileSync(
    keyFile,
    JSON.stringify({
      type: "external_account",
      audience,
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `${exchange.url}/v1/token`,
      credential_source: { file: subjectFile },
    }),
  );
  return keyFile;
}

describe("a Google identity", () => {
  it("is the machine's, as the password of oauth2accesstoken", async () => {
    await onMachine();
    const google = identity({ host });
    const credential = await google.get(never);
    expect(credential).toMatchObject({
      kind: "password",
      username: "oauth2accesstoken",
      password: "metadata-token-1",
    });
    const left = (google.describe().expiresAt ?? 0) - Date.now();
    expect(left).toBeGreaterThan(50 * minute);
    expect(left).toBeLessThan(61 * minute);
    expect(google.describe()).toMatchObject({
      username: "oauth2accesstoken",
      place: "Google application default credentials",
      problem: null,
    });
  });

  it("S005 renews ahead of the end, once for all who ask, and after a refusal", async () => {
    const metadata = await onMachine();
    const time = clock();
    const google = identity({ host }, undefined, { now: time.now });
    const first = await google.get(never);
    time.turn(25 * minute);
    expect(await google.get(never)).toBe(first);
    time.turn(6 * minute);
    const renewed = await Promise.all([google.get(never), google.get(never), google.get(never)]);
    expect(new Set(renewed.map(secretOf))).toEqual(new Set(["metadata-token-2"]));
    time.turn(minute);
    expect(secretOf(await google.get(never, renewed[0]))).toBe("metadata-token-3");
    expect(tokensGiven(metadata)).toBe(3);
  });

  it("takes a key file of a workload identity, and its subject's new token after a refusal", async () => {
    const home = cloudEnvironment();
    const exchange = await startTokenExchange(["subject-1", "subject-2"]);
    onTestFinished(() => exchange.stop());
    const keyFile = workload(home, exchange, "subject-1");
    const time = clock();
    const google = identity({ host }, { from: "cloud", keyFile }, { now: time.now });
    const first = await google.get(never);
    expect(secretOf(first)).toBe("federated-token-1");
    expect(google.describe().place).toBe(`Google identity of the key file ${keyFile}`);
    writeFileSync(join(home, "subject-token"), "subject-2");
    time.turn(minute);
    expect(secretOf(await google.get(never, first))).toBe("federated-token-2");
    expect(new URLSearchParams(exchange.asked[1]?.body).get("subject_token")).toBe("subject-2");
  });

  it.each([
    ["another host", "https://collector.example/v1/token"],
    ["a host that only looks like Google's", "https://googleapis.com.collector.example/v1/token"],
    ["Google over plain http", "http://sts.googleapis.com/v1/token"],
  ])("reads no file for a workload identity that is traded at %s", async (_name, url) => {
    const home = cloudEnvironment();
    const keyFile = workload(home, { url: "http://127.0.0.1:9" }, "subject-1");
    const written = JSON.parse(readFileSync(keyFile, "utf8"));
    writeFileSync(keyFile, JSON.stringify({ ...written, token_url: url }));
    expect(await refusal(identity({ host }, { from: "cloud", keyFile }).get(never))).toMatchObject({
      code: "configuration",
      message: expect.stringContaining("holds no key"),
    });
    writeFileSync(
      keyFile,
      JSON.stringify({
        ...written,
        token_url: "https://sts.googleapis.com/v1/token",
        service_account_impersonation_url: url,
      }),
    );
    const again = identity({ host }, { from: "cloud", keyFile });
    expect(await refusal(again.get(never))).toMatchObject({ code: "configuration" });
  });

  it("is left to the library's own connections where they have to show a certificate", async () => {
    cloudEnvironment();
    const { fetchImplementation, ...transport } = googleTransport(() =>
      Promise.reject(new Error("not asked")),
    );
    const { IdentityPoolClient } = await loadGoogle();
    const client = (credential_source: NonNullable<IdentityPoolClientOptions["credential_source"]>) =>
      byOneWay(
        new IdentityPoolClient({
          audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
          subject_token_type: "urn:ietf:params:oauth:token-type:mtls",
          token_url: "https://sts.mtls.googleapis.com/v1/token",
          credential_source,
          transporterOptions: { ...transport, fetchImplementation },
        }),
      );
    const certificate = { certificate_config_location: "/no/such/file" };
    expect(client({ certificate }).transporter.defaults).not.toHaveProperty("fetchImplementation");
    expect(client({ file: "/token" }).transporter.defaults.fetchImplementation).toBe(fetchImplementation);
  });

  it("does not wait for a key file that is no file", async () => {
    cloudEnvironment();
    const keyFile = "/dev/zero";
    expect(await refusal(identity({ host }, { from: "cloud", keyFile }).get(never))).toMatchObject({
      code: "configuration",
      message: expect.stringContaining("it is no file"),
    });
  });

  it("says what is wrong without what is secret", async () => {
    const home = cloudEnvironment();
    const exchange = await startTokenExchange([]);
    onTestFinished(() => exchange.stop());
    const subject = `eyJhbGciOiJSUzI1NiJ9.${"c2VjcmV0".repeat(20)}.signature`;
    const keyFile = workload(home, exchange, subject);
    const error = await refusal(identity({ host }, { from: "cloud", keyFile }).get(never));
    expect(error).toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining(`Google refused the identity of ${keyFile}.`),
    });
    const all = JSON.stringify(error, ["message", "cause", "stack", "name", "config", "response"]);
    expect(all).not.toContain("c2VjcmV0c2VjcmV0");
  });

  it("tells a missing identity, a missing file and a file that is none apart from a refusal", async () => {
    const home = cloudEnvironment();
    expect(await refusal(identity({ host }).get(never))).toMatchObject({
      code: "configuration",
      message: expect.stringMatching(/^No Google identity was found\. .*gcloud auth/),
    });
    const gone = join(home, "gone.json");
    const broken = join(home, "broken.json");
    writeFileSync(broken, "{ not json");
    for (const keyFile of [gone, broken]) {
      const error = await refusal(identity({ host }, { from: "cloud", keyFile }).get(never));
      expect(error, keyFile).toMatchObject({
        code: "configuration",
        message: expect.stringContaining(keyFile),
      });
    }
  });

  it("never shows the key of a service account, whatever becomes of it", async () => {
    const home = cloudEnvironment();
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const keyFile = join(home, "key.json");
    writeFileSync(
      keyFile,
      JSON.stringify({
        type: "service_account",
        client_email: "robot@acme.iam.gserviceaccount.com",
        private_key: privateKey,
        project_id: "acme",
        universe_domain: "googleapis.com",
      }),
    );
    // Nobody answers at Google's own address from here: a proxy that refuses everything.
    const closed = await startTokenExchange([]);
    await closed.stop();
    vi.stubEnv("HTTPS_PROXY", closed.url);
    const google = identity({ host }, { from: "cloud", keyFile }, { deadlineMs: 8000 });
    const error = await refusal(google.get(never));
    expect(error).toMatchObject({ code: expect.stringMatching(/^(unreachable|timeout)$/), retryable: true });
    const shown = JSON.stringify([String(error), google.describe(), String((error as Error).cause)]);
    expect(shown).not.toContain(privateKey.slice(40, 80));
  });

  it("says that the metadata server fails, and tries again later", async () => {
    await onMachine({ failures: { times: 100, status: 503 } });
    const error = await refusal(identity({ host }).get(never));
    expect(error).toMatchObject({ code: "registry-failure", retryable: true });
  });
});
