// What the faults of the fixture registry need to know of their registry, and the small tools they share.
import { rm, stat } from "node:fs/promises";
import type { DiskStore } from "../../electron/samples/disk-store.ts";
import type { Exchange, Reply } from "../../electron/samples/exchange.ts";

export interface FaultWorld {
  readonly store: DiskStore;
  readonly storageUrl: (path: string) => string;
  /** Makes every token given so far invalid. */
  readonly expireTokens: () => void;
}

/** Lets a fault see every answer before it is sent; the faults before it come first. */
export function alterReply(exchange: Exchange, alter: (reply: Reply) => Reply | Promise<Reply>): void {
  const before = exchange.alterReply;
  exchange.alterReply = async (reply) => alter(await before(reply));
}

/** The answer with these headers; undefined takes one away. */
export function withHeaders(reply: Reply, changes: Readonly<Record<string, string | undefined>>): Reply {
  const merged = Object.entries({ ...reply.headers, ...changes });
  const kept = merged.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return { ...reply, headers: Object.fromEntries(kept) };
}

/** Bytes that an upload session holds; undefined where there is no such session. */
export async function uploadSize(
  world: FaultWorld,
  place: { readonly repository: string; readonly session: string },
): Promise<number | undefined> {
  const found = await stat(world.store.uploadFile(place.repository, place.session)).catch(() => undefined);
  return found?.size;
}

export async function cancelUpload(
  world: FaultWorld,
  place: { readonly repository: string; readonly session: string },
): Promise<void> {
  await rm(world.store.uploadFile(place.repository, place.session), { force: true });
}
