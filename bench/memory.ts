// Part `memory`: the peak of resident memory does not grow with the size of what is copied.
import { buildLargeImage, pushImage } from "../test/support/image-builder.ts";
import { startRealRegistry } from "../test/support/real-registry.ts";
import { digestOf } from "../test/support/skopeo.ts";
import { tempFolder } from "../test/support/temp.ts";
import { type Measured, measureProgram, median } from "./measure.ts";
import { freightliner } from "./programs.ts";

const limitMiB = 220;
/** What counts as not larger, as a share of the smallest copy's peak. */
const noise = 0.1;

export async function benchMemory(sizes: readonly number[], rounds: number): Promise<void> {
  console.log(`memory: ${sizes.join(" and ")} MiB in 4 layers, ${rounds} rounds`);
  const peaks = sizes.map((): number[] => []);
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, megabytes] of sizes.entries()) {
      const { seconds, peakMiB } = await copyOnce(megabytes);
      peaks[index]?.push(peakMiB);
      console.log(
        `  round ${round}, ${megabytes} MiB: peak ${peakMiB.toFixed(0)} MiB, ${seconds.toFixed(1)} s`,
      );
    }
  }
  const medians = peaks.map(median);
  const [first = 0] = medians;
  const flat =
    Math.max(...medians) <= first * (1 + noise) ? "does not grow with the size" : "GROWS with the size";
  const highest = Math.max(...peaks.flat());
  console.log(
    `  medians: ${medians.map((peak) => `${peak.toFixed(0)} MiB`).join(", ")}; ${flat}; highest ${highest.toFixed(0)} MiB, ${highest <= limitMiB ? "within" : "ABOVE"} the limit of ${limitMiB}`,
  );
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
