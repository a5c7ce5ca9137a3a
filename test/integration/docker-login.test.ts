// login --docker-config with the built command line, a registry with htpasswd, and skopeo as who reads what was written.
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { buildBundles } from "../support/build.ts";
import { runCommand } from "../support/child.ts";
import { type BuiltImage, buildImage, pushImage } from "../support/image-builder.ts";
import { type ProcessEnd, runProcess } from "../support/processes.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { skopeo, skopeoResult } from "../support/skopeo.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const user = "mover";
const password = "open: sesame 7";

let guarded: RealRegistry;
let home: TempFolder;
let image: BuiltImage;
let docker: string;
let file: string;

beforeAll(async () => {
  await buildBundles("cli");
  [guarded, home] = await Promise.all([startRealRegistry({ user, password }), tempFolder("docker-login")]);
  image = await buildImage({ seed: "docker-login" });
  await pushImage({ url: guarded.url, user, password }, image, "team/app", "v1");
  docker = join(home.path, "docker");
  file = join(docker, "config.json");
}, 120_000);
afterAll(() => Promise.all([guarded.stop(), home.remove()]));
beforeEach(() => rm(docker, { recursive: true, force: true }));

function cli(input: string, ...args: readonly string[]): Promise<ProcessEnd> {
  const env = { DOCKER_CONFIG: docker, PATH: `${join(home.path, "bin")}:${process.env.PATH ?? ""}` };
  return runProcess({ home: home.path, args: [...args], input, env });
}
const login = (...more: readonly string[]): Promise<ProcessEnd> =>
  cli(`${password}\n`, "login", guarded.host, "-u", user, "--password-stdin", ...more);
const config = async (): Promise<unknown> => JSON.parse(await readFile(file, "utf8"));

it("is understood by skopeo, and used by later commands; logout takes it away again", async () => {
  const made = await login("--docker-config");
  expect(made.code, made.stderr).toBe(0);
  expect(made.stdout).toBe(
    `Signed in at ${guarded.host} as "${user}"; the password lies in docker's configuration (${file}).\n`,
  );
  expect(made.stderr).toMatch(/not encrypted/);
  const who = await skopeo(["login", "--get-login", "--authfile", file, guarded.host]);
  expect(who.toString().trim()).toBe(user);
  const to = `dir:${join(home.path, "copied")}`;
  const from = ["--src-authfile", file, "--src-tls-verify=false", `docker://${guarded.host}/team/app:v1`];
  await skopeo(["copy", ...from, to]);
  expect(await readFile(join(home.path, "copied", "manifest.json"))).toEqual(image.bytes);
  expect((await cli("", "ls", guarded.host)).stdout).toBe("team/app\n");

  const gone = await cli("", "logout", guarded.host, "--docker-config");
  expect([gone.code, gone.stdout]).toEqual([
    0,
    `There is no sign-in at ${guarded.host} in docker's configuration (${file}) any more.\n`,
  ]);
  expect(await config()).toEqual({ auths: {} });
  const auth = Buffer.from(`${user}:${password}`).toString("base64");
  await writeFile(file, JSON.stringify({ auths: { [`${guarded.host}/team`]: { auth } } }));
  const part = await cli("", "logout", guarded.host, "--docker-config");
  expect([part.code, part.stdout, part.stderr]).toEqual([
    0,
    `There is no sign-in for all of ${guarded.host} in docker's configuration (${file}) any more.\n`,
    expect.stringContaining(`stays, and is still used there: ${guarded.host}/team. Remove it`),
  ]);
  await writeFile(file, JSON.stringify({ auths: {} }));
  expect((await skopeoResult(["copy", ...from, to])).code).not.toBe(0);
  expect((await cli("", "ls", guarded.host)).code).toBe(3);
}, 60_000);

it("is kept by the helper that the file names, from which skopeo has it", async () => {
  const bin = join(home.path, "bin");
  await mkdir(bin, { recursive: true });
  await mkdir(docker);
  // Keeps what it is given in a file, as a keychain would.
  const script = `#!/bin/sh
case "$1" in
store) cat > '${bin}/kept' ;;
get) cat > /dev/null; cat '${bin}/kept' ;;
erase) cat > /dev/null; rm -f '${bin}/kept' ;;
esac
`;
  await writeFile(join(bin, "docker-credential-filed"), script);
  await chmod(join(bin, "docker-credential-filed"), 0o755);
  const credHelpers = { [guarded.host]: "filed" };
  await writeFile(file, JSON.stringify({ credHelpers }));
  const made = await login("--docker-config", "--json");
  expect(made.code, made.stderr).toBe(0);
  expect(made.stderr).not.toMatch(/encrypted/);
  expect(JSON.parse(made.stdout)).toMatchObject({
    registry: guarded.host,
    credential: { source: "docker-helper", username: user },
  });
  expect(await config()).toEqual({ credHelpers, auths: { [guarded.host]: {} } });
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ""}`, DOCKER_CONFIG: docker };
  const asked = ["login", "--get-login", "--authfile", file, guarded.host];
  const who = await runCommand("skopeo", asked, { env });
  expect(who.stdout.toString().trim(), who.stderr).toBe(user);
  expect((await cli("", "ls", guarded.host)).stdout).toBe("team/app\n");
  expect((await cli("", "logout", guarded.host, "--docker-config")).code).toBe(0);
  expect((await runCommand("skopeo", asked, { env })).code).not.toBe(0);
  expect(await config()).toEqual({ credHelpers, auths: {} });
}, 60_000);

it("writes nothing there without the option, nor for a sign-in that does not work", async () => {
  expect((await login()).code).toBe(2);
  expect(
    (await cli("wrong\n", "login", guarded.host, "-u", user, "--password-stdin", "--docker-config")).code,
  ).toBe(3);
  expect((await cli("", "logout", guarded.host)).code).toBe(0);
  await expect(readFile(file)).rejects.toThrow("ENOENT");
  const both = await login("--docker-config", "--vault");
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("--vault is for one that")]);
}, 60_000);
