// --force on a real docker-registry whose files were damaged behind its back: what is missing below an equal tag comes again.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { everything, harness } from "../engine/harness.ts";
import { client, planBetween, runBetween } from "../engine/over-http.ts";
import { blobsOf, buildImage, buildMultiPlatform, manifestsOf, pushImage } from "../support/image-builder.ts";
import { getManifest, rawRequest, sha256 } from "../support/raw-http.ts";
import { startRealRegistry } from "../support/real-registry.ts";
import { blobFile, layerLink, manifestLink } from "../support/registry-files.ts";
import { dockerReference, skopeoCopy, skopeoResult } from "../support/skopeo.ts";
import { testFolder } from "../support/test-folder.ts";

const repository = "team/app";

it("D003 an equal tag with a missing child, manifest or blob is left as it is by default and repaired by force", async () => {
  const [from, to] = await Promise.all([startRealRegistry(), startRealRegistry()]);
  onTestFinished(() => Promise.all([from.stop(), to.stop()]).then(() => undefined));
  const index = await buildMultiPlatform({ seed: "force", platforms: 3 });
  await pushImage(from, index, repository, "v1");
  const h = harness();
  const ends = { source: client(from.host), destination: client(to.host) };
  await runBetween(h, ends, await planBetween(h, ends, everything()));

  const [unlinked, gone, bare] = index.children;
  if (unlinked === undefined || gone === undefined || bare === undefined) throw new Error("no children");
  const [config, layer] = bare.blobs;
  if (config === undefined || layer === undefined) throw new Error("no blobs");
  await rm(manifestLink(to, repository, unlinked.digest));
  for (const digest of [gone.digest, config.digest, layer.digest]) await rm(blobFile(to, digest));
  const path = await testFolder("force");
  const read = { reference: dockerReference(to, repository, "v1"), target: to };
  const whole = await skopeoResult([
    ...["copy", "--all", "--src-tls-verify=false", read.reference, `oci:${path}/broken:v1`],
  ]);
  expect(whole.code).not.toBe(0);

  const usual = await planBetween(h, ends, everything());
  expect(usual.plan).toMatchObject({ skip: 1, bytesToTransfer: 0 });
  const forced = await planBetween(h, ends, { ...everything(), options: { overwrite: "always" } });
  expect(forced.plan).toMatchObject({ overwrite: 1, bytesToTransfer: config.size + layer.size });
  const done = await runBetween(h, ends, forced);
  expect(done).toMatchObject({ state: "succeeded", tallies: { bytesTransferred: config.size + layer.size } });

  for (const one of manifestsOf(index))
    expect((await getManifest(to, repository, one.digest)).bytes.equals(one.bytes)).toBe(true);
  for (const blob of blobsOf(index)) {
    const { body } = await rawRequest(to, `/v2/${repository}/blobs/${blob.digest}`);
    expect(sha256(body)).toBe(blob.digest);
  }
  await skopeoCopy(read, { reference: `oci:${path}/whole:v1` });
});

it("R002 a blob whose link a killed registry left empty is sent again, though the registry answers 500 about it", async () => {
  const [from, to] = await Promise.all([startRealRegistry(), startRealRegistry()]);
  onTestFinished(() => Promise.all([from.stop(), to.stop()]).then(() => undefined));
  const image = await buildImage({ seed: "cut", layerSize: 2000 });
  await pushImage(from, image, repository, "v1");
  const [blob] = image.blobs;
  if (blob === undefined) throw new Error("no blob");
  const link = layerLink(to, repository, blob.digest);
  await mkdir(dirname(link), { recursive: true });
  await writeFile(link, "");
  const path = `/v2/${repository}/blobs/${blob.digest}`;
  expect((await rawRequest(to, path, { method: "HEAD" })).status).toBe(500);

  const h = harness();
  const ends = { source: client(from.host), destination: client(to.host) };
  const done = await runBetween(h, ends, await planBetween(h, ends, everything()));
  expect(done).toMatchObject({ state: "succeeded", tallies: { imagesFailed: 0, imagesSucceeded: 1 } });
  expect(sha256((await rawRequest(to, path)).body)).toBe(blob.digest);
});
