// Uploads in parts and downloads by Range through the real client, with registries that do both in their own ways.
import { describe, expect, it } from "vitest";
import type { ImageEndpoint } from "../../electron/engine/ports.ts";
import type { Run } from "../../shared/run.ts";
import type { Fault, FaultMatch } from "../support/faults.ts";
import type { FixtureRegistry } from "../support/fixture-registry.ts";
import { buildLargeImage, pushImage } from "../support/image-builder.ts";
import { getBlob, sha256 as rawSha256 } from "../support/raw-http.ts";
import { everything, type Harness, harness } from "./harness.ts";
import { bytesOf, putImage } from "./images.ts";
import { chunked, sha256 } from "./memory-endpoint.ts";
import { client, fixture, planBetween, runBetween } from "./over-http.ts";

const part = 100_000;
const transfer = { partsFrom: 200_000, partSize: part };
const size = 1_000_000;
const digest = sha256(bytesOf("big", size));

interface Pushed {
  readonly h: Harness;
  readonly registry: FixtureRegistry;
  readonly destination: ImageEndpoint;
  push(): Promise<Run>;
  /** Bytes of bodies that the registry received for the large layer. */
  received(): number;
}

async function pushTo(
  registry: FixtureRegistry,
  credential?: { kind: "password"; username: string; password: string },
): Promise<Pushed> {
  const h = harness({ transfer });
  putImage(h.source, { repository: "app", tag: "v1", layers: [["big", size]] });
  const destination = client(registry.host, credential);
  return {
    h,
    registry,
    destination,
    push: async () => {
      const planned = await planBetween(h, { destination }, everything());
      const done = await runBetween(h, { destination }, planned);
      return done;
    },
    received: () =>
      registry.requests
        .filter((request) => request.kind === "upload" && request.bytesIn > 1_000)
        .reduce((sum, request) => sum + request.bytesIn, 0),
  };
}

async function expectThere({ registry }: Pushed): Promise<void> {
  expect(rawSha256(await getBlob(registry, "app", digest))).toBe(digest);
}

const dialects: readonly (readonly [string, Fault])[] = [
  ...(["bytes", "one-too-high", "one-too-low", "missing", "quay"] as const).map(
    (style) => [`Range ${style}`, { do: "range-style", style }] as const,
  ),
  ...(["absolute", "relative", "query"] as const).map(
    (style) => [`Location ${style}`, { do: "location-style", style }] as const,
  ),
  ["a signed offset", { do: "signed-offset", mismatch: "cancels" }],
];

describe("parts", () => {
  it.each(dialects)("go up with %s, every byte once", async (_, fault) => {
    const p = await pushTo(await fixture());
    p.registry.fault(fault);
    expect(await p.push()).toMatchObject({ state: "succeeded", tallies: { retries: 0 } });
    expect(p.registry.count({ method: "PATCH" })).toBe(size / part);
    expect(p.received()).toBe(size);
    await expectThere(p);
  });

  it("name their place and length in the specification's words, and the closing PUT has no body", async () => {
    const p = await pushTo(await fixture());
    await p.push();
    const [first, second] = p.registry.requests.filter((request) => request.method === "PATCH");
    expect(first?.headers).toMatchObject({
      "content-range": `0-${part - 1}`,
      "content-length": String(part),
      "content-type": "application/octet-stream",
    });
    expect(second?.headers["content-range"]).toBe(`${part}-${2 * part - 1}`);
    const put = p.registry.requests.findLast(
      (request) => request.method === "PUT" && request.path.includes(digest.slice(7)),
    );
    expect(put?.headers["content-length"]).toBe("0");
  });

  it("keep to OCI-Chunk-Min-Length, and a senseless one means one PUT", async () => {
    const p = await pushTo(await fixture());
    p.registry.fault({ do: "chunk-minimum", bytes: 300_000 });
    expect((await p.push()).state).toBe("succeeded");
    expect(p.registry.count({ method: "PATCH" })).toBeLessThanOrEqual(4);
    await expectThere(p);
    const q = await pushTo(await fixture());
    q.registry.fault(
      { do: "set-headers", headers: { "oci-chunk-min-length": "999999999999" } },
      { kind: "uploads" },
    );
    expect((await q.push()).state).toBe("succeeded");
    expect(q.registry.count({ method: "PATCH" })).toBe(0);
    await expectThere(q);
  });

  const refusals: readonly (readonly [string, Fault])[] = [
    ["405", { do: "status", status: 405, code: "UNSUPPORTED" }],
    ["400", { do: "status", status: 400, code: "BLOB_UPLOAD_INVALID" }],
    ["416 above a length", { do: "largest-body", bytes: 50_000 }],
    ["501", { do: "status", status: 501 }],
  ];
  it.each(refusals)("that are refused (%s) become one PUT, and the host is remembered", async (_, fault) => {
    const p = await pushTo(await fixture());
    p.registry.fault(fault, { method: "PATCH" });
    expect(await p.push()).toMatchObject({ state: "succeeded", tallies: { retries: 0 } });
    expect(p.h.store.journal.capability(p.destination.host, "upload-parts")).toBe(false);
    expect(p.registry.count({ method: "PATCH" })).toBe(1);
    await expectThere(p);
  });

  it("answered 201 in ECR's way are believed after a HEAD alone", async () => {
    const bytes = bytesOf("big", size);
    const blob = { mediaType: "x", digest, size };
    const options = { signal: new AbortController().signal };
    for (const stored of [true, false]) {
      const registry = await fixture();
      registry.fault({ do: "created-on-patch", stored });
      const destination = client(registry.host);
      const session = await destination.beginUpload("app", blob, options);
      await session.append(chunked(bytes, 10_000), size, options);
      const end = session.commit(options);
      if (stored) await end;
      else await expect(end).rejects.toMatchObject({ code: "upload-lost" });
      expect(await destination.hasBlob("app", blob, options)).toBe(stored);
    }
  });

  it("that break off are gone on with where the status tells, with less than one part sent again", async () => {
    const p = await pushTo(await fixture());
    p.registry.fault({ do: "reset-upload", at: 60_000 }, { method: "PATCH", after: 4, times: 1 });
    const done = await p.push();
    expect(done).toMatchObject({ state: "succeeded", tallies: { bytesResumed: 0 } });
    expect(done.tallies.retries).toBeGreaterThan(0);
    expect(p.received()).toBeLessThan(size + part);
    await expectThere(p);
  });

  it.each(["cancels", "refuses"] as const)(
    "that break off where a signed offset %s begin that blob anew",
    async (mismatch) => {
      const p = await pushTo(await fixture());
      p.registry.fault({ do: "signed-offset", mismatch });
      p.registry.fault({ do: "reset-upload", at: 60_000 }, { method: "PATCH", after: 4, times: 1 });
      expect(await p.push()).toMatchObject({ state: "succeeded", tallies: { bytesResumed: 0 } });
      expect(p.received()).toBeGreaterThan(size + 4 * part);
      await expectThere(p);
    },
  );

  it("go on with a new token where the old one ends in mid-blob, every byte once", async () => {
    const auth = { kind: "token" as const, user: "u", password: "p" };
    const p = await pushTo(await fixture({ auth }), {
      kind: "password" as const,
      username: "u",
      password: "p",
    });
    p.registry.fault(
      { do: "run", run: () => p.registry.expireTokens() },
      { method: "PATCH", after: 4, times: 1 },
    );
    const done = await p.push();
    expect(done.state).toBe("succeeded");
    const taken = p.registry.requests.filter(
      (request) => request.method === "PATCH" && request.status === 202,
    );
    expect(taken.length).toBe(size / part);
    expect(taken.reduce((sum, request) => sum + request.bytesIn, 0)).toBe(size);
    expect(p.registry.requests.some((request) => request.method === "PATCH" && request.status === 401)).toBe(
      true,
    );
  });

  it("are not tried with hosts that are known to be bad at them", async () => {
    const hosts = ["ghcr.io", "europe-docker.pkg.dev", "gcr.io", "eu.gcr.io", "public.ecr.aws"];
    const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    expect([...hosts, ecr].map((host) => client(host).parts)).toEqual(Array(6).fill(false));
    expect(["quay.io", "docker.io", "ghcr.io.example.com"].map((host) => client(host).parts)).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe("a source that breaks off in mid-body", () => {
  /** The large layer from a fixture registry into memory, in one request, so that nothing may be sent twice. */
  const pull = async (...faults: readonly (readonly [Fault, FaultMatch?])[]) => {
    const registry = await fixture();
    const image = await buildLargeImage({ seed: "range", totalSize: 3_000_000, layers: 1 });
    await pushImage(registry, image, "app", "v1");
    registry.clearRecords();
    const h = harness({ transfer: { partsFrom: 1e12, partSize: part } });
    const source = client(registry.host);
    const planned = await planBetween(h, { source }, everything());
    for (const [fault, match] of faults)
      registry.fault(fault, { kind: "blob", method: "GET", path: /blobs/, ...match });
    const done = await runBetween(h, { source }, planned);
    const layer = image.blobs.find((blob) => blob.size > 1_000_000)?.digest ?? "";
    const gets = registry.requests.filter(
      (request) => request.method === "GET" && request.path.includes(layer),
    );
    const puts = h.destination.calls.filter((call) => call === `put-blob app ${layer}`).length;
    return { registry, h, done, gets, puts, layer };
  };
  const reset = { do: "reset-download", at: 1_500_000 } as const;

  it("is gone on with by Range and If-Range, and the PUT in progress survives", async () => {
    const { done, gets, puts } = await pull([reset, { times: 2 }]);
    expect(done).toMatchObject({ state: "succeeded" });
    expect(puts).toBe(1);
    const again = gets[1]?.headers;
    expect(again?.range).toMatch(/^bytes=[1-9][0-9]*-$/);
    expect(again?.["if-range"]).toMatch(/^"sha256:/);
    expect(gets.map((get) => get.status)).toEqual([200, 206]);
  });

  it.each([
    ["ignores Range", { do: "ignore-range" }],
    ["has another ETag each time", { do: "changing-etag" }],
    ["serves another range than was asked for", { do: "wrong-content-range", by: 7 }],
  ] as const)("and %s, is read from the start and nothing is sent twice", async (_, fault) => {
    const { done, puts, h, layer } = await pull([reset, { times: 2 }], [fault]);
    expect(done.state).toBe("succeeded");
    expect(puts).toBe(1);
    expect(sha256(h.destination.repository("app").blobs.get(layer) ?? new Uint8Array())).toBe(layer);
  });

  it("and sends to a storage, is asked again itself", async () => {
    const { done, registry, gets, puts } = await pull(
      [reset, { times: 2 }],
      [{ do: "redirect-to-storage" }, { after: 2 }],
    );
    expect([done.state, puts, gets.length]).toEqual(["succeeded", 1, 2]);
    expect(registry.storageRequests.map((request) => request.range?.slice(0, 7))).toEqual(["bytes=1"]);
    expect(registry.storageRequests.every((request) => request.leaked.length === 0)).toBe(true);
  });
});
