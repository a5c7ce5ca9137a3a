// The engine between two real registries: racing images with the same layers, a second run that moves nothing, verify.
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../electron/engine/clock.ts";
import { createEngineContext } from "../../electron/engine/context.ts";
import { planRun } from "../../electron/engine/plan.ts";
import { replicateRun } from "../../electron/engine/replicate.ts";
import { verifyImage } from "../../electron/engine/verify-image.ts";
import { Registry } from "../../electron/registry/registry.ts";
import { openStore } from "../../electron/store/open.ts";
import { parseDigest } from "../../shared/digest.ts";
import { jobSpecSchema, type Run } from "../../shared/run.ts";
import { countRequests } from "../support/access-log.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { testFolder } from "../support/test-folder.ts";

const { signal } = new AbortController();
const manifestType = "application/vnd.oci.image.manifest.v1+json";

function open(server: RealRegistry): Registry {
  const settings = {
    host: server.host,
    plainHttp: "auto" as const,
    insecureSkipVerify: false,
    trustedTokenHosts: [],
    connections: 8,
  };
  const registry = new Registry({
    settings,
    credentials: { get: async () => undefined },
    userAgent: "freightliner-test",
  });
  onTestFinished(() => registry.close());
  return registry;
}

const digestOf = (bytes: Uint8Array) =>
  parseDigest(`sha256:${createHash("sha256").update(bytes).digest("hex")}`, "test");

async function putImage(
  registry: Registry,
  repository: string,
  tags: readonly string[],
  layers: Uint8Array[],
) {
  const put = async (bytes: Uint8Array, mediaType: string) => {
    const blob = { mediaType, digest: digestOf(bytes), size: bytes.length };
    await registry.putBlob(repository, blob, Readable.from([bytes], { objectMode: false }), { signal });
    return blob;
  };
  const config = await put(
    Buffer.from(JSON.stringify({ os: "linux", architecture: "amd64", repository })),
    "application/vnd.oci.image.config.v1+json",
  );
  const descriptors = [];
  for (const layer of layers) descriptors.push(await put(layer, "application/vnd.oci.image.layer.v1.tar"));
  const bytes = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config, layers: descriptors }),
  );
  const manifest = { bytes, digest: digestOf(bytes), size: bytes.length, mediaType: manifestType };
  for (const tag of tags) await registry.putManifest(repository, tag, manifest, { signal });
}

async function bench() {
  const [from, to] = await Promise.all([startRealRegistry(), startRealRegistry()]);
  onTestFinished(() => Promise.all([from.stop(), to.stop()]).then(() => undefined));
  const [source, destination] = [open(from), open(to)];
  const store = openStore({
    file: `${await testFolder("engine")}/test.db`,
    owner: "test",
    now: () => Date.now(),
  });
  onTestFinished(() => store.close());
  const context = createEngineContext({
    journal: store.journal,
    clock: systemClock,
    listener: { imageChanged: () => undefined, progress: () => undefined },
  });
  const spec = jobSpecSchema.parse({
    sourceId: "src",
    destinationId: "dst",
    selection: [{ kind: "repositories", include: ["team/**"], tags: {} }],
    options: { parallelImages: 12 },
  });
  const end = (id: string) => ({ id, name: id, address: id });
  const replicate = async (): Promise<Run> => {
    const { id } = store.runs.insert({ spec, source: end("src"), destination: end("dst") });
    const request = {
      runId: id,
      spec,
      options: spec.options,
      source,
      destination,
      destinationId: "dst",
    };
    await planRun(request, context, signal);
    store.runs.start(id, []);
    const run = store.runs.claim(id);
    if (run === undefined) throw new Error("the run was not claimed");
    return replicateRun({ ...request, run }, context, signal);
  };
  return { from, to, source, destination, context, replicate };
}

describe("the engine between real registries", () => {
  it("sends the layers that many repositories share once, without a refused manifest", async () => {
    const b = await bench();
    const base = randomBytes(20_000_000);
    for (let at = 0; at < 12; at++)
      await putImage(b.source, `team/app${at}`, ["v1", "v2"], [base, randomBytes(100_000)]);
    const first = await b.replicate();
    expect(first).toMatchObject({ state: "succeeded", error: null });
    expect(first.tallies).toMatchObject({
      imagesSucceeded: 24,
      bytesTransferred: first.plan.bytesToTransfer,
      bytesMounted: 11 * base.length,
      mounts: 11,
      retries: 0,
    });
    expect(first.plan.bytesMountable).toBe(11 * base.length);
    const refused = (await b.to.accessLog()).filter((line) => line.status >= 400 && line.status !== 404);
    expect(refused).toEqual([]);

    await b.from.clearAccessLog();
    const second = await b.replicate();
    expect(second).toMatchObject({ state: "succeeded", plan: { skip: 24, bytesToTransfer: 0 } });
    expect((await b.from.accessLog()).filter((line) => line.path.includes("/blobs/"))).toEqual([]);

    const verified = await verifyImage(
      {
        source: b.source,
        sourceRepository: "team/app3",
        sourceReference: "v1",
        destination: b.destination,
        destinationRepository: "team/app3",
        destinationReference: "v1",
        hosts: b.context.hosts,
        clock: systemClock,
      },
      signal,
    );
    expect(verified).toMatchObject({ equal: true, manifests: 1, blobs: 3, differences: [] });
  });

  it("asks each registry for nothing twice, and for nothing in repositories that are new", async () => {
    const b = await bench();
    for (let at = 0; at < 4; at++)
      for (const tag of ["v1", "v2", "v3"])
        await putImage(b.source, `team/app${at}`, [tag], [randomBytes(5000), randomBytes(5000)]);
    await b.from.clearAccessLog();
    expect(await b.replicate()).toMatchObject({ state: "succeeded" });
    const source = await b.from.accessLog();
    // Twelve images: each is a counted pull once.
    expect(countRequests(source, "GET", /\/manifests\//)).toBe(12);
    expect(countRequests(source, "HEAD", /\/manifests\//)).toBe(12);
    expect(countRequests(source, "GET", /\/referrers\//)).toBe(1);
    const cold = await b.to.accessLog();
    expect(countRequests(cold, "GET", /\/tags\/list/, 404)).toBe(4);
    expect(countRequests(cold, "HEAD", /\/blobs\//)).toBe(0);
    expect(countRequests(cold, "HEAD", /\/manifests\//)).toBeLessThanOrEqual(12);
    // A configuration for each repository, two layers for each image.
    expect(countRequests(cold, "POST", /\/blobs\/uploads\//)).toBe(4 + 24);
    expect(countRequests(cold, "PUT", /\/manifests\//)).toBe(12);
    // Every tag is read back.
    expect(countRequests(cold, "GET", /\/manifests\//)).toBe(12);

    await Promise.all([b.from.clearAccessLog(), b.to.clearAccessLog()]);
    expect(await b.replicate()).toMatchObject({ state: "succeeded", plan: { skip: 12 } });
    const unchanged = [...(await b.from.accessLog()), ...(await b.to.accessLog())];
    expect(countRequests(unchanged, "HEAD", /\/manifests\//)).toBe(24);
    // The catalogue and four lists of tags.
    expect(unchanged.filter((line) => line.method !== "HEAD")).toHaveLength(5);
  });
});
