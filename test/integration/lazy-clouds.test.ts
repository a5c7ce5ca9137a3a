// The clouds' libraries are bundled and lie beside the program: nothing that starts it reads them.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildBundles } from "../support/build.ts";

const libraries = /node_modules\/(@aws-sdk|@smithy|@azure|google-auth-library|gaxios)\//;

beforeAll(() => buildBundles("main", "host", "cli"));

/** A chunk and what it imports before it runs; with `import()`, too, where `lazy` is asked for. */
async function chunksOf(folder: string, entry: string, lazy: RegExp | undefined): Promise<readonly string[]> {
  const found = new Set<string>();
  const queue = [entry];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const text = await readFile(join(folder, name), "utf8");
    for (const [, from, bare] of text.matchAll(
      /^(?:import|export)\b[^;]*?from\s*"\.\/([^"]+)"|^import\s*"\.\/([^"]+)"/gm,
    ))
      queue.push(from ?? bare ?? "");
    for (const [, later = ""] of text.matchAll(/import\("\.\/([^"]+)"\)/g))
      if (lazy?.test(later) === true) queue.push(later);
  }
  return [...found];
}

async function sourcesOf(folder: string, chunks: readonly string[]): Promise<readonly string[]> {
  const maps = (await readdir(folder)).filter((name) => chunks.some((chunk) => name === `${chunk}.map`));
  const parsed = await Promise.all(
    maps.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as { sources: string[] }),
  );
  return parsed.flatMap(({ sources }) => sources);
}

describe("the clouds' libraries", () => {
  it.each([
    ["main", "main.js", /^main-/],
    ["web", "web.js", /^run-web-/],
    // What every command loads.
    ["cli", "cli.js", /^(run-cli|create-app|config|log)-/],
  ])("are not read when dist/%s starts", async (name, entry, lazy) => {
    const folder = join("dist", name);
    const sources = await sourcesOf(folder, await chunksOf(folder, entry, lazy));
    expect(sources.some((source) => source.includes("electron/registry/registry.ts"))).toBe(true);
    expect(sources.filter((source) => libraries.test(source))).toEqual([]);
    const everything = await sourcesOf(
      folder,
      (await readdir(folder)).filter((file) => file.endsWith(".js")),
    );
    for (const library of ["@aws-sdk/client-ecr", "@azure/identity", "google-auth-library"])
      expect(
        everything.some((source) => source.includes(`/${library}/`)),
        library,
      ).toBe(true);
  });

  it.each(["main", "web", "cli"])("are named with their licences in dist/%s", async (name) => {
    const notices = await readFile(join("dist", name, "third-party-notices.md"), "utf8");
    for (const library of ["@aws-sdk/client-ecr", "@azure/identity", "google-auth-library", "undici"])
      expect(notices).toMatch(new RegExp(`^## ${library} - .*\\((MIT|Apache-2\\.0)\\)$`, "m"));
  });
});
