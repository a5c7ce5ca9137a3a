// Part `plan`: planning a hundred thousand unchanged tags between two big registries in processes of their own.
import { tempFolder } from "../test/support/temp.ts";
import { startBigRegistry } from "./big-registry.ts";
import { measureProgram } from "./measure.ts";
import { freightliner } from "./programs.ts";

export interface PlanInput {
  readonly repositories: number;
  readonly tags: number;
}

export async function benchPlan({ repositories, tags }: PlanInput): Promise<void> {
  const source = await startBigRegistry({ repositories, tags });
  const destination = await startBigRegistry({ repositories, tags });
  await using home = await tempFolder("bench-home");
  try {
    const total = repositories * tags;
    console.log(`plan: ${total} unchanged tags of ${repositories} repositories`);
    const ends = ["--source", source.host, "--destination", destination.host];
    const command = freightliner(home.path, "plan", ...ends, "--repository-pattern", "**");
    for (const pass of ["first", "again"]) {
      const before = await allCounts([source, destination]);
      const { seconds, peakMiB } = await measureProgram(command);
      const asked = (await allCounts([source, destination])) - before;
      console.log(
        `  ${pass}: ${seconds.toFixed(1)} s, ${(total / seconds).toFixed(0)} tags per second, ${(asked / total).toFixed(2)} requests per tag, peak ${peakMiB.toFixed(0)} MiB (limit 300)`,
      );
    }
    console.log(`  requests at the source: ${JSON.stringify(await source.counts())}`);
    console.log(`  requests at the destination: ${JSON.stringify(await destination.counts())}`);
  } finally {
    await Promise.all([source.stop(), destination.stop()]);
  }
}

async function allCounts(
  registries: readonly { counts(): Promise<Readonly<Record<string, number>>> }[],
): Promise<number> {
  const counts = await Promise.all(registries.map((registry) => registry.counts()));
  return counts.flatMap((each) => Object.values(each)).reduce((total, value) => total + value, 0);
}
