// Tells whether a process of this machine has ended.
import { errnoOf } from "./errors.ts";

/** False also for one that lives under another user. */
export function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return errnoOf(thrown) === "ESRCH";
  }
}
