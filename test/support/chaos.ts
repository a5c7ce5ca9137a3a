// Chaos: kills the command line at random moments of a mixed run until it is through, while a reader watches every tag.
import { setTimeout as sleep } from "node:timers/promises";
import {
  type BuiltImage,
  blobsOf,
  buildLargeImage,
  buildMultiPlatform,
  manifestsOf,
  pushImage,
} from "./image-builder.ts";
import { startProcess } from "./processes.ts";
import { hasBlob, headManifest, type RawTarget, rawRequest } from "./raw-http.ts";
import { type RealRegistry, startRealRegistry } from "./real-registry.ts";
import { digestOf } from "./skopeo.ts";
import { tempFolder } from "./temp.ts";

export interface ChaosImage {
  readonly repository: string;
  readonly tag: string;
  readonly image: BuiltImage;
}

export interface ChaosReport {
  readonly kills: number;
  /** Images whose digest at the destination, read by skopeo, is not the source's. */
  readonly wrong: readonly string[];
  /** Blobs that the destination committed more than once. */
  readonly sentTwice: readonly string[];
  /** Tags that were readable while something below them was missing. */
  readonly halfSeen: readonly string[];
  readonly looks: number;
}

/** Small images of two platforms and large ones of one, in several repositories. */
export async function pushChaosImages(source: RawTarget): Promise<readonly ChaosImage[]> {
  const images: ChaosImage[] = [];
  for (let i = 0; i < 10; i++) {
    const image = await buildMultiPlatform({
      seed: `small-${i}`,
      layerSize: 300_000 + i * 50_000,
      sharedLayerSize: 200_000,
    });
    images.push({ repository: `team/app${i % 4}`, tag: `v${i}`, image });
  }
  for (let i = 0; i < 3; i++) {
    const image = await buildLargeImage({ seed: `large-${i}`, totalSize: 60 * 1024 * 1024, layers: 3 });
    images.push({ repository: `big/b${i}`, tag: "v1", image });
  }
  for (const { repository, tag, image } of images) await pushImage(source, image, repository, tag);
  return images;
}

export interface ChaosInput {
  readonly source: RealRegistry;
  readonly images: readonly ChaosImage[];
  /** How often the command line is killed before it may finish. */
  readonly kills: number;
  /** 0 ≤ x < 1; decides on the moments. */
  readonly random: () => number;
}

/** One round on a destination of its own. */
export async function chaosRound(input: ChaosInput): Promise<ChaosReport> {
  const destination = await startRealRegistry();
  await using home = await tempFolder("chaos");
  const reader = new TagReader(destination, input.images);
  try {
    const watching = reader.watch();
    const kills = await runThroughKills(input, destination, home.path);
    reader.stop();
    await watching;
    const wrong: string[] = [];
    for (const { repository, tag, image } of input.images) {
      const found = await digestOf(destination, repository, tag).catch((error: unknown) => String(error));
      if (found !== image.digest) wrong.push(`${repository}:${tag} is ${found}, expected ${image.digest}`);
    }
    return {
      kills,
      wrong,
      sentTwice: await sentTwice(destination),
      halfSeen: reader.halfSeen,
      looks: reader.looks,
    };
  } finally {
    reader.stop();
    await destination.stop();
  }
}

async function runThroughKills(input: ChaosInput, destination: RealRegistry, home: string): Promise<number> {
  const ends = ["--source", input.source.host, "--destination", destination.host];
  const replicate = ["--quiet", "replicate", ...ends, "--repository-pattern", "**"];
  let args = replicate;
  for (let kills = 0; ; ) {
    const running = startProcess({ home, args });
    if (kills < input.kills) {
      const ended = await Promise.race([
        running.ended.then(() => true),
        sleep(200 + input.random() * 900, false),
      ]);
      if (!ended) {
        await running.kill9();
        kills++;
        args = ["--quiet", "resume"];
        continue;
      }
    }
    const end = await running.ended;
    if (end.code !== 0)
      throw new Error(`freightliner ${args.join(" ")} ended with ${end.code}: ${end.stderr}`);
    // Killed before anything was planned: there is nothing to resume yet.
    if (!/nothing to resume/i.test(end.stderr)) return kills;
    args = replicate;
  }
}

async function sentTwice(destination: RealRegistry): Promise<readonly string[]> {
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const line of await destination.accessLog()) {
    const commit = /^\/v2\/(.+)\/blobs\/uploads\/.*[?&]digest=([^&]+)/.exec(line.path);
    if (line.method !== "PUT" || line.status !== 201 || commit === null) continue;
    const key = `${commit[1]} ${commit[2]}`;
    if (seen.has(key)) twice.push(key);
    seen.add(key);
  }
  return twice;
}

/** Reads every tag over and over; where one is readable, all below it must be. */
class TagReader {
  readonly #target: RawTarget;
  readonly #images: readonly ChaosImage[];
  readonly halfSeen: string[] = [];
  looks = 0;
  #stopped = false;

  constructor(target: RawTarget, images: readonly ChaosImage[]) {
    this.#target = target;
    this.#images = images;
  }

  stop(): void {
    this.#stopped = true;
  }

  async watch(): Promise<void> {
    const whole = new Set<ChaosImage>();
    while (!this.#stopped) {
      for (const one of this.#images) {
        if (this.#stopped || whole.has(one)) continue;
        if ((await headManifest(this.#target, one.repository, one.tag)).status !== 200) continue;
        this.looks++;
        await this.#lookBelow(one);
        whole.add(one);
      }
      await sleep(5);
    }
  }

  async #lookBelow({ repository, tag, image }: ChaosImage): Promise<void> {
    for (const manifest of manifestsOf(image)) {
      const reply = await rawRequest(this.#target, `/v2/${repository}/manifests/${manifest.digest}`, {
        headers: { accept: manifest.mediaType },
      });
      if (reply.status === 404)
        this.halfSeen.push(`${repository}:${tag} lacks the manifest ${manifest.digest}`);
    }
    for (const blob of blobsOf(image)) {
      if (!(await hasBlob(this.#target, repository, blob.digest))) {
        this.halfSeen.push(`${repository}:${tag} lacks the blob ${blob.digest}`);
      }
    }
  }
}
