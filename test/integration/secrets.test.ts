// Passwords planted in every place where one is entered must be found in none of the places that people or programs read.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { buildBundles } from "../support/build.ts";
import { type BuiltHost, startBuiltHost } from "../support/built-host.ts";
import { freePort } from "../support/child.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { runProcess } from "../support/processes.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const right = "canary-right-7f3a9c";
const wrong = "canary-wrong-51e0d2";
const docker = "canary-docker-c8b6e4";
const user = "mover";

/** Every way in which a careless program would write them: plain, as Basic credentials, in a URL. */
function spellings(password: string): string[] {
  const pair = `${user}:${password}`;
  const bare = (text: string): string => Buffer.from(text).toString("base64").replace(/=+$/, "");
  return [
    password,
    bare(pair),
    bare(password),
    encodeURIComponent(pair),
    Buffer.from(password).toString("hex"),
  ];
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe("S001 secrets", () => {
  let source: RealRegistry;
  let destination: RealRegistry;
  let home: TempFolder;
  let dockerFolder: TempFolder;
  let host: BuiltHost;
  const said: { readonly where: string; readonly text: string }[] = [];

  beforeAll(async () => {
    await buildBundles("cli", "host", "client");
    [source, destination, home, dockerFolder] = await Promise.all([
      startRealRegistry(),
      startRealRegistry({ user, password: right }),
      tempFolder("secrets"),
      tempFolder("docker"),
    ]);
    const auth = Buffer.from(`${user}:${docker}`).toString("base64");
    const auths = { [destination.host]: { auth } };
    await writeFile(join(dockerFolder.path, "config.json"), JSON.stringify({ auths }));
    await mkdir(join(home.path, "out"));
    await pushImage(source, await buildImage({ seed: "canary" }), "team/app", "v1");
  });
  afterAll(async () => {
    await host?.stop();
    await Promise.all([source.stop(), destination.stop(), home.remove(), dockerFolder.remove()]);
  });

  const env = (): Record<string, string> => ({
    DOCKER_CONFIG: dockerFolder.path,
    FREIGHTLINER_LOG_LEVEL: "debug",
  });
  const files = (name: string): string[] =>
    ["metrics", "report", "checkpoint"].flatMap((what) => [
      `--${what === "report" ? what : `${what}-file`}`,
      join(home.path, "out", `${name}-${what}.json`),
    ]);
  const run = async (name: string, input: string, ...args: string[]): Promise<number | null> => {
    const end = await runProcess({ home: home.path, args, input, env: env() });
    said.push({ where: `${name} stdout`, text: end.stdout }, { where: `${name} stderr`, text: end.stderr });
    return end.code;
  };
  const replicate = (to: string, ...more: string[]): string[] => [
    ...["replicate", "--source", source.host, "--destination", to, "--repository", "team/app"],
    ...more,
  ];
  const signIn = ["--destination-username", user, "--destination-password-stdin"];

  it("given on the standard input or in docker's file travel no further than to their registry", async () => {
    const to = destination.host;
    const debug = ["--log-level", "debug"];
    expect(await run("good", `${right}\n`, ...replicate(to, ...signIn, ...debug, ...files("good")))).toBe(0);
    const json = [...signIn, "--json", ...debug, ...files("bad")];
    expect(await run("bad", `${wrong}\n`, ...replicate(to, ...json))).toBe(3);
    const nowhere = `127.0.0.1:${await freePort()}`;
    expect(await run("away", `${right}\n`, ...replicate(nowhere, ...signIn, ...debug))).toBe(4);
    // Without words of its own the command takes what docker's file says, which is wrong too.
    expect(await run("docker", "", ...replicate(to, "--events", ...debug, ...files("docker")))).toBe(3);
    expect(await run("ls", `${wrong}\n`, "ls", to, "--username", user, "--password-stdin", ...debug)).toBe(3);
    expect(await run("runs", "", "runs", "--json", ...debug)).toBe(0);
    // A debug log that says nothing would make this test blind.
    expect(said.map(({ text }) => text).join("\n")).toContain(destination.host);
    expect(said.find(({ where }) => where === "good stderr")?.text).toContain('"msg":"request"');
  });

  it("entered in the window are seen by no client again", async () => {
    host = await startBuiltHost(home.path, env());
    const { client } = host;
    client.subscribe({
      onEvent: () => {},
      onProgress: () => client.credit(1),
      onGap: () => {},
      onClose: () => {},
    });
    const from = await client.call("endpoints.add", { settings: { kind: "registry", host: source.host } });
    const settings = { kind: "registry" as const, host: destination.host };
    const to = await client.call("endpoints.add", {
      settings,
      credential: { username: user, password: wrong },
    });
    await client.call("endpoints.check", { id: to.id });
    await client.call("endpoints.signIn", { id: to.id, credential: { username: user, password: right } });
    await client.call("endpoints.check", { id: to.id });
    const selection = [{ kind: "image" as const, repository: "team/app", reference: "v1" }];
    const planned = await client.call("runs.plan", {
      sourceId: from.id,
      destinationId: to.id,
      selection,
      mapping: { kind: "prefix", prefix: "window" },
    });
    const reach = (state: string) =>
      vi.waitFor(async () =>
        expect(await client.call("runs.get", { runId: planned.id })).toMatchObject({ state }),
      );
    await reach("planned");
    await client.call("runs.start", { runId: planned.id });
    await reach("succeeded");
    await client.call("endpoints.list", { includeTemporary: true });
    expect(await (await fetch(`${host.origin}/metrics`)).text()).toContain("freightliner_runs_ended_total");
    expect(host.frames.join("\n")).toContain('"succeeded"');
  });

  it("stand in no output, log, database, report, metrics or checkpoint file, and in no frame", async () => {
    said.push({ where: "frames", text: host.frames.join("\n") });
    said.push({ where: "host stdout", text: host.process.stdout });
    said.push({ where: "host stderr", text: host.process.stderr });
    const seen = await filesBelow(home.path);
    const names = seen.map((file) => file.slice(home.path.length + 1));
    expect(names).toEqual(
      expect.arrayContaining([
        "freightliner.db",
        "freightliner.db-wal",
        "logs/web.log",
        "out/bad-report.json",
      ]),
    );
    for (const file of seen) said.push({ where: file, text: await readFile(file, "latin1") });
    const found = [right, wrong, docker]
      .flatMap(spellings)
      .flatMap((canary) =>
        said.filter(({ text }) => text.includes(canary)).map(({ where }) => [canary, where]),
      );
    expect(found).toEqual([]);
    // Whoever has the state of an upload can write to it (protocol.md 8, row 27); the log shows that there was one.
    const text = said.map((one) => one.text).join("\n");
    expect(text).toContain("_state=…");
    const states = said.filter((one) => /_state=[\w-]/.test(one.text)).map(({ where }) => where);
    expect(states.filter((where) => !where.includes("freightliner.db"))).toEqual([]);
  });
});
