// Which bundle is fresh: a hash of its sources' contents, kept beside the output in dist/.stamp.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { root } from "./node-version.mjs";

const stampFile = join(root, "dist", ".stamp");
const common = ["package.json", "package-lock.json", "vite.config.ts", "scripts/build.mjs"];

/** Vite environment → its folder and main file in dist, and the folders it is built from. */
export const targets = {
  client: { folder: "renderer", file: "index.html", sources: ["renderer", "shared"] },
  main: { folder: "main", file: "main.js", sources: ["electron", "shared"] },
  preload: { folder: "preload", file: "preload.cjs", sources: ["electron", "shared"] },
  host: { folder: "web", file: "web.js", sources: ["electron", "shared"] },
  cli: { folder: "cli", file: "cli.js", sources: ["electron", "shared"] },
};

/** False in an installation that holds only what was built. */
export function hasSources() {
  return existsSync(join(root, "vite.config.ts"));
}

/** @param {readonly string[]} names */
export function staleTargets(names) {
  const stamps = readStamps();
  const hashes = new Map();
  return names.filter((name) => {
    const { folder, file } = targets[name];
    return stamps[name] !== sourceHash(name, hashes) || !existsSync(join(root, "dist", folder, file));
  });
}

/** @param {string} name @param {Map<string, string>} [known] hashes of folders already read */
export function sourceHash(name, known = new Map()) {
  const parts = [...common, ...targets[name].sources].map((source) => {
    const hash = known.get(source) ?? hashOf(source);
    known.set(source, hash);
    return hash;
  });
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}

/** Call it while holding the build lock. @param {string} name @param {string} hash */
export function writeStamp(name, hash) {
  mkdirSync(join(root, "dist"), { recursive: true });
  const next = `${stampFile}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify({ ...readStamps(), [name]: hash }, null, 2)}\n`);
  renameSync(next, stampFile);
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    // No stamp, or one that was torn: everything counts as stale.
    return {};
  }
}

function hashOf(source) {
  const path = join(root, source);
  if (!existsSync(path)) return `${source} missing`;
  const hash = createHash("sha256");
  for (const file of filesOf(path))
    hash.update(file.slice(root.length)).update("\0").update(readFileSync(file));
  return hash.digest("hex");
}

/** All files below a folder in a fixed order; a file is its own list. */
function filesOf(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
