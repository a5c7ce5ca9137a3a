// Signing in to Amazon ECR with whatever identity AWS' own chain finds, against a stand-in of its API.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startAwsMetadata } from "../../support/vendors/aws-metadata.ts";
import { cloudEnvironment } from "../../support/vendors/cloud-environment.ts";
import { type EcrOptions, type EcrStandIn, startEcr } from "../../support/vendors/ecr.ts";
import { startNameProxy } from "../../support/vendors/name-proxy.ts";
import { clock, identity, never, refusal, secretOf } from "./stage.ts";

const host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI-SECRET" };
const hour = 3_600_000;

async function ecr(options: EcrOptions = {}): Promise<EcrStandIn> {
  const standIn = await startEcr(options);
  onTestFinished(() => standIn.stop());
  return standIn;
}

describe("an AWS identity", () => {
  it("gives ECR's password for the region that the host names, and says what it is", async () => {
    cloudEnvironment(keys);
    const { apiUrl, calls } = await ecr();
    const aws = identity({ host, apiUrl });
    expect(aws.describe()).toEqual({ username: null, place: "AWS identity", expiresAt: null, problem: null });
    const credential = await aws.get(never);
    expect(credential).toMatchObject({ kind: "password", username: "AWS" });
    expect(calls).toMatchObject([
      { operation: "GetAuthorizationToken", key: "AKIDEXAMPLE", region: "eu-west-1", service: "ecr" },
    ]);
    const { expiresAt, ...rest } = aws.describe();
    expect(rest).toEqual({
      username: "AWS",
      place: "AWS identity in environment variables (access key AKIDEXAMPLE)",
      problem: null,
    });
    expect(expiresAt).toBe(credential.expiresAt);
    expect((expiresAt ?? 0) - Date.now()).toBeGreaterThan(11 * hour);
    expect(JSON.stringify(aws.describe())).not.toContain(secretOf(credential));
  });

  it("asks once for many at a time, and not again while the password holds", async () => {
    cloudEnvironment(keys);
    const { apiUrl, calls } = await ecr();
    const aws = identity({ host, apiUrl });
    const all = await Promise.all(Array.from({ length: 20 }, () => aws.get(never)));
    expect(new Set(all.map(secretOf)).size).toBe(1);
    await aws.get(never);
    expect(calls).toHaveLength(1);
  });

  it("S005 renews at half of its life, and keeps what holds where that fails", async () => {
    cloudEnvironment(keys);
    const time = clock();
    const standIn = await ecr({ now: time.now });
    const aws = identity({ host, apiUrl: standIn.apiUrl }, undefined, { now: time.now });
    const first = await aws.get(never);
    time.turn(5.9 * hour);
    expect(await aws.get(never)).toBe(first);
    time.turn(0.2 * hour);
    const second = await aws.get(never);
    expect(secretOf(second)).not.toBe(secretOf(first));
    expect(standIn.count("GetAuthorizationToken")).toBe(2);

    // The API is gone when half of the second one's life is over: it is used on until it ends.
    await standIn.stop();
    time.turn(6.1 * hour);
    expect(await aws.get(never)).toBe(second);
    expect(aws.describe().problem).toContain("AWS could not be asked");
    time.turn(6 * hour);
    expect(await refusal(aws.get(never))).toMatchObject({ code: "unreachable" });
  });

  it("S005 asks anew after a refusal, with keys that were replaced in the file meanwhile", async () => {
    const home = cloudEnvironment();
    const file = join(home, ".aws", "credentials");
    const write = (key: string): void => {
      mkdirSync(join(home, ".aws"), { recursive: true });
      writeFileSync(
        file,
        `[work]\naws_access_key_id = ${key}\naws_secret_access_key = a-secret-key-of-the-file\n`,
      );
    };
    write("AKIDFIRST");
    const time = clock();
    const { apiUrl, calls } = await ecr({ keys: ["AKIDFIRST", "AKIDSECOND"] });
    const aws = identity({ host, apiUrl }, { from: "cloud", profile: "work" }, { now: time.now });
    const first = await aws.get(never);
    write("AKIDSECOND");
    time.turn(60_000);
    const second = await aws.get(never, first);
    expect(secretOf(second)).not.toBe(secretOf(first));
    expect(calls.map((call) => call.key)).toEqual(["AKIDFIRST", "AKIDSECOND"]);
    expect(aws.describe().place).toBe(
      'AWS identity of profile "work" in the shared files (access key AKIDSECOND)',
    );
    // The old one is refused by another request, too: the new one is there already.
    expect(await aws.get(never, first)).toBe(second);
    expect(calls).toHaveLength(2);
  });

  it("takes the keys of the machine's role", async () => {
    const metadata = await startAwsMetadata(() => "ASIAROLE");
    onTestFinished(() => metadata.stop());
    cloudEnvironment({
      AWS_EC2_METADATA_DISABLED: "false",
      AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url,
    });
    const { apiUrl, calls } = await ecr({ keys: ["ASIAROLE"] });
    expect(await identity({ host, apiUrl }).get(never)).toMatchObject({ username: "AWS" });
    expect(calls.map((call) => call.key)).toEqual(["ASIAROLE"]);
  });

  it("asks for ECR Public in its one region", async () => {
    cloudEnvironment({ ...keys, AWS_REGION: "ap-south-1" });
    const { apiUrl, calls } = await ecr({ kind: "public" });
    const credential = await identity({ host: "public.ecr.aws", apiUrl }).get(never);
    expect(credential).toMatchObject({ kind: "password", username: "AWS" });
    expect(calls).toMatchObject([{ region: "us-east-1", service: "ecr-public" }]);
  });

  it.each([
    ["keys that AWS does not know", { keys: ["ANOTHER"] }, "unauthorized", /AWS refused .* AKIDEXAMPLE/],
    [
      "a right that is missing",
      { denied: ["GetAuthorizationToken"] },
      "forbidden",
      /ecr:GetAuthorizationToken/,
    ],
  ] as const)("says in plain words what is wrong: %s", async (_name, options, code, words) => {
    cloudEnvironment(keys);
    const { apiUrl } = await ecr(options);
    const error = await refusal(identity({ host, apiUrl }).get(never));
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("wJalr");
  });

  it("is shown to no API over plain http on another machine", async () => {
    cloudEnvironment(keys);
    const aws = identity({ host, apiUrl: "http://api.ecr.example/", plainHttp: "auto" });
    expect(await refusal(aws.get(never))).toMatchObject({
      code: "configuration",
      message: expect.stringContaining("over plain http at api.ecr.example"),
    });
  });

  it("says that there is none, and names the profile that is asked for", async () => {
    cloudEnvironment();
    const { apiUrl } = await ecr();
    expect(await refusal(identity({ host, apiUrl }).get(never))).toMatchObject({
      code: "configuration",
      message: expect.stringMatching(/^No AWS identity was found\. .*aws sso login/),
    });
    const named = identity({ host, apiUrl }, { from: "cloud", profile: "gone" });
    expect(await refusal(named.get(never))).toMatchObject({
      code: "configuration",
      message: expect.stringContaining('The AWS profile "gone" gives no identity'),
    });
    expect(named.describe().problem).toContain('"gone"');
  });

  it("waits out a throttled API, and says so where that does not end", async () => {
    cloudEnvironment(keys);
    const standIn = await ecr();
    standIn.throttle("api", 1);
    expect(await identity({ host, apiUrl: standIn.apiUrl }).get(never)).toMatchObject({ username: "AWS" });
    standIn.throttle("api", 100);
    const error = await refusal(identity({ host, apiUrl: standIn.apiUrl }).get(never));
    expect(error).toMatchObject({ code: "rate-limited", retryable: true });
  });

  it.each([
    ["the environment", true],
    ["the registry's settings", false],
  ])("is asked for by the proxy of %s", async (_name, byEnvironment) => {
    const standIn = await ecr();
    const proxy = await startNameProxy(() => new URL(standIn.apiUrl).host);
    onTestFinished(() => proxy.stop());
    cloudEnvironment(byEnvironment ? { ...keys, HTTP_PROXY: proxy.url } : keys);
    const apiUrl = "http://api.ecr.eu-west-1.amazonaws.com";
    const registry = { host, apiUrl, plainHttp: "always" } as const;
    const aws = identity(byEnvironment ? registry : { ...registry, proxy: proxy.url });
    expect(await aws.get(never)).toMatchObject({ username: "AWS" });
    expect(proxy.hosts).toEqual(new Set(["api.ecr.eu-west-1.amazonaws.com"]));
  });

  it("does not wait for ever, and not at all for one who has stopped", async () => {
    cloudEnvironment(keys);
    const standIn = await ecr();
    standIn.hang();
    const aws = identity({ host, apiUrl: standIn.apiUrl }, undefined, { deadlineMs: 600 });
    const stop = new AbortController();
    const stopped = refusal(aws.get(stop.signal));
    const waiting = refusal(aws.get(never));
    stop.abort(new Error("stopped by a person"));
    expect(await stopped).toMatchObject({ message: "stopped by a person" });
    expect(await waiting).toMatchObject({ code: "timeout" });
  });
});
