// Ends a program together with those that it started: a shell that is killed leaves behind what it waits for.
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Its pipes are let go of, whoever else holds them. */
export function endTree(child: ChildProcess): void {
  const all = child.pid === undefined ? [] : stopTree(child.pid);
  for (const pid of all) signal(pid, "SIGKILL");
  child.kill("SIGKILL");
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}

/** Held still first, so that none is started while they are counted. */
function stopTree(pid: number): readonly number[] {
  signal(pid, "SIGSTOP");
  return [pid, ...childrenOf(pid).flatMap(stopTree)];
}

/** By Linux's own list; the shell of macOS becomes the program that it is given, and has nothing below it. */
function childrenOf(pid: number): readonly number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    return tasks.flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    // No such list here, or the program has just ended.
    return [];
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile, or this system has no such signal.
  }
}
