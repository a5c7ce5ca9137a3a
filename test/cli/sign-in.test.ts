// login, logout and auth test in process, over the real app, its vault, and registries that ask for a sign-in.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FixtureRegistry, startFixtureRegistry } from "../support/fixture-registry.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { type CliEnd, cli, type HarnessOptions } from "./cli-harness.ts";

const user = "mover";
const password = "open sesame";
const passphrase = "correct horse battery";

// Each vault that is opened costs what its passphrase is worth.
describe("signing in on the command line", { timeout: 60_000 }, () => {
  let registry: FixtureRegistry;
  let tokens: FixtureRegistry;
  let home: TempFolder;
  beforeAll(async () => {
    registry = await startFixtureRegistry({ auth: { kind: "basic", user, password } });
    tokens = await startFixtureRegistry({ auth: { kind: "token", user, password } });
    const target = { url: registry.url, host: registry.host, user, password };
    await pushImage(target, await buildImage({ seed: "x" }), "team/app", "v1");
    const seeding = await tempFolder("cli-seeding");
    const ends = ["source", "destination"].flatMap((side) => [
      `--${side}-username`,
      user,
      `--${side}-password-stdin`,
    ]);
    const copied = await cli(
      { home: seeding.path, input: [`${password}\n${password}\n`] },
      ...["copy", `${registry.host}/team/app:v1`, `${tokens.host}/team/app:v1`, ...ends],
    );
    expect(copied.code, copied.stderr).toBe(0);
    await seeding.remove();
  });
  afterAll(() => Promise.all([registry.stop(), tokens.stop()]));
  beforeEach(async () => {
    home = await tempFolder("cli-sign-in");
  });
  afterEach(() => home.remove());

  const run = (options: Partial<HarnessOptions>, ...argv: readonly string[]): Promise<CliEnd> =>
    cli({ home: home.path, ...options }, ...argv);
  const env = { FREIGHTLINER_VAULT_PASSPHRASE: passphrase } as const;
  const login = (...more: readonly string[]): Promise<CliEnd> =>
    run({ env, input: [`${password}\n`] }, "login", registry.host, "-u", user, "--password-stdin", ...more);

  it("saves nothing where there is no place for it, and says how to make one", async () => {
    const end = await run(
      { input: [`${password}\n`] },
      "login",
      registry.host,
      "-u",
      user,
      "--password-stdin",
    );
    expect(end.code).toBe(2);
    expect(end.stderr).toMatch(/cannot be kept here.*--vault/s);
    expect((await run({}, "ls", registry.host)).code).toBe(3);
  });

  it("asks at a terminal, makes a vault, and uses what it saved in later commands", async () => {
    const answers = [user, password, passphrase, passphrase];
    const made = await run({ answers }, "login", registry.host, "--vault");
    expect(made.code, made.stderr).toBe(0);
    expect(made.asked).toEqual([
      `User name at ${registry.host}:`,
      `[Password of ${user}:]`,
      "[New passphrase:]",
      "[The same again:]",
    ]);
    expect(made.stdout).toContain(
      `Signed in at ${registry.host} as "${user}"; the password lies in the vault`,
    );
    const vault = await readFile(join(home.path, "vault.json"), "utf8");
    expect(vault).not.toContain(password);
    // Another process: the vault is locked, and asked for where somebody sits.
    const listed = await run({ answers: [passphrase] }, "ls", registry.host);
    expect(listed.code, listed.stderr).toBe(0);
    expect(listed.stdout).toBe("team/app\n");
    expect(listed.asked).toEqual(["[Passphrase of the vault:]"]);
    expect((await run({ env }, "ls", `http://${registry.host}`)).code).toBe(3);
    const alone = await run({}, "ls", registry.host);
    expect(alone.code).toBe(3);
    expect(alone.stderr).toContain("locked");
  });

  it("tries a sign-in before it is saved", async () => {
    const wrong = await run(
      { env, input: ["wrong\n"] },
      ...["login", registry.host, "-u", user, "--password-stdin", "--vault", "--json"],
    );
    expect(wrong.code).toBe(3);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: "unauthorized" } });
    expect(wrong.stderr).toContain("refused the sign-in");
    const nowhere = await run(
      { env, input: ["x\n"] },
      ...["login", "127.0.0.1:1", "-u", user, "--password-stdin", "--vault"],
    );
    expect(nowhere.code).toBe(4);
    const listed = await run({ env }, "doctor", "--json");
    expect(listed.stdout).not.toContain(registry.host);
  });

  it("S005 replaces what was saved, and leaves it alone for a command with words of its own", async () => {
    expect((await login("--vault")).code).toBe(0);
    const again = await login("--json");
    expect(JSON.parse(again.stdout)).toEqual({
      registry: registry.host,
      name: registry.host,
      credential: {
        source: "saved",
        username: user,
        place: expect.stringContaining("vault"),
        expires_at: null,
        problem: null,
      },
    });
    const once = await run(
      { env, input: ["wrong\n"] },
      ...["ls", registry.host, "--username", "other", "--password-stdin"],
    );
    expect(once.code).toBe(3);
    expect((await run({ env }, "ls", registry.host)).code).toBe(0);
  });

  it("keeps several sign-ins at one host by their names", async () => {
    expect((await login("--vault", "--name", "first")).code).toBe(0);
    expect((await login("--name", "second")).code).toBe(0);
    const which = await login();
    expect(which.code).toBe(2);
    expect(which.stderr).toContain('"first", "second"');
    expect((await run({ env }, "ls", "second")).code).toBe(0);
    expect((await run({ env }, "logout", "second")).code).toBe(0);
    expect((await run({ env }, "ls", "second")).code).toBe(3);
    expect((await run({ env }, "ls", "first")).code).toBe(0);
    // Now the address is enough.
    expect((await run({ env }, "ls", registry.host)).code).toBe(0);
  });

  it("forgets a sign-in without the passphrase, and says who else still has one", async () => {
    expect((await login("--vault")).code).toBe(0);
    const gone = await run({}, "logout", registry.host);
    expect(gone.stdout).toBe(`The sign-in at ${registry.host} is forgotten.\n`);
    expect((await run({ env }, "ls", registry.host)).code).toBe(3);
    const again = await run({}, "logout", registry.host);
    expect([again.code, again.stderr]).toEqual([0, `No sign-in at ${registry.host} was saved.\n`]);
    const auths = { [registry.host]: { auth: Buffer.from(`${user}:${password}`).toString("base64") } };
    await writeFile(join(home.path, "config.json"), JSON.stringify({ auths }));
    const other = await run({ env: { DOCKER_CONFIG: home.path } }, "logout", registry.host);
    expect(other.stderr).toContain("still signed in to by other means");
    const json = await run({ env: { DOCKER_CONFIG: home.path } }, "logout", registry.host, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      forgotten: false,
      credential: { source: "docker-config", username: user },
    });
  });

  it("says where a sign-in that was kept for docker is not the one that counts", async () => {
    const docker = { ...env, DOCKER_CONFIG: home.path };
    const words = [registry.host, "-u", user, "--password-stdin", "--docker-config"];
    const kept = (...more: readonly string[]): Promise<CliEnd> =>
      run({ env: docker, input: [`${password}\n`] }, "login", ...words, ...more);
    expect((await kept()).stderr).not.toContain("counts there");
    expect((await login("--vault")).code).toBe(0);
    const end = await kept();
    expect(end.stderr).toContain(
      `"${registry.host}" does not take its sign-in from docker: the vault counts`,
    );
    expect((await kept("--json")).stdout).not.toContain(password);
    const named = await kept("--name", "x");
    expect([named.code, named.stderr]).toEqual([2, expect.stringContaining("--name is for one that")]);
    const gone = await run({ env: docker }, "logout", registry.host, "--docker-config", "--json");
    expect(JSON.parse(gone.stdout)).toMatchObject({
      forgotten: true,
      credential: { source: "docker-config" },
    });
    expect(gone.stderr).toContain("still signed in to by other means: the vault");
    expect(JSON.parse(await readFile(join(home.path, "config.json"), "utf8"))).toEqual({ auths: {} });
  });

  it("S006 refuses empty passwords and short passphrases", async () => {
    for (const input of ["\n", "   \n"]) {
      const end = await run(
        { env, input: [input] },
        "login",
        registry.host,
        "-u",
        user,
        "--password-stdin",
        "--vault",
      );
      expect(end.code).toBe(2);
    }
    const asked = await run({ env, answers: [user, " "] }, "login", registry.host, "--vault");
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("A password is expected")]);
    const short = await run(
      { answers: [user, password, "short", "short"] },
      "login",
      registry.host,
      "--vault",
    );
    expect(short.code).not.toBe(0);
    expect(short.stderr).toContain("12");
    const differ = await run(
      { answers: [user, password, passphrase, "another one"] },
      "login",
      registry.host,
      "--vault",
    );
    expect([differ.code, differ.stderr]).toEqual([2, expect.stringContaining("not the same")]);
  });

  it("reads the passphrase of a file, and says what is wrong with one", async () => {
    const file = join(home.path, "passphrase");
    const withFile = (path: string): Promise<CliEnd> =>
      run(
        { input: [`${password}\n`] },
        ...[
          "login",
          registry.host,
          "-u",
          user,
          "--password-stdin",
          "--vault",
          "--vault-passphrase-file",
          path,
        ],
      );
    await writeFile(file, "\n");
    expect((await withFile(file)).stderr).toContain("has nothing in its first line");
    expect((await withFile(join(home.path, "no"))).stderr).toContain("cannot be read");
    await writeFile(file, `${passphrase}\n`);
    const end = await withFile(file);
    expect(end.code, end.stderr).toBe(0);
    await writeFile(file, "some other passphrase");
    expect((await withFile(file)).code).toBe(3);
  });

  it("takes a registry by its name, with its own settings, and refuses names that are taken", async () => {
    expect((await login("--vault", "--name", "own", "--plain-http")).code).toBe(0);
    const again = await run(
      { env, input: [`${password}\n`] },
      ...["login", "own", "-u", user, "--password-stdin", "--insecure-skip-verify"],
    );
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toContain("its own settings count");
    // Plain HTTP was asked for when it was saved.
    expect((await run({ env }, "ls", `http://${registry.host}`)).code).toBe(0);
    const taken = await run(
      { env, input: [`${password}\n`] },
      ...["login", tokens.host, "-u", user, "--password-stdin", "--name", "own"],
    );
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining('saved as "own" already')]);
    const both = await run({ env }, "login", `https://${registry.host}`, "--plain-http", "--name", "x");
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("contradict")]);
  });

  it("wants a terminal or all words", async () => {
    const nobody = await run({}, "login", registry.host, "--vault");
    expect(nobody.code).toBe(2);
    const folder = await run({ env }, "login", "oci:./x", "--vault");
    expect([folder.code, folder.stderr]).toEqual([2, expect.stringContaining("no registry")]);
  });

  it("goes step by step through a registry, and its exit code says how far", async () => {
    const signIn = ["--username", user, "--password-stdin"];
    const test = (host: string, input: string, ...more: readonly string[]): Promise<CliEnd> =>
      run({ input: [`${input}\n`] }, "auth", "test", host, ...more);
    const good = await test(tokens.host, password, ...signIn, "--repository", "team/app");
    expect(good.code, good.stderr).toBe(0);
    for (const step of ["dns", "reachable", "tls", "registry", "sign-in", "catalog", "pull", "push"])
      expect(good.stdout).toMatch(new RegExp(`^${step} +(?:ok|skipped|warning) `, "m"));
    expect(good.stdout).toContain(`Credential: entered for this command as "${user}"`);
    const json = await test(registry.host, password, ...signIn, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      registry: registry.host,
      ok: true,
      credential: { source: "entered", username: user },
      steps: expect.arrayContaining([
        { name: "sign-in", outcome: "passed", text: `Signed in as "${user}".` },
      ]),
      capabilities: null,
    });
    const wrong = await test(registry.host, "wrong", ...signIn, "--json");
    expect(wrong.code).toBe(3);
    expect(JSON.parse(wrong.stdout)).toMatchObject({
      ok: false,
      steps: expect.arrayContaining([expect.objectContaining({ name: "sign-in", code: "unauthorized" })]),
    });
    expect((await test("127.0.0.1:1", "", "--json")).code).toBe(4);
    expect((await test(registry.host, "", "--repository", "NOT A NAME")).code).toBe(2);
    expect(good.stdout + wrong.stdout + json.stdout).not.toContain(password);
  });

  it("finds out what a registry can do where it is asked to, and shows it with its date", async () => {
    const signIn = ["--username", user, "--password-stdin"];
    const test = (...more: readonly string[]): Promise<CliEnd> =>
      run({ input: [`${password}\n`] }, "auth", "test", registry.host, ...signIn, ...more);
    const looked = await test("--probe");
    expect(looked.code, looked.stderr).toBe(0);
    expect(looked.stdout).toMatch(/What it was found to do on \d{4}-\d\d-\d\d:\nWHAT +ANSWER +DETAIL/);
    expect(looked.stdout).toMatch(/^catalog +yes /m);
    const wrote = await test("--probe", "--write", "--repository", "team/scratch", "--json");
    expect(wrote.code, wrote.stderr).toBe(0);
    expect(JSON.parse(wrote.stdout).capabilities).toMatchObject({
      probed_at: expect.stringMatching(/^\d{4}-/),
      answers: expect.arrayContaining([expect.objectContaining({ name: "push", answer: "yes" })]),
    });
    expect((await test("--write", "--repository", "team/app")).code).toBe(2);
    expect((await test("--probe", "--write")).code).toBe(2);
    const folder = await run({}, "auth", "test", "oci:./x");
    expect([folder.code, folder.stderr]).toEqual([2, expect.stringContaining("no registry")]);
  });

  it("says which source answered", async () => {
    const auths = { [registry.host]: { auth: Buffer.from(`${user}:${password}`).toString("base64") } };
    const file = join(home.path, "config.json");
    await writeFile(file, JSON.stringify({ auths }));
    const end = await run({ env: { DOCKER_CONFIG: home.path } }, "auth", "test", registry.host);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toContain(`Credential: from docker's configuration as "${user}" (${file})`);
  });

  it("resumes with a password for once, without a word to what is saved", async () => {
    expect((await login("--vault")).code).toBe(0);
    const copied = await run(
      { env },
      ...["copy", `${registry.host}/team/app:v1`, `oci:${join(home.path, "there")}:v1`, "--json"],
    );
    expect(copied.code, copied.stderr).toBe(0);
    const vault = (): Promise<string> => readFile(join(home.path, "vault.json"), "utf8");
    const before = await vault();
    const again = await run(
      { env, input: ["another password\n"] },
      ...["resume", JSON.parse(copied.stdout).run, "--source-username", "other", "--source-password-stdin"],
    );
    expect(again.code, again.stderr).toBe(0);
    expect(await vault()).toBe(before);
    expect((await run({ env }, "ls", registry.host)).code).toBe(0);
  });
});
