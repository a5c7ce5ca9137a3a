// What docker's and podman's files name can be taken over: without secrets, and with bad files as problems.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readConfig } from "../../electron/app/config.ts";
import { tempFolder } from "../support/temp.ts";
import { appStage } from "./app-stage.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

async function folderWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await tempFolder("importable");
  onTestFinished(() => folder.remove());
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder.path, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder.path;
}

it("names registries of docker and podman, how each credential is kept, and nothing secret", async () => {
  const folder = await folderWith({
    "docker/config.json": {
      auths: {
        "https://index.docker.io/v1/": { auth: base64("me:hub-secret") },
        "ghcr.io": {},
        "https://old.example.com/v1/": { auth: base64("old:old-secret") },
        "token.example.com": { identitytoken: "token-secret" },
        "not a host!": {},
      },
      credHelpers: { "123.dkr.ecr.eu-west-1.amazonaws.com": "ecr-login", "ghcr.io": "gh" },
    },
    "run/containers/auth.json": { auths: { "quay.io/team": { auth: base64("robot:quay-secret") } } },
    "config/containers/auth.json": "{ broken-secret",
  });
  const env = {
    DOCKER_CONFIG: join(folder, "docker"),
    XDG_RUNTIME_DIR: join(folder, "run"),
    XDG_CONFIG_HOME: join(folder, "config"),
  };
  const { client } = await appStage({ env });
  const settings = { kind: "registry", host: "ghcr.io" } as const;
  const saved = await client.call("endpoints.add", { settings });
  await client.call("endpoints.add", { settings: { ...settings, host: "quay.io" }, temporary: true });

  const answer = await client.call("endpoints.importable", {});
  expect(JSON.stringify(answer)).not.toContain("secret");
  expect(answer.found.map(({ file: _, ...one }) => Object.values(one))).toEqual([
    ["docker.io", "docker", "me", "inline", null],
    ["ghcr.io", "docker", null, "helper", saved.id],
    ["old.example.com", "docker", "old", "inline", null],
    ["token.example.com", "docker", null, "inline", null],
    ["123.dkr.ecr.eu-west-1.amazonaws.com", "docker", null, "helper", null],
    ["quay.io", "podman", "robot", "inline", null],
  ]);
  expect(answer.found[0]?.file).toBe(join(folder, "docker", "config.json"));
  const broken = join(folder, "config", "containers", "auth.json");
  expect(answer.problems).toEqual([{ file: broken, text: expect.stringContaining("is not JSON") }]);
});

it("looks where podman keeps its file", () => {
  const files = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = "linux") =>
    readConfig({ home: "/h" }, env, platform).podmanAuthFiles;
  expect(files({ REGISTRY_AUTH_FILE: "/x/a.json", XDG_RUNTIME_DIR: "/run/user/1" })).toEqual(["/x/a.json"]);
  expect(files({ XDG_RUNTIME_DIR: "/run/user/1", XDG_CONFIG_HOME: "/c" })).toEqual([
    "/run/user/1/containers/auth.json",
    "/c/containers/auth.json",
  ]);
  const id = String(process.getuid?.());
  expect(files({ XDG_CONFIG_HOME: "/c" })[0]).toBe(`/run/containers/${id}/auth.json`);
  expect(files({ XDG_CONFIG_HOME: "/c", XDG_RUNTIME_DIR: "/r" }, "darwin")).toEqual([
    "/c/containers/auth.json",
  ]);
});
