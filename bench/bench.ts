// `npm run bench`: the same work on the same fresh registries, once with Freightliner and once with skopeo, in pairs.
// Options: --pairs N (5), --megabytes N (1024). Prints sizes, medians and ratios; nothing here is a test.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildLargeImage, pushImage } from "../test/support/image-builder.ts";
import { startRealRegistry } from "../test/support/real-registry.ts";
import { digestOf, skopeo } from "../test/support/skopeo.ts";
import { tempFolder } from "../test/support/temp.ts";
import { hostDelay } from "./host-delay.ts";
import { measureProgram, median } from "./measure.ts";

const { values } = parseArgs({
  options: { pairs: { type: "string", default: "5" }, megabytes: { type: "string", default: "1024" } },
});
const pairs = Number(values.pairs);
const megabytes = Number(values.megabytes);
const cli = join(import.meta.dirname, "../dist/cli/cli.js");

const source = await startRealRegistry();
try {
  const image = await buildLargeImage({ seed: "bench", totalSize: megabytes * 1024 * 1024, layers: 4 });
  await pushImage(source, image, "bench/large", "v1");
  const version = (await skopeo(["--version"])).toString("utf8").trim();
  console.log(`large copy: ${megabytes} MiB in 4 layers, ${pairs} pairs, Freightliner and ${version}`);

  const ours: { seconds: number; peakMiB: number }[] = [];
  const theirs: { seconds: number; peakMiB: number }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const programs = [
      async () => ours.push(await freightlinerCopy(image.digest)),
      async () => theirs.push(await skopeoCopy(image.digest)),
    ];
    // Who goes first changes, so that a warm cache favours nobody.
    for (const program of pair % 2 === 0 ? programs : programs.reverse()) await program();
    const [a, b] = [ours.at(-1), theirs.at(-1)];
    console.log(
      `  pair ${pair + 1}: Freightliner ${a?.seconds.toFixed(2)} s, ${a?.peakMiB.toFixed(0)} MiB · skopeo ${b?.seconds.toFixed(2)} s, ${b?.peakMiB.toFixed(0)} MiB`,
    );
  }
  const [mine, peer] = [median(ours.map((one) => one.seconds)), median(theirs.map((one) => one.seconds))];
  const peak = Math.max(...ours.map((one) => one.peakMiB));
  const ratios = ours.map((one, index) => (theirs[index]?.seconds ?? 0) / one.seconds);
  console.log(
    `  median: Freightliner ${mine.toFixed(2)} s, skopeo ${peer.toFixed(2)} s; as fast as skopeo × ${median(ratios).toFixed(2)}`,
  );
  console.log(
    `  peak memory: Freightliner ${peak.toFixed(0)} MiB (limit 220), skopeo ${Math.max(...theirs.map((one) => one.peakMiB)).toFixed(0)} MiB`,
  );

  const destination = await startRealRegistry();
  try {
    const delay = await hostDelay({ source, destination, repository: "bench/large", tag: "v1" });
    console.log(
      `event loop of the web host during the same copy: p50 ${delay.p50Ms.toFixed(1)} ms, p99 ${delay.p99Ms.toFixed(1)} ms (limit 50), copy ${delay.seconds.toFixed(2)} s`,
    );
  } finally {
    await destination.stop();
  }
} finally {
  await source.stop();
}

async function freightlinerCopy(digest: string): Promise<{ seconds: number; peakMiB: number }> {
  const destination = await startRealRegistry();
  await using home = await tempFolder("bench-home");
  try {
    const args = [
      cli,
      "--home",
      home.path,
      "--quiet",
      "copy",
      `${source.host}/bench/large:v1`,
      `${destination.host}/bench/large:v1`,
    ];
    const measured = await measureProgram(process.execPath, args);
    await assertArrived(destination, digest);
    return measured;
  } finally {
    await destination.stop();
  }
}

async function skopeoCopy(digest: string): Promise<{ seconds: number; peakMiB: number }> {
  const destination = await startRealRegistry();
  try {
    const measured = await measureProgram("skopeo", [
      ...["--insecure-policy", "copy", "--all", "--preserve-digests", "--quiet"],
      ...["--src-tls-verify=false", "--dest-tls-verify=false"],
      `docker://${source.host}/bench/large:v1`,
      `docker://${destination.host}/bench/large:v1`,
    ]);
    await assertArrived(destination, digest);
    return measured;
  } finally {
    await destination.stop();
  }
}

async function assertArrived(
  destination: { readonly host: string; readonly url: string },
  digest: string,
): Promise<void> {
  const found = await digestOf(destination, "bench/large", "v1");
  if (found !== digest) throw new Error(`The destination holds ${found}, expected ${digest}.`);
}
