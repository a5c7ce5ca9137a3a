// What the tests of providers share: a client for a stand-in, and whole runs of the engine to it and back.
import { expect } from "vitest";
import type { Credential } from "../../../electron/engine/credential.ts";
import type { ImageEndpoint } from "../../../electron/engine/ports.ts";
import type { ProviderId } from "../../../shared/provider.ts";
import type { Run } from "../../../shared/run.ts";
import { type Harness, harness, image } from "../../engine/harness.ts";
import { putIndex } from "../../engine/images.ts";
import { planBetween, runBetween } from "../../engine/over-http.ts";
import { type ClientInput, registryFor } from "../scripted-server.ts";

export function password(username: string, secret: string): Credential {
  return { kind: "password", username, password: secret };
}

export function clientOf(
  provider: ProviderId,
  host: string,
  input: ClientInput & { readonly apiUrl?: string } = {},
): ImageEndpoint & { readonly parts: boolean } {
  const { apiUrl, settings, ...rest } = input;
  const registry = registryFor(host, {
    ...rest,
    settings: { provider, ...(apiUrl === undefined ? {} : { apiUrl }), ...settings },
  });
  return registry;
}

export async function refusalOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "nothing was refused",
    (error: unknown) => error,
  );
}

export interface Copied {
  readonly h: Harness;
  readonly run: Run;
}

/** Brings an index of two platforms from memory to the destination. */
export async function copyTo(
  destination: ImageEndpoint,
  repository: string,
  layerSize = 40_000,
): Promise<Copied> {
  const h = harness();
  putIndex(h.source, {
    repository: "app",
    tag: "v1",
    children: ["amd64", "arm64"].map((architecture) => ({
      architecture,
      layers: [
        [`base ${architecture}`, layerSize],
        [`top ${architecture}`, 9_000],
      ],
    })),
  });
  const selection = [
    { kind: "image" as const, repository: "app", reference: "v1", destinationRepository: repository },
  ];
  const planned = await planBetween(h, { destination }, { selection });
  return { h, run: await runBetween(h, { destination }, planned) };
}

/** Reads it back through the same client into memory, and compares digests. */
export async function copyBack(from: ImageEndpoint, repository: string, { h }: Copied): Promise<Run> {
  const back = harness();
  const planned = await planBetween(back, { source: from }, { selection: [image(repository, "v1")] });
  const run = await runBetween(back, { source: from }, planned);
  const tags = back.destination.repository(repository).tags;
  expect(tags.get("v1")).toBe(h.source.repository("app").tags.get("v1"));
  return run;
}
