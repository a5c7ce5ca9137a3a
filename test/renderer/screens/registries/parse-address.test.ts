// What a person types or pastes as an address, and the settings that come of it.
import { describe, expect, it } from "vitest";
import { emptyForm, readForm, withAddress } from "../../../../renderer/screens/registries/endpoint-form.ts";
import {
  isAbsolutePath,
  isLoopback,
  parseAddress,
} from "../../../../renderer/screens/registries/parse-address.ts";

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
  ] as const)("reads %s", (text, host, plainHttp, ignoredPath) => {
    expect(parseAddress(text)).toEqual({ kind: "registry", host, plainHttp, ignoredPath });
  });

  it.each([
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
      credentialError: expect.stringContaining("both"),
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

  it("makes settings of an absolute path only", () => {
    const folder = { ...emptyForm, kind: "layout" as const };
    expect(readForm({ ...folder, path: " /srv/images " }).settings).toEqual({
      kind: "layout",
      path: "/srv/images",
    });
    expect(readForm({ ...folder, path: "images" })).toMatchObject({
      settings: undefined,
      pathError: expect.stringContaining("whole path"),
    });
    expect(readForm(folder)).toMatchObject({ settings: undefined, pathError: undefined });
  });
});
