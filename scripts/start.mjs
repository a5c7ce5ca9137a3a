// npm start: builds if needed, then opens Electron; else the web host in a browser's window; else prints its address.
//   --web        no Electron, even where it is there
//   --no-window  only print the address
//   everything else is passed on (--home DIR, --port N)
import { spawn } from "node:child_process";
import { join } from "node:path";
import { buildIfNeeded } from "./build.mjs";
import { electronBinary, fetchElectron, rememberedFailure } from "./electron-binary.mjs";
import { become, node24, root } from "./node-version.mjs";

const say = (line) => process.stderr.write(`${line}\n`);
const flags = new Set(["--web", "--no-window"]);
const given = process.argv.slice(2);
const passed = given.filter((arg) => !flags.has(arg));

/** Why Electron cannot or shall not be used, or undefined where it can. */
async function whyNotElectron() {
  if (given.includes("--no-window")) return "--no-window was given";
  if (given.includes("--web")) return "--web was given";
  if (!hasDisplay()) return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)";
  if (electronBinary() !== undefined) return undefined;
  const remembered = rememberedFailure();
  if (remembered !== undefined) {
    return `its binary could not be fetched today (${remembered}; "npx install-electron" tries again)`;
  }
  const failed = await fetchElectron(say);
  return failed === undefined ? undefined : `its binary could not be fetched (${failed})`;
}

function hasDisplay() {
  if (process.platform !== "linux") return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Runs Electron to its end. @returns {Promise<string | undefined>} why it did not start */
function runElectron() {
  const asRoot = process.platform === "linux" && process.getuid() === 0;
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const args = [...(asRoot ? ["--no-sandbox"] : []), root, ...passed];
  say("Opening Freightliner in Electron.");
  const started = Date.now();
  const child = spawn(electronBinary(), args, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(`it did not start (${error.message})`));
    child.on("exit", (code, signal) => {
      // Missing system libraries end it at once; what runs for a while and then fails is not to be started twice.
      if (signal === null && code !== 0 && Date.now() - started < 5_000)
        resolve(`it ended at once with code ${code}`);
      else process.exit(signal === null ? (code ?? 0) : 130);
    });
  });
}

async function main() {
  node24();
  let why = await whyNotElectron();
  if (why === undefined) {
    buildIfNeeded(["client", "main", "preload"], say);
    why = await runElectron();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(signal);
  }
  buildIfNeeded(["client", "host"], say);
  const window = hasDisplay() && !given.includes("--no-window");
  say(`Not opening Electron: ${why}.`);
  say(window ? "Starting the web host with a window of its own." : "Starting the web host without a window.");
  await become(join(root, "dist", "web", "web.js"), [
    ...(window ? ["--open", "--quit-with-window"] : []),
    ...passed,
  ]);
}

main().catch((error) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
