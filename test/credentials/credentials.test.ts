// Which of several sources answers for a registry, what is shown of it, and what may be a credential at all.
import { describe, expect, it } from "vitest";
import type { CloudIdentities } from "../../electron/credentials/cloud/cloud-identity.ts";
import type { Credential } from "../../electron/engine/credential.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import {
  base64,
  credentialsOf,
  fileWith,
  get,
  helper,
  helperAnswer,
  never,
  owner,
  password,
  TestBox,
  withConfig,
} from "./stage.ts";

const none = { source: "none", username: null, place: null, expiresAt: null, problem: null };
const ada = { username: "ada", password: "lovelace" };

describe("entered credentials", () => {
  it("win over docker's, until they are forgotten", async () => {
    const { credentials, file } = withConfig({
      auths: { "localhost:5000": { auth: base64("docker:secret") } },
    });
    const whose = owner("localhost:5000");
    const docker = { ...none, source: "docker-config", username: "docker", place: file };
    expect(credentials.describe(whose)).toEqual(docker);
    credentials.enter(whose, ada);
    expect(await get(credentials, whose)).toEqual(password("ada", "lovelace"));
    expect(credentials.describe(whose)).toMatchObject({ source: "entered", username: "ada" });
    await credentials.forget("one", never);
    expect(credentials.describe(whose)).toEqual(docker);
    expect(await get(credentials, whose)).toEqual(password("docker", "secret"));
  });

  it("never go to another host than the one they were entered for", async () => {
    const credentials = credentialsOf();
    credentials.enter(owner("good.example"), ada);
    expect(await get(credentials, "evil.example")).toBeUndefined();
    expect(credentials.describe(owner("evil.example"))).toEqual(none);
    expect(await get(credentials, "Good.example")).toBeDefined();
  });

  it("of two endpoints at one host are two", async () => {
    const credentials = credentialsOf();
    credentials.enter(owner("a.example", {}, "one"), ada);
    credentials.enter(owner("a.example", {}, "two"), { username: "grace", password: "hopper" });
    expect(await get(credentials, owner("a.example", {}, "one"))).toEqual(password("ada", "lovelace"));
    expect(await get(credentials, owner("a.example", {}, "two"))).toEqual(password("grace", "hopper"));
    expect(await get(credentials, owner("a.example", {}, "three"))).toBeUndefined();
  });
});

describe("saved credentials", () => {
  it("are bound to their host, and said to lie where they lie", async () => {
    const box = new TestBox();
    const credentials = credentialsOf({ box });
    await credentials.save(owner("a.example"), ada, never);
    expect([...box.secrets.keys()]).toEqual(["endpoint:one"]);
    expect(credentials.describe(owner("a.example"))).toEqual({
      ...none,
      source: "saved",
      place: "the vault",
    });
    expect(await get(credentials, "a.example")).toEqual(password("ada", "lovelace"));
    expect(credentials.describe(owner("a.example"))).toMatchObject({ source: "saved", username: "ada" });
    expect(await get(credentials, "b.example")).toBeUndefined();
    // Another process of the same box.
    expect(await get(credentialsOf({ box }), "a.example")).toEqual(password("ada", "lovelace"));
    await credentials.forget("one", never);
    expect(box.secrets.size).toBe(0);
    expect(await get(credentials, "a.example")).toBeUndefined();
  });

  it("R009 wait for the vault alone: registries without one never ask it, and no weaker source answers meanwhile", async () => {
    const box = new TestBox();
    const { credentials } = withConfig(
      { auths: { "a.example": { auth: base64("docker:secret") } } },
      { box },
    );
    await credentials.save(owner("a.example"), ada, never);
    box.locked = true;
    await expect(get(credentials, "a.example")).rejects.toMatchObject({ code: "locked" });
    expect(credentials.describe(owner("a.example"))).toMatchObject({
      source: "saved",
      problem: "The vault is locked.",
    });
    expect(box.asked).toBe(1);
    expect(await get(credentials, owner("a.example", {}, "two"))).toEqual(password("docker", "secret"));
    expect(box.asked).toBe(1);
    await expect(credentials.save(owner("b.example", {}, "three"), ada, never)).rejects.toMatchObject({
      code: "locked",
    });
    expect(credentials.describe(owner("b.example", {}, "three"))).toEqual(none);
    box.locked = false;
    expect(credentials.describe(owner("a.example")).problem).toBeNull();
    expect(await get(credentials, "a.example")).toEqual(password("ada", "lovelace"));
  });

  it("that cannot be read are told, without a word of them", async () => {
    for (const text of ["hunter2", '{"version":1,"host":"a.example","username":"hunter2","password":""}']) {
      const box = new TestBox();
      box.secrets.set("endpoint:one", text);
      const error = await get(credentialsOf({ box }), "a.example").catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "configuration" });
      expect(String(error)).not.toContain("hunter2");
      expect(error).not.toHaveProperty("cause");
    }
  });
});

describe("the order of sources", () => {
  const host = "a.example";
  const clouds = (credential: Credential | FreightlinerError): CloudIdentities => ({
    find: ({ registry }, choice) =>
      registry.host !== host ||
      (choice !== undefined && choice.from !== "cloud" && choice.from !== "automatic")
        ? undefined
        : {
            get: async () => {
              if (credential instanceof FreightlinerError) throw credential;
              return credential;
            },
            describe: () => ({ username: "role/x", place: "the cloud", expiresAt: 7, problem: null }),
          },
    awsKey: async () => ({ accessKeyId: "AKID", secretAccessKey: "secret" }),
  });
  const stage = () => {
    const entry = (user: string) => ({ auths: { [host]: { auth: base64(`${user}:secret`) } } });
    return {
      box: new TestBox(),
      dockerConfigFile: fileWith(entry("docker")),
      podmanAuthFiles: [fileWith({}), fileWith(entry("podman"))],
      environment: { FREIGHTLINER_USERNAME_A_EXAMPLE: "env", FREIGHTLINER_PASSWORD_A_EXAMPLE: "secret" },
      clouds: clouds(password("cloud", "token")),
    };
  };
  const userOf = async (credentials: ReturnType<typeof credentialsOf>, settings = {}) => {
    const credential = await get(credentials, owner(host, settings));
    return credential?.kind === "password" ? credential.username : credential?.kind;
  };

  it("is entered, saved, environment, podman, docker, cloud", async () => {
    const options = stage();
    const credentials = credentialsOf(options);
    credentials.enter(owner(host), ada);
    expect(await userOf(credentials)).toBe("ada");
    await credentials.save(owner(host), { username: "saved", password: "secret" }, never);
    expect(await userOf(credentials)).toBe("saved");
    await credentials.forget("one", never);
    expect(await userOf(credentials)).toBe("env");
    expect(credentials.describe(owner(host))).toMatchObject({
      source: "environment",
      username: "env",
      place: "FREIGHTLINER_PASSWORD_A_EXAMPLE",
    });
    expect(await userOf(credentialsOf({ ...options, environment: {} }))).toBe("podman");
    expect(await userOf(credentialsOf({ ...options, environment: {}, podmanAuthFiles: [] }))).toBe("docker");
    const cloudOnly = credentialsOf({ clouds: options.clouds });
    expect(await userOf(cloudOnly)).toBe("cloud");
    expect(cloudOnly.describe(owner(host))).toMatchObject({ source: "cloud", place: "the cloud" });
  });

  it("is what the settings say, where they say something", async () => {
    const { path } = helper(`echo '{"ServerURL":"x","Username":"helped","Secret":"lovelace"}'`);
    const options = { ...stage(), helperPath: path };
    const credentials = credentialsOf({
      ...options,
      environment: { ...options.environment, PATH: process.env.PATH, U: "chosen", P: "secret" },
    });
    const from = (credential: object) => userOf(credentials, { credential });
    expect(await from({ from: "saved" })).toBeUndefined();
    expect(await from({ from: "docker-config" })).toBe("docker");
    expect(await from({ from: "podman" })).toBe("podman");
    expect(await from({ from: "helper", name: "test" })).toBe("helped");
    expect(await from({ from: "environment", username: "U", password: "P" })).toBe("chosen");
    expect(await from({ from: "cloud" })).toBe("cloud");
    expect(await userOf(credentials, { anonymous: true })).toBeUndefined();
    await expect(from({ from: "environment", username: "NO", password: "NEITHER" })).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringContaining("NEITHER"),
    });
    credentials.enter(owner(host), ada);
    expect(await from({ from: "docker-config" })).toBe("ada");
    expect(await userOf(credentials, { anonymous: true })).toBe("ada");
  });

  it("ends at the first that has something: one that fails is not replaced by a weaker one", async () => {
    const options = stage();
    const half = credentialsOf({ ...options, environment: { FREIGHTLINER_PASSWORD_A_EXAMPLE: "hunter2" } });
    const error = await get(half, host).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "configuration" });
    expect(String(error)).toContain("FREIGHTLINER_USERNAME_A_EXAMPLE is not");
    expect(String(error)).not.toContain("hunter2");
    expect(half.describe(owner(host))).toMatchObject({
      source: "environment",
      problem: String(error).slice(19),
    });

    const broken = credentialsOf({ ...options, environment: {}, podmanAuthFiles: [fileWith("{")] });
    await expect(get(broken, host)).rejects.toMatchObject({ code: "configuration" });
    const { path } = helper("exit 3");
    const helped = credentialsOf({
      ...options,
      helperPath: path,
      environment: { PATH: process.env.PATH },
      podmanAuthFiles: [],
      dockerConfigFile: fileWith({ credsStore: "test" }),
    });
    await expect(get(helped, host)).rejects.toMatchObject({ code: "configuration" });
    expect(helped.describe(owner(host))).toMatchObject({
      source: "docker-config",
      problem: expect.stringContaining("docker-credential-test ended with status 3"),
    });
  });

  it("says which one really answered, and tells of every change", async () => {
    const { path } = helper(helperAnswer);
    const told: string[] = [];
    const { credentials, file } = withConfig(
      { credsStore: "test" },
      { helperPath: path, onChanged: (id) => told.push(id) },
    );
    expect(credentials.describe(owner(host))).toEqual(none);
    await get(credentials, host);
    expect(credentials.describe(owner(host))).toEqual({
      ...none,
      source: "docker-helper",
      username: "ada",
      place: `docker-credential-test (${file})`,
    });
    await get(credentials, host);
    expect(told).toEqual(["one"]);
    // Other settings: what answered before says nothing of them.
    expect(credentials.describe(owner(host, { credential: { from: "saved" } }))).toEqual(none);
  });
});

describe("the environment", () => {
  it("has variables for every host, and never one for two", async () => {
    const environment = {
      FREIGHTLINER_USERNAME_MY__REGISTRY_EXAMPLE_COM___5000: "port",
      FREIGHTLINER_PASSWORD_MY__REGISTRY_EXAMPLE_COM___5000: "secret",
      FREIGHTLINER_USERNAME_DOCKER_IO: "hub",
      FREIGHTLINER_PASSWORD_DOCKER_IO: "secret",
    };
    const credentials = credentialsOf({ environment });
    expect(await get(credentials, "My-Registry.example.com:5000")).toEqual(password("port", "secret"));
    for (const host of ["docker.io", "index.docker.io", "registry-1.docker.io"])
      expect(await get(credentials, host)).toEqual(password("hub", "secret"));
    for (const host of [
      "my.registry.example.com:5000",
      "my-registry.example.com",
      "docker-io",
      "docker.io:443",
    ])
      expect(await get(credentials, host)).toBeUndefined();
    for (const host of ["[::1]:5000", "docker.io."]) expect(await get(credentials, host)).toBeUndefined();
  });

  it("may hold docker's DOCKER_AUTH_CONFIG, of which only `auth` counts", async () => {
    const auths = {
      "a.example": { auth: base64("ci:job") },
      "b.example": { identitytoken: "eyJ" },
      "c.example": { auth: "§" },
    };
    const credentials = credentialsOf({ environment: { DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) } });
    expect(await get(credentials, "a.example")).toEqual(password("ci", "job"));
    expect(credentials.describe(owner("a.example"))).toMatchObject({ place: "DOCKER_AUTH_CONFIG" });
    expect(await get(credentials, "b.example")).toBeUndefined();
    await expect(get(credentials, "c.example")).rejects.toMatchObject({ code: "configuration" });
    const broken = credentialsOf({ environment: { DOCKER_AUTH_CONFIG: '{"auths": hunter2' } });
    const error = await get(broken, "a.example").catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("DOCKER_AUTH_CONFIG is not JSON");
    expect(String(error)).not.toContain("hunter2");
  });
});

describe("S006 empty secrets", () => {
  const blank = ["", "  ", "\n"];

  it("are refused where they are entered or saved", async () => {
    const box = new TestBox();
    const credentials = credentialsOf({ box });
    const usage = { code: "usage" };
    const whose = owner("a.example");
    for (const pair of [
      ...blank.flatMap((text) => [
        { username: text, password: "secret" },
        { username: "ada", password: text },
      ]),
      { username: "a:b", password: "secret" },
      { username: "a\r\nx", password: "secret" },
      { username: "ada", password: "nul\0" },
    ]) {
      expect(() => credentials.enter(whose, pair)).toThrow(expect.objectContaining(usage));
      await expect(credentials.save(whose, pair, never)).rejects.toMatchObject(usage);
    }
    expect(box.secrets.size).toBe(0);
    expect(await get(credentials, whose)).toBeUndefined();
  });

  it("are refused in the environment, in files and from helpers", async () => {
    for (const text of blank) {
      const environment = { FREIGHTLINER_USERNAME_A_EXAMPLE: "ada", FREIGHTLINER_PASSWORD_A_EXAMPLE: text };
      await expect(get(credentialsOf({ environment }), "a.example")).rejects.toMatchObject({
        code: "configuration",
        message: expect.stringContaining("the password is empty"),
      });
      const { credentials } = withConfig({ auths: { "a.example": { auth: base64(`ada:${text}`) } } });
      await expect(get(credentials, "a.example")).rejects.toMatchObject({ code: "configuration" });
      const { path } = helper(`printf '%s' '${JSON.stringify({ Username: "ada", Secret: text })}'`);
      const helped = withConfig({ credsStore: "test" }, { helperPath: path });
      await expect(get(helped.credentials, "a.example")).rejects.toMatchObject({ code: "configuration" });
    }
    const { credentials } = withConfig({ auths: { "a.example": { identitytoken: " " } } });
    await expect(get(credentials, "a.example")).rejects.toMatchObject({ code: "configuration" });
  });
});
