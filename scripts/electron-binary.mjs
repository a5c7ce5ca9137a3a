// Electron's binary: is it there, and one try a day to fetch it, with progress and an end.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { node24, root } from "./node-version.mjs";

const electronFolder = join(root, "node_modules", "electron");
const cache = join(root, "node_modules", ".cache", "freightliner");
const failureFile = join(cache, "electron-fetch.json");
const day = 24 * 60 * 60_000;
const silentMs = 30_000;
const longestMs = 15 * 60_000;

/**
 * The executable, or undefined. `require("electron")` would start a download, so its own marks are read instead.
 * @returns {string | undefined}
 */
export function electronBinary() {
  const pathFile = join(electronFolder, "path.txt");
  const name = existsSync(pathFile) ? readFileSync(pathFile, "utf8").trim() : undefined;
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const file = override ? join(override, name ?? "electron") : name && join(electronFolder, "dist", name);
  return file && existsSync(file) ? file : undefined;
}

function version() {
  return JSON.parse(readFileSync(join(electronFolder, "package.json"), "utf8")).version;
}

/** Why a fetch is not tried now, or undefined. */
export function rememberedFailure(now = Date.now()) {
  try {
    const { version: failed, at, reason } = JSON.parse(readFileSync(failureFile, "utf8"));
    return failed === version() && now - at < day ? reason : undefined;
  } catch {
    // Nothing is remembered.
    return undefined;
  }
}

/**
 * Fetches the binary.
 * @param {(line: string) => void} say
 * @returns {Promise<string | undefined>} why it failed, which is remembered for a day
 */
export async function fetchElectron(say) {
  say(`Fetching Electron ${version()} once (about 110 MB)…`);
  const downloads = join(cache, "electron-download");
  rmSync(downloads, { recursive: true, force: true });
  mkdirSync(downloads, { recursive: true });
  const reason = await runInstall(downloads, say);
  rmSync(downloads, { recursive: true, force: true });
  if (reason !== undefined)
    writeFileSync(failureFile, JSON.stringify({ version: version(), at: Date.now(), reason }));
  return reason;
}

/** The download's own folder is watched: it shows progress without a terminal, and a silent network gets no more than a while. */
function runInstall(downloads, say) {
  const env = {
    ...process.env,
    TMPDIR: downloads,
    TEMP: downloads,
    TMP: downloads,
    ELECTRON_GET_NO_PROGRESS: "1",
  };
  const child = spawn(node24(), [join(electronFolder, "install.js")], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let words = "";
  child.stderr.on("data", (chunk) => {
    words = `${words}${chunk}`.slice(-4_000);
  });
  const started = Date.now();
  let seen = 0;
  let grewAt = started;
  let told = 0;
  let given;
  const timer = setInterval(() => {
    const now = Date.now();
    const size = sizeOf(downloads);
    if (size > seen) grewAt = now;
    seen = Math.max(seen, size);
    if (size - told > 5_000_000) {
      told = size;
      say(`  ${Math.round(size / 1_000_000)} MB`);
    }
    // Nothing grows while the archive is unpacked; that is allowed to take its time.
    if (now - grewAt > silentMs && seen < 50_000_000)
      given = `nothing arrived for ${silentMs / 1000} seconds`;
    if (now - started > longestMs) given = "it took longer than 15 minutes";
    if (given !== undefined) child.kill();
  }, 1_000);
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) => {
      clearInterval(timer);
      if (code === 0 && electronBinary() !== undefined) resolve(undefined);
      else resolve(given ?? firstLine(words));
    });
  });
}

/** The network's own words where there are some; "fetch failed" says nothing. */
function firstLine(words) {
  const network = /\b(getaddrinfo|connect) E\w+ \S+|\bunable to \S+ [^\n]*certificate[^\n]*/.exec(words)?.[0];
  const line = network ?? words.split("\n").find((text) => text.trim() !== "");
  return (line ?? "the download failed").trim().slice(0, 200);
}

function sizeOf(folder) {
  try {
    return readdirSync(folder, { recursive: true })
      .map((name) => statSync(join(folder, name)))
      .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
  } catch {
    // A file was moved away between two looks.
    return 0;
  }
}
