// Credential helpers: real executables, asked by their protocol, kept for a while, and never trusted.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { base64, folder, get, helper, helperAnswer, owner, password, withConfig } from "./stage.ts";

describe("credential helpers", () => {
  it("are asked by their protocol, one for the host before the one for all", async () => {
    const { path, asked } = helper(helperAnswer);
    const config = { credHelpers: { "a.example:5000": "test" }, credsStore: "missing" };
    const { credentials, file } = withConfig(config, { helperPath: `relative::${path}` });
    expect(credentials.describe(owner("a.example:5000"))).toMatchObject({
      source: "docker-helper",
      username: null,
      place: `docker-credential-test (${file})`,
    });
    expect(await get(credentials, "a.example:5000")).toEqual(password("ada", "lovelace"));
    expect(asked()).toBe("get\na.example:5000");
    await expect(get(credentials, "b.example")).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringContaining("docker-credential-missing"),
    });
  });

  it("are asked for Docker Hub by its old address, and every five minutes", async () => {
    const { path, asked } = helper(helperAnswer);
    let time = 0;
    const config = { credsStore: "test", auths: { "https://index.docker.io/v1/": {} } };
    const { credentials } = withConfig(config, { helperPath: path, now: () => time });
    expect(credentials.describe(owner("docker.io")).source).toBe("docker-helper");
    expect(credentials.describe(owner("other.example")).source).toBe("none");
    await get(credentials, "docker.io");
    time = 299_000;
    await get(credentials, "docker.io");
    expect(asked()).toBe("get\nhttps://index.docker.io/v1/");
    time = 300_001;
    await get(credentials, "docker.io");
    expect(asked()).toBe("get\nhttps://index.docker.io/v1/".repeat(2));
  });

  it("S005 are asked again when the registry refused what they said, by the first that is refused only", async () => {
    const { path, asked } = helper(
      `n=$(grep -c get "$(dirname "$0")/asked"); echo "{\\"Username\\":\\"ada\\",\\"Secret\\":\\"secret-$n\\"}"`,
    );
    const { credentials } = withConfig({ credsStore: "test" }, { helperPath: path });
    const first = await get(credentials, "a.example");
    expect(first).toEqual(password("ada", "secret-1"));
    expect(await get(credentials, "a.example", undefined, first)).toEqual(password("ada", "secret-2"));
    // Whoever was refused with the old one, too, takes the one that is newer already.
    expect(await get(credentials, "a.example", undefined, first)).toEqual(password("ada", "secret-2"));
    expect(asked().match(/get/g)).toHaveLength(2);
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
      expect(await get(credentials, "b.example")).toEqual(password("b", "c"));
    }
  });

  it("that fail are named, with nothing of what they printed", async () => {
    const scripts = [
      "echo hunter2; exit 1",
      "echo hunter2 >&2; exit 1",
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
      expect(JSON.stringify(credentials.describe(owner("a.example")))).not.toContain("hunter2");
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
    const { path, asked } = helper(helperAnswer);
    for (const name of ["../test", "test; true", "a/test", "test\n", "$(id)", "test\0"]) {
      const { credentials } = withConfig({ credsStore: name }, { helperPath: path });
      await expect(get(credentials, "a.example")).rejects.toMatchObject({
        code: "configuration",
        message: expect.stringContaining("allowed name"),
      });
    }
    expect(asked).toThrow("ENOENT");
  });

  it("that answer an identity token give one", async () => {
    const { path } = helper(`echo '{"Username":"<token>","Secret":"eyJ"}'`);
    const { credentials } = withConfig({ credsStore: "test" }, { helperPath: path });
    expect(await get(credentials, "a.example")).toEqual({
      kind: "identity-token",
      username: "",
      token: "eyJ",
    });
    expect(credentials.describe(owner("a.example")).username).toBeNull();
  });

  it("are started with the environment, but for what is ours in it", async () => {
    const { path } = helper(
      `echo "{\\"Username\\":\\"\${AWS_PROFILE}\\",\\"Secret\\":\\"x\${FREIGHTLINER_VAULT_PASSPHRASE}\\"}"`,
    );
    const environment = {
      PATH: process.env.PATH,
      AWS_PROFILE: "prod",
      FREIGHTLINER_VAULT_PASSPHRASE: "passphrase",
    };
    const { credentials } = withConfig({ credsStore: "test" }, { helperPath: path, environment });
    expect(await get(credentials, "a.example")).toEqual(password("prod", "x"));
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
