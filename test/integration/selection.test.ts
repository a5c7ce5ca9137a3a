// Selection and mapping between two real registries, judged by raw HTTP: sets of patterns, versions and dates, and what they cost.
import { describe, expect, it, onTestFinished } from "vitest";
import type { z } from "zod";
import { systemClock } from "../../electron/engine/clock.ts";
import { createEngineContext } from "../../electron/engine/context.ts";
import { planRun } from "../../electron/engine/plan.ts";
import { replicateRun } from "../../electron/engine/replicate.ts";
import { Registry } from "../../electron/registry/registry.ts";
import { openStore } from "../../electron/store/open.ts";
import { jobSpecSchema, type Run, type RunImage } from "../../shared/run.ts";
import { buildImage, buildMultiPlatform, pushImage } from "../support/image-builder.ts";
import { getManifest, rawRequest } from "../support/raw-http.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { testFolder } from "../support/test-folder.ts";

const { signal } = new AbortController();

type SpecInput = Omit<z.input<typeof jobSpecSchema>, "sourceId" | "destinationId">;

function open(server: RealRegistry): Registry {
  const settings = {
    host: server.host,
    plainHttp: "auto" as const,
    insecureSkipVerify: false,
    trustedTokenHosts: [],
    connections: 8,
  };
  const credentials = { get: async () => undefined };
  const registry = new Registry({ settings, credentials, userAgent: "freightliner-test" });
  onTestFinished(() => registry.close());
  return registry;
}

async function bench() {
  const [from, to] = await Promise.all([startRealRegistry(), startRealRegistry()]);
  onTestFinished(() => Promise.all([from.stop(), to.stop()]).then(() => undefined));
  const [source, destination] = [open(from), open(to)];
  const file = `${await testFolder("selection")}/test.db`;
  const store = openStore({ file, owner: "test", now: () => Date.now() });
  onTestFinished(() => store.close());
  const listener = { imageChanged: () => undefined, progress: () => undefined };
  const context = createEngineContext({ journal: store.journal, clock: systemClock, listener });
  const end = (id: string) => ({ id, name: id, address: id });

  const replicate = async (input: SpecInput): Promise<{ run: Run; rows: readonly RunImage[] }> => {
    const spec = jobSpecSchema.parse({ sourceId: "src", destinationId: "dst", ...input });
    const { id } = store.runs.insert({ spec, source: end("src"), destination: end("dst") });
    const request = { runId: id, spec, options: spec.options, source, destination, destinationId: "dst" };
    await planRun(request, context, signal);
    store.runs.start(id, []);
    const claimed = store.runs.claim(id);
    if (claimed === undefined) throw new Error("the run was not claimed");
    const run = await replicateRun({ ...request, run: claimed }, context, signal);
    return { run, rows: store.runs.images(id, { offset: 0, limit: 1000 }).images };
  };
  return { from, to, replicate };
}

/** `repository:tag` of everything that the registry holds. */
async function held(server: RealRegistry): Promise<readonly string[]> {
  const read = async <T>(path: string): Promise<T> =>
    JSON.parse((await rawRequest(server, path)).body.toString());
  const { repositories } = await read<{ repositories: string[] }>("/v2/_catalog");
  const names: string[] = [];
  for (const repository of repositories) {
    const { tags } = await read<{ tags: string[] | null }>(`/v2/${repository}/tags/list`);
    for (const tag of tags ?? []) names.push(`${repository}:${tag}`);
  }
  return names.toSorted();
}

async function push(server: RealRegistry, repository: string, tags: Readonly<Record<string, string>>) {
  for (const [tag, created] of Object.entries(tags)) {
    const image = await buildImage({ seed: `${repository}:${tag}`, layers: 1, layerSize: 200, created });
    await pushImage(server, image, repository, tag);
  }
}

describe("selection and mapping between real registries", () => {
  it("takes a regex, a version range and the newest by creation date, into repositories with fewer levels", async () => {
    const b = await bench();
    await push(b.from, "team/shop/web", {
      "1.0.0": "2026-01-01T00:00:00Z",
      "v1.1.0": "2026-02-01T00:00:00Z",
      "1.2.0-rc.1": "2026-03-01T00:00:00Z",
      "2.0.0": "2026-04-01T00:00:00Z",
      latest: "2026-04-02T00:00:00Z",
      "pr-12": "2026-04-03T00:00:00Z",
      "pr-abc": "2026-04-04T00:00:00Z",
      // By name the other way round than by date.
      "nightly-1": "2026-05-04T00:00:00Z",
      "nightly-2": "2026-05-03T00:00:00Z",
      "nightly-3": "2026-05-01T00:00:00Z",
      "nightly-4": "1970-01-01T00:00:00Z",
    });
    const index = await buildMultiPlatform({
      seed: "n5",
      platforms: 2,
      layerSize: 200,
      created: "2026-05-02T00:00:00Z",
    });
    await pushImage(b.from, index, "team/shop/web", "nightly-5");
    await push(b.from, "team/db", { "1.5.0": "2026-01-01T00:00:00Z", edge: "2026-01-01T00:00:00Z" });
    await push(b.from, "other/db", { "1.5.0": "2026-01-01T00:00:00Z" });
    await b.from.clearAccessLog();

    const input: SpecInput = {
      selection: [
        {
          kind: "repositories",
          include: ["team/**"],
          tags: {
            exclude: ["nightly-2"],
            sets: [
              { regex: "pr-[0-9]+" },
              { semver: ">=1.1 <2" },
              { glob: "nightly-*", latest: { count: 2, by: "created" } },
            ],
          },
        },
      ],
      mapping: { kind: "strip", levels: 1, prefix: "mirror" },
    };
    const { run } = await b.replicate(input);
    expect(run).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 5, imagesFailed: 0 } });
    expect(await held(b.to)).toEqual([
      "mirror/db:1.5.0",
      "mirror/shop/web:nightly-1",
      "mirror/shop/web:nightly-5",
      "mirror/shop/web:pr-12",
      "mirror/shop/web:v1.1.0",
    ]);
    for (const name of ["nightly-1", "nightly-5", "pr-12", "v1.1.0"]) {
      const [there, here] = await Promise.all([
        getManifest(b.to, "mirror/shop/web", name),
        getManifest(b.from, "team/shop/web", name),
      ]);
      expect(there).toEqual(here);
    }
    expect(run.plan.warnings).toMatchObject([
      { code: "no-creation-date", text: expect.stringContaining("has 1 ") },
    ]);

    // Dates were read for the nightly ones that were not excluded, and for nothing else.
    const log = await b.from.accessLog();
    const headed = new Set(
      log.filter((line) => line.method === "HEAD").map((line) => line.path.split("/").at(-1)),
    );
    expect(["latest", "1.0.0", "2.0.0", "pr-abc", "nightly-2"].filter((tag) => headed.has(tag))).toEqual([]);

    await b.from.clearAccessLog();
    const again = await b.replicate(input);
    expect(again.run).toMatchObject({ state: "succeeded", plan: { skip: 5, copy: 0 } });
    const gets = (await b.from.accessLog()).filter((line) => line.method === "GET");
    // The dates are known by digest: lists are all that is read.
    expect(gets.filter((line) => /manifests|blobs/.test(line.path))).toEqual([]);
  });

  it("takes young images, renames their tags, and reports two sources on one destination", async () => {
    const b = await bench();
    const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
    await push(b.from, "a/app", { v1: ago(400), v2: ago(3), "2": ago(2), edge: ago(1) });
    await push(b.from, "b/app", { v9: ago(5), edge: ago(5) });
    const { run, rows } = await b.replicate({
      selection: [{ kind: "repositories", tags: { newerThanSeconds: 30 * 86_400 } }],
      mapping: { kind: "flatten" },
      renameTags: { pattern: "v(\\d+)", replacement: "$1" },
    });
    const conflicts = rows.filter((row) => row.action === "conflict").map((row) => row.reason);
    expect(conflicts.toSorted()).toEqual([
      "a/app:2 and a/app:v2 would both land on app:2.",
      "a/app:edge and b/app:edge would both land on app:edge.",
      "a/app:v2 and a/app:2 would both land on app:2.",
      "b/app:edge and a/app:edge would both land on app:edge.",
    ]);
    expect(run.plan).toMatchObject({ images: 5, copy: 1, conflict: 4 });
    expect(await held(b.to)).toEqual(["app:9"]);
  });

  it("reads no list where exact tags are named", async () => {
    const b = await bench();
    await push(b.from, "team/app", { v1: "2026-01-01T00:00:00Z", v2: "2026-01-01T00:00:00Z" });
    await b.from.clearAccessLog();
    const { run } = await b.replicate({
      selection: [{ kind: "repositories", names: ["team/app"], tags: { names: ["v2"] } }],
      options: { attachments: false },
    });
    expect([run.state, await held(b.to)]).toEqual(["succeeded", ["team/app:v2"]]);
    const lists = (await b.from.accessLog()).filter((line) => /_catalog|tags\/list/.test(line.path));
    expect(lists).toEqual([]);
  });
});
