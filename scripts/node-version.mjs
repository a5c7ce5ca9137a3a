// Which Node runs what: scripts start on Node 20, the program itself needs Node 24, which npm ci brings along.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const needed = 24;

/** @returns {string} a Node executable that is new enough; throws a sentence that says what to do. */
export function node24() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= needed) return process.execPath;
  const own = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(own)) return own;
  throw new Error(
    `Freightliner needs Node ${needed} or newer and this is Node ${process.versions.node}. ` +
      `Run "npm ci" in ${root} (it brings Node ${needed} along) or install Node ${needed}.`,
  );
}

export const isNode24 = () => Number(process.versions.node.split(".")[0]) >= needed;

/**
 * Runs a script under Node 24 with this process's terminal and ends as it ends. Signals are passed on, and the child dies
 * when this process is killed outright.
 * @param {string} script absolute path
 * @param {readonly string[]} args
 * @returns {Promise<never>}
 */
export function become(script, args) {
  const withParent = new URL("with-parent.mjs", import.meta.url).href;
  const child = spawn(node24(), ["--import", withParent, script, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // A terminal sends Ctrl+C to both processes; passed on as well it would count as a second one.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  return new Promise(() => {
    child.on("error", (error) => {
      process.stderr.write(`${error.message}\n`);
      process.exit(1);
    });
    child.on("exit", (code, signal) => {
      if (signal === null) process.exit(code ?? 1);
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    });
  });
}
