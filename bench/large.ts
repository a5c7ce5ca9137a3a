// Part `large`: one image of four large layers, Freightliner, skopeo and the floor in the same rounds; part `floor`: the floor alone.
import { type BuiltImage, buildLargeImage, pushImage } from "../test/support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../test/support/real-registry.ts";
import { digestOf } from "../test/support/skopeo.ts";
import { tempFolder } from "../test/support/temp.ts";
import { curlFloor, nodeFloor } from "./floor.ts";
import { hostDelay } from "./host-delay.ts";
import {
  type Contender,
  type Measured,
  measureProgram,
  measureRounds,
  medianRatio,
  medianSeconds,
  peakMiB,
} from "./measure.ts";
import { type Command, freightliner, skopeoCommand } from "./programs.ts";

export interface LargeInput {
  readonly rounds: number;
  readonly megabytes: number;
}

const where = { repository: "bench/large", tag: "v1" };
const floors = ["curl | curl", "Node pipe"] as const;

export async function benchLarge(input: LargeInput): Promise<void> {
  console.log(`large: ${input.megabytes} MiB in 4 layers, ${input.rounds} rounds`);
  await withSource(input, async (source, image) => {
    const contenders: readonly Contender[] = [
      copyBy("Freightliner", source, image, (home, from, to) => freightliner(home, "copy", from, to)),
      copyBy("skopeo", source, image, (home, from, to) => skopeoCopy(home, from, to)),
      ...floorContenders(source, image),
    ];
    const results = await measureRounds({ rounds: input.rounds, phases: ["copy"], contenders });
    const seconds = (name: string): number => medianSeconds(results, name, "copy");
    const floor = seconds(floors[0]) <= seconds(floors[1]) ? floors[0] : floors[1];
    const ratio = (over: string, under: string): string =>
      medianRatio(results, "copy", over, under).toFixed(2);
    console.log(
      `  medians: Freightliner ${seconds("Freightliner").toFixed(2)} s, skopeo ${seconds("skopeo").toFixed(2)} s, floor (${floor}) ${seconds(floor).toFixed(2)} s`,
    );
    console.log(
      `  ratios: skopeo/Freightliner ${ratio("skopeo", "Freightliner")}, skopeo/floor ${ratio("skopeo", floor)}, Freightliner/floor ${ratio("Freightliner", floor)}`,
    );
    console.log(
      `  peak memory: Freightliner ${peakMiB(results, "Freightliner", "copy").toFixed(0)} MiB (limit 220), skopeo ${peakMiB(results, "skopeo", "copy").toFixed(0)} MiB`,
    );
    await printHostDelay(source);
  });
}

export async function benchFloor(input: LargeInput): Promise<void> {
  console.log(`floor: ${input.megabytes} MiB in 4 layers, ${input.rounds} rounds`);
  await withSource(input, async (source, image) => {
    const contenders = floorContenders(source, image);
    const results = await measureRounds({ rounds: input.rounds, phases: ["copy"], contenders });
    const lines = floors.map((name) => `${name} ${medianSeconds(results, name, "copy").toFixed(2)} s`);
    console.log(`  medians: ${lines.join(", ")}`);
  });
}

async function withSource(
  input: LargeInput,
  use: (source: RealRegistry, image: BuiltImage) => Promise<void>,
): Promise<void> {
  const source = await startRealRegistry();
  try {
    const totalSize = input.megabytes * 1024 * 1024;
    const image = await buildLargeImage({ seed: "bench", totalSize, layers: 4 });
    await pushImage(source, image, where.repository, where.tag);
    await use(source, image);
  } finally {
    await source.stop();
  }
}

function skopeoCopy(home: string, from: string, to: string): Command {
  const options = [
    "--all",
    "--preserve-digests",
    "--quiet",
    "--src-tls-verify=false",
    "--dest-tls-verify=false",
  ];
  return skopeoCommand(home, "copy", ...options, `docker://${from}`, `docker://${to}`);
}

function copyBy(
  name: string,
  source: RealRegistry,
  image: BuiltImage,
  command: (home: string, from: string, to: string) => Command,
): Contender {
  const run = (): Promise<readonly Measured[]> =>
    onFreshDestination(image, async (destination) => {
      await using home = await tempFolder("bench-home");
      const name = `${where.repository}:${where.tag}`;
      return measureProgram(command(home.path, `${source.host}/${name}`, `${destination.host}/${name}`));
    });
  return { name, run };
}

function floorContenders(source: RealRegistry, image: BuiltImage): readonly Contender[] {
  return [curlFloor, nodeFloor].map((floor, index) => ({
    name: floors[index] ?? "",
    run: () =>
      onFreshDestination(image, async (destination) => ({
        seconds: await floor({ source, destination }, where, image),
        peakMiB: 0,
      })),
  }));
}

/** Runs it and makes sure that the image arrived. */
async function onFreshDestination(
  image: BuiltImage,
  run: (destination: RealRegistry) => Promise<Measured>,
): Promise<readonly Measured[]> {
  const destination = await startRealRegistry();
  try {
    const measured = await run(destination);
    const found = await digestOf(destination, where.repository, where.tag);
    if (found !== image.digest) throw new Error(`The destination holds ${found}, expected ${image.digest}.`);
    return [measured];
  } finally {
    await destination.stop();
  }
}

async function printHostDelay(source: RealRegistry): Promise<void> {
  const destination = await startRealRegistry();
  try {
    const delay = await hostDelay({ source, destination, ...where });
    console.log(
      `  event loop of the web host during the same copy: p50 ${delay.p50Ms.toFixed(1)} ms, p99 ${delay.p99Ms.toFixed(1)} ms (limit 50), copy ${delay.seconds.toFixed(2)} s`,
    );
  } finally {
    await destination.stop();
  }
}
