// The stage for `bench:ui`: large registries, a run of ten thousand images that has ended, and one with many blobs to come.
import type { ContractClient } from "../shared/client.ts";
import { isFinished, type Run, type RunState } from "../shared/run.ts";
import { startBuiltHost } from "../test/support/built-host.ts";
import { buildImage, pushImage } from "../test/support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../test/support/real-registry.ts";
import { type TempFolder, tempFolder } from "../test/support/temp.ts";
import { type BigRegistry, startBigRegistry } from "./big-registry.ts";
import { fillHistory } from "./ui-history.ts";

export interface UiSizes {
  readonly repositories: number;
  /** Of one repository. */
  readonly tags: number;
  /** Images of the run that has ended. */
  readonly images: number;
  /** Images of the run that waits, four layers each. */
  readonly movingImages: number;
  readonly layerBytes: number;
  /** Ended runs in the history, beside those that really ran. */
  readonly runs: number;
}

export interface UiStage {
  readonly home: TempFolder;
  close(): Promise<void>;
}

/** Everything is prepared headless, in the data folder that the measured host opens then. */
export async function prepareStage(sizes: UiSizes): Promise<UiStage> {
  const { repositories, tags, images } = sizes;
  const tagsEach = Math.max(1, Math.ceil(tags / repositories));
  const [wide, deep, twin, source, destination, home] = await Promise.all([
    startBigRegistry({ repositories, tags: tagsEach }),
    startBigRegistry({ repositories: 1, tags }),
    startBigRegistry({ repositories: 1, tags: images }),
    startRealRegistry(),
    startRealRegistry(),
    tempFolder("bench-ui"),
  ]);
  const registries: (BigRegistry | RealRegistry)[] = [wide, deep, twin, source, destination];
  await pushMoving(source, sizes);
  const host = await startBuiltHost(home.path);
  try {
    const { client } = host;
    const add = async (name: string, host: string): Promise<string> =>
      (
        await client.call("endpoints.add", {
          name,
          settings: { kind: "registry", host, connections: 64, adaptive: false },
        })
      ).id;
    const wideId = await add("Wide", wide.host);
    const deepId = await add("Deep", deep.host);
    const twinId = await add("Twin", twin.host);
    const sourceId = await add("Source", source.host);
    const destinationId = await add("Destination", destination.host);
    await runToEnd(client, { sourceId: twinId, destinationId: deepId });
    await leavePaused(client, { sourceId, destinationId }, sizes.movingImages);
    await client.call("settings.set", {
      key: "panes",
      value: {
        left: { endpointId: wideId, expanded: [], typed: [] },
        right: { endpointId: deepId, expanded: [], typed: [] },
      },
    });
    await client.call("limits.set", { bandwidth: 8 * 1024 * 1024 });
  } finally {
    await host.stop();
  }
  fillHistory(home.path, sizes.runs);
  return {
    home,
    close: async () => {
      await Promise.all(registries.map((registry) => registry.stop()));
      await home.remove();
    },
  };
}

async function pushMoving(source: RealRegistry, { movingImages, layerBytes }: UiSizes): Promise<void> {
  for (let index = 0; index < movingImages; index += 1) {
    const image = await buildImage({ seed: `moving ${index}`, layers: 4, layerSize: layerBytes });
    await pushImage(source, image, `moving/app-${index}`, "v1");
  }
}

type Ends = { readonly sourceId: string; readonly destinationId: string };

function everything(ends: Ends, parallelImages: number) {
  return {
    ...ends,
    selection: [{ kind: "repositories" as const, include: ["**"], tags: {} }],
    options: { parallelImages },
  };
}

async function runToEnd(client: ContractClient, ends: Ends): Promise<void> {
  const planned = await stateOf(client, (await client.call("runs.plan", everything(ends, 64))).id, "planned");
  await client.call("runs.start", { runId: planned.id });
  await stateOf(client, planned.id, "succeeded");
}

/** The person in front of the window lets it go on. */
async function leavePaused(client: ContractClient, ends: Ends, images: number): Promise<void> {
  const spec = everything(ends, Math.min(64, images));
  const planned = await stateOf(client, (await client.call("runs.plan", spec)).id, "planned");
  await client.call("runs.start", { runId: planned.id });
  await client.call("runs.pause", { runId: planned.id });
  await stateOf(client, planned.id, "paused");
}

async function stateOf(client: ContractClient, runId: string, wanted: RunState): Promise<Run> {
  for (;;) {
    const run = await client.call("runs.get", { runId });
    if (run.state === wanted) return run;
    if (isFinished(run.state)) throw new Error(`A prepared run is ${run.state}: ${run.error?.message ?? ""}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
