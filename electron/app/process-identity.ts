// Names this process so that another one on the same machine can tell whether it still lives.
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";
import { isDead } from "../files/dead-process.ts";

const identitySchema = z.object({ machine: z.string(), pid: z.number().int().positive(), token: z.string() });

/** What must be equal for a process number to mean the same process: machine, boot, and (in containers) the namespace. */
function machine(): string {
  return [
    hostname(),
    readOrNothing("/proc/sys/kernel/random/boot_id"),
    linkOrNothing("/proc/self/ns/pid"),
  ].join("|");
}

// Other systems have neither file; their host name has to do.
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
function linkOrNothing(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

/** A name for this process that no other will ever have. */
export function thisProcess(): string {
  return JSON.stringify({ machine: machine(), pid: process.pid, token: randomUUID() });
}

/** True only where the named process ran on this machine and certainly does not run any more. */
export function isGone(owner: string): boolean {
  const identity = identitySchema.safeParse(parseOrNothing(owner));
  if (!identity.success || identity.data.machine !== machine()) return false;
  return isDead(identity.data.pid);
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
