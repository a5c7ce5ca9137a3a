// Part `shared`: repositories that share most of their layers; the destination should receive every byte but once.
import {
  type BuiltImage,
  blobsOf,
  buildImage,
  buildLayer,
  pushImage,
} from "../test/support/image-builder.ts";
import { headManifest } from "../test/support/raw-http.ts";
import { startRealRegistry } from "../test/support/real-registry.ts";
import { startSlowProxy } from "../test/support/slow-proxy.ts";
import { tempFolder } from "../test/support/temp.ts";
import { measureProgram } from "./measure.ts";
import { freightliner } from "./programs.ts";

const repositories = 20;
const layerSize = 2 * 1024 * 1024;

export async function benchShared(): Promise<void> {
  const source = await startRealRegistry();
  const destination = await startRealRegistry();
  const proxy = await startSlowProxy({ port: destination.port });
  await using home = await tempFolder("bench-home");
  try {
    const images = await sharingImages();
    for (const [index, image] of images.entries()) await pushImage(source, image, `team/app-${index}`, "v1");
    const all = images.flatMap((image) => blobsOf(image));
    const unique = new Map(all.map((blob) => [blob.digest, blob.size]));
    const uniqueBytes = sum([...unique.values()]) + sum(images.map((image) => image.bytes.length));
    const ends = ["--source", source.host, "--destination", proxy.host];
    const command = freightliner(home.path, "replicate", ...ends, "--repository-pattern", "**");
    const { seconds } = await measureProgram(command);
    for (const [index, image] of images.entries()) {
      const { digest } = await headManifest(destination, `team/app-${index}`, "v1");
      if (digest !== image.digest) throw new Error(`team/app-${index}:v1 is ${digest}.`);
    }
    const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
    const over = (100 * (proxy.bytesUp - uniqueBytes)) / uniqueBytes;
    console.log(
      `shared: ${repositories} repositories share 4 of 5 layers, one run in ${seconds.toFixed(2)} s`,
    );
    console.log(
      `  the destination received ${mib(proxy.bytesUp)} MiB (headers included), unique bytes are ${mib(uniqueBytes)} MiB of ${mib(sum(all.map((blob) => blob.size)))} MiB: ${over.toFixed(1)} % more (limit 5)`,
    );
  } finally {
    await proxy.close();
    await Promise.all([source.stop(), destination.stop()]);
  }
}

async function sharingImages(): Promise<readonly BuiltImage[]> {
  const baseLayers = await Promise.all(
    [0, 1, 2, 3].map((index) =>
      buildLayer({ seed: `shared ${index}`, size: layerSize, compression: "none" }),
    ),
  );
  const images: BuiltImage[] = [];
  for (let index = 0; index < repositories; index += 1) {
    const seed = `sharing ${index}`;
    images.push(await buildImage({ seed, layers: 1, layerSize, baseLayers, compression: "none" }));
  }
  return images;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
