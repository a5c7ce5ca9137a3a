// The built command line signs in at docker-registry from a real terminal, and later commands use what it saved.
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBundles } from "../support/build.ts";
import { childEnd, endChild, startChild } from "../support/child.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { cliBundle, nodeBinary, runProcess } from "../support/processes.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const user = "mover";
const password = "open sesame 7";
const passphrase = "correct horse battery";

// `script` of util-linux gives a program a terminal of its own.
describe.skipIf(process.platform !== "linux")("login at a terminal", () => {
  let registry: RealRegistry;
  let home: TempFolder;
  let screen = "";
  beforeAll(async () => {
    await buildBundles("cli");
    [registry, home] = await Promise.all([startRealRegistry({ user, password }), tempFolder("cli-login")]);
    const target = { url: registry.url, host: registry.host, user, password };
    await pushImage(target, await buildImage({ seed: "login" }), "team/app", "v1");
  });
  afterAll(() => Promise.all([registry.stop(), home.remove()]));

  const env = (): NodeJS.ProcessEnv => ({
    PATH: process.env.PATH,
    HOME: home.path,
    FREIGHTLINER_HOME: home.path,
    DOCKER_CONFIG: home.path,
    TERM: "xterm",
    NO_COLOR: "1",
  });

  /** Types each answer when its question stands on the screen. */
  const type = async (words: readonly string[], dialogue: readonly (readonly [RegExp, string])[]) => {
    const line = [nodeBinary, cliBundle, ...words].map((word) => `'${word}'`).join(" ");
    const child = startChild("script", ["-qec", line, "/dev/null"], { env: env(), stdio: "pipe" });
    let seen = "";
    let at = 0;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      screen += text;
      const next = dialogue[at];
      if (next === undefined || !next[0].test(seen)) return;
      seen = "";
      at += 1;
      child.stdin?.write(`${next[1]}\r`);
    });
    try {
      return { code: (await childEnd(child)).code, seen };
    } finally {
      await endChild(child);
    }
  };
  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    runProcess({ home: home.path, args: [...args], env: { DOCKER_CONFIG: home.path, ...more } });

  it("asks without showing what is secret, saves in a vault, and is used, tested and forgotten by other processes", async () => {
    const made = await type(
      ["login", registry.host, "--vault"],
      [
        [/User name at \S+: $/, user],
        [/Password of mover: $/, password],
        [/New passphrase: $/, passphrase],
        [/The same again: $/, passphrase],
      ],
    );
    expect(made.code, screen).toBe(0);
    expect(screen).toContain(`Signed in at ${registry.host} as "${user}"`);
    expect(screen).not.toContain(password);
    expect(screen).not.toContain(passphrase);
    const vault = join(home.path, "vault.json");
    expect((await stat(vault)).mode & 0o777).toBe(0o600);
    expect(await readFile(vault, "utf8")).not.toContain(password);

    const file = join(home.path, "passphrase");
    await writeFile(file, `${passphrase}\n`);
    const listed = await run(["ls", registry.host], { FREIGHTLINER_VAULT_PASSPHRASE_FILE: file });
    expect([listed.code, listed.stdout], listed.stderr).toEqual([0, "team/app\n"]);
    const tested = await run(["auth", "test", registry.host, "--json", "--vault-passphrase-file", file]);
    expect(JSON.parse(tested.stdout)).toMatchObject({
      ok: true,
      credential: { source: "saved", username: user },
      steps: expect.arrayContaining([expect.objectContaining({ name: "sign-in", outcome: "passed" })]),
    });
    const locked = await run(["ls", registry.host]);
    expect([locked.code, locked.stderr]).toEqual([3, expect.stringMatching(/locked/)]);
    const asked = await type(["ls", registry.host], [[/Passphrase of the vault: $/, passphrase]]);
    expect([asked.code, asked.seen]).toEqual([0, expect.stringContaining("team/app")]);

    expect((await run(["logout", registry.host])).code).toBe(0);
    expect((await run(["ls", registry.host, "--vault-passphrase-file", file])).code).toBe(3);
  }, 60_000);

  it("ends with 130 where the question is broken off, and leaves the terminal as it was", async () => {
    const broken = await type(
      ["login", registry.host, "--vault", "-u", user],
      [[/Password of mover: $/, "half\u0003"]],
    );
    expect(broken.code).toBe(130);
  }, 30_000);
});
