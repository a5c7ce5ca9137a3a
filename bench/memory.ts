// Part `memory`: the peak of resident memory does not grow with the size of what is copied.
import { buildLargeImage, pushImage } from "../test/support/image-builder.ts";
import { startRealRegistry } from "../test/support/real-registry.ts";
import { digestOf } from "../test/support/skopeo.ts";
import { tempFolder } from "../test/support/temp.ts";
import { type Measured, measureProgram } from "./measure.ts";
import { freightliner } from "./programs.ts";

const limitMiB = 220;
/** What counts as not larger, as a share of the smallest copy's peak. */
const noise = 0.1;

export async function benchMemory(sizes: readonly number[]): Promise<void> {
  console.log(`memory: one copy each of ${sizes.join(" and ")} MiB in 4 layers`);
  const peaks: number[] = [];
  for (const megabytes of sizes) {
    const { seconds, peakMiB } = await copyOnce(megabytes);
    peaks.push(peakMiB);
    console.log(
      `  ${megabytes} MiB: peak ${peakMiB.toFixed(0)} MiB (limit ${limitMiB}), ${seconds.toFixed(1)} s`,
    );
  }
  const [first = 0] = peaks;
  const largest = Math.max(...peaks);
  const flat = largest <= first * (1 + noise) ? "does not grow with the size" : "GROWS with the size";
  console.log(`  ${largest <= limitMiB ? "within" : "ABOVE"} the limit, ${flat}`);
}

async function copyOnce(megabytes: number): Promise<Measured> {
  const [source, destination] = await Promise.all([startRealRegistry(), startRealRegistry()]);
  await using home = await tempFolder("bench-home");
  try {
    const totalSize = megabytes * 1024 * 1024;
    const image = await buildLargeImage({ seed: `memory ${megabytes}`, totalSize, layers: 4 });
    await pushImage(source, image, "bench/memory", "v1");
    const name = "bench/memory:v1";
    const measured = await measureProgram(
      freightliner(home.path, "copy", `${source.host}/${name}`, `${destination.host}/${name}`),
    );
    const found = await digestOf(destination, "bench/memory", "v1");
    if (found !== image.digest) throw new Error(`The destination holds ${found}, expected ${image.digest}.`);
    return measured;
  } finally {
    await Promise.all([source.stop(), destination.stop()]);
  }
}
