// A stage for journeys that look back: two real registries, a signed image of two platforms, a host that a test can also call itself.
import type { Browser, Page } from "@playwright/test";
import type { ContractClient } from "../../shared/client.ts";
import type { MethodInput } from "../../shared/contract.ts";
import { isFinished, type Run } from "../../shared/run.ts";
import { type BuiltHost, startBuiltHost } from "../../test/support/built-host.ts";
import { enterHost } from "../../test/support/enter-host.ts";
import {
  type BuiltImage,
  buildArtifact,
  buildIndex,
  buildMultiPlatform,
  pushImage,
} from "../../test/support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../../test/support/real-registry.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { type Complaints, openPage } from "./stage.ts";
import { expectAccessible } from "./window.ts";

export const repository = "team/app";

export interface HistoryStage {
  readonly source: RealRegistry;
  readonly destination: RealRegistry;
  readonly host: BuiltHost;
  readonly client: ContractClient;
  readonly sourceId: string;
  readonly destinationId: string;
  readonly image: BuiltImage;
  readonly sbom: BuiltImage;
  readonly page: Page;
  readonly complaints: Complaints;
  close(): Promise<void>;
}

/** An index of two platforms at v1 with an SBOM of it, a signature of that, and cosign's signature of the index; another at v2. */
async function pushSigned(target: RealRegistry): Promise<{ image: BuiltImage; sbom: BuiltImage }> {
  const image = await buildMultiPlatform({
    seed: "signed",
    layers: 3,
    layerSize: 60_000,
    sharedLayerSize: 200_000,
    labels: { "org.opencontainers.image.title": "app", version: "1", deploy_token: "not really one" },
  });
  const other = await buildMultiPlatform({
    seed: "signed",
    layers: 4,
    layerSize: 60_000,
    sharedLayerSize: 200_000,
    labels: { "org.opencontainers.image.title": "app", version: "2" },
  });
  const of = ({ mediaType, digest, size }: BuiltImage) => ({ mediaType, digest, size });
  const sbom = buildArtifact({ seed: "sbom", artifactType: "application/spdx+json", subject: of(image) });
  const signed = buildArtifact({
    seed: "signature of the sbom",
    artifactType: "application/vnd.dev.cosign.artifact.sig.v1+json",
    subject: of(sbom),
  });
  const signature = buildArtifact({ seed: "signature" });
  const tagOf = ({ digest }: BuiltImage): string => digest.replace(":", "-");
  await pushImage(target, image, repository, "v1");
  await pushImage(target, other, repository, "v2");
  // distribution 2.8 has no referrers API: the list of referrers lies behind a tag.
  await pushImage(target, buildIndex({ children: [sbom] }), repository, tagOf(image));
  await pushImage(target, buildIndex({ children: [signed] }), repository, tagOf(sbom));
  await pushImage(target, signature, repository, `${tagOf(image)}.sig`);
  return { image, sbom };
}

export async function startHistoryStage(
  browser: Browser,
  look: { readonly colorScheme?: "light" | "dark"; readonly width?: number; readonly height?: number } = {},
): Promise<HistoryStage> {
  const [source, destination, home] = await Promise.all([
    startRealRegistry(),
    startRealRegistry({ delete: true }),
    tempFolder("history-journey"),
  ]);
  const { image, sbom } = await pushSigned(source);
  const host = await startBuiltHost(home.path);
  const { client } = host;
  const add = async (name: string, { host: address }: RealRegistry): Promise<string> =>
    (await client.call("endpoints.add", { name, settings: { kind: "registry", host: address } })).id;
  const [sourceId, destinationId] = [await add("Staging", source), await add("Production", destination)];
  const { page, complaints } = await openPage(browser, "about:blank", look);
  await enterHost(page.context(), host);
  await page.goto(host.origin);
  return {
    source,
    destination,
    host,
    client,
    sourceId,
    destinationId,
    image,
    sbom,
    page,
    complaints,
    close: async () => {
      await page.context().close();
      await host.stop();
      await Promise.all([source.stop(), destination.stop(), home.remove()]);
    },
  };
}

/** Plans, starts, and waits until it is over. */
export async function runToEnd(client: ContractClient, spec: MethodInput<"runs.plan">): Promise<Run> {
  const planned = await until(
    client,
    (await client.call("runs.plan", spec)).id,
    ({ state }) => state === "planned",
  );
  await client.call("runs.start", { runId: planned.id });
  return until(client, planned.id, ({ state }) => isFinished(state));
}

export async function until(
  client: ContractClient,
  runId: string,
  there: (run: Run) => boolean,
): Promise<Run> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const run = await client.call("runs.get", { runId });
    if (there(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The run ${runId} did not come there in 30 s.`);
}

/** Nothing serious for axe, in the page's own colours and where the operating system forces its own. */
export async function expectAccessibleEverywhere(page: Page, what: string): Promise<void> {
  await expectAccessible(page, what);
  // With motion, colours that are still on their way from one to the other would be judged.
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await page.waitForTimeout(250);
  await expectAccessible(page, `${what}, forced colours`);
  await page.emulateMedia({ forcedColors: "none", reducedMotion: "no-preference" });
}

export async function go(page: Page, screen: "Jobs" | "History" | "Transfer"): Promise<void> {
  await page.getByRole("navigation").getByText(screen, { exact: true }).click();
}
