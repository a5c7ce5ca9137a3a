// Mirroring into docker-registry 2.8, which deletes digests only: judged by raw HTTP and skopeo.
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../electron/engine/clock.ts";
import { createEngineContext } from "../../electron/engine/context.ts";
import { planRun } from "../../electron/engine/plan.ts";
import { replicateRun } from "../../electron/engine/replicate.ts";
import { Registry } from "../../electron/registry/registry.ts";
import { openStore } from "../../electron/store/open.ts";
import { jobSpecSchema, type Run } from "../../shared/run.ts";
import { buildImage, buildIndex, buildMultiPlatform, pushImage } from "../support/image-builder.ts";
import { headManifest, listTags } from "../support/raw-http.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { inspect, skopeoTags } from "../support/skopeo.ts";
import { tempFolder } from "../support/temp.ts";

const { signal } = new AbortController();

function client(server: RealRegistry): Registry {
  const registry = new Registry({
    settings: {
      host: server.host,
      plainHttp: "auto",
      insecureSkipVerify: false,
      trustedTokenHosts: [],
      connections: 8,
    },
    credentials: { get: async () => undefined },
    userAgent: "freightliner-test",
  });
  onTestFinished(() => registry.close());
  return registry;
}

async function stage(options: { readonly delete: boolean }) {
  const [from, to] = await Promise.all([startRealRegistry(), startRealRegistry(options)]);
  onTestFinished(() => Promise.all([from.stop(), to.stop()]).then(() => undefined));
  const folder = await tempFolder("mirror");
  const store = openStore({ file: `${folder.path}/test.db`, owner: "test", now: () => Date.now() });
  onTestFinished(async () => {
    store.close();
    await folder.remove();
  });
  const context = createEngineContext({
    journal: store.journal,
    clock: systemClock,
    listener: { imageChanged: () => undefined, progress: () => undefined },
  });
  const ends = { source: client(from), destination: client(to) };
  const mirror = async (exclude: readonly string[] = []): Promise<Run> => {
    const spec = jobSpecSchema.parse({
      sourceId: "src",
      destinationId: "dst",
      selection: [{ kind: "repositories", include: ["team/*"], tags: { exclude } }],
      options: { mirror: { maxDelete: 10, maxShare: 1 } },
    });
    const end = (id: string) => ({ id, name: id, address: id });
    const { id } = store.runs.insert({ spec, source: end("src"), destination: end("dst") });
    const request = { runId: id, spec, options: spec.options, ...ends, destinationId: "dst" };
    await planRun(request, context, signal);
    store.runs.start(id, []);
    const run = store.runs.claim(id);
    if (run === undefined) throw new Error("the run was not claimed");
    return replicateRun({ ...request, run }, context, signal);
  };
  const rows = (run: Run) => store.runs.images(run.id, { offset: 0, limit: 100 }).images;
  return { from, to, mirror, rows };
}

describe("a mirror into docker-registry", () => {
  it("deletes what nothing else needs, digest by digest, and keeps what is kept readable", async () => {
    const { from, to, mirror, rows } = await stage({ delete: true });
    const kept = await buildMultiPlatform({ seed: "kept", layerSize: 500 });
    const [inner] = kept.children;
    if (inner === undefined) throw new Error("no child");
    const gone = await buildImage({ seed: "gone", layerSize: 500 });
    const alone = await buildImage({ seed: "alone", layerSize: 500 });
    await pushImage(from, kept, "team/app", "v2");
    await pushImage(to, kept, "team/app", "v2");
    // Of two tags of one digest both go; the child of a kept index stays, whoever tagged it.
    for (const tag of ["v0", "v1"]) await pushImage(to, gone, "team/app", tag);
    await pushImage(to, inner, "team/app", "v2-amd64");
    await pushImage(to, buildIndex({ children: [alone] }), "team/app", "multi");
    await pushImage(to, alone, "team/app", "single");
    await pushImage(to, gone, "team/lost", "v1");
    await pushImage(to, gone, "else/app", "v1");

    const done = await mirror();
    expect(done).toMatchObject({
      state: "failed",
      plan: { skip: 1, delete: 6, guard: null },
      tallies: { imagesDeleted: 5, imagesFailed: 1 },
    });
    expect(rows(done).find((row) => row.state === "failed")).toMatchObject({
      destinationReference: "v2-amd64",
      error: { code: "unsupported", message: expect.stringContaining("the index of the tag v2 holds it") },
    });
    expect((await skopeoTags(to, "team/app")).toSorted()).toEqual(["v2", "v2-amd64"]);
    expect(await listTags(to, "team/lost")).toEqual([]);
    expect((await headManifest(to, "team/app", gone.digest)).status).toBe(404);
    expect((await headManifest(to, "team/app", inner.digest)).status).toBe(200);
    expect((await headManifest(to, "else/app", "v1")).status).toBe(200);
    for (const overrideArch of ["amd64", "arm64"])
      expect(await inspect(to, "team/app", "v2", { overrideArch })).toMatchObject({
        Architecture: overrideArch,
      });

    // Without the tag that cannot go there is nothing left to do.
    expect(await mirror(["v2-amd64"])).toMatchObject({ state: "succeeded", plan: { skip: 1, delete: 0 } });
  });

  it("says that deletion is switched off", async () => {
    const { from, to, mirror, rows } = await stage({ delete: false });
    const image = await buildImage({ seed: "one", layerSize: 500 });
    await pushImage(from, image, "team/app", "v1");
    await pushImage(to, image, "team/app", "old");
    await pushImage(to, await buildImage({ seed: "two", layerSize: 500 }), "team/app", "older");
    const done = await mirror();
    expect(done).toMatchObject({ state: "failed", tallies: { imagesDeleted: 0, imagesFailed: 2 } });
    const words = new Map(rows(done).map((row) => [row.destinationReference, row.error?.message ?? ""]));
    // The tag that was copied points at the same digest, so that this digest is not even tried.
    expect(words.get("old")).toContain("the tag v1 points at it too");
    expect(words.get("older")).toContain("deletion is switched off there");
    expect(rows(done).map((row) => row.error?.code)).toEqual([undefined, "unsupported", "unsupported"]);
    expect((await listTags(to, "team/app")).toSorted()).toEqual(["old", "older", "v1"]);
  });
});
