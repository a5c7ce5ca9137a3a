// A packed archive that is broken: whoever reads it is told, however late, and nobody else.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { openArchive } from "../../electron/layout/read-archive.ts";
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
  await expect(chunks[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "Z_DATA_ERROR" });
});
