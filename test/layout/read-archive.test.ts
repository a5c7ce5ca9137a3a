// A packed archive that is broken: whoever reads it is told, however late, and nobody else.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { ImageArchive } from "../../electron/layout/archive.ts";
import { openArchive } from "../../electron/layout/read-archive.ts";
import { tarOf } from "../../electron/layout/write-tar.ts";
import { tempFolder } from "../support/temp.ts";

it("tells a broken archive to its reader, also where it broke before anybody read", async () => {
  const folder = await tempFolder("broken");
  onTestFinished(() => folder.remove());
  const path = join(folder.path, "broken.tar.gz");
  const packed = gzipSync(randomBytes(2_000));
  packed.fill(0xff, 12, 40);
  writeFileSync(path, packed);
  const { chunks, close } = await openArchive(path, new AbortController().signal);
  onTestFinished(close);
  await wait(100);
  await expect(chunks[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "protocol" });
});

it("says of one that is cut off that it is, whichever kind it was to be", async () => {
  const folder = await tempFolder("cut");
  onTestFinished(() => folder.remove());
  const content = randomBytes(300_000);
  const layer = { name: "blobs/layer", size: content.length, body: Readable.from([content]) };
  const link = { name: "link", size: 0, body: Readable.from([]) };
  const tar = await buffer(tarOf([link, layer]));
  // A link, as docker writes them between its layers, is nothing that a layout has.
  tar.write("2", 156);
  tar.write(checksum(tar), 148);
  const path = join(folder.path, "cut.tar.gz");
  writeFileSync(path, gzipSync(tar).subarray(0, 100_000));
  const archive = new ImageArchive({
    ...{ path, workFolder: join(folder.path, "work"), repository: "cut", create: false },
  });
  onTestFinished(() => archive.close());
  const pages = archive.listRepositories({ signal: new AbortController().signal });
  await expect(pages.next()).rejects.toMatchObject({ code: "protocol" });
});

/** https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html: the sum, with blanks in its own place. */
function checksum(tar: Buffer): string {
  const header = Buffer.from(tar.subarray(0, 512));
  header.fill(" ", 148, 156);
  return `${header
    .reduce((sum, byte) => sum + byte, 0)
    .toString(8)
    .padStart(6, "0")}\0 `;
}
