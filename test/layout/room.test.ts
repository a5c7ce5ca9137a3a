// A disk without room: told before anything is written, and gone on with once there is some.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, statfsSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { diskOf } from "../../electron/files/free-space.ts";
import { ImageArchive } from "../../electron/layout/archive.ts";
import { partialName } from "../../electron/layout/stale-files.ts";
import { unpackArchive } from "../../electron/layout/unpack-archive.ts";
import { unpackDockerArchive } from "../../electron/layout/unpack-docker-archive.ts";
import { type TarFile, tarOf, tarSize } from "../../electron/layout/write-tar.ts";
import { parseDigest } from "../../shared/digest.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { buildImage } from "../support/image-builder.ts";
import { tempFolder } from "../support/temp.ts";
import { options, writeImage } from "./images.ts";

const { signal } = options;

async function place(): Promise<string> {
  const folder = await tempFolder("room");
  onTestFinished(() => folder.remove());
  return folder.path;
}

/** More than the disk has; as a file with a hole it takes none of it. */
function tooMuch(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize + 1024 ** 3;
}

function tarFile(name: string, content: Uint8Array, size = content.length): TarFile {
  return { name, size, body: Readable.from([content]) };
}

async function archiveIn(folder: string) {
  const path = join(folder, "images.tar");
  const archive = new ImageArchive({
    ...{ path, format: "oci", workFolder: join(folder, "work"), repository: "images", create: true },
  });
  onTestFinished(() => archive.close());
  return { archive, blobs: join(folder, "work/images/blobs/sha256") };
}

it("packs nothing that the disk has no room for, keeps what was copied, and packs it once there is", async () => {
  const folder = await place();
  const before = await archiveIn(folder);
  const small = await buildImage({ seed: "small", layers: 1 });
  await writeImage(before.archive, "images", "small", small);
  const size = tooMuch(folder);
  const hex = "a".repeat(64);
  const layer = { mediaType: mediaTypes.ociLayerZstd, digest: parseDigest(`sha256:${hex}`, "a layer"), size };
  writeFileSync(join(before.blobs, hex), "");
  truncateSync(join(before.blobs, hex), size);
  const config = { mediaType: mediaTypes.ociConfig, digest: small.digest, size: small.size };
  const bytes = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [layer] }),
  );
  const digest = parseDigest(`sha256:${createHash("sha256").update(bytes).digest("hex")}`, "a manifest");
  const large = { digest, mediaType: mediaTypes.ociManifest, size: bytes.length, bytes };
  await before.archive.putManifest("images", "large", large, options);
  await expect(before.archive.settle(options)).rejects.toMatchObject({
    code: "io",
    message: expect.stringMatching(
      /^There is no room for .*images\.tar: \d.* are needed on its disk, and \d.* can be used there\./,
    ),
  });
  expect(readdirSync(folder)).toEqual(["work"]);
  await before.archive.close();

  const { archive } = await archiveIn(folder);
  await archive.deleteManifest("images", "large", options);
  await archive.settle(options);
  await archive.close();
  expect(readdirSync(folder)).toEqual(["images.tar"]);
  const packed = await archiveIn(folder);
  expect(await packed.archive.headManifest("images", "small", options)).toMatchObject({
    digest: small.digest,
  });
});

it("removes what a killed process left of the same archive before it packs, and nobody else's", async () => {
  const folder = await place();
  const { archive } = await archiveIn(folder);
  await writeImage(archive, "images", "v1", await buildImage({ seed: "left", layers: 1 }));
  const dead = (name: string) => partialName(name).replace(`-${process.pid}-`, "-4194304-");
  const other = dead("other.tar");
  for (const name of [dead("images.tar"), other]) writeFileSync(join(folder, name), "half");
  await archive.settle(options);
  expect(readdirSync(folder).toSorted()).toEqual([other, "images.tar", "work"]);
});

it("unpacks no archive that is larger than the room on the disk", async () => {
  const folder = await place();
  const tar = join(folder, "large.tar");
  writeFileSync(tar, await buffer(tarOf([tarFile("oci-layout", Buffer.from("{}"))])));
  truncateSync(tar, tooMuch(folder));
  for (const unpack of [unpackArchive, unpackDockerArchive]) {
    const target = join(folder, "target");
    await expect(unpack(tar, target, signal)).rejects.toMatchObject({
      code: "io",
      message: expect.stringContaining(`There is no room to unpack ${tar} in ${folder}: `),
    });
  }
  expect(readdirSync(folder)).toEqual(["large.tar"]);
});

it("writes no entry of a packed archive that claims more than the disk has", async () => {
  const folder = await place();
  const tar = join(folder, "bomb.tar.gz");
  const huge = tarOf([tarFile(`blobs/sha256/${"a".repeat(64)}`, Buffer.alloc(512), tooMuch(folder))]);
  const head = await huge.next();
  writeFileSync(tar, gzipSync(Buffer.concat([Buffer.from(head.value ?? []), Buffer.alloc(512)])));
  await expect(unpackArchive(tar, join(folder, "target"), signal)).rejects.toMatchObject({ code: "io" });
  expect(readdirSync(folder)).toEqual(["bomb.tar.gz"]);
});

it("knows beforehand how large an archive becomes", async () => {
  const names = ["index.json", `blobs/sha512/${"a".repeat(128)}`];
  const sizes = [0, 1, 511, 512, 513, 100_000];
  const contents = names.flatMap((name) => sizes.map((size) => ({ name, size })));
  const files = contents.map(({ name, size }) => tarFile(name, Buffer.alloc(size)));
  expect((await buffer(tarOf(files))).length).toBe(tarSize(contents));
});

it("finds the disk of what does not exist yet", async () => {
  const folder = await place();
  const { bavail, bsize } = statfsSync(folder);
  mkdirSync(join(folder, "there"));
  const missing = await diskOf(join(folder, "there", "not", "here", "images.tar"));
  expect(missing.id).toBe((await diskOf(folder)).id);
  expect(missing.free).toBeGreaterThan(0);
  expect(missing.free).toBeLessThan(2 * bavail * bsize);
});

it.runIf(process.platform === "linux")(
  "stands in nobody's way where a file system tells no size",
  async () => {
    expect((await diskOf("/proc/self/status")).free).toBe(Number.POSITIVE_INFINITY);
  },
);
