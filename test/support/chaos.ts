// Chaos: kills the command line at random moments of a mixed run until it is through, while a reader watches every tag.

import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { type AccessLogLine, countRequests } from "./access-log.ts";
import { buildChaosImages, type ChaosImage, missingParts, pushChaosImages } from "./chaos-images.ts";
import { type FixtureProcess, startFixtureProcess } from "./fixture-process.ts";
import { blobBytesOf, blobsOf } from "./image-builder.ts";
import { type RunningProcess, startProcess } from "./processes.ts";
import { headManifest, type RawTarget, rawDigest } from "./raw-http.ts";
import { type RealRegistry, startRealRegistry } from "./real-registry.ts";
import { type SeededRandom, seededRandom } from "./seeded-random.ts";
import { digestOf } from "./skopeo.ts";
import { type SlowProxy, startSlowProxy } from "./slow-proxy.ts";
import { tempFolder } from "./temp.ts";

/** `real`: docker-registry 2.8, without referrers; `fixture`: the sample registry, with them. */
export type RegistryKind = "real" | "fixture";

export interface ChaosReport {
  readonly kills: number;
  /** What does not arrive as it should: wrong digests, missing parts, damaged blobs. */
  readonly wrong: readonly string[];
  /** Blobs that the destination committed more than once in one repository. */
  readonly sentTwice: readonly string[];
  /** Tags that were readable while something below them was missing. */
  readonly halfSeen: readonly string[];
  /** What SQLite finds wrong with the database after a kill or at the end. */
  readonly damaged: readonly string[];
  readonly looks: number;
  /** Chunks that the destination took. */
  readonly parts: number;
  /** Bytes sent to the destination, and those that the images have. */
  readonly sentBytes: number;
  readonly imageBytes: number;
}

export function problemsOf(report: ChaosReport): readonly string[] {
  return [...report.wrong, ...report.sentTwice, ...report.halfSeen, ...report.damaged];
}

type Source = RealRegistry | FixtureProcess;

/** The sources of all rounds: both kinds with the same images. */
export interface ChaosStage {
  readonly images: readonly ChaosImage[];
  readonly sources: Readonly<Record<RegistryKind, Source>>;
  stop(): Promise<void>;
}

export async function openChaosStage(): Promise<ChaosStage> {
  const images = await buildChaosImages();
  const sources = { real: await startRealRegistry(), fixture: await startFixtureProcess() };
  for (const source of Object.values(sources)) await pushChaosImages(source, images);
  const stop = async (): Promise<void> => {
    await Promise.all(Object.values(sources).map((source) => source.stop()));
  };
  return { images, sources, stop };
}

export interface ChaosInput {
  readonly stage: ChaosStage;
  /** Decides on everything that is random in the round. */
  readonly seed: number;
  readonly from: RegistryKind;
  readonly to: RegistryKind;
  /** How often the command line is killed at most before it may finish. */
  readonly kills: number;
}

/** One round on a destination of its own. */
export async function chaosRound(input: ChaosInput): Promise<ChaosReport> {
  const { images } = input.stage;
  const destination = await (input.to === "real" ? startRealRegistry() : startFixtureProcess());
  const proxy = await startSlowProxy({ port: destination.port });
  await using home = await tempFolder("chaos");
  const reader = new TagReader(destination, images);
  try {
    const killing = runThroughKills(input, proxy, home.path).finally(() => reader.stop());
    const [through] = await Promise.all([killing, reader.watch()]);
    const log = await destination.accessLog();
    return {
      ...through,
      parts: countRequests(log, "PATCH", /\/blobs\/uploads\//, 202),
      wrong: await wrongParts(destination, images),
      sentTwice: sentTwice(log),
      halfSeen: reader.halfSeen,
      looks: reader.looks,
      sentBytes: proxy.bytesUp,
      imageBytes: uniqueBytes(images),
    };
  } finally {
    await proxy.close();
    await destination.stop();
  }
}

async function runThroughKills(
  input: ChaosInput,
  proxy: SlowProxy,
  home: string,
): Promise<{ readonly kills: number; readonly damaged: readonly string[] }> {
  const random = seededRandom(input.seed);
  const source = input.stage.sources[input.from];
  const ends = ["--source", source.host, "--destination", proxy.host];
  const replicate = ["--quiet", "replicate", ...ends, "--repository-pattern", "**"];
  const damaged: string[] = [];
  let args = replicate;
  for (let kills = 0; ; ) {
    const running = startProcess({ home, args });
    if (kills < input.kills && (await reachesMoment(running, proxy, random))) {
      await running.kill9();
      kills += 1;
      damaged.push(...(await databaseProblems(home)).map((problem) => `after kill ${kills}: ${problem}`));
      args = ["--quiet", "resume"];
      continue;
    }
    const end = await running.ended;
    // Killed before anything was planned: there is nothing to resume yet.
    if (/nothing to resume/i.test(end.stderr)) {
      args = replicate;
      continue;
    }
    if (end.code !== 0) {
      throw new Error(`freightliner ${args.join(" ")} ended with ${end.code}: ${end.stderr}`);
    }
    damaged.push(...(await databaseProblems(home)));
    return { kills, damaged };
  }
}

/** Mostly when a random number of bytes has gone up, else after a random time; false where the process ended before. */
async function reachesMoment(
  running: RunningProcess,
  proxy: SlowProxy,
  random: SeededRandom,
): Promise<boolean> {
  const byTime = random.next() < 0.3;
  const until = performance.now() + (byTime ? random.between(50, 2500) : 20_000);
  const bytes = proxy.bytesUp + (byTime ? Number.POSITIVE_INFINITY : random.between(1, 60 * 1024 * 1024));
  let ended = false;
  void running.ended.then(() => {
    ended = true;
  });
  while (!ended && performance.now() < until && proxy.bytesUp < bytes) await sleep(3);
  return !ended;
}

/** A copy is read, by another SQLite than ours (the one in Node), so that recovery stays our own program's work. */
async function databaseProblems(home: string): Promise<readonly string[]> {
  await using copy = await tempFolder("chaos-database");
  const files = (await readdir(home)).filter((name) => name.startsWith("freightliner.db"));
  // Killed before it was made.
  if (!files.includes("freightliner.db")) return [];
  for (const name of files) await copyFile(join(home, name), join(copy.path, name));
  const database = new DatabaseSync(join(copy.path, "freightliner.db"));
  try {
    const rows = database.prepare("PRAGMA integrity_check").all();
    const words = rows.map((row) => String(row.integrity_check)).filter((word) => word !== "ok");
    const aside = files.filter((name) => !/^freightliner\.db(-wal|-shm)?$/.test(name));
    return [...words, ...aside.map((name) => `the database was moved aside to ${name}`)];
  } finally {
    database.close();
  }
}

async function wrongParts(
  destination: RawTarget & { readonly host: string },
  images: readonly ChaosImage[],
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const one of images) {
    const { repository, tag, image } = one;
    const found = await digestOf(destination, repository, tag).catch((error: unknown) => String(error));
    if (found !== image.digest) wrong.push(`${repository}:${tag} is ${found}, expected ${image.digest}`);
    wrong.push(...(await missingParts(destination, one)));
    for (const { digest } of blobsOf(image)) {
      const read = await rawDigest(destination, `/v2/${repository}/blobs/${digest}`);
      if (read.digest !== digest) wrong.push(`${repository}: the blob ${digest} reads as ${read.digest}`);
    }
  }
  return wrong;
}

function sentTwice(lines: readonly AccessLogLine[]): readonly string[] {
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const line of lines) {
    const commit = /^\/v2\/(.+)\/blobs\/uploads\/.*[?&]digest=([^&]+)/.exec(line.path);
    if (line.method !== "PUT" || line.status !== 201 || commit === null) continue;
    const key = `${commit[1]} ${commit[2]}`;
    if (seen.has(key)) twice.push(`sent twice: ${key}`);
    seen.add(key);
  }
  return twice;
}

function uniqueBytes(images: readonly ChaosImage[]): number {
  return images.reduce((total, { image }) => total + blobBytesOf(image), 0);
}

/** Reads every tag over and over; where one is readable, all that belongs to it must be. */
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
        this.looks += 1;
        this.halfSeen.push(...(await missingParts(this.#target, one)).map((what) => `too early: ${what}`));
        whole.add(one);
      }
      await sleep(5);
    }
  }
}
