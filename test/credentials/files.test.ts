// docker's config.json and podman's auth.json in their spellings, written by hand.
import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  base64,
  credentialsOf,
  fileWith,
  folder,
  get,
  helper,
  owner,
  password,
  withConfig,
} from "./stage.ts";

describe("docker's config.json", () => {
  it("is read in all its spellings, and never written", async () => {
    const { credentials, file } = withConfig({
      auths: {
        "plain.example": { auth: base64("user:pass:word") },
        "port.example:8443": { auth: base64("user:port\0\0") },
        "https://old.example/v1/": { username: "old", password: "words" },
        "https://index.docker.io/v1/": { auth: base64("hub:secret") },
        "both.example": { auth: base64("user:first") },
        "https://both.example": { auth: base64("user:second") },
        "helper.example": {},
      },
    });
    const before = readFileSync(file, "utf8");
    expect(await get(credentials, "plain.example")).toEqual(password("user", "pass:word"));
    expect(await get(credentials, "PLAIN.example")).toEqual(password("user", "pass:word"));
    expect(await get(credentials, "port.example:8443")).toEqual(password("user", "port"));
    expect(await get(credentials, "old.example")).toEqual(password("old", "words"));
    for (const host of ["docker.io", "registry-1.docker.io", "index.docker.io"])
      expect(await get(credentials, host)).toEqual(password("hub", "secret"));
    expect(await get(credentials, "both.example")).toEqual(password("user", "first"));
    for (const host of ["port.example", "plain.example:5000", "helper.example", "toString", ""])
      expect(await get(credentials, host)).toBeUndefined();
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("may hold tokens, which count before a password beside them", async () => {
    const payload = Buffer.from(JSON.stringify({ exp: 2_000_000_000 })).toString("base64url");
    const { credentials, file } = withConfig({
      auths: {
        "identity.example": { auth: base64("00000000-0000:"), identitytoken: `e.${payload}.s` },
        "user.example": { auth: base64("<token>:eyJ") },
        "registry.example": { registrytoken: "opaque", identitytoken: "eyJ" },
        "mixed.example": { auth: base64("user:pass"), identitytoken: "eyJ" },
      },
    });
    expect(await get(credentials, "identity.example")).toEqual({
      kind: "identity-token",
      username: "00000000-0000",
      token: `e.${payload}.s`,
    });
    expect(credentials.describe(owner("identity.example"))).toEqual({
      source: "docker-config",
      username: "00000000-0000",
      place: file,
      expiresAt: 2_000_000_000_000,
      problem: null,
    });
    expect(await get(credentials, "user.example")).toEqual({
      kind: "identity-token",
      username: "",
      token: "eyJ",
    });
    expect(await get(credentials, "registry.example")).toEqual({ kind: "registry-token", token: "opaque" });
    expect(credentials.describe(owner("registry.example"))).toMatchObject({
      username: null,
      expiresAt: null,
    });
    expect(await get(credentials, "mixed.example")).toEqual({
      kind: "identity-token",
      username: "user",
      token: "eyJ",
    });
  });

  it("is read again when it has changed", async () => {
    const { credentials, file } = withConfig({ auths: {} });
    expect(await get(credentials, "a.example")).toBeUndefined();
    writeFileSync(file, JSON.stringify({ auths: { "a.example": { auth: base64("a:b") } } }));
    utimesSync(file, 1, 1);
    expect(await get(credentials, "a.example")).toEqual(password("a", "b"));
  });

  it("may be missing", async () => {
    const credentials = credentialsOf({ dockerConfigFile: join(folder(), "missing", "config.json") });
    expect(await get(credentials, "a.example")).toBeUndefined();
    expect(credentials.describe(owner("a.example")).source).toBe("none");
  });

  it("that is broken is told without its content", async () => {
    for (const text of ['{"auths": {"a": {"auth": "c2VjcmV0" oops', '{"auths":{"a":{"auth":7}}}']) {
      const { credentials, file } = withConfig(text);
      const error = await get(credentials, "a").catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "configuration", message: expect.stringContaining(file) });
      expect(error).not.toHaveProperty("cause");
      expect(String(error)).not.toContain("c2Vj");
      expect(credentials.describe(owner("a"))).toMatchObject({
        source: "docker-config",
        problem: expect.stringContaining(file),
      });
    }
  });

  it("with an entry that holds no usable pair is told", async () => {
    const { credentials } = withConfig({
      auths: {
        "nocolon.example": { auth: base64("nothing") },
        "empty.example": { auth: base64("user:") },
        "notbase64.example": { auth: "§§§" },
        "token.example": { identitytoken: "a\r\nx: y" },
      },
    });
    for (const host of ["nocolon.example", "empty.example", "notbase64.example", "token.example"])
      await expect(get(credentials, host)).rejects.toMatchObject({ code: "configuration" });
  });
});

describe("podman's auth.json", () => {
  const auth = (user: string) => ({ auth: base64(`${user}:secret`) });
  const podman = (namespace?: string) =>
    owner("quay.io", { credential: { from: "podman", ...(namespace === undefined ? {} : { namespace }) } });

  it("gives the entry of the namespace that is asked for, the longest first", async () => {
    const auths = {
      "quay.io": auth("all"),
      "quay.io/team": auth("team"),
      "quay.io/team/deep/er": auth("deep"),
      "quay.io.evil.example": auth("evil"),
    };
    const credentials = credentialsOf({ podmanAuthFiles: [fileWith({ auths })] });
    expect(await get(credentials, "quay.io")).toEqual(password("all", "secret"));
    expect(await get(credentials, podman("team"))).toEqual(password("team", "secret"));
    expect(await get(credentials, podman("team/deep"))).toEqual(password("team", "secret"));
    expect(await get(credentials, podman("team/deep/er/app"))).toEqual(password("deep", "secret"));
    expect(await get(credentials, podman("teams"))).toEqual(password("all", "secret"));
    expect(credentials.describe(podman("team")).place).toMatch(/config\.json \(quay\.io\/team\)$/);
  });

  it("gives the only one of a host for all of it, and never one of several", async () => {
    const one = fileWith({ auths: { "quay.io/team": auth("team"), "ghcr.io": auth("other") } });
    expect(await get(credentialsOf({ podmanAuthFiles: [one] }), "quay.io")).toEqual(
      password("team", "secret"),
    );
    expect(await get(credentialsOf({ podmanAuthFiles: [one] }), podman("else"))).toBeUndefined();
    const two = credentialsOf({
      podmanAuthFiles: [fileWith({ auths: { "quay.io/a": auth("a"), "quay.io/b": auth("b") } })],
    });
    await expect(get(two, "quay.io")).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringContaining("quay.io/a, quay.io/b"),
    });
    expect(two.describe(owner("quay.io"))).toMatchObject({ source: "podman", username: null });
    expect(await get(two, podman("b"))).toEqual(password("b", "secret"));
  });

  it("may name helpers, and is looked for in several places", async () => {
    const { path, asked } = helper(`echo '{"ServerURL":"x","Username":"ada","Secret":"lovelace"}'`);
    const file = fileWith({ credHelpers: { "quay.io": "test" } });
    const later = fileWith({ auths: { "quay.io": auth("later"), "docker.io": auth("hub") } });
    const credentials = credentialsOf({
      podmanAuthFiles: [file, join(folder(), "no"), later],
      helperPath: path,
    });
    expect(await get(credentials, "quay.io")).toEqual(password("ada", "lovelace"));
    expect(asked()).toBe("get\nquay.io");
    expect(credentials.describe(owner("quay.io"))).toMatchObject({
      source: "podman",
      place: `docker-credential-test (${file})`,
    });
    expect(await get(credentials, "registry-1.docker.io")).toEqual(password("hub", "secret"));
  });
});
