// A long catalogue of a real registry: the first names are there at once, and a closed pipe ends the command.
import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { buildBundles } from "../support/build.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { cliBundle, nodeBinary, runProcess } from "../support/processes.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { tempFolder } from "../support/temp.ts";

const repositories = 6000;

beforeAll(() => buildBundles("cli"));

async function filled(): Promise<{ registry: RealRegistry; home: string }> {
  const [registry, home] = await Promise.all([startRealRegistry(), tempFolder("cli-lists")]);
  onTestFinished(async () => {
    await registry.stop();
    await home[Symbol.asyncDispose]();
  });
  await pushImage(registry, await buildImage({ seed: "one" }), "team/app", "v1");
  // The catalogue goes by the folders of the repositories.
  const root = join(registry.dataFolder, "docker/registry/v2/repositories/many");
  for (let at = 0; at < repositories; at++)
    for (const part of ["_layers", "_manifests/tags"])
      await mkdir(join(root, `app${String(at).padStart(5, "0")}`, part), { recursive: true });
  await registry.clearAccessLog();
  return { registry, home: join(home.path, "home") };
}

async function pagesAsked(registry: RealRegistry): Promise<number> {
  return (await registry.accessLog()).filter(({ path }) => path.startsWith("/v2/_catalog")).length;
}

it("lists all of it, and a pipe that closes after the first name ends it with exit code 0", async () => {
  const { registry, home } = await filled();
  const all = await runProcess({ home, args: ["ls", registry.host, "--json"] });
  expect(all.code).toBe(0);
  const { repositories: names, complete } = JSON.parse(all.stdout);
  expect([names.length, new Set(names).size, complete]).toEqual([repositories + 1, repositories + 1, true]);
  const pages = await pagesAsked(registry);
  expect(pages).toBeGreaterThan(5);
  await registry.clearAccessLog();

  const child = spawn(nodeBinary, [cliBundle, "ls", registry.host, "--home", home], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { HOME: home, PATH: process.env.PATH },
  });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const first = await new Promise<string>((resolve) =>
    child.stdout.once("data", (data) => resolve(String(data))),
  );
  child.stdout.destroy();
  expect(first.split("\n")[0]).toBe("many/app00000");
  expect(await ended).toBe(0);
  expect(await pagesAsked(registry)).toBeLessThan(pages);
});
