// Ends a program together with those that it started: a shell that is killed leaves behind what it waits for.
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Its pipes are let go of, whoever else holds them. */
export function endTree(child: ChildProcess): void {
  const below = child.pid === undefined ? [] : descendantsOf(child.pid);
  child.kill("SIGKILL");
  for (const pid of below) kill(pid);
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}

/** By Linux's own list; the shell of macOS becomes the program that it is given, and has nothing below it. */
function descendantsOf(pid: number): readonly number[] {
  const found = childrenOf(pid);
  return [...found, ...found.flatMap(descendantsOf)];
}

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

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
