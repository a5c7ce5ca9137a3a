// Two registries with sample images on loopback ports, so that the program can be tried without owning a registry.
import { randomUUID } from "node:crypto";
import { access, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { FreightlinerError } from "../../shared/errors.ts";
import { DiskStore } from "./disk-store.ts";
import { type RegistryServer, startRegistryServer } from "./registry-server.ts";
import { writeSampleImages } from "./sample-images.ts";
import { productionRepositories, stagingRepositories } from "./sample-plan.ts";

/** Names the folder of finished samples; goes up when the images change. */
const edition = "samples-1";
/** Slow enough that a person can watch bytes arrive. */
const sampleBytesPerSecond = 16 * 1024 * 1024;
/** Work of a start that was interrupted is cleared after this long; a younger one may still be going on. */
const staleAfterMs = 10 * 60 * 1000;

interface SampleRegistry {
  readonly name: string;
  /** `127.0.0.1:PORT`, plain HTTP. */
  readonly host: string;
  readonly port: number;
}

export interface Samples {
  /** Staging first, then production. */
  readonly registries: readonly SampleRegistry[];
  close(): Promise<void>;
}

export interface SamplesOptions {
  /** Images are made in it on the first start (about 90 MB) and used again later. */
  readonly folder: string;
  /** Tried first; where one is taken, a free one is used. */
  readonly ports?: readonly [number, number];
  /** For each registry, both directions together; 0 = as fast as it goes. 16 MiB/s by default. */
  readonly bytesPerSecond?: number;
}

/** @throws FreightlinerError `io` where the folder cannot be written or no port can be had. */
export async function startSamples(options: SamplesOptions): Promise<Samples> {
  const folder = await ensureImages(options.folder);
  const bytesPerSecond = options.bytesPerSecond ?? sampleBytesPerSecond;
  const staging = await startOn(options.ports?.[0], { folder: join(folder, "staging"), bytesPerSecond });
  let production: RegistryServer;
  try {
    production = await startOn(options.ports?.[1], { folder: join(folder, "production"), bytesPerSecond });
  } catch (thrown) {
    await staging.close();
    throw thrown;
  }
  return {
    registries: [
      { name: "Sample staging", host: staging.host, port: staging.port },
      { name: "Sample production", host: production.host, port: production.port },
    ],
    close: async () => {
      await Promise.all([staging.close(), production.close()]);
    },
  };
}

async function startOn(
  port: number | undefined,
  options: { readonly folder: string; readonly bytesPerSecond: number },
): Promise<RegistryServer> {
  if (port !== undefined) {
    try {
      return await startRegistryServer({ ...options, port });
    } catch (thrown) {
      // The port is taken: any other will do.
      if (!(thrown instanceof FreightlinerError)) throw thrown;
    }
  }
  return startRegistryServer(options);
}

/** The folder of the finished images; made now where it is not there. */
async function ensureImages(folder: string): Promise<string> {
  const finished = join(folder, edition);
  try {
    if (await exists(finished)) return finished;
    await mkdir(folder, { recursive: true });
    await clearStale(folder);
    await makeImages(folder, finished);
    return finished;
  } catch (cause) {
    throw new FreightlinerError({
      code: "io",
      side: "local",
      operation: "make-samples",
      message: `The sample images cannot be written to ${folder}.`,
      cause,
    });
  }
}

/** Made aside and renamed when complete, so that what an interrupted start left is never taken for finished. */
async function makeImages(folder: string, finished: string): Promise<void> {
  const making = join(folder, `making-${randomUUID()}`);
  try {
    await writeSampleImages(new DiskStore(join(making, "staging")), stagingRepositories);
    await writeSampleImages(new DiskStore(join(making, "production")), productionRepositories);
    await rename(making, finished);
  } catch (thrown) {
    await rm(making, { recursive: true, force: true });
    // Another process made them in the meantime.
    if (!(await exists(finished))) throw thrown;
  }
}

async function clearStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith("making-")) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > staleAfterMs) await rm(path, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
