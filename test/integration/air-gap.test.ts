// Over the air gap: from a registry into an archive file, and from that into another registry, with skopeo as the judge.
import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { type AppStage, appStage } from "../app/app-stage.ts";
import { buildImage, buildMultiPlatform, manifestsOf, pushImage } from "../support/image-builder.ts";
import { getManifest, rawRequest, sha256 } from "../support/raw-http.ts";
import { startRealRegistry } from "../support/real-registry.ts";
import { dockerReference, skopeoCopy, skopeoResult } from "../support/skopeo.ts";
import { tempFolder } from "../support/temp.ts";

async function folder(): Promise<string> {
  const made = await tempFolder("air-gap");
  onTestFinished(() => made.remove());
  return made.path;
}

async function registry() {
  const started = await startRealRegistry();
  onTestFinished(() => started.stop());
  return started;
}

type Settings = Parameters<AppStage["client"]["call"]>[1];

async function run(client: AppStage["client"], from: object, to: object) {
  const add = async (settings: object) =>
    (await client.call("endpoints.add", { settings, temporary: true } as Settings & never)) as { id: string };
  const [source, destination] = [await add(from), await add(to)];
  const planned = await client.call("runs.plan", {
    sourceId: source.id,
    destinationId: destination.id,
    selection: [{ kind: "repositories", include: ["**"], tags: {} }],
  });
  const state = async () => (await client.call("runs.get", { runId: planned.id })).state;
  await expect.poll(state, { timeout: 30_000 }).toBe("planned");
  await client.call("runs.start", { runId: planned.id });
  await expect.poll(state, { timeout: 60_000 }).toMatch(/succeeded|failed/);
  return client.call("runs.get", { runId: planned.id });
}

/** The list that docker writes knows images of docker's own format only. */
async function saveByDocker(source: string, archive: string): Promise<void> {
  const args = ["copy", "--format", "v2s2", "--src-tls-verify=false", source, `docker-archive:${archive}`];
  expect(await skopeoResult(args)).toMatchObject({ code: 0 });
}

const at = (host: string) => ({ kind: "registry", host, plainHttp: "always" });

it("keeps digests, tags and attachments from registry to archive to registry, and skopeo reads the archive", async () => {
  const [from, to] = [await registry(), await registry()];
  const image = await buildMultiPlatform({ seed: "gap", platforms: 2, layerSize: 50_000 });
  await pushImage(from, image, "team/app", "v1");
  const signature = await buildImage({ seed: "signature", layerSize: 300 });
  const signatureTag = `${image.digest.replace(":", "-")}.sig`;
  await pushImage(from, signature, "team/app", signatureTag);
  const file = join(await folder(), "bundle.tar");
  const archive = { kind: "archive", path: file, format: "oci" };
  const { client } = await appStage();
  expect(await run(client, at(from.host), archive)).toMatchObject({ state: "succeeded" });
  const first = readFileSync(file);

  // The same images make the same archive, and nothing is packed where nothing changed.
  const { mtimeMs } = statSync(file);
  expect(await run(client, at(from.host), archive)).toMatchObject({ state: "succeeded", plan: { skip: 1 } });
  expect(statSync(file).mtimeMs).toBe(mtimeMs);

  const place = await folder();
  await skopeoCopy({ reference: `oci-archive:${file}:team/app:v1` }, { reference: `oci:${place}/read:v1` });
  const other = await appStage();
  expect(await run(other.client, archive, at(to.host))).toMatchObject({ state: "succeeded" });
  for (const one of manifestsOf(image))
    expect((await getManifest(to, "team/app", one.digest)).bytes.equals(one.bytes)).toBe(true);
  expect((await getManifest(to, "team/app", signatureTag)).digest).toBe(signature.digest);
  expect(readFileSync(file).equals(first)).toBe(true);
});

it("reads what skopeo packs: oci-archive and docker-archive, packed or not", async () => {
  const [from, to] = [await registry(), await registry()];
  const image = await buildImage({ seed: "docker", layerSize: 40_000 });
  await pushImage(from, image, "team/app", "v1");
  const place = await folder();
  const source = { reference: dockerReference(from, "team/app", "v1"), target: from };
  await saveByDocker(source.reference, `${place}/saved.tar:example.com/team/saved:v2`);
  writeFileSync(join(place, "saved.tgz"), gzipSync(readFileSync(join(place, "saved.tar"))));
  await skopeoCopy(source, { reference: `oci-archive:${place}/layout.tar:v3` });
  const { client } = await appStage();
  for (const name of ["saved.tar", "saved.tgz", "layout.tar"]) {
    const done = await run(client, { kind: "archive", path: join(place, name) }, at(to.host));
    expect(done, name).toMatchObject({ state: "succeeded", tallies: { imagesFailed: 0 } });
  }
  expect((await getManifest(to, "layout", "v3")).digest).toBe(image.digest);

  // The configuration is the same byte for byte; the layers are those of the archive, which are not packed.
  const saved = JSON.parse((await getManifest(to, "team/saved", "v2")).bytes.toString("utf8"));
  const listed = execFileSync("tar", ["-tf", join(place, "saved.tar")], { encoding: "utf8" });
  expect(listed).toContain(`${saved.config.digest.slice("sha256:".length)}.json`);
  for (const layer of saved.layers) {
    const { body } = await rawRequest(to, `/v2/team/saved/blobs/${layer.digest}`);
    expect(sha256(body)).toBe(layer.digest);
  }
  const back = await skopeoResult([
    ...["copy", "--src-tls-verify=false", dockerReference(to, "team/saved", "v2")],
    `docker-archive:${place}/back.tar:back:v1`,
  ]);
  expect(back).toMatchObject({ code: 0 });
});

it("adds to an archive that is there, and writes no docker archive", async () => {
  const from = await registry();
  await pushImage(from, await buildImage({ seed: "one", layerSize: 3000 }), "team/one", "v1");
  const place = await folder();
  const file = join(place, "more.tar");
  await skopeoCopy(
    { reference: dockerReference(from, "team/one", "v1"), target: from },
    { reference: `oci-archive:${file}:old/name:v0` },
  );
  const { client } = await appStage();
  const archive = { kind: "archive", path: file };
  expect(await run(client, at(from.host), archive)).toMatchObject({ state: "succeeded" });
  for (const name of ["old/name:v0", "team/one:v1"])
    await skopeoCopy(
      { reference: `oci-archive:${file}:${name}` },
      { reference: `oci:${place}/${name.replace(/[/:]/g, "-")}:x` },
    );

  await saveByDocker(dockerReference(from, "team/one", "v1"), `${place}/saved.tar:a:b`);
  const before = readFileSync(join(place, "saved.tar"));
  const refused = await run(client, at(from.host), { kind: "archive", path: join(place, "saved.tar") });
  expect(refused).toMatchObject({ state: "failed" });
  const { images } = await client.call("runs.images", { runId: refused.id });
  expect(images[0]?.error).toMatchObject({ code: "unsupported", side: "destination" });
  expect(readFileSync(join(place, "saved.tar")).equals(before)).toBe(true);
});

it("does not overwrite an archive that somebody else changed meanwhile; what waits is kept", async () => {
  const from = await registry();
  await pushImage(from, await buildImage({ seed: "two", layerSize: 3000 }), "team/two", "v1");
  const file = join(await folder(), "fought-over.tar");
  const { client } = await appStage();
  const archive = { kind: "archive", path: file };
  const endpoint = await client.call("endpoints.add", { settings: archive, temporary: true } as never);
  await client.call("repositories.list", { endpointId: (endpoint as { id: string }).id });
  writeFileSync(file, "somebody else's");
  const failed = await run(client, at(from.host), archive);
  expect(failed).toMatchObject({ state: "failed", error: { code: "busy", side: "destination" } });
  expect(readFileSync(file, "utf8")).toBe("somebody else's");
});
