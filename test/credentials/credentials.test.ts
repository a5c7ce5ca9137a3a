// Credentials: entered ones, docker's config.json in its spellings, and real helper programs.
import { chmodSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Credentials, type CredentialsOptions } from "../../electron/credentials/credentials.ts";

const never = new AbortController().signal;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "freightliner-credentials-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Credentials over a config.json with this content. */
function withConfig(config: unknown, options: Partial<CredentialsOptions> = {}) {
  const file = join(folder(), "config.json");
  writeFileSync(file, typeof config === "string" ? config : JSON.stringify(config));
  return { file, credentials: new Credentials({ dockerConfigFile: file, ...options }) };
}

function get(credentials: Credentials, host: string, signal = never) {
  return credentials.provider({ id: "one", host }).get(signal);
}

describe("entered credentials", () => {
  it("win over docker's, until they are forgotten", async () => {
    const { credentials } = withConfig({ auths: { "localhost:5000": { auth: base64("docker:secret") } } });
    const owner = { id: "one", host: "localhost:5000" };
    expect(credentials.describe(owner)).toEqual({ source: "docker-config", username: "docker" });
    credentials.enter("one", { username: "ada", password: "lovelace" });
    expect(await get(credentials, owner.host)).toEqual({
      kind: "password",
      username: "ada",
      password: "lovelace",
    });
    expect(credentials.describe(owner)).toEqual({ source: "entered", username: "ada" });
    credentials.enter("one", null);
    expect(await get(credentials, owner.host)).toEqual({
      kind: "password",
      username: "docker",
      password: "secret",
    });
  });

  it("never go to another host than the one they were used for", async () => {
    const credentials = new Credentials({ dockerConfigFile: undefined });
    credentials.enter("one", { username: "ada", password: "lovelace" });
    expect(await get(credentials, "good.example")).toBeDefined();
    expect(await get(credentials, "evil.example")).toBeUndefined();
    expect(credentials.describe({ id: "one", host: "evil.example" }).source).toBe("none");
    expect(await get(credentials, "good.example")).toBeDefined();
  });

  it("are refused where they are empty", () => {
    const credentials = new Credentials({ dockerConfigFile: undefined });
    const usage = expect.objectContaining({ code: "usage" });
    expect(() => credentials.enter("one", { username: "", password: "x" })).toThrow(usage);
    expect(() => credentials.enter("one", { username: "x", password: "" })).toThrow(usage);
  });
});

describe("docker's config.json", () => {
  it("is read in all its spellings", async () => {
    const { credentials } = withConfig({
      auths: {
        "plain.example": { auth: base64("user:pass:word") },
        "port.example:8443": { auth: base64("user:port\0\0") },
        "https://old.example/v1/": { username: "old", password: "words" },
        "https://index.docker.io/v1/": { auth: base64("hub:secret") },
        "both.example": { auth: base64("user:first") },
        "https://both.example": { auth: base64("user:second") },
        "mixed.example": { auth: base64("user:pass"), identitytoken: "token" },
        "helper.example": {},
      },
    });
    expect(await get(credentials, "plain.example")).toEqual({
      kind: "password",
      username: "user",
      password: "pass:word",
    });
    expect(await get(credentials, "port.example:8443")).toEqual({
      kind: "password",
      username: "user",
      password: "port",
    });
    expect(await get(credentials, "old.example")).toEqual({
      kind: "password",
      username: "old",
      password: "words",
    });
    for (const host of ["docker.io", "registry-1.docker.io", "index.docker.io"])
      expect(await get(credentials, host)).toMatchObject({ username: "hub" });
    expect(await get(credentials, "both.example")).toMatchObject({ password: "first" });
    expect(await get(credentials, "mixed.example")).toMatchObject({ password: "pass" });
    for (const host of ["port.example", "plain.example:5000", "helper.example", "toString", ""])
      expect(await get(credentials, host)).toBeUndefined();
  });

  it("is read again when it has changed", async () => {
    const { credentials, file } = withConfig({ auths: {} });
    expect(await get(credentials, "a.example")).toBeUndefined();
    writeFileSync(file, JSON.stringify({ auths: { "a.example": { auth: base64("a:b") } } }));
    utimesSync(file, 1, 1);
    expect(await get(credentials, "a.example")).toEqual({ kind: "password", username: "a", password: "b" });
  });

  it("may be missing", async () => {
    const credentials = new Credentials({ dockerConfigFile: join(folder(), "missing", "config.json") });
    expect(await get(credentials, "a.example")).toBeUndefined();
    expect(credentials.describe({ id: "one", host: "a.example" })).toEqual({
      source: "none",
      username: null,
    });
  });

  it("that is broken is told without its content", async () => {
    for (const text of ['{"auths": {"a": {"auth": "c2VjcmV0" oops', '{"auths":{"a":{"auth":7}}}']) {
      const { credentials, file } = withConfig(text);
      const error = await get(credentials, "a").catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: "configuration",
        message: expect.stringContaining(file),
      });
      expect(error).not.toHaveProperty("cause");
      expect(String(error)).not.toContain("c2Vj");
      expect(credentials.describe({ id: "one", host: "a" }).source).toBe("none");
    }
  });

  it("with an entry that holds no usable pair is told", async () => {
    const { credentials } = withConfig({
      auths: {
        "nocolon.example": { auth: base64("nothing") },
        "empty.example": { auth: base64("user:") },
        "notbase64.example": { auth: "§§§" },
        "token.example": { auth: base64("00000000:"), identitytoken: "eyJ" },
        "user.example": { auth: base64("<token>:eyJ") },
      },
    });
    for (const host of ["nocolon.example", "empty.example", "notbase64.example"])
      await expect(get(credentials, host)).rejects.toMatchObject({ code: "configuration" });
    for (const host of ["token.example", "user.example"]) {
      await expect(get(credentials, host)).rejects.toMatchObject({ code: "unsupported" });
      expect(credentials.describe({ id: "one", host })).toEqual({ source: "docker-config", username: null });
    }
  });
});

/** A real helper program: a shell script that writes down what it was asked. */
function helper(script: string, name = "test") {
  const path = folder();
  const file = join(path, `docker-credential-${name}`);
  writeFileSync(file, `#!/bin/sh\necho "$1" >> "${path}/asked"\ncat >> "${path}/asked"\n${script}\n`);
  chmodSync(file, 0o755);
  return { path, asked: () => readFileSync(join(path, "asked"), "utf8") };
}

const answer = `echo '{"ServerURL":"x","Username":"ada","Secret":"lovelace"}'`;

describe("credential helpers", () => {
  it("are asked by their protocol, one for the host before the one for all", async () => {
    const { path, asked } = helper(answer);
    const config = { credHelpers: { "a.example:5000": "test" }, credsStore: "missing" };
    const { credentials } = withConfig(config, { helperPath: `relative::${path}` });
    expect(await get(credentials, "a.example:5000")).toEqual({
      kind: "password",
      username: "ada",
      password: "lovelace",
    });
    expect(asked()).toBe("get\na.example:5000");
    expect(credentials.describe({ id: "one", host: "a.example:5000" })).toEqual({
      source: "docker-config",
      username: null,
    });
    await expect(get(credentials, "b.example")).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringContaining("docker-credential-missing"),
    });
  });

  it("are asked for Docker Hub by its old address, and once a minute", async () => {
    const { path, asked } = helper(answer);
    let time = 0;
    const config = { credsStore: "test", auths: { "https://index.docker.io/v1/": {} } };
    const { credentials } = withConfig(config, { helperPath: path, now: () => time });
    expect(credentials.describe({ id: "one", host: "docker.io" }).source).toBe("docker-config");
    expect(credentials.describe({ id: "one", host: "other.example" }).source).toBe("none");
    await get(credentials, "docker.io");
    await get(credentials, "docker.io");
    expect(asked()).toBe("get\nhttps://index.docker.io/v1/");
    time = 61_000;
    await get(credentials, "docker.io");
    expect(asked()).toBe("get\nhttps://index.docker.io/v1/".repeat(2));
  });

  it("that hold nothing leave the file's own entry, else nobody", async () => {
    for (const text of [
      "credentials not found in native keychain",
      "no credentials server URL",
      "no credentials username",
    ]) {
      const { path } = helper(`echo "${text}"; exit 1`);
      const config = { credsStore: "test", auths: { "b.example": { auth: base64("b:c") } } };
      const { credentials } = withConfig(config, { helperPath: path });
      expect(await get(credentials, "a.example")).toBeUndefined();
      expect(await get(credentials, "b.example")).toEqual({ kind: "password", username: "b", password: "c" });
    }
  });

  it("that fail are named, with nothing of what they printed", async () => {
    const scripts = [
      "echo hunter2; exit 1",
      "echo hunter2",
      `echo '{"Username":"ada","Secret":""}'`,
      `echo '{"Username":"hunter2"}'`,
      "head -c 2000000 /dev/zero | tr '\\0' h",
      "echo hunter2; exec sleep 30",
    ];
    for (const script of scripts) {
      const { path } = helper(script);
      const options = { helperPath: path, helperDeadlineMs: 700 };
      const { credentials } = withConfig({ credsStore: "test" }, options);
      const error = await get(credentials, "a.example").catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "configuration" });
      expect(String(error)).toContain("docker-credential-test");
      expect(error).not.toHaveProperty("cause");
      expect(String(error)).not.toContain("hunter2");
    }
  });

  it("that cannot be started are named", async () => {
    const path = folder();
    writeFileSync(join(path, "docker-credential-test"), "#!/missing/interpreter\n");
    chmodSync(join(path, "docker-credential-test"), 0o755);
    const { credentials } = withConfig({ credsStore: "test" }, { helperPath: path });
    await expect(get(credentials, "a.example")).rejects.toMatchObject({ code: "configuration" });
  });

  it("with a name that is none are not started", async () => {
    const { path, asked } = helper(answer);
    for (const name of ["../test", "test; true", "a/test", "test\n"]) {
      const { credentials } = withConfig({ credsStore: name }, { helperPath: path });
      await expect(get(credentials, "a.example")).rejects.toMatchObject({
        code: "configuration",
        message: expect.stringContaining("allowed name"),
      });
    }
    expect(asked).toThrow("ENOENT");
  });

  it("that answer an identity token are told", async () => {
    const { path } = helper(`echo '{"Username":"<token>","Secret":"eyJ"}'`);
    const { credentials } = withConfig({ credsStore: "test" }, { helperPath: path });
    await expect(get(credentials, "a.example")).rejects.toMatchObject({ code: "unsupported" });
  });

  it("are ended when the work is stopped", async () => {
    const { path } = helper("exec sleep 30");
    const { credentials } = withConfig({ credsStore: "test" }, { helperPath: path });
    const reason = new Error("stopped");
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 50);
    const started = performance.now();
    await expect(get(credentials, "a.example", stop.signal)).rejects.toBe(reason);
    expect(performance.now() - started).toBeLessThan(1000);
    await expect(get(credentials, "a.example", stop.signal)).rejects.toBe(reason);
  });
});
