// What a person types or pastes as an address, and the settings that come of it.
import { describe, expect, it } from "vitest";
import {
  advancedCount,
  type EndpointForm,
  emptyForm,
  withAddress,
} from "../../../../renderer/screens/registries/endpoint-form.ts";
import { formOf } from "../../../../renderer/screens/registries/form-of-endpoint.ts";
import {
  isAbsolutePath,
  isLoopback,
  parseAddress,
} from "../../../../renderer/screens/registries/parse-address.ts";
import { readForm } from "../../../../renderer/screens/registries/read-endpoint-form.ts";
import { type Endpoint, endpointSettingsSchema, type RegistrySettings } from "../../../../shared/endpoint.ts";

describe("parseAddress", () => {
  it.each([
    ["registry.example", "registry.example", "auto", ""],
    ["  Registry.Example:5000/ ", "registry.example:5000", "auto", ""],
    ["http://localhost:5000/v2/", "localhost:5000", "always", ""],
    ["https://registry.example/team/app", "registry.example", "never", "team/app"],
    ["docker://registry.example/app:v1", "registry.example", "auto", "app:v1"],
    ["registry.example/app@sha256:abc", "registry.example", "auto", "app@sha256:abc"],
    ["https://hub.docker.com/r/library/nginx", "docker.io", "never", "r/library/nginx"],
    ["[::1]:5000", "[::1]:5000", "auto", ""],
    ["docker pull ghcr.io/org/app:1.2", "ghcr.io", "auto", "org/app:1.2"],
    ["$ sudo docker pull --platform linux/arm64 quay.io/org/app", "quay.io", "auto", "org/app"],
    ["podman login registry.example:5000", "registry.example:5000", "auto", ""],
    ["docker login registry", "registry", "auto", ""],
    ["docker pull alpine", "docker.io", "auto", "alpine"],
    ["docker pull alpine:3.20", "docker.io", "auto", "alpine:3.20"],
    ["library/alpine:3.20", "docker.io", "auto", "library/alpine:3.20"],
    ["localhost/team/app", "localhost", "auto", "team/app"],
    ["build:5000/team/app", "build:5000", "auto", "team/app"],
    ["registry", "registry", "auto", ""],
  ] as const)("reads %s", (text, host, plainHttp, ignoredPath) => {
    expect(parseAddress(text)).toEqual({ kind: "registry", host, plainHttp, ignoredPath });
  });

  it.each([
    ["/srv/images", "layout", "/srv/images"],
    ["C:\\images", "layout", "C:\\images"],
    ["C:\\images\\app.tar", "archive", "C:\\images\\app.tar"],
    ["/srv/app.tar.gz", "archive", "/srv/app.tar.gz"],
    ["oci:/srv/images:v1", "layout", "/srv/images"],
    ["oci-archive:/srv/app.tar", "archive", "/srv/app.tar"],
    ["file:///srv/images", "layout", "/srv/images"],
  ] as const)("takes %s as a path", (text, kind, path) => {
    expect(parseAddress(text)).toEqual({ kind, path });
  });

  it.each([
    ["~/images", "whole path"],
    ["./images", "whole path"],
    ["oci:images", "whole path"],
    ["ftp://registry.example", "ftp://"],
    ["https://user:secret@registry.example", "user name and password"],
    ["two words", "host name"],
    ["registry.example:70000", "70000"],
    ["http://", "host name"],
  ])("refuses %s and says why", (text, why) => {
    const parsed = parseAddress(text);
    expect(parsed).toMatchObject({ kind: "invalid" });
    expect(parsed.kind === "invalid" && parsed.text).toContain(why);
  });

  it("never repeats a password that was pasted with the address", () => {
    expect(JSON.stringify(parseAddress("https://user:hunter2@registry.example"))).not.toContain("hunter2");
  });

  it("takes nothing for nothing", () => {
    expect(parseAddress("  ")).toEqual({ kind: "empty" });
  });
});

it("knows this machine and absolute paths", () => {
  expect(["localhost:1", "127.0.0.1", "[::1]:5", "a.localhost"].every(isLoopback)).toBe(true);
  expect(["localhost.example", "128.0.0.1", "10.0.0.1:5000"].some(isLoopback)).toBe(false);
  expect(["/srv/x", "C:\\x", "\\\\host\\x"].every(isAbsolutePath)).toBe(true);
  expect(["x", "./x", "~/x"].some(isAbsolutePath)).toBe(false);
});

describe("readForm", () => {
  const form = { ...emptyForm, address: "registry.example" };

  it("makes settings of an address", () => {
    expect(readForm(form)).toMatchObject({
      settings: { kind: "registry", host: "registry.example", plainHttp: "auto" },
      credential: undefined,
    });
  });

  it("wants both, the user name and the password, or neither", () => {
    expect(readForm({ ...form, username: "alice" })).toMatchObject({
      settings: undefined,
      errors: { credential: expect.stringContaining("both") },
    });
    expect(readForm({ ...form, username: "alice", password: "x" }).credential).toEqual({
      username: "alice",
      password: "x",
    });
  });

  it("takes plain HTTP from what the person chose", () => {
    expect(readForm({ ...form, plainHttp: true }).settings).toMatchObject({ plainHttp: "always" });
    const typed = withAddress(form, "http://registry.example");
    expect(typed.plainHttp).toBe(true);
    expect(withAddress(typed, "https://registry.example").plainHttp).toBe(false);
    expect(withAddress({ ...form, plainHttp: true }, "registry.example:5").plainHttp).toBe(true);
  });

  it("makes settings of a folder, and of an archive those to read it", () => {
    expect(readForm({ ...emptyForm, address: " /srv/images ", readOnly: true }).settings).toEqual({
      kind: "layout",
      path: "/srv/images",
      readOnly: true,
    });
    expect(readForm({ ...emptyForm, address: "/srv/app.tar" })).toMatchObject({
      settings: { kind: "archive", path: "/srv/app.tar", readOnly: true },
      archive: "/srv/app.tar",
    });
  });

  it("takes all that is set behind the disclosure, and says what is wrong there", () => {
    const full = {
      ...form,
      insecureSkipVerify: true,
      caFile: "/etc/ca.pem",
      connections: 3,
      adaptive: false,
      bandwidth: 1_000_000,
      trustedTokenHosts: "auth.example, login.example:8443",
      signIn: "anonymous",
      readOnly: true,
    } as const;
    const { settings } = readForm(full);
    expect(settings).toEqual({
      kind: "registry",
      host: "registry.example",
      plainHttp: "auto",
      insecureSkipVerify: true,
      caFile: "/etc/ca.pem",
      connections: 3,
      adaptive: false,
      bandwidth: 1_000_000,
      trustedTokenHosts: ["auth.example", "login.example:8443"],
      anonymous: true,
      readOnly: true,
    });
    expect(advancedCount(full)).toBe(7);
    expect(readForm({ ...full, caFile: "ca.pem" }).errors.caFile).toContain("whole path");
    expect(readForm({ ...full, trustedTokenHosts: "a b!" }).errors.trustedTokenHosts).toContain("b!");
  });

  it("shows a saved endpoint so that saving it unchanged changes nothing", () => {
    for (const settings of [
      registrySettings({ plainHttp: "never", caFile: "/etc/ca.pem", trustedTokenHosts: ["auth.example"] }),
      registrySettings({ plainHttp: "always", readOnly: true, bandwidth: 4096, connections: 2 }),
      registrySettings({ plainHttp: "auto", anonymous: true, insecureSkipVerify: true, adaptive: false }),
      registrySettings({
        provider: "harbor",
        apiUrl: "https://harbor.example/api/v2.0",
        createRepositories: false,
        tls13Only: true,
        clientCertFile: "/etc/client.pem",
        clientKeyFile: "/etc/client.key",
        pins: [pin, `sha256/${"B".repeat(43)}=`],
        proxy: "http://proxy.example:3128",
        proxySignIn: true,
        mirrors: [
          {
            location: "mirror.example/hub",
            plainHttp: true,
            insecureSkipVerify: false,
            pull: "digest-only",
          },
        ],
        credential: { from: "cloud", profile: "production" },
      }),
      registrySettings({ proxy: "none", credential: { from: "podman", namespace: "team/app" } }),
      registrySettings({ credential: { from: "helper", name: "ecr-login" } }),
      registrySettings({ credential: { from: "environment", username: "REG_USER", password: "REG_PASS" } }),
      registrySettings({ credential: { from: "saved" } }),
    ]) {
      const again = readForm(formOf({ ...saved, settings })).settings;
      expect(endpointSettingsSchema.parse(again)).toEqual({ adaptive: true, bandwidth: null, ...settings });
    }
  });

  it.each([
    [{ signIn: "helper", helper: "../../bin/sh" }, "helper"],
    [{ signIn: "environment", userVariable: "A B", passwordVariable: "OK" }, "userVariable"],
    [{ signIn: "cloud", keyFile: "key.json" }, "keyFile"],
    [{ clientCertFile: "/etc/client.pem" }, "clientKeyFile"],
    [{ pins: "sha256/short" }, "pins"],
    [{ proxyUse: "own", proxy: "" }, "proxy"],
    [{ proxyUse: "own", proxy: "http://ada:secret@proxy.example:3128" }, "proxy"],
    [{ proxyUse: "own", proxy: "http://proxy.example:3128", proxyUser: "ada" }, "proxyPassword"],
    [{ apiUrl: "harbor.example/api" }, "apiUrl"],
  ] satisfies [Partial<EndpointForm>, keyof EndpointForm][])("refuses %j at its field", (change, field) => {
    const { settings, errors } = readForm({ ...form, ...change });
    expect(settings).toBeUndefined();
    expect(Object.keys(errors)).toEqual([field]);
  });

  it("hands over no password where another source was chosen", () => {
    const read = readForm({ ...form, signIn: "docker-config", username: "ada", password: "secret" });
    expect(read.credential).toBeUndefined();
    expect(read.settings).toMatchObject({ credential: { from: "docker-config" } });
  });

  it("writes to an archive only where that was chosen", () => {
    const archive = { ...form, address: "/srv/app.tar" };
    expect(readForm({ ...archive, archiveUse: "write" })).toMatchObject({
      settings: { kind: "archive", path: "/srv/app.tar" },
      archive: undefined,
    });
    const settings = endpointSettingsSchema.parse({
      kind: "archive",
      path: "/srv/app.tar",
      format: "docker",
      readOnly: true,
    });
    expect(readForm(formOf({ ...saved, settings })).settings).toEqual(settings);
  });
});

const pin = `sha256/${"A".repeat(43)}=`;

const saved: Endpoint = {
  id: "e1",
  name: "One",
  settings: { kind: "layout", path: "/x" },
  credential: { source: "none", username: null, place: null, expiresAt: null, problem: null },
  capabilities: null,
  health: { state: "unknown", checkedAt: null, steps: [] },
  sample: false,
  temporary: false,
};

function registrySettings(change: Partial<RegistrySettings>): Endpoint["settings"] {
  const usual = endpointSettingsSchema.parse({ kind: "registry", host: "registry.example:5000" });
  return { ...usual, ...change } as Endpoint["settings"];
}
