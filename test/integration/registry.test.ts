// The registry client against the real docker-registry, judged by raw HTTP, skopeo and the registry's own files.
import { createHash, randomBytes } from "node:crypto";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Credential } from "../../electron/engine/credential.ts";
import type { Manifest } from "../../electron/engine/ports.ts";
import { Registry } from "../../electron/registry/registry.ts";
import { isDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { describeBytes, emptyImage, streamOf } from "../registry/samples.ts";
import { collect, options } from "../registry/scripted-server.ts";
import { buildMultiPlatform, pushImage } from "../support/image-builder.ts";
import * as raw from "../support/raw-http.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { openUploads, storedBlobs } from "../support/registry-files.ts";
import { digestOf, skopeoTags } from "../support/skopeo.ts";

const alice = { user: "alice", password: "correct horse" };
const opened: Registry[] = [];

function clientOf(
  server: RealRegistry,
  input: { credential?: Credential; caFile?: string; name?: string } = {},
): Registry {
  const registry = new Registry({
    settings: {
      host: input.name === undefined ? server.host : `${input.name}:${server.port}`,
      plainHttp: "auto",
      insecureSkipVerify: false,
      trustedTokenHosts: [],
      connections: 4,
      ...(input.caFile === undefined ? {} : { caFile: input.caFile }),
    },
    credentials: { get: async () => input.credential },
    userAgent: "freightliner-test/1",
  });
  opened.push(registry);
  return registry;
}

afterEach(async () => {
  for (const registry of opened.splice(0)) await registry.close();
});

interface WireDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Sessions that still hold data. distribution 2.8 answers a cancel with 204 and leaves an empty folder behind. */
async function sessionsWithData(server: RealRegistry, repository: string): Promise<readonly string[]> {
  const folder = join(server.dataFolder, "docker/registry/v2/repositories", repository, "_uploads");
  const sessions = await openUploads(server, repository);
  const held = await Promise.all(
    sessions.map((id) =>
      access(join(folder, id, "data")).then(
        () => true,
        () => false,
      ),
    ),
  );
  return sessions.filter((_id, at) => held[at]);
}

/** Copies by the client alone: everything is read from one registry and written to another. */
async function copy(from: Registry, to: Registry, repository: string, reference: string): Promise<Manifest> {
  const manifest = await from.getManifest(repository, reference, options());
  const parsed: unknown = JSON.parse(Buffer.from(manifest.bytes).toString("utf8"));
  const {
    manifests = [],
    layers = [],
    config,
  } = parsed as {
    manifests?: WireDescriptor[];
    layers?: WireDescriptor[];
    config?: WireDescriptor;
  };
  for (const child of manifests) await copy(from, to, repository, child.digest);
  const blobs = config === undefined ? layers : [...layers, config];
  for (const blob of blobs) {
    if (!isDigest(blob.digest)) throw new Error("not a digest");
    const descriptor = { ...blob, digest: blob.digest };
    if (await to.hasBlob(repository, descriptor, options())) continue;
    await to.putBlob(
      repository,
      descriptor,
      (await from.openBlob(repository, descriptor, options())).body,
      options(),
    );
  }
  await to.putManifest(repository, reference, manifest, options());
  return manifest;
}

describe("docker-registry, plain and open", () => {
  let server: RealRegistry;
  beforeAll(async () => {
    server = await startRealRegistry({ delete: true });
  });
  afterAll(() => server.stop());

  it("copies a multi-platform image unchanged into one with a password, as skopeo sees it", async () => {
    const target = await startRealRegistry(alice);
    try {
      const image = await buildMultiPlatform({
        seed: "registry-client",
        platforms: 3,
        sharedLayerSize: 100_000,
      });
      await pushImage(server, image, "team/app", "v1");
      const credential = { kind: "password" as const, username: alice.user, password: alice.password };
      await copy(clientOf(server), clientOf(target, { credential }), "team/app", "v1");
      expect(await digestOf(target, "team/app", "v1")).toBe(await digestOf(server, "team/app", "v1"));
      expect(await storedBlobs(target)).toEqual(await storedBlobs(server));
      expect(await openUploads(target, "team/app")).toEqual([]);
    } finally {
      await target.stop();
    }
  });

  it("is found by a name below localhost, also where uploads go", async () => {
    const target = await startRealRegistry();
    try {
      await pushImage(
        server,
        await buildMultiPlatform({ seed: "local-name", platforms: 2 }),
        "team/named",
        "v1",
      );
      const [from, to] = [
        clientOf(server, { name: "x.localhost" }),
        clientOf(target, { name: "y.localhost" }),
      ];
      await copy(from, to, "team/named", "v1");
      expect(await collect(to.listTags("team/named", options()))).toEqual(["v1"]);
      expect(await digestOf(target, "team/named", "v1")).toBe(await digestOf(server, "team/named", "v1"));
    } finally {
      await target.stop();
    }
  });

  it("writes blobs, empty and large, that raw HTTP reads back, and reads what raw HTTP wrote", async () => {
    const client = clientOf(server);
    const large = randomBytes(20_000_000);
    for (const bytes of [Buffer.alloc(0), Buffer.from("{}"), large]) {
      const blob = describeBytes(bytes);
      expect(await client.hasBlob("blobs", blob, options())).toBe(false);
      const pieces = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, at) =>
        bytes.subarray(at * 65_536, (at + 1) * 65_536),
      );
      await client.putBlob("blobs", blob, streamOf(...pieces), options());
      expect((await raw.getBlob(server, "blobs", blob.digest)).equals(bytes)).toBe(true);
      expect(await client.hasBlob("blobs", blob, options())).toBe(true);
      expect(await client.hasBlob("blobs", { ...blob, size: blob.size + 1 }, options())).toBe(false);
    }
    const other = randomBytes(3_000_000);
    const blob = describeBytes(other);
    await raw.putBlob(server, "blobs", { digest: blob.digest, size: blob.size, body: other });
    const hash = createHash("sha256");
    for await (const chunk of (await client.openBlob("blobs", blob, options())).body)
      hash.update(chunk as Buffer);
    expect(`sha256:${hash.digest("hex")}`).toBe(blob.digest);
    await expect(client.openBlob("blobs", describeBytes(randomBytes(9)), options())).rejects.toMatchObject({
      code: "blob-unknown",
    });
  });

  it("commits nothing and leaves no session when a body fails or is stopped", async () => {
    const client = clientOf(server);
    const bytes = randomBytes(2_000_000);
    const blob = describeBytes(bytes);
    const wrong = new FreightlinerError({
      code: "digest-mismatch",
      operation: "verify",
      message: "other bytes",
    });
    const failing = Readable.from(
      (async function* () {
        yield bytes;
        throw wrong;
      })(),
      { objectMode: false },
    );
    await expect(client.putBlob("broken", blob, failing, options())).rejects.toBe(wrong);
    const stop = new AbortController();
    const reason = new Error("user-cancel");
    const endless = new Readable({ read: () => {} });
    endless.push(bytes.subarray(0, 1_000_000));
    setTimeout(() => stop.abort(reason), 100);
    await expect(client.putBlob("broken", blob, endless, { signal: stop.signal })).rejects.toBe(reason);
    await client.close();
    expect(await raw.hasBlob(server, "broken", blob.digest)).toBe(false);
    expect(await openUploads(server, "broken")).toHaveLength(2);
    expect(await sessionsWithData(server, "broken")).toEqual([]);

    const swapped = randomBytes(bytes.length);
    await expect(
      clientOf(server).putBlob("broken", blob, streamOf(swapped), options()),
    ).rejects.toMatchObject({ code: "digest-mismatch" });
    expect(await raw.hasBlob(server, "broken", blob.digest)).toBe(false);
  });

  it("mounts between repositories, and gives back the session of a mount that was none", async () => {
    const client = clientOf(server);
    const bytes = randomBytes(1000);
    const blob = describeBytes(bytes);
    await raw.putBlob(server, "mount/from", { digest: blob.digest, size: blob.size, body: bytes });
    expect(await client.mountBlob("mount/to", blob, "mount/from", options())).toBe(true);
    expect(await raw.hasBlob(server, "mount/to", blob.digest)).toBe(true);
    expect(await client.mountBlob("mount/to", describeBytes(randomBytes(9)), "mount/from", options())).toBe(
      false,
    );
    await client.close();
    expect(await openUploads(server, "mount/to")).toHaveLength(1);
    expect(await sessionsWithData(server, "mount/to")).toEqual([]);
  });

  it("names missing parts of a manifest, missing manifests and missing repositories", async () => {
    const client = clientOf(server);
    await expect(client.putManifest("parts", "v1", emptyImage, options())).rejects.toMatchObject({
      code: "blob-unknown",
    });
    expect(await client.headManifest("parts", "v1", options())).toBeUndefined();
    await expect(client.getManifest("parts", "v1", options())).rejects.toMatchObject({
      code: expect.stringMatching(/^(manifest|repository)-unknown$/),
    });
    await expect(collect(client.listTags("no/such", options()))).rejects.toMatchObject({
      code: "repository-unknown",
      message: expect.stringContaining("no/such"),
    });
  });

  it("lists and deletes as skopeo sees it", async () => {
    const client = clientOf(server);
    const config = Buffer.from("{}");
    await client.putBlob("list/app", describeBytes(config), streamOf(config), options());
    for (const tag of ["v1", "v2", "latest"])
      await client.putManifest("list/app", tag, emptyImage, options());
    const tags = await collect(client.listTags("list/app", options()));
    expect([...tags].sort()).toEqual([...(await skopeoTags(server, "list/app"))].sort());
    expect(await collect(client.listRepositories(options()))).toContain("list/app");
    expect(await client.headManifest("list/app", "v1", options())).toEqual({
      digest: emptyImage.digest,
      mediaType: emptyImage.mediaType,
      size: emptyImage.size,
    });
    await client.deleteManifest("list/app", emptyImage.digest, options());
    expect((await raw.headManifest(server, "list/app", "v1")).status).toBe(404);
    await expect(client.deleteManifest("list/app", emptyImage.digest, options())).rejects.toMatchObject({
      code: "manifest-unknown",
    });
  });

  it("uploads many blobs at once into one repository", async () => {
    const client = clientOf(server);
    const all = Array.from({ length: 24 }, () => randomBytes(200_000));
    await Promise.all(
      all.map((bytes) => client.putBlob("many", describeBytes(bytes), streamOf(bytes), options())),
    );
    for (const bytes of all)
      expect(await raw.hasBlob(server, "many", describeBytes(bytes).digest)).toBe(true);
  });

  it("copies more blobs inside one registry at once than it has connections", async () => {
    const client = clientOf(server);
    const all = Array.from({ length: 12 }, () => randomBytes(1_000_000));
    for (const bytes of all)
      await raw.putBlob(server, "same/from", {
        digest: describeBytes(bytes).digest,
        size: bytes.length,
        body: bytes,
      });
    await Promise.all(
      all.map(async (bytes) => {
        const blob = describeBytes(bytes);
        await client.putBlob(
          "same/to",
          blob,
          (await client.openBlob("same/from", blob, options())).body,
          options(),
        );
      }),
    );
    for (const bytes of all)
      expect(await raw.hasBlob(server, "same/to", describeBytes(bytes).digest)).toBe(true);
  });

  it("goes on after the registry was away", async () => {
    const client = clientOf(server);
    await collect(client.listRepositories(options()));
    await server.halt();
    await expect(collect(client.listRepositories(options()))).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining(server.host),
    });
    await server.restart();
    expect(await collect(client.listRepositories(options()))).toContain("many");
  });
});

describe("docker-registry with a password, and with TLS", () => {
  it("signs in, says what is wrong, and checks in steps", async () => {
    const server = await startRealRegistry(alice);
    try {
      const credential = { kind: "password" as const, username: alice.user, password: alice.password };
      const steps = await clientOf(server, { credential }).check(new AbortController().signal);
      expect(steps.map((step) => [step.name, step.outcome])).toEqual([
        ["dns", "skipped"],
        ["reachable", "passed"],
        // Without encryption, but nothing leaves this machine.
        ["tls", "passed"],
        ["registry", "passed"],
        ["sign-in", "passed"],
        ["catalog", "passed"],
        ["pull", "skipped"],
        ["push", "skipped"],
        ["referrers", "skipped"],
      ]);
      const wrong = clientOf(server, { credential: { ...credential, password: "WRONGPASS" } });
      const error = await wrong.getManifest("app", "v1", options()).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "unauthorized", message: expect.stringContaining(server.host) });
      expect(String(error)).not.toContain("WRONGPASS");
      await expect(collect(wrong.listRepositories(options()))).rejects.toMatchObject({
        code: "unauthorized",
      });
      await expect(clientOf(server).getManifest("app", "v1", options())).rejects.toMatchObject({
        code: "unauthorized",
        message: expect.stringContaining("no user name"),
      });
      const bytes = randomBytes(50_000);
      const blob = describeBytes(bytes);
      await clientOf(server, { credential }).putBlob("app", blob, streamOf(bytes), options());
      expect(await raw.hasBlob(server, "app", blob.digest)).toBe(true);
      const body = streamOf(bytes);
      await expect(wrong.putBlob("app", blob, body, options())).rejects.toMatchObject({
        code: "unauthorized",
      });
      expect(body.destroyed).toBe(true);
    } finally {
      await server.stop();
    }
  });

  it("takes its certificate by file only", async () => {
    const server = await startRealRegistry({ tls: true });
    try {
      const caFile = server.certificateFile ?? "";
      expect(await readFile(caFile, "utf8")).toContain("CERTIFICATE");
      await expect(collect(clientOf(server).listRepositories(options()))).rejects.toMatchObject({
        code: "tls",
      });
      const bytes = randomBytes(5_000_000);
      const blob = describeBytes(bytes);
      await clientOf(server, { caFile }).putBlob("app", blob, streamOf(bytes), options());
      expect(await raw.hasBlob(server, "app", blob.digest)).toBe(true);
    } finally {
      await server.stop();
    }
  });
});
