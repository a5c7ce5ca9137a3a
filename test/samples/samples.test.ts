// The sample registries: made once and fast, the same everywhere, readable by skopeo, on the ports wished for.
import { readdir, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { productionRepositories, stagingRepositories } from "../../electron/samples/sample-plan.ts";
import { type Samples, startSamples } from "../../electron/samples/samples.ts";
import { freePort } from "../support/child.ts";
import { getBlob, getManifest, listTags, rawDigest, rawRequest, sha256 } from "../support/raw-http.ts";
import { dockerReference, inspect, skopeoCopy, skopeoTags } from "../support/skopeo.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

interface Side {
  readonly host: string;
  readonly url: string;
}
let folder: TempFolder;
let samples: Samples;
let staging: Side;
let production: Side;
let tookMs = 0;
beforeAll(async () => {
  folder = await tempFolder("samples");
  const began = performance.now();
  samples = await startSamples({ folder: folder.path, bytesPerSecond: 0 });
  tookMs = performance.now() - began;
  const [first, second] = samples.registries.map(({ host }) => ({ host, url: `http://${host}` }));
  if (first === undefined || second === undefined) throw new Error("expected two registries");
  [staging, production] = [first, second];
});
afterAll(async () => {
  await samples.close();
  await folder.remove();
});

async function diskBytes(path: string): Promise<number> {
  const { stat } = await import("node:fs/promises");
  const names = await readdir(path, { recursive: true });
  const stats = await Promise.all(names.map((name) => stat(join(path, name))));
  return stats.reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
}

describe("the samples", () => {
  it("are made fast and of the promised size", async () => {
    // Two seconds on an idle machine; the limit here leaves room for a busy one.
    expect(tookMs).toBeLessThan(8_000);
    const bytes = await diskBytes(folder.path);
    expect(bytes).toBeGreaterThan(70e6);
    expect(bytes).toBeLessThan(90e6);
    expect(samples.registries.map(({ name }) => name)).toEqual(["Sample staging", "Sample production"]);
  });

  it("list what the plan says", async () => {
    for (const [side, plan] of [
      [staging, stagingRepositories],
      [production, productionRepositories],
    ] as const) {
      const catalog = await rawRequest(side, "/v2/_catalog");
      const names = plan.map((repository) => repository.name).sort();
      expect(JSON.parse(catalog.body.toString())).toEqual({ repositories: names });
      for (const { name, versions } of plan) {
        const tags = versions.flatMap((version) => version.tags).sort();
        expect(await listTags(side, name)).toEqual(tags);
        expect([...(await skopeoTags(side, name))].sort()).toEqual(tags);
      }
    }
  });

  it("share some tags, differ in one, and miss most in production", async () => {
    const digest = async (side: Side, name: string, tag: string): Promise<string> =>
      (await getManifest(side, name, tag)).digest;
    expect(await digest(production, "platform/base", "v1.0.0")).toBe(
      await digest(staging, "platform/base", "v1.0.0"),
    );
    expect(await digest(production, "tools/cli", "v1.0.0")).toBe(
      await digest(staging, "tools/cli", "v1.0.0"),
    );
    const latest = await digest(production, "platform/base", "latest");
    expect(latest).not.toBe(await digest(staging, "platform/base", "latest"));
    expect(latest).toBe(await digest(staging, "platform/base", "v1.1.0"));
    expect(await listTags(production, "shop/web")).toEqual([]);
  });

  it("are real images to skopeo, of both platforms", async () => {
    for (const architecture of ["amd64", "arm64"]) {
      const seen = await inspect(staging, "shop/web", "v1.4.2", { overrideArch: architecture });
      expect(seen).toMatchObject({
        Architecture: architecture,
        Os: "linux",
        Created: "2026-10-21T15:31:00Z",
      });
      expect(seen.Layers).toHaveLength(4);
    }
  });

  it("are copied by skopeo, out of one and into the other", async () => {
    await using out = await tempFolder();
    await skopeoCopyOne(
      staging,
      "tools/cli",
      "latest",
      `docker-archive:${out.path}/cli.tar:tools/cli:latest`,
    );
    await skopeoCopy(
      { reference: dockerReference(staging, "shop/api", "v1.4.0"), target: staging },
      { reference: `oci:${out.path}/layout:v1` },
    );
    await skopeoCopy(
      { reference: `oci:${out.path}/layout:v1` },
      { reference: dockerReference(production, "copied/api", "v1"), target: production },
    );
    expect((await getManifest(production, "copied/api", "v1")).digest).toBe(
      (await getManifest(staging, "shop/api", "v1.4.0")).digest,
    );
  });

  it("have an attachment, and layers whose bytes are what digests and diff_ids say", async () => {
    const { bytes, digest } = await getManifest(staging, "shop/web", "v1.4.2");
    const referrers = await rawRequest(staging, `/v2/shop/web/referrers/${digest}`);
    expect(JSON.parse(referrers.body.toString())).toMatchObject({
      manifests: [{ artifactType: "application/spdx+json" }],
    });
    const index = JSON.parse(bytes.toString()) as { manifests: [{ digest: string }] };
    const image = await getManifest(staging, "shop/web", index.manifests[0].digest);
    const { config, layers } = JSON.parse(image.bytes.toString()) as {
      config: { digest: string };
      layers: { digest: string; size: number }[];
    };
    const { rootfs } = JSON.parse((await getBlob(staging, "shop/web", config.digest)).toString()) as {
      rootfs: { diff_ids: string[] };
    };
    const diffIds: string[] = [];
    for (const layer of layers) {
      diffIds.push(sha256(gunzipSync(await getBlob(staging, "shop/web", layer.digest))));
      expect(await rawDigest(staging, `/v2/shop/web/blobs/${layer.digest}`)).toEqual({
        status: 200,
        digest: layer.digest,
        bytes: layer.size,
      });
    }
    expect(diffIds).toEqual(rootfs.diff_ids);
  });
});

async function skopeoCopyOne(side: Side, repository: string, tag: string, to: string): Promise<void> {
  const { skopeo } = await import("../support/skopeo.ts");
  await skopeo(["copy", "--src-tls-verify=false", dockerReference(side, repository, tag), to]);
}

describe("startSamples", () => {
  it("uses what is there, makes again what was left unfinished, and takes the wished ports", async () => {
    await using own = await tempFolder();
    const stale = join(own.path, "making-00000000");
    await writeFile(stale, "left by an interrupted start");
    await utimes(stale, 0, 0);
    const ports = [await freePort(), await freePort()] as const;
    const first = await startSamples({ folder: own.path, ports });
    expect(first.registries.map(({ port }) => port)).toEqual([...ports]);
    await first.close();
    expect(await readdir(own.path)).toEqual(["samples-1"]);
    const blocker = createServer().listen(ports[1], "127.0.0.1");
    await new Promise((resolve) => blocker.once("listening", resolve));
    const again = await startSamples({ folder: own.path, ports });
    expect(again.registries[0]?.port).toBe(ports[0]);
    expect(again.registries[1]?.port).not.toBe(ports[1]);
    const [side] = again.registries;
    expect((await getManifest({ url: `http://${side?.host}` }, "tools/cli", "latest")).digest).toBe(
      (await getManifest(staging, "tools/cli", "latest")).digest,
    );
    await again.close();
    blocker.close();
  });

  it("may be started twice at once over one folder", async () => {
    await using own = await tempFolder();
    const both = await Promise.all([startSamples({ folder: own.path }), startSamples({ folder: own.path })]);
    expect(await readdir(own.path)).toEqual(["samples-1"]);
    for (const each of both) {
      const url = `http://${each.registries[0]?.host}`;
      expect((await rawRequest({ url }, "/v2/shop/web/manifests/latest")).status).toBe(200);
      await each.close();
    }
  });

  it("names the folder that it cannot write", async () => {
    await using own = await tempFolder();
    const file = join(own.path, "file");
    await writeFile(file, "");
    await expect(startSamples({ folder: file })).rejects.toMatchObject({
      code: "io",
      message: expect.stringContaining(file),
    });
  });
});
