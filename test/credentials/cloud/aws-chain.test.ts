// The links of AWS' chain of identities, each against a stand-in or with a program of the test: what is found, and what is
// said where there is nothing.
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  startContainerCredentials,
  startSingleSignOn,
  startSts,
} from "../../support/vendors/aws-identity.ts";
import { startAwsMetadata } from "../../support/vendors/aws-metadata.ts";
import { cloudEnvironment } from "../../support/vendors/cloud-environment.ts";
import { type EcrStandIn, startEcr } from "../../support/vendors/ecr.ts";
import type { HttpServer } from "../../support/vendors/http-server.ts";
import { identity, never, refusal } from "./stage.ts";

const host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const role = "arn:aws:iam::123456789012:role/puller";
const minute = 60_000;
const work = { from: "cloud", profile: "work" } as const;

async function later<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  onTestFinished(() => started.stop());
  return started;
}

/** The API of ECR, which takes this key alone. */
function ecrFor(key: string): Promise<EcrStandIn> {
  return later(startEcr({ keys: [key] }));
}

/** `~/.aws/config` of a home that has nothing else. */
function config(home: string, text: string): void {
  mkdirSync(join(home, ".aws"), { recursive: true });
  writeFileSync(join(home, ".aws", "config"), text);
}

let sessions = 0;

interface Session {
  readonly home: string;
  /** What aws sso login keeps. */
  readonly file: string;
  readonly name: string;
}

/** A profile "work" that signs in by a session of its own name: the SDK remembers when one was renewed. */
async function singleSignOn(portal: HttpServer, roleName = "Puller"): Promise<Session> {
  const home = cloudEnvironment({ AWS_ENDPOINT_URL_SSO: portal.url, AWS_ENDPOINT_URL_SSO_OIDC: portal.url });
  sessions += 1;
  const name = `session-${sessions}`;
  config(
    home,
    `[profile work]\nsso_session = ${name}\nsso_account_id = 123456789012\nsso_role_name = ${roleName}\n` +
      `[sso-session ${name}]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = us-west-2\n`,
  );
  const folder = join(home, ".aws", "sso", "cache");
  mkdirSync(folder, { recursive: true });
  return { home, name, file: join(folder, `${createHash("sha1").update(name).digest("hex")}.json`) };
}

function signedIn({ file }: Session, token: string, leftMs: number, refresh: object = {}): void {
  const expiresAt = new Date(Date.now() + leftMs).toISOString();
  writeFileSync(file, JSON.stringify({ accessToken: token, expiresAt, ...refresh }));
}

describe("single sign-on", () => {
  it("gives the role's key for the token that aws sso login keeps", async () => {
    const portal = await later(startSingleSignOn({ tokens: ["person-1"] }));
    const { apiUrl, calls } = await ecrFor("ASIASSOPULLER");
    signedIn(await singleSignOn(portal), "person-1", 60 * minute);
    const aws = identity({ host, apiUrl }, work);
    expect(await aws.get(never)).toMatchObject({ kind: "password", username: "AWS" });
    expect(calls).toMatchObject([{ key: "ASIASSOPULLER", region: "eu-west-1" }]);
    expect(aws.describe().place).toBe(
      'AWS identity of profile "work" by single sign-on (access key ASIASSOPULLER)',
    );
  });

  it("renews a token that ends, and keeps the new one where aws looks for it", async () => {
    const refreshToken = "refresh-1";
    const portal = await later(startSingleSignOn({ tokens: ["person-2"], refreshToken }));
    const { apiUrl } = await ecrFor("ASIASSOPULLER");
    const session = await singleSignOn(portal);
    signedIn(session, "person-1", -minute, { clientId: "c", clientSecret: "s", refreshToken });
    expect(await identity({ host, apiUrl }, work).get(never)).toMatchObject({ username: "AWS" });
    expect(JSON.parse(readFileSync(session.file, "utf8"))).toMatchObject({ accessToken: "person-2" });
  });

  it.each([
    ["it has ended", -minute],
    ["nobody signed in", undefined],
    ["it was taken back", 60 * minute],
  ])("says what to run where %s", async (_name, leftMs) => {
    const portal = await later(startSingleSignOn({ tokens: [] }));
    const { apiUrl, calls } = await ecrFor("ASIASSOPULLER");
    const session = await singleSignOn(portal);
    if (leftMs !== undefined) signedIn(session, "person-1", leftMs);
    const aws = identity({ host, apiUrl }, work);
    expect(await refusal(aws.get(never))).toMatchObject({
      code: "unauthorized",
      message:
        'The single sign-on of the AWS profile "work" has ended or never took place. Run aws sso login --profile work.',
    });
    expect(calls).toEqual([]);
    expect(aws.describe().problem).toContain("aws sso login --profile work");
  });

  it("says that the role is not given to the person", async () => {
    const portal = await later(startSingleSignOn({ tokens: ["person-1"] }));
    const { apiUrl } = await ecrFor("ASIASSOPULLER");
    signedIn(await singleSignOn(portal, "Owner"), "person-1", 60 * minute);
    expect(await refusal(identity({ host, apiUrl }, work).get(never))).toMatchObject({
      code: "forbidden",
      message: expect.stringContaining('does not give the role of the AWS profile "work"'),
    });
  });

  it("says that the portal is not reached, which another try may cure", async () => {
    const portal = await startSingleSignOn({ tokens: ["person-1"] });
    const { apiUrl } = await ecrFor("ASIASSOPULLER");
    signedIn(await singleSignOn(portal), "person-1", 60 * minute);
    await portal.stop();
    expect(await refusal(identity({ host, apiUrl }, work).get(never))).toMatchObject({
      code: "unreachable",
      retryable: true,
      message: expect.stringContaining(`AWS could not be asked for a sign-in to ECR: ${portal.host}`),
    });
  });
});

describe("a role that is assumed", () => {
  it("is given for the token in a file, as EKS mounts it", async () => {
    const sts = await later(startSts({ tokens: ["a-web-identity"] }));
    const home = cloudEnvironment({ AWS_ENDPOINT_URL_STS: sts.url, AWS_ROLE_ARN: role });
    const file = join(home, "token");
    writeFileSync(file, "a-web-identity");
    process.env.AWS_WEB_IDENTITY_TOKEN_FILE = file;
    onTestFinished(() => void delete process.env.AWS_WEB_IDENTITY_TOKEN_FILE);
    const { apiUrl } = await ecrFor("ASIAWEB");
    const aws = identity({ host, apiUrl }, { from: "automatic" });
    expect(await aws.get(never)).toMatchObject({ username: "AWS" });
    expect(aws.describe().place).toBe("AWS identity by a web identity (access key ASIAWEB)");
    expect(sts.asked).toHaveLength(1);

    writeFileSync(file, "of-somebody-else");
    expect(await refusal(identity({ host, apiUrl }).get(never))).toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining("AWS refused a sign-in to ECR for this identity"),
    });
  });

  it("is given to the key of another profile, in the registry's region", async () => {
    const sts = await later(startSts({ keys: ["AKIDBASE"] }));
    const home = cloudEnvironment({ AWS_ENDPOINT_URL_STS: sts.url });
    config(
      home,
      `[profile work]\nrole_arn = ${role}\nsource_profile = base\n` +
        "[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = s\n",
    );
    const { apiUrl } = await ecrFor("ASIAROLE");
    const aws = identity({ host, apiUrl }, work);
    expect(await aws.get(never)).toMatchObject({ username: "AWS" });
    expect(aws.describe().place).toBe(
      'AWS identity of profile "work" in an assumed role (access key ASIAROLE)',
    );
    expect(sts.asked[0]?.headers.authorization).toContain("/eu-west-1/sts/aws4_request");
  });

  it("is not asked for where it wants a second factor", async () => {
    const home = cloudEnvironment();
    config(
      home,
      `[profile work]\nrole_arn = ${role}\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/ada\n` +
        "[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = s\n",
    );
    const { apiUrl } = await ecrFor("ASIAROLE");
    expect(await refusal(identity({ host, apiUrl }, work).get(never))).toMatchObject({
      code: "configuration",
      message: expect.stringContaining('The role of the AWS profile "work" wants a second factor'),
    });
  });

  it("is refused in plain words, and no other identity stands in for it", async () => {
    const sts = await later(startSts({ keys: [] }));
    const metadata = await later(startAwsMetadata(() => "ASIAMACHINE"));
    const home = cloudEnvironment({
      AWS_ENDPOINT_URL_STS: sts.url,
      AWS_EC2_METADATA_DISABLED: "false",
      AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url,
    });
    config(
      home,
      `[profile work]\nrole_arn = ${role}\nsource_profile = base\n` +
        "[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = s\n[profile empty]\nregion = eu-west-1\n",
    );
    const { apiUrl, calls } = await ecrFor("ASIAMACHINE");
    expect(await refusal(identity({ host, apiUrl }, work).get(never))).toMatchObject({ code: "forbidden" });
    const empty = identity({ host, apiUrl }, { from: "cloud", profile: "empty" });
    expect(await refusal(empty.get(never))).toMatchObject({
      code: "configuration",
      message: expect.stringContaining('The AWS profile "empty" gives no identity'),
    });
    expect(calls).toEqual([]);
    expect(await identity({ host, apiUrl }).get(never)).toMatchObject({ username: "AWS" });
  });
});

describe("the credentials of a container", () => {
  it("are taken with the token that ECS or EKS gives, past any proxy", async () => {
    const container = await later(startContainerCredentials("the-token-of-the-pod"));
    const nobody = await startContainerCredentials("");
    await nobody.stop();
    cloudEnvironment({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "the-token-of-the-pod",
      HTTP_PROXY: nobody.url,
    });
    const { apiUrl } = await ecrFor("ASIACONTAINER");
    const aws = identity({ host, apiUrl }, { from: "automatic" });
    expect(await aws.get(never)).toMatchObject({ username: "AWS" });
    expect(aws.describe().place).toBe("AWS identity of this container (access key ASIACONTAINER)");
  });

  it("are missing where the token is not taken", async () => {
    const container = await later(startContainerCredentials("the-token-of-the-pod"));
    cloudEnvironment({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "another",
    });
    const { apiUrl } = await ecrFor("ASIACONTAINER");
    expect(await refusal(identity({ host, apiUrl }).get(never))).toMatchObject({
      code: "configuration",
      message: expect.stringContaining("No AWS identity was found"),
    });
  });
});

describe.skipIf(process.platform !== "linux")("a program of the profile", () => {
  /** `credential_process` of profile "work". */
  function program(script: string): { readonly home: string; readonly sign: string } {
    const home = cloudEnvironment();
    const file = join(home, "give-credentials");
    const sign = join(home, "its-pid");
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o700);
    config(home, `[profile work]\ncredential_process = ${file} --password hunter2\n`);
    return { home, sign };
  }

  const hanging = 'sleep 60 & echo $! >> "$HOME/its-pid"; wait';

  function answer(fields: object = {}): string {
    const given = {
      Version: 1,
      AccessKeyId: "ASIAPROGRAM",
      SecretAccessKey: "s",
      SessionToken: "t",
      ...fields,
    };
    return `echo '${JSON.stringify(given)}'`;
  }

  /** What nobody has asked after yet is a zombie, and as good as gone. */
  function isAlive(pid: number): boolean {
    try {
      return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return false;
    }
  }

  /** Of each start, one after the other. */
  function pidsIn(file: string): number[] {
    return readFileSync(file, "utf8").trim().split("\n").map(Number);
  }

  async function pidIn(file: string): Promise<number> {
    for (let turn = 0; turn < 200 && !existsSync(file); turn += 1) await delay(10);
    await delay(10);
    return Number(readFileSync(file, "utf8"));
  }

  async function isGone(pid: number): Promise<boolean> {
    for (let turn = 0; turn < 200; turn += 1) {
      if (!isAlive(pid)) return true;
      await delay(10);
    }
    return false;
  }

  it("gives the key that it prints", async () => {
    program(answer());
    const { apiUrl } = await ecrFor("ASIAPROGRAM");
    const aws = identity({ host, apiUrl }, work);
    expect(await aws.get(never)).toMatchObject({ username: "AWS" });
    expect(aws.describe().place).toBe(
      'AWS identity of profile "work" by a credential_process (access key ASIAPROGRAM)',
    );
  });

  it.each([
    ["fails", "echo the-secret-of-stderr >&2; exit 3", "failed."],
    ["is not there", `exec ${"/no/such/program"}`, "failed."],
    ["prints rubbish", "echo the-secret-of-stdout", "printed something that is no credential."],
    ["prints half of it", answer({ SecretAccessKey: undefined }), "printed something that is no credential."],
    [
      "prints what has ended",
      answer({ Expiration: "2020-01-01T00:00:00Z" }),
      "printed something that is no credential.",
    ],
    ["prints without an end", "yes the-secret-of-stdout", "failed."],
  ])("is named where it %s, and nothing that it said", async (_name, script, words) => {
    program(script);
    const { apiUrl } = await ecrFor("ASIAPROGRAM");
    const error = await refusal(identity({ host, apiUrl }, work).get(never));
    expect(error).toMatchObject({
      code: "configuration",
      message: `The credential_process of the AWS profile "work" ${words}`,
    });
    const all = JSON.stringify([String(error), (error as Error).cause, (error as Error).stack]);
    expect(all).not.toContain("the-secret");
    expect(all).not.toContain("hunter2");
  });

  it("is named, too, where nobody chose the profile", async () => {
    program("exit 3");
    process.env.AWS_PROFILE = "work";
    onTestFinished(() => void delete process.env.AWS_PROFILE);
    const { apiUrl } = await ecrFor("ASIAPROGRAM");
    expect(await refusal(identity({ host, apiUrl }).get(never))).toMatchObject({
      message: "The credential_process of the AWS profile in use failed.",
    });
  });

  it("is ended with the deadline", async () => {
    const { sign } = program(hanging);
    const { apiUrl } = await ecrFor("ASIAPROGRAM");
    const aws = identity({ host, apiUrl }, work, { deadlineMs: 1500 });
    const waiting = refusal(aws.get(never));
    const pid = await pidIn(sign);
    expect(isAlive(pid)).toBe(true);
    expect(await waiting).toMatchObject({ code: "timeout" });
    expect(await isGone(pid)).toBe(true);
  });

  it("is not started once more by the chain, which takes its end for a failure", async () => {
    const { sign } = program(hanging);
    process.env.AWS_PROFILE = "work";
    onTestFinished(() => void delete process.env.AWS_PROFILE);
    const { apiUrl } = await ecrFor("ASIAPROGRAM");
    const stop = new AbortController();
    const waiting = refusal(identity({ host, apiUrl }).get(stop.signal));
    await pidIn(sign);
    stop.abort(new Error("stopped by a person"));
    expect(await waiting).toMatchObject({ message: "stopped by a person" });
    // As long as a second one would need to begin.
    await delay(500);
    expect(pidsIn(sign).filter(isAlive)).toEqual([]);
  });

  it("is ended when the last one who waits stops, within a second", async () => {
    const { sign } = program(hanging);
    const { apiUrl } = await ecrFor("ASIAPROGRAM");
    const aws = identity({ host, apiUrl }, work);
    const stop = new AbortController();
    const waiting = refusal(aws.get(stop.signal));
    const pid = await pidIn(sign);
    const began = performance.now();
    stop.abort(new Error("stopped by a person"));
    expect(await waiting).toMatchObject({ message: "stopped by a person" });
    expect(await isGone(pid)).toBe(true);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
