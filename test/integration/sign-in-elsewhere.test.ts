// A sign-in that one process saves lets a run go on that waits for it in another one.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Endpoint } from "../../shared/endpoint.ts";
import { buildBundles } from "../support/build.ts";
import { type BuiltHost, startBuiltHost } from "../support/built-host.ts";
import { runCommand } from "../support/child.ts";
import { type BuiltImage, buildImage, pushImage } from "../support/image-builder.ts";
import { runProcess } from "../support/processes.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const user = "mover";
const first = "the first password";
const second = "the second password";
const passphrase = "correct horse battery";

let source: RealRegistry;
let guarded: RealRegistry;
let home: TempFolder;
let image: BuiltImage;
let host: BuiltHost;
let from: Endpoint;
let to: Endpoint;

beforeAll(async () => {
  await buildBundles("cli", "host", "client");
  [source, guarded, home] = await Promise.all([
    startRealRegistry(),
    startRealRegistry({ user, password: first }),
    tempFolder("elsewhere"),
  ]);
  image = await buildImage({ seed: "elsewhere" });
  await pushImage(source, image, "team/app", "v1");
  await writeFile(join(home.path, "passphrase"), `${passphrase}\n`, { mode: 0o600 });
  host = await startBuiltHost(home.path);
  const { client } = host;
  client.subscribe({ onEvent: () => {}, onProgress: () => {}, onGap: () => {}, onClose: () => {} });
  await client.call("secrets.choose", { place: "vault", passphrase });
  const registry = (at: string) => ({ kind: "registry" as const, host: at });
  from = await client.call("endpoints.add", { settings: registry(source.host) });
  const credential = { username: user, password: first };
  to = await client.call("endpoints.add", { settings: registry(guarded.host), credential });
}, 120_000);
afterAll(async () => {
  await host?.stop();
  await Promise.all([source.stop(), guarded.stop(), home.remove()]);
});

/** docker-registry reads its file of passwords again by itself. */
async function changePassword(password: string): Promise<void> {
  const made = await runCommand("htpasswd", ["-Bbn", user, password]);
  await writeFile(join(guarded.folder, "htpasswd"), made.stdout);
}

const stateOf = async (runId: string): Promise<string> => {
  const { state, stateReason } = await host.client.call("runs.get", { runId });
  return `${state} ${stateReason}`;
};
const until = (runId: string, state: string, timeout: number): Promise<void> =>
  expect.poll(() => stateOf(runId), { timeout, interval: 50 }).toBe(state);

const cli = (input: string, ...args: readonly string[]) =>
  runProcess({
    home: home.path,
    args: [...args, "--vault-passphrase-file", join(home.path, "passphrase")],
    input,
  });

async function plan(tag: string): Promise<string> {
  const { client } = host;
  const { id } = await client.call("runs.plan", {
    sourceId: from.id,
    destinationId: to.id,
    selection: [{ kind: "image", repository: "team/app", reference: "v1" }],
    mapping: { kind: "prefix", prefix: tag },
  });
  await until(id, "planned null", 20_000);
  return id;
}

const arrived = async (repository: string, password: string): Promise<string | null> => {
  const pair = Buffer.from(`${user}:${password}`).toString("base64");
  const reply = await fetch(`${guarded.url}/v2/${repository}/manifests/v1`, {
    headers: { Authorization: `Basic ${pair}`, Accept: "application/vnd.oci.image.manifest.v1+json" },
  });
  return reply.headers.get("docker-content-digest");
};

it("goes on in the window's process within seconds after a login in another one", async () => {
  const runId = await plan("one");
  await changePassword(second);
  await host.client.call("runs.start", { runId });
  await until(runId, "paused sign-in-needed", 20_000);
  const login = await cli(`${second}\n`, "login", guarded.host, "-u", user, "--password-stdin");
  expect(login.code, login.stderr).toBe(0);
  await until(runId, "succeeded null", 5_000);
  expect(await arrived("one/team/app", second)).toBe(image.digest);
}, 60_000);

it("is stronger than what was typed in there before, and a logout is told there", async () => {
  const { client, frames } = host;
  const runId = await plan("two");
  const wrong = { username: user, password: "typed in and wrong" };
  await client.call("endpoints.signIn", { id: to.id, credential: wrong, remember: false });
  await client.call("runs.start", { runId });
  await until(runId, "paused sign-in-needed", 20_000);
  const login = await cli(`${second}\n`, "login", guarded.host, "-u", user, "--password-stdin");
  expect(login.code, login.stderr).toBe(0);
  await until(runId, "succeeded null", 5_000);

  const before = frames.length;
  expect((await cli("", "logout", guarded.host)).code).toBe(0);
  await expect
    .poll(
      () =>
        frames.slice(before).find((frame) => frame.includes('"endpoint.changed"') && frame.includes(to.id)),
      {
        timeout: 5_000,
      },
    )
    .toMatch(/"credential":\{"source":"none"/);
}, 60_000);

it("goes on with a sign-in that was kept in docker's configuration, too", async () => {
  const { client } = host;
  await client.call("endpoints.signIn", { id: to.id, credential: { username: user, password: second } });
  const runId = await plan("three");
  await client.call("endpoints.signIn", { id: to.id, credential: null });
  await client.call("runs.start", { runId });
  await until(runId, "paused sign-in-needed", 20_000);
  const words = ["login", guarded.host, "-u", user, "--password-stdin", "--docker-config"];
  const login = await cli(`${second}\n`, ...words);
  expect(login.code, login.stderr).toBe(0);
  await until(runId, "succeeded null", 5_000);
  expect(await arrived("three/team/app", second)).toBe(image.digest);
}, 60_000);

it("goes on at the next start where the login came while no window was open", async () => {
  const credential = { username: user, password: second };
  await host.client.call("endpoints.signIn", { id: to.id, credential });
  const runId = await plan("four");
  await changePassword(first);
  await host.client.call("runs.start", { runId });
  await until(runId, "paused sign-in-needed", 20_000);
  await host.stop();
  const login = await cli(`${first}\n`, "login", guarded.host, "-u", user, "--password-stdin");
  expect(login.code, login.stderr).toBe(0);
  host = await startBuiltHost(home.path, {
    FREIGHTLINER_VAULT_PASSPHRASE_FILE: join(home.path, "passphrase"),
  });
  await until(runId, "succeeded null", 10_000);
  expect(await arrived("four/team/app", first)).toBe(image.digest);
}, 60_000);
