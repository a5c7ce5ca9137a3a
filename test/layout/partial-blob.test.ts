// Blobs that are written into a layout in parts, by one process or by two, and what killed writers leave behind.
import { existsSync } from "node:fs";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { OciLayout } from "../../electron/layout/layout.ts";
import { partialName } from "../../electron/layout/stale-files.ts";
import { bytesOf } from "../engine/images.ts";
import { sha256 } from "../engine/memory-endpoint.ts";
import { tempFolder } from "../support/temp.ts";

const bytes = bytesOf("layout", 300_000);
const blob = { mediaType: "application/octet-stream", digest: sha256(bytes), size: bytes.length };
const { signal } = new AbortController();
const hex = blob.digest.slice(7);

async function layout(): Promise<{ path: string; folder: string; open: () => Promise<OciLayout> }> {
  const temp = await tempFolder("parts");
  onTestFinished(() => temp.remove());
  const path = join(temp.path, "images");
  return {
    path,
    folder: join(path, "blobs/sha256"),
    open: () => OciLayout.open({ path, create: true }),
  };
}

const piece = (from: number, to: number): Readable =>
  Readable.from([bytes.subarray(from, to)], { objectMode: false });

describe("a blob in parts", () => {
  it("is seen under its name only when it is whole, and is continued by another process", async () => {
    const { folder, open } = await layout();
    const first = await (await open()).beginUpload("app", blob, { signal });
    await first.append(piece(0, 100_000), 100_000, { signal });
    expect(existsSync(join(folder, hex))).toBe(false);

    const other = await open();
    const second = await other.continueUpload("app", blob, first.token, { signal });
    expect(second?.offset).toBe(100_000);
    const there = await second?.readBack?.({ signal });
    const chunks: Uint8Array[] = [];
    for await (const chunk of there ?? []) chunks.push(chunk as Uint8Array);
    expect(Buffer.concat(chunks).equals(bytes.subarray(0, 100_000))).toBe(true);
    await second?.append(piece(100_000, 300_000), 200_000, { signal });
    await second?.commit({ signal });

    expect(sha256(await readFile(join(folder, hex)))).toBe(blob.digest);
    expect(await readdir(folder)).toEqual([hex]);
  });

  it("tells the true offset after a part that broke off", async () => {
    const { open } = await layout();
    const at = await open();
    const session = await at.beginUpload("app", blob, { signal });
    const broken = Readable.from(
      (async function* () {
        yield bytes.subarray(0, 70_000);
        throw new Error("the line is dead");
      })(),
      { objectMode: false },
    );
    await expect(session.append(broken, 100_000, { signal })).rejects.toThrow("the line is dead");
    expect((await at.continueUpload("app", blob, session.token, { signal }))?.offset).toBe(70_000);
  });

  it("is not committed where bytes are missing, and is gone when cancelled", async () => {
    const { folder, open } = await layout();
    const session = await (await open()).beginUpload("app", blob, { signal });
    await session.append(piece(0, 100_000), 100_000, { signal });
    await expect(session.commit({ signal })).rejects.toMatchObject({ code: "size-mismatch" });
    await session.cancel();
    expect(await readdir(folder)).toEqual([]);
  });

  it("believes no token that leads elsewhere", async () => {
    const { open, path } = await layout();
    const at = await open();
    await at.beginUpload("app", blob, { signal });
    await writeFile(join(path, "victim"), "x");
    for (const token of [
      "",
      "{",
      '{"name":"../../victim"}',
      `{"name":".000000000000.${"a".repeat(64)}.upload.partial"}`,
    ])
      expect(await at.continueUpload("app", blob, token, { signal })).toBeUndefined();
  });

  it("is read from any byte on", async () => {
    const { open } = await layout();
    const at = await open();
    await at.putBlob("app", blob, piece(0, 300_000), { signal });
    const opened = await at.openBlob("app", blob, { signal, offset: 123_456 });
    expect(opened.offset).toBe(123_456);
    const chunks: Uint8Array[] = [];
    for await (const chunk of opened.body) chunks.push(chunk as Uint8Array);
    expect(Buffer.concat(chunks).equals(bytes.subarray(123_456))).toBe(true);
  });
});

describe("leftovers", () => {
  it("of dead processes and of long ago are removed with the next write; what may be continued stays", async () => {
    const { folder, open } = await layout();
    await (await open()).putBlob("app", blob, piece(0, 300_000), { signal });
    const dead = partialName("a").replace(`-${process.pid}-`, "-4194304-");
    const alive = partialName("b");
    const old = ".c.0123456789ab.partial";
    const elsewhere = ".d.other-1-0123456789ab.partial";
    const upload = `.0123456789ab.${hex}.upload.partial`;
    for (const name of [dead, alive, old, elsewhere, upload]) await writeFile(join(folder, name), "x");
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    for (const name of [old, upload]) await utimes(join(folder, name), yesterday, yesterday);
    const at = await open();
    await at.putBlob("app", blob, piece(0, 300_000), { signal });
    expect((await readdir(folder)).sort()).toEqual([alive, elsewhere, upload, hex].sort());
  });
});
