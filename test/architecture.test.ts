// The import diagram of docs/decisions/0002 as a test: it prints the offending path and cannot pass on an empty walk.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const root = resolve(import.meta.dirname, "..");
const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
const rules = join(root, ".dependency-cruiser.json");

const report = z.object({
  modules: z.array(
    z.object({
      source: z.string(),
      dependencies: z.array(
        z.object({ resolved: z.string(), dependencyTypes: z.array(z.string()).default([]) }),
      ),
    }),
  ),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});
type Report = z.infer<typeof report>;

function cruise(folder: string): Report {
  const run = spawnSync(
    process.execPath,
    [cruiser, "--config", rules, "--output-type", "json", "electron", "renderer", "shared"],
    { cwd: folder, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 },
  );
  return report.parse(JSON.parse(run.stdout));
}

/** The shortest import path from a module that `from` accepts to one that `to` accepts, as "a → b → c". */
function offendingPath(walked: Report, from: RegExp, to: RegExp): string | undefined {
  const edges = new Map(
    walked.modules.map((module) => [module.source, module.dependencies.map((d) => d.resolved)]),
  );
  const seen = new Set<string>();
  const queue = [...edges.keys()].filter((source) => from.test(source)).map((source) => [source]);
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const next of edges.get(path.at(-1) ?? "") ?? []) {
      if (to.test(next)) return [...path, next].join(" → ");
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push([...path, next]);
    }
  }
  return undefined;
}

describe("the house's import rules", () => {
  let house: Report;
  let planted: string;

  beforeAll(async () => {
    house = cruise(root);
    planted = await mkdtemp(join(tmpdir(), "freightliner-architecture-"));
  }, 60_000);
  afterAll(() => rm(planted, { recursive: true, force: true }));

  it("reads the whole tree, not an empty one", () => {
    const ours = house.modules.filter((module) => /^(electron|renderer|shared)\//.test(module.source));
    expect(ours.length).toBeGreaterThan(60);
    for (const folder of ["electron/engine", "electron/registry", "electron/store", "renderer", "shared"]) {
      expect(
        ours.some((module) => module.source.startsWith(`${folder}/`)),
        folder,
      ).toBe(true);
    }
  });

  it("has no violation", () => {
    expect(house.summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([]);
  });

  it.each([
    ["shared reaches nothing of ours", /^shared\//, /^(electron|renderer)\//],
    ["the renderer never reaches the engine's side", /^renderer\//, /^electron\//],
    [
      "the engine reaches no adapter",
      /^electron\/engine\//,
      /^electron\/(registry|layout|store|credentials|app|desktop|web|cli)\//,
    ],
    [
      "the engine reaches no HTTP, SQL or Electron",
      /^electron\/engine\//,
      /node_modules\/(undici|better-sqlite3|electron)\//,
    ],
    [
      "nothing outside desktop reaches electron",
      /^electron\/(?!desktop\/|main\.ts)/,
      /node_modules\/electron\//,
    ],
  ])("%s", (_name, from, to) => {
    expect(offendingPath(house, from, to)).toBeUndefined();
  });

  it("finds a planted violation and prints its path", () => {
    const files = {
      "electron/engine/plan.ts":
        'import { helper } from "../../shared/helper.ts";\nexport const plan = helper;\n',
      "shared/helper.ts": 'import { rows } from "../electron/store/rows.ts";\nexport const helper = rows;\n',
      "electron/store/rows.ts": "export const rows = 1;\n",
      "renderer/app.tsx": "export const app = 1;\n",
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(planted, name)), { recursive: true });
      writeFileSync(join(planted, name), text);
    }
    const walked = cruise(planted);
    expect(walked.summary.violations.map((v) => v.rule.name)).toContain("shared-is-the-ground");
    expect(offendingPath(walked, /^electron\/engine\//, /^electron\/store\//)).toBe(
      "electron/engine/plan.ts → shared/helper.ts → electron/store/rows.ts",
    );
  });
});
