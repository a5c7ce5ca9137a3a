// The doctor on a machine where things are well, and where each of them is not.
import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Finding } from "../../shared/contract.ts";
import { cli } from "../cli/cli-harness.ts";
import { freePort } from "../support/child.ts";
import { tempFolder } from "../support/temp.ts";
import { appStage } from "./app-stage.ts";

async function folderOf(name: string): Promise<string> {
  const folder = await tempFolder(name);
  onTestFinished(() => folder.remove());
  return folder.path;
}

const of = (findings: readonly Finding[], name: Finding["name"]): Finding => {
  const found = findings.find((finding) => finding.name === name);
  if (found === undefined) throw new Error(`nothing was found of ${name}`);
  return found;
};

/** A registry that lets everybody in, and counts who is with it at once. */
async function openRegistry() {
  let now = 0;
  const seen = { most: 0 };
  const server = createServer((_request, response) => {
    now++;
    seen.most = Math.max(seen.most, now);
    setTimeout(() => {
      now--;
      response.setHeader("Docker-Distribution-Api-Version", "registry/2.0");
      response.end('{"repositories":[]}');
    }, 50);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { host: `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`, seen };
}

it("finds nothing on a machine where all is well, and leaves nothing behind", async () => {
  const registry = await openRegistry();
  const home = await folderOf("doctor");
  await chmod(home, 0o700);
  const { client } = await appStage({ home });
  for (let at = 0; at < 6; at++)
    await client.call("endpoints.add", {
      name: `registry ${at}`,
      settings: { kind: "registry", host: registry.host },
    });
  const { findings } = await client.call("doctor.run", {});
  expect(findings.filter(({ outcome }) => outcome !== "passed")).toEqual([]);
  expect(of(findings, "version").text).toMatch(/Freightliner \S+ on Node v\d+.* with SQLite 3\.\d+/);
  expect(findings.filter(({ name }) => name === "registry").map(({ subject }) => subject)).toEqual(
    [0, 1, 2, 3, 4, 5].map((at) => `registry ${at}`),
  );
  expect(registry.seen.most).toBeGreaterThan(1);
  expect(registry.seen.most).toBeLessThanOrEqual(4);
  expect((await readdir(home)).filter((name) => name.includes("doctor"))).toEqual([]);
  expect(
    (await client.call("doctor.run", { registries: false })).findings.map(({ name }) => name),
  ).not.toContain("registry");
});

it("names what others may read, and how to end that", async () => {
  const home = await folderOf("doctor");
  const { client } = await appStage({ home });
  await chmod(home, 0o755);
  const look = async () =>
    of((await client.call("doctor.run", { registries: false })).findings, "data-folder");
  expect(await look()).toMatchObject({
    outcome: "warning",
    text: expect.stringContaining(`chmod 700 ${home}`),
  });
  await writeFile(join(home, "vault.json"), "{}", { mode: 0o644 });
  expect(await look()).toMatchObject({ outcome: "failed", text: expect.stringContaining("chmod 600") });
});

it("says where secrets lie: a vault that is locked, and a file in clear", async () => {
  const home = await folderOf("doctor");
  const { client } = await appStage({ home });
  const look = async () => of((await client.call("doctor.run", { registries: false })).findings, "secrets");
  expect(await look()).toMatchObject({ outcome: "passed", text: expect.stringContaining("memory only") });
  await client.call("secrets.choose", { place: "vault", passphrase: "a long passphrase" });
  expect(await look()).toMatchObject({
    outcome: "passed",
    text: expect.stringContaining("vault, which is open"),
  });
  await client.call("secrets.choose", { place: "clear", acceptClear: true });
  expect(await look()).toMatchObject({ outcome: "warning", text: expect.stringContaining("in clear") });
  await client.call("secrets.choose", { place: "vault", passphrase: "a long passphrase" });
  await client.call("secrets.lock", {});
  expect(await look()).toMatchObject({ outcome: "warning", text: expect.stringContaining("locked") });
  await writeFile(join(home, "vault.json"), "not json");
  expect(await look()).toMatchObject({ outcome: "failed", text: expect.stringContaining("cannot be read") });
});

it("finds helpers that are named and not there", async () => {
  const docker = await folderOf("docker");
  const bin = await folderOf("bin");
  await writeFile(join(bin, "docker-credential-there"), "#!/bin/sh\n", { mode: 0o755 });
  const write = (config: object) => writeFile(join(docker, "config.json"), JSON.stringify(config));
  await write({ credsStore: "there" });
  const { client } = await appStage({
    env: { DOCKER_CONFIG: docker, PATH: bin, REGISTRY_AUTH_FILE: join(docker, "none.json") },
  });
  const look = async () => of((await client.call("doctor.run", { registries: false })).findings, "helpers");
  expect(await look()).toMatchObject({ outcome: "passed", text: expect.stringContaining("there") });
  await write({ credsStore: "there", credHelpers: { "a.example": "gone", "b.example": "../evil" } });
  const found = await look();
  expect(found.outcome).toBe("failed");
  expect(found.text).toContain("docker-credential-gone");
  expect(found.text).toContain("../evil");
  expect(found.text).not.toContain("docker-credential-there");
  await writeFile(join(docker, "config.json"), "{");
  expect(await look()).toMatchObject({ outcome: "failed", text: expect.stringContaining("is not JSON") });
});

it("ends with 0, 1 or 4, in words and as JSON", async () => {
  const home = await folderOf("doctor");
  await chmod(home, 0o700);
  expect(await cli({ home }, "doctor")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ok {4}versions: /),
  });

  const stage = await appStage({ home });
  const away = `127.0.0.1:${await freePort()}`;
  await stage.client.call("endpoints.add", { name: "away", settings: { kind: "registry", host: away } });
  const unreachable = await cli({ home }, "doctor", "--json");
  expect(unreachable.code).toBe(4);
  const { ok, findings } = JSON.parse(unreachable.stdout) as { ok: boolean; findings: Finding[] };
  expect(ok).toBe(false);
  expect(of(findings, "registry")).toMatchObject({ subject: "away", outcome: "failed", code: "unreachable" });
  expect((await cli({ home }, "doctor", "--offline")).code).toBe(0);

  await mkdir(join(home, "no-docker"));
  await writeFile(join(home, "no-docker", "config.json"), '{"credsStore":"gone"}');
  const broken = await cli({ home }, "doctor");
  expect(broken.code).toBe(1);
  expect(broken.stdout).toMatch(/FAIL {2}helpers: .*docker-credential-gone/);
});
