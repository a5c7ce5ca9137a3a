// Credentials at work: replaced and renewed while a run goes on, and read where skopeo login left them.
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Run } from "../../shared/run.ts";
import { type AppStage, appStage } from "../app/app-stage.ts";
import { runCommand } from "../support/child.ts";
import { startFixtureRegistry } from "../support/fixture-registry.ts";
import { type BuiltImage, buildImage, pushImage } from "../support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { digestOf, skopeoResult } from "../support/skopeo.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const user = "mover";
const old = "old password";
const fresh = "new password";
const tags = Array.from({ length: 8 }, (_, at) => `v${at}`);

/** docker-registry reads the file again when its time has changed. */
async function changePassword(registry: RealRegistry, password: string): Promise<void> {
  const made = await runCommand("htpasswd", ["-Bbn", user, password]);
  await writeFile(join(registry.folder, "htpasswd"), made.stdout);
}

async function endpoint(stage: AppStage, host: string, more = {}): Promise<string> {
  const settings = { kind: "registry" as const, host, ...more };
  return (await stage.client.call("endpoints.add", { settings })).id;
}

/** Plans and starts a copy of all tags, one image at a time, slow enough to meddle with. */
async function begin(
  stage: AppStage,
  sourceId: string,
  destinationId: string,
  prefix: string,
): Promise<string> {
  const { client } = stage;
  const selection = [{ kind: "repositories" as const, names: ["team/app"], tags: {} }];
  const mapping = { kind: "prefix" as const, prefix };
  const options = { parallelImages: 1, bandwidth: 1_500_000 };
  const run = await client.call("runs.plan", { sourceId, destinationId, selection, mapping, options });
  await reaches(stage, run.id, "planned");
  await client.call("runs.start", { runId: run.id });
  return run.id;
}

async function reaches(stage: AppStage, runId: string, state: Run["state"]): Promise<Run> {
  let run: Run | undefined;
  await vi.waitFor(
    async () => {
      run = await stage.client.call("runs.get", { runId });
      expect(run.state, JSON.stringify(run.error)).toBe(state);
    },
    { timeout: 45_000, interval: 50 },
  );
  if (run === undefined) throw new Error("unreachable");
  return run;
}

async function oneIsThere(stage: AppStage, runId: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const { images } = await stage.client.call("runs.images", { runId, limit: 100 });
      expect(images.filter(({ state }) => state === "succeeded").length).toBeGreaterThan(0);
    },
    { timeout: 20_000, interval: 20 },
  );
}

function statesOf(stage: AppStage, runId: string): string[] {
  const states = stage.heard("run.changed").filter(({ id }) => id === runId);
  return [
    ...new Set(
      states.map(({ state, stateReason }) => `${state}${stateReason === null ? "" : `/${stateReason}`}`),
    ),
  ];
}

describe("S005 credentials that change while a run goes on", () => {
  let source: RealRegistry;
  let destination: RealRegistry;
  let images: readonly BuiltImage[];
  let prefixes = 0;
  beforeAll(async () => {
    [source, destination] = await Promise.all([
      startRealRegistry(),
      startRealRegistry({ user, password: old }),
    ]);
    images = await Promise.all(tags.map((tag) => buildImage({ seed: tag, layerSize: 300_000 })));
    for (const [at, tag] of tags.entries()) {
      const image = images[at];
      if (image !== undefined) await pushImage(source, image, "team/app", tag);
    }
  });
  afterAll(() => Promise.all([source.stop(), destination.stop()]));

  const arrived = async (prefix: string, password: string): Promise<void> => {
    const there = { url: destination.url, host: destination.host, user, password };
    for (const tag of tags)
      expect(await digestOf(there, `${prefix}/team/app`, tag)).toBe(await digestOf(source, "team/app", tag));
  };
  const commits = async (prefix: string): Promise<string[]> =>
    (await destination.accessLog())
      .filter(({ method, path, status }) => method === "PUT" && status === 201 && path.includes(`${prefix}/`))
      .map(({ path }) => decodeURIComponent(/digest=([^&]+)/.exec(path)?.[1] ?? path));

  it("make it wait where the old one is refused first, and go on by itself when the new one is entered", async () => {
    await changePassword(destination, old);
    const stage = await appStage({ face: "web" });
    const prefix = `waits-${++prefixes}`;
    const from = await endpoint(stage, source.host);
    const to = await endpoint(stage, destination.host);
    await stage.client.call("endpoints.signIn", { id: to, credential: { username: user, password: old } });
    const runId = await begin(stage, from, to, prefix);
    await oneIsThere(stage, runId);
    await changePassword(destination, fresh);
    const waiting = await reaches(stage, runId, "paused");
    expect(waiting).toMatchObject({ stateReason: "sign-in-needed", error: { code: "unauthorized" } });
    expect(waiting.tallies.imagesFailed).toBe(0);
    // A wrong one makes it wait again.
    await stage.client.call("endpoints.signIn", {
      id: to,
      credential: { username: user, password: "wrong" },
    });
    await vi.waitFor(() => expect(statesOf(stage, runId)).toContain("running"));
    await reaches(stage, runId, "paused");
    await stage.client.call("endpoints.signIn", { id: to, credential: { username: user, password: fresh } });
    const done = await reaches(stage, runId, "succeeded");
    expect(done.tallies).toMatchObject({ imagesSucceeded: tags.length, imagesFailed: 0 });
    await arrived(prefix, fresh);
    // Nothing that was there already was sent again.
    const sent = await commits(prefix);
    expect(sent.length).toBe(new Set(sent).size);
  }, 120_000);

  it("reach it without a pause where the new one was entered before the old one is refused", async () => {
    await changePassword(destination, old);
    const stage = await appStage({ face: "web" });
    const prefix = `goes-on-${++prefixes}`;
    const from = await endpoint(stage, source.host);
    const to = await endpoint(stage, destination.host);
    await stage.client.call("endpoints.signIn", { id: to, credential: { username: user, password: old } });
    const runId = await begin(stage, from, to, prefix);
    await oneIsThere(stage, runId);
    await stage.client.call("endpoints.signIn", { id: to, credential: { username: user, password: fresh } });
    await changePassword(destination, fresh);
    await reaches(stage, runId, "succeeded");
    expect(statesOf(stage, runId).filter((state) => state.startsWith("paused"))).toEqual([]);
    await arrived(prefix, fresh);
  }, 120_000);

  it("are asked for again where a helper has them, and it goes on", async () => {
    await changePassword(destination, old);
    const folder = await tempFolder("helper");
    const file = (name: string): string => join(folder.path, name);
    await writeFile(file("password"), old);
    await writeFile(
      file("docker-credential-rotating"),
      `#!/bin/sh\necho asked >> "${file("asked")}"\nread -r server\necho "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"${user}\\",\\"Secret\\":\\"$(cat "${file("password")}")\\"}"\n`,
    );
    await chmod(file("docker-credential-rotating"), 0o755);
    await writeFile(file("config.json"), JSON.stringify({ credHelpers: { [destination.host]: "rotating" } }));
    const env = { DOCKER_CONFIG: folder.path, PATH: `${folder.path}:${process.env.PATH ?? ""}` };
    const stage = await appStage({ face: "web", env });
    const prefix = `helper-${++prefixes}`;
    const from = await endpoint(stage, source.host);
    const to = await endpoint(stage, destination.host);
    const runId = await begin(stage, from, to, prefix);
    await oneIsThere(stage, runId);
    await writeFile(file("password"), fresh);
    await changePassword(destination, fresh);
    await reaches(stage, runId, "succeeded");
    expect(statesOf(stage, runId).filter((state) => state.startsWith("paused"))).toEqual([]);
    expect((await readFile(file("asked"), "utf8")).match(/asked/g)).toHaveLength(2);
    const { endpoints } = await stage.client.call("endpoints.list", {});
    expect(endpoints.find(({ id }) => id === to)?.credential).toMatchObject({
      source: "docker-helper",
      username: user,
      place: expect.stringContaining("docker-credential-rotating"),
      problem: null,
    });
    await folder.remove();
  }, 120_000);

  it("are tokens, too: one that ends sooner than it was told is renewed in the middle", async () => {
    const strict = await startFixtureRegistry({
      auth: { kind: "token", user, password: old, lifetimeSeconds: 1, toldLifetimeSeconds: 300 },
    });
    try {
      const stage = await appStage({ face: "web" });
      const from = await endpoint(stage, source.host);
      const to = await endpoint(stage, strict.host);
      await stage.client.call("endpoints.signIn", { id: to, credential: { username: user, password: old } });
      const runId = await begin(stage, from, to, "tokens");
      const done = await reaches(stage, runId, "succeeded");
      expect(done.tallies).toMatchObject({ imagesSucceeded: tags.length, imagesFailed: 0 });
      const pushes = strict.tokenRequests.filter(({ scopes }) =>
        scopes.some((scope) => scope.endsWith("push")),
      );
      expect(pushes.length).toBeGreaterThan(2);
    } finally {
      await strict.stop();
    }
  }, 120_000);

  it("are two for two endpoints at one host, and neither sees what the other may", async () => {
    await changePassword(destination, fresh);
    const stage = await appStage({ face: "web" });
    const right = await endpoint(stage, destination.host);
    const wrong = await endpoint(stage, destination.host, { insecureSkipVerify: true });
    const signIn = (id: string, password: string) =>
      stage.client.call("endpoints.signIn", { id, credential: { username: user, password } });
    await signIn(right, fresh);
    await signIn(wrong, "wrong");
    const list = (endpointId: string) => stage.client.call("repositories.list", { endpointId });
    expect((await list(right)).names.length).toBeGreaterThan(0);
    await expect(list(wrong)).rejects.toMatchObject({ code: "unauthorized" });
    expect((await list(right)).names.length).toBeGreaterThan(0);
  });
});

describe("sign-ins of skopeo", () => {
  let registry: RealRegistry;
  let folder: TempFolder;
  const file = (name: string): string => join(folder.path, name);
  beforeAll(async () => {
    [registry, folder] = await Promise.all([
      startRealRegistry({ user, password: old }),
      tempFolder("skopeo-login"),
    ]);
    const target = { url: registry.url, host: registry.host, user, password: old };
    await pushImage(target, await buildImage({ seed: "login" }), "team/app", "v1");
  });
  afterAll(() => Promise.all([registry.stop(), folder.remove()]));

  const login = async (path: string, what = registry.host) => {
    const words = ["--tls-verify=false", "-u", user, "-p", old, "--authfile", path, what];
    const done = await skopeoResult(["login", ...words]);
    expect(done.code, done.stderr).toBe(0);
  };
  const looksThrough = async (env: Readonly<Record<string, string>>, settings = {}) => {
    const stage = await appStage({ env });
    const id = await endpoint(stage, registry.host, settings);
    expect((await stage.client.call("repositories.list", { endpointId: id })).names).toEqual(["team/app"]);
    const { endpoints } = await stage.client.call("endpoints.list", {});
    return endpoints[0]?.credential;
  };

  it("in podman's file let us in, and the file stays as it is", async () => {
    const path = file("auth.json");
    await login(path);
    const before = [await readFile(path, "utf8"), (await stat(path)).mtimeMs];
    expect(await looksThrough({ REGISTRY_AUTH_FILE: path })).toMatchObject({
      source: "podman",
      username: user,
      place: path,
    });
    expect([await readFile(path, "utf8"), (await stat(path)).mtimeMs]).toEqual(before);
  });

  it("for a namespace let in whoever names it", async () => {
    const path = file("namespaced.json");
    await login(path, `${registry.host}/team`);
    const auths = JSON.parse(await readFile(path, "utf8")).auths;
    expect(Object.keys(auths)).toEqual([`${registry.host}/team`]);
    const credential = { from: "podman" as const, namespace: "team/app" };
    expect(await looksThrough({ REGISTRY_AUTH_FILE: path }, { credential })).toMatchObject({
      source: "podman",
      place: `${path} (${registry.host}/team)`,
    });
  });

  it("in docker's file let us in, and the file stays as it is", async () => {
    const path = file("config.json");
    await login(path);
    const before = await readFile(path, "utf8");
    expect(await looksThrough({ DOCKER_CONFIG: folder.path })).toMatchObject({
      source: "docker-config",
      username: user,
      place: path,
    });
    expect(await readFile(path, "utf8")).toBe(before);
  });
});
