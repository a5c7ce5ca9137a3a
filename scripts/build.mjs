// Builds the bundles whose sources changed: node scripts/build.mjs [--force] [client main preload host cli]
import { spawnSync } from "node:child_process";
import { existsSync, realpathSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { whileLocked } from "./build-lock.mjs";
import { hasSources, sourceHash, staleTargets, targets, writeStamp } from "./build-stamp.mjs";
import { become, isNode24, node24, root } from "./node-version.mjs";

const self = fileURLToPath(import.meta.url);

/**
 * Builds in a process of its own what is stale; all words go to stderr.
 * @param {readonly string[]} names
 * @param {(line: string) => void} say
 */
export function buildIfNeeded(names, say) {
  if (!hasSources()) return;
  const stale = staleTargets(names);
  if (stale.length === 0) return;
  say(`Building ${stale.join(", ")}…`);
  const result = spawnSync(node24(), [self, "--quiet", ...stale], { stdio: ["ignore", 2, 2], cwd: root });
  if (result.status !== 0) throw new Error(`The build failed (${result.signal ?? `code ${result.status}`}).`);
}

async function build(names, quiet) {
  const { createBuilder } = await import("vite");
  const hashes = new Map(names.map((name) => [name, sourceHash(name)]));
  // Beside the real folders, so that paths in source maps hold and a failed build leaves what was there.
  const outDirs = Object.fromEntries(names.map((name) => [name, `../dist/.next-${targets[name].folder}`]));
  const builder = await createBuilder({
    configFile: join(root, "vite.config.ts"),
    root: join(root, "renderer"),
    logLevel: quiet ? "warn" : "info",
    environments: Object.fromEntries(
      names.map((name) => [name, { build: { outDir: outDirs[name], chunkSizeWarningLimit: 4_000 } }]),
    ),
  });
  for (const name of names) {
    await builder.build(builder.environments[name]);
    swapIn(targets[name].folder);
    writeStamp(name, hashes.get(name));
  }
}

/** The new folder takes the old one's place at once: who starts meanwhile finds one or the other whole. */
function swapIn(folder) {
  const dist = join(root, "dist");
  const old = join(dist, `.old-${folder}`);
  rmSync(old, { recursive: true, force: true });
  if (existsSync(join(dist, folder))) renameSync(join(dist, folder), old);
  renameSync(join(dist, `.next-${folder}`), join(dist, folder));
  rmSync(old, { recursive: true, force: true });
}

async function main(args) {
  const quiet = args.includes("--quiet");
  const named = args.filter((arg) => !arg.startsWith("--"));
  const unknown = named.filter((name) => !Object.hasOwn(targets, name));
  if (unknown.length > 0) {
    throw new Error(
      `There is no target ${unknown.join(", ")}; expected some of ${Object.keys(targets).join(", ")}.`,
    );
  }
  const wanted = named.length > 0 ? named : Object.keys(targets);
  await whileLocked(async () => {
    const stale = args.includes("--force") ? wanted : staleTargets(wanted);
    if (stale.length > 0) await build(stale, quiet);
    else if (!quiet) console.log("Everything in dist/ is up to date.");
  });
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === self) {
  if (isNode24()) {
    main(process.argv.slice(2)).catch((error) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    });
  } else {
    try {
      await become(self, process.argv.slice(2));
    } catch (error) {
      console.error(error.message);
      process.exitCode = 1;
    }
  }
}
