// Parts `small` and `unchanged`: many small images cold, then once more with nothing to do, against `skopeo sync`.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type BuiltImage,
  blobsOf,
  buildImage,
  buildLayer,
  pushImage,
} from "../test/support/image-builder.ts";
import { hasBlob, headManifest, type RawTarget } from "../test/support/raw-http.ts";
import { type RealRegistry, startRealRegistry } from "../test/support/real-registry.ts";
import { tempFolder } from "../test/support/temp.ts";
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

export interface SmallInput {
  readonly rounds: number;
  readonly images: number;
  readonly repositories: number;
}

interface Placed {
  readonly repository: string;
  readonly tag: string;
  readonly image: BuiltImage;
}

/** How the two programs are told to copy everything. */
interface Program {
  readonly name: string;
  readonly command: (home: string, destination: RealRegistry) => Promise<Command>;
}

export async function benchSmall(
  input: SmallInput,
  wanted: { readonly cold: boolean; readonly unchanged: boolean },
): Promise<void> {
  const source = await startRealRegistry();
  try {
    const placed = await pushSmallImages(source, input);
    const title = [...(wanted.cold ? ["small"] : []), ...(wanted.unchanged ? ["unchanged"] : [])].join(", ");
    console.log(
      `${title}: ${placed.length} images in ${input.repositories} repositories, ${input.rounds} rounds`,
    );
    const contenders = programs(source, input).map((program) => contender(program, placed, wanted));
    const phases = [...(wanted.cold ? ["cold"] : []), ...(wanted.unchanged ? ["unchanged"] : [])];
    const results = await measureRounds({ rounds: input.rounds, phases, contenders });
    for (const phase of phases) {
      const seconds = (name: string): string => medianSeconds(results, name, phase).toFixed(2);
      const peak = (name: string): string => peakMiB(results, name, phase).toFixed(0);
      console.log(
        `  ${phase}, medians: Freightliner ${seconds("Freightliner")} s (${peak("Freightliner")} MiB), skopeo sync ${seconds("skopeo sync")} s (${peak("skopeo sync")} MiB); skopeo/Freightliner ${medianRatio(results, phase, "skopeo sync", "Freightliner").toFixed(2)}`,
      );
    }
  } finally {
    await source.stop();
  }
}

/** skopeo sync keeps only the last part of a name, so the repositories have but one. */
function repositoryName(index: number): string {
  return `app-${String(index).padStart(3, "0")}`;
}

async function pushSmallImages(source: RawTarget, input: SmallInput): Promise<readonly Placed[]> {
  const placed: Placed[] = [];
  for (let index = 0; index < input.images; index += 1) {
    const repository = repositoryName(index % input.repositories);
    const base = await buildLayer({ seed: `base of ${repository}`, size: 200_000 });
    const image = await buildImage({
      seed: `small ${index}`,
      layers: 2,
      layerSize: 20_000,
      baseLayers: [base],
    });
    const tag = `v${Math.floor(index / input.repositories)}`;
    await pushImage(source, image, repository, tag);
    placed.push({ repository, tag, image });
  }
  return placed;
}

function programs(source: RealRegistry, input: SmallInput): readonly Program[] {
  return [
    {
      name: "Freightliner",
      command: async (home, destination) => {
        const ends = ["--source", source.host, "--destination", destination.host];
        return freightliner(home, "replicate", ...ends, "--repository-pattern", "**");
      },
    },
    {
      name: "skopeo sync",
      command: async (home, destination) => {
        const file = join(home, "sync.yaml");
        // An empty list means all tags. https://github.com/containers/skopeo/blob/v1.9.3/docs/skopeo-sync.1.md#yaml-file-content
        const names = Array.from(
          { length: input.repositories },
          (_, index) => `    ${repositoryName(index)}: []`,
        );
        await writeFile(file, `"${source.host}":\n  tls-verify: false\n  images:\n${names.join("\n")}\n`);
        const options = ["--all", "--preserve-digests", "--dest-tls-verify=false"];
        return skopeoCommand(
          home,
          "sync",
          "--src",
          "yaml",
          "--dest",
          "docker",
          ...options,
          file,
          destination.host,
        );
      },
    },
  ];
}

function contender(
  program: Program,
  placed: readonly Placed[],
  wanted: { readonly cold: boolean; readonly unchanged: boolean },
): Contender {
  const run = async (): Promise<readonly Measured[]> => {
    const destination = await startRealRegistry();
    await using home = await tempFolder("bench-home");
    try {
      const command = await program.command(home.path, destination);
      const cold = await measureProgram(command);
      await assertArrived(program.name, destination, placed);
      const unchanged = wanted.unchanged ? [await measureProgram(command)] : [];
      return [...(wanted.cold ? [cold] : []), ...unchanged];
    } finally {
      await destination.stop();
    }
  };
  return { name: program.name, run };
}

/** Every tag has its digest, and of every tenth image all blobs are there. */
async function assertArrived(
  program: string,
  destination: RawTarget,
  placed: readonly Placed[],
): Promise<void> {
  for (const [index, { repository, tag, image }] of placed.entries()) {
    const { digest } = await headManifest(destination, repository, tag);
    if (digest !== image.digest) throw new Error(`${program}: ${repository}:${tag} is ${digest}.`);
    if (index % 10 !== 0) continue;
    for (const blob of blobsOf(image)) {
      if (await hasBlob(destination, repository, blob.digest)) continue;
      throw new Error(`${program}: ${repository}:${tag} lacks ${blob.digest}.`);
    }
  }
}
