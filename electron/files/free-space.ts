// What a disk has to spare, so that one can say so before it is full.
import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { FreightlinerError } from "../../shared/errors.ts";
import { formatBytes } from "../../shared/units.ts";
import { isMissing } from "./errors.ts";

export interface Disk {
  /** The same for all paths of one disk. */
  readonly id: number;
  /** Bytes; without end where that cannot be told. */
  readonly free: number;
}

/** The disk that a path lies on, or would lie on. Never throws: what cannot be looked at shows when it is written to. */
export async function diskOf(path: string): Promise<Disk> {
  try {
    const [{ bavail, bsize, blocks }, { dev }] = await Promise.all([statfs(path), stat(path)]);
    // Some file systems of a network do not say how large they are.
    return { id: dev, free: blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize };
  } catch (thrown) {
    const parent = dirname(path);
    if (isMissing(thrown) && parent !== path) return diskOf(parent);
    return { id: -1, free: Number.POSITIVE_INFINITY };
  }
}

/** @param what as in "There is no room to unpack an archive". Bytes. */
export function noRoom(
  operation: string,
  what: string,
  { needed, free }: { readonly needed: number; readonly free: number },
): FreightlinerError {
  const [wanted, there] = [formatBytes(needed), formatBytes(Math.max(0, free))];
  return new FreightlinerError({
    code: "io",
    operation,
    message: `There is no room ${what}: ${wanted} are needed on its disk, and ${there} can be used there. Make room and try again.`,
  });
}
