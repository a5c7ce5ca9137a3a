// docker's config.json written as docker writes it: entries, helpers, links, modes, and everything else left as it was.
import { execFile } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { DockerConfigWriter } from "../../electron/credentials/docker-config-writer.ts";
import { base64, credentialsOf, fileWith, folder, get, helper, never, password } from "./stage.ts";

const ada = { username: "ada", password: "love:lace 7" };
const auth = base64("ada:love:lace 7");
const host = "registry.example:5000";

function writerOf(file: string, path = "", deadlineMs = 5_000): DockerConfigWriter {
  return new DockerConfigWriter({ file, path, environment: { PATH: process.env.PATH }, deadlineMs });
}
const contentOf = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
const modeOf = (file: string): number => statSync(file).mode & 0o777;

describe("a sign-in in docker's file", () => {
  it("makes file and folder where there are none, for their owner only, and is read again", async () => {
    const file = join(folder(), "new", ".docker", "config.json");
    expect(await writerOf(file).store(host, ada, never)).toEqual({ file, helper: undefined });
    expect(readFileSync(file, "utf8")).toBe(
      `{\n\t"auths": {\n\t\t"${host}": {\n\t\t\t"auth": "${auth}"\n\t\t}\n\t}\n}\n`,
    );
    expect([modeOf(file), modeOf(dirname(file))]).toEqual([0o600, 0o700]);
    expect(await get(credentialsOf({ dockerConfigFile: file }), host)).toEqual(
      password("ada", "love:lace 7"),
    );
  });

  it("leaves everything else as it is: other keys, other hosts, unknown fields, order and indentation", async () => {
    const before = `{
    "credsStore": "",
    "auths": {
        "other.example": { "auth": "${base64("o:p")}", "email": "o@example" },
        "https://registry.example:5000/v1/": { "auth": "old" },
        "registry.example:5000/team": { "auth": "of a part" }
    },
    "HttpHeaders": { "X-Meta": "1" },
    "plugins": { "x": { "y": "true" } },
    "__proto__": { "odd": 1 }
}
`;
    const file = fileWith(before);
    chmodSync(file, 0o644);
    await writerOf(file).store(host, ada, never);
    const text = readFileSync(file, "utf8");
    expect(modeOf(file)).toBe(0o600);
    expect(text).toMatch(/^\{\n {4}"credsStore": "",\n {4}"auths": \{\n {8}"other.example"/);
    expect(text.endsWith("}\n")).toBe(true);
    const expected = JSON.parse(before) as { auths: Record<string, unknown> };
    delete expected.auths["https://registry.example:5000/v1/"];
    expected.auths[host] = { auth };
    expect(contentOf(file)).toEqual(expected);
    expect(text).toContain('"__proto__"');

    await writerOf(file).erase(host, never);
    delete expected.auths[host];
    expect(contentOf(file)).toEqual(expected);
  });

  it("has Docker Hub under the key that docker looks for", async () => {
    const file = fileWith({});
    for (const name of ["docker.io", "registry-1.docker.io"]) {
      await writerOf(file).store(name, ada, never);
      expect(contentOf(file)).toEqual({ auths: { "https://index.docker.io/v1/": { auth } } });
    }
    await writerOf(file).erase("index.docker.io", never);
    expect(contentOf(file)).toEqual({ auths: {} });
  });

  it("is for a host however its name is written: kept in small letters, found and removed in any", async () => {
    const file = fileWith({ auths: { "REGISTRY.example:5000": { auth: "old" } } });
    await writerOf(file).store("Registry.Example:5000", ada, never);
    expect(contentOf(file)).toEqual({ auths: { [host]: { auth } } });
    const found = password("ada", "love:lace 7");
    for (const name of [host, "Registry.Example:5000"])
      expect(await get(credentialsOf({ dockerConfigFile: file }), name)).toEqual(found);
    // Written by others.
    writeFileSync(file, JSON.stringify({ auths: { "Registry.Example:5000": { auth } } }));
    expect(await get(credentialsOf({ dockerConfigFile: file }), host)).toEqual(found);
    await writerOf(file).erase("REGISTRY.EXAMPLE:5000", never);
    expect(contentOf(file)).toEqual({ auths: {} });
  });

  it("tells of those for a part of the host, which stay and count for all of it", async () => {
    const part = `${host}/team`;
    const auths = { [part]: { auth }, [`${host}/marked`]: {}, "other.example/team": { auth } };
    const file = fileWith({ auths: { ...auths, [host]: { auth: base64("whole:w") } } });
    expect(await writerOf(file).erase(host, never)).toEqual({ file, helper: undefined, left: [part] });
    expect(contentOf(file)).toEqual({ auths });
    expect(await get(credentialsOf({ dockerConfigFile: file }), host)).toEqual(
      password("ada", "love:lace 7"),
    );
  });

  it("sweeps away what a killed process left half-written, and nothing else", async () => {
    const file = fileWith({ auths: {} });
    const others = ["config.json.bak", "config.json1234", "other.json.freightliner-1.partial"];
    for (const name of [...others, "config.json.freightliner-6b0c.partial"])
      writeFileSync(join(dirname(file), name), auth);
    await writerOf(file).erase(host, never);
    expect(readdirSync(dirname(file)).toSorted()).toEqual(["config.json", ...others].toSorted());
  });

  it("keeps a link a link, also one that leads to nothing yet", async () => {
    const at = folder();
    mkdirSync(join(at, "dotfiles"));
    for (const name of ["there.json", "not-yet.json"]) {
      const real = join(at, "dotfiles", name);
      if (name === "there.json") writeFileSync(real, "{}");
      const link = join(at, `link-to-${name}`);
      symlinkSync(join("dotfiles", name), link);
      await writerOf(link).store(host, ada, never);
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(contentOf(real)).toEqual({ auths: { [host]: { auth } } });
    }
    expect(readdirSync(join(at, "dotfiles")).toSorted()).toEqual(["not-yet.json", "there.json"]);
  });

  it("does not touch a file that holds none, makes none to forget in, and changes none that it cannot read", async () => {
    const file = fileWith('{"auths":{"other.example":{"auth":"eDp5"}}}');
    const { ino } = statSync(file);
    await writerOf(file).erase(host, never);
    expect(statSync(file).ino).toBe(ino);
    const none = join(folder(), "config.json");
    await writerOf(none).erase(host, never);
    expect(readdirSync(dirname(none))).toEqual([]);
    for (const broken of ["not json: secret-text", '{"auths":["x"]}', '{"credsStore":1}']) {
      const bad = fileWith(broken);
      const error = await writerOf(bad)
        .store(host, ada, never)
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "configuration" });
      expect(String(error)).not.toContain("secret-text");
      expect(readFileSync(bad, "utf8")).toBe(broken);
    }
    await expect(writerOf(file).store(host, { username: "a:b", password: "x" }, never)).rejects.toMatchObject(
      {
        code: "usage",
      },
    );
  });

  it("loses nothing where many write at once, in several processes", async () => {
    const file = join(folder(), "config.json");
    const module = new URL("../../electron/credentials/docker-config-writer.ts", import.meta.url).href;
    const script = (from: number): string => `
      import { DockerConfigWriter } from ${JSON.stringify(module)};
      const writer = new DockerConfigWriter({ file: ${JSON.stringify(file)}, path: "", environment: {}, deadlineMs: 1000 });
      const { signal } = new AbortController();
      for (let at = ${from}; at < ${from} + 10; at++) await writer.store("host" + at + ".example", { username: "u", password: "p" + at }, signal);`;
    const there = once(execFile(process.execPath, ["--input-type=module", "-e", script(0)]), "exit");
    const writer = writerOf(file);
    for (let at = 10; at < 20; at++)
      await writer.store(`host${at}.example`, { username: "u", password: `p${at}` }, never);
    expect(await there).toEqual([0, null]);
    const { auths } = contentOf(file) as { auths: Record<string, { auth: string }> };
    expect(Object.keys(auths)).toHaveLength(20);
    for (let at = 0; at < 20; at++) expect(auths[`host${at}.example`]).toEqual({ auth: base64(`u:p${at}`) });
    expect(readdirSync(dirname(file))).toEqual(["config.json"]);
  }, 30_000);
});

describe("a helper that docker's file names", () => {
  it.each([
    ["for the host", { credHelpers: { [host]: "test" }, credsStore: "other" }],
    ["for all", { credsStore: "test" }],
  ])("%s keeps it, and the file holds a mark only", async (_which, config) => {
    const program = helper("");
    const file = fileWith({ ...config, auths: { [host]: { auth: "in clear before" } } });
    expect(await writerOf(file, program.path).store(host, ada, never)).toEqual({ file, helper: "test" });
    const [action, input] = program.asked().split("\n");
    expect(action).toBe("store");
    expect(JSON.parse(input ?? "")).toEqual({ ServerURL: host, Username: "ada", Secret: "love:lace 7" });
    expect(contentOf(file)).toEqual({ ...config, auths: { [host]: {} } });
    await writerOf(file, program.path).erase(host, never);
    expect(program.asked().split("\n").slice(-1).join()).toMatch(/registry\.example:5000$/);
    expect(contentOf(file)).toEqual({ ...config, auths: {} });
  });

  it("is told Docker Hub's own name", async () => {
    const program = helper("");
    const file = fileWith({ credsStore: "test" });
    await writerOf(file, program.path).store("docker.io", ada, never);
    expect(program.asked()).toContain('"ServerURL":"https://index.docker.io/v1/"');
    expect(contentOf(file)).toEqual({ credsStore: "test", auths: { "https://index.docker.io/v1/": {} } });
  });

  it("that fails, hangs or is not there leaves the file alone, and nothing that it prints is shown", async () => {
    const failing = helper("cat >&2; echo 'love:lace 7'; exit 1");
    const slow = helper("sleep 30");
    const cases = [
      [failing.path, "test", "ended with status 1 when it was given the sign-in for"],
      [slow.path, "test", "did not answer within 0.3 seconds"],
      [folder(), "test", "not in any folder of PATH"],
      [failing.path, "../test", "no allowed name"],
    ] as const;
    for (const [path, credsStore, text] of cases) {
      const file = fileWith({ credsStore });
      const error = await writerOf(file, path, 300)
        .store(host, ada, never)
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "configuration", message: expect.stringContaining(text) });
      expect(String(error)).not.toContain("love");
      expect(contentOf(file)).toEqual({ credsStore });
    }
  });

  it("may say that it holds nothing to forget", async () => {
    const program = helper("echo 'credentials not found in native keychain'; exit 1");
    const file = fileWith({ credsStore: "test", auths: { [host]: {} } });
    await writerOf(file, program.path).erase(host, never);
    expect(contentOf(file)).toEqual({ credsStore: "test", auths: {} });
    // To keep something is another matter.
    await expect(writerOf(file, program.path).store(host, ada, never)).rejects.toThrow("did not keep it");
  });
});
